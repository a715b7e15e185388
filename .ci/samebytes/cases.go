package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// command is one command line that both builds run.
type command struct {
	name      string   // also of the folder of its outputs
	arguments []string // "shared" and "made" are folders beside the outputs
	input     string   // a file given on standard input; empty for none
}

// Inputs that many cases share.
const (
	england  = "--flows shared/england/flows.csv --boundaries shared/england/areas.geojson --providers shared/england/providers.csv"
	flows    = "--flows shared/england/flows.csv"
	official = "--partition shared/england/reference_partition.csv --reference-column stp_code"
	covid    = "--flows made/marked.csv --boundaries shared/england/areas_ltla19.geojson"
	labour   = "--flows shared/labour/brindisi/flows.csv --one-mode"
	figures  = "--indicators made/indicators.csv"
	rules    = "--footprints 44 --contiguous --min-population 300000 --max-population 3000000"
)

var methods = []string{"leiden", "louvain", "infomap", "ttwa", "intramax", "hsa", "ward"}

// chosen is every case, or those whose name holds one of the words.
func chosen(shared, only string) ([]command, error) {
	all := slices.Concat(wholeJobs(), clusters(), labourMarkets(), contradictions(), comparisons(), scores(), explanations(), renderings(),
		ingests(), statements(), validations())
	samples, err := imports(shared)
	if err != nil {
		return nil, err
	}
	all = append(all, samples...)
	words := strings.Split(only, ",")
	return slices.DeleteFunc(all, func(c command) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(c.name, w) })
	}), nil
}

// at makes a case of a command line whose words have no spaces in them.
func at(name, line string, more ...string) command {
	return command{name: name, arguments: append(strings.Fields(line), more...)}
}

// family makes a case of each name and its flags, which stand in for %s.
func family(prefix, line string, variants ...[2]string) []command {
	var all []command
	for _, v := range variants {
		all = append(all, at(prefix+"-"+v[0], fmt.Sprintf(line, v[1])))
	}
	return all
}

func wholeJobs() []command {
	return slices.Concat(
		family("demo", "demo --json -o out %s", [][2]string{
			{"plain", ""}, {"levels", "--levels 60,37,21"}, {"auto", "--footprints auto --bootstrap 0"}, {"ward", "--method ward --bootstrap 0"},
		}...),
		family("run", "run --json -o out "+england+" %s", [][2]string{
			{"gamma", "--resolution 1"},
			{"k37", "--footprints 37"},
			{"k100", "--footprints 100"},
			{"auto", ""},
			{"rules-scored", rules + " " + figures},
			{"bootstrap", "--footprints 44 --bootstrap 20 " + figures},
			{"merge", "--footprints 44 --bootstrap 12 --merge --part made/parts"},
			{"levels", "--levels 100,44,21"},
			{"reference", "--footprints 44 --reference shared/england/reference_partition.csv --reference-column stp_code"},
			{"infomap", "--method infomap"},
			{"ward", "--method ward --footprints 44"},
			{"snap-clean", "--resolution 2 --snap 20 --clean"},
			{"people", "--resolution 2 --population made/people.csv"},
			{"titled", "--resolution 2 --title Test --source here --source there --suppress-below 0 --min-flow-share 0.05"},
			{"providers-view", rules + " --view providers --draws 100 --worst 3 " + figures},
		}...),
		[]command{
			at("run-config", "run --json -o out --config made/config.yaml"),
			at("run-points", "run --json -o out "+flows+" --area-points made/points.csv --footprints 30"),
			at("run-points-outline", "run --json -o out "+flows+
				" --area-points made/points.csv --outline shared/outline/england_natural_earth_50m.geojson --footprints 30"),
			at("run-flows-alone", "run --json -o out "+flows+" --footprints 30"),
			at("run-covid", "run --json -o out "+covid+" --footprints 40"),
			at("run-covid-shown", "run --json -o out "+covid+" --footprints 40 --suppress-below 0"),
			at("run-labour", "run --json -o out "+labour+" --boundaries shared/labour/brindisi/areas.geojson --boundary-code PRO_COM"),
		})
}

func clusters() []command {
	var all []command
	for _, m := range methods {
		all = append(all, family("cluster-"+m, "cluster --json -o partition.csv --method "+m+" "+england+" %s", [][2]string{
			{"plain", ""},
			{"seed", "--seed 7 --restarts 3 --jobs 1"},
			{"k44", "--footprints 44"},
			{"rules", rules},
			{"contiguous", "--contiguous"},
			{"people", "--min-population 500000 --max-population 4000000"},
			{"inside", "--min-localisation 0.7"},
			{"share", "--max-share 0.2"},
			{"together", "--together made/together.txt"},
			{"apart", "--apart made/apart.txt"},
			{"lists", "--together made/together.txt --apart made/apart.txt --footprints 30"},
			{"start", "--start made/rules.csv --keep-ids"},
			{"fix", "--start made/rules.csv --fix made/fix.txt"},
			{"bootstrap", "--footprints 30 --bootstrap 8"},
			{"consensus", "--bootstrap 8 --consensus"},
			{"single-kind", "--allow-single-kind"},
			{"levels", "--levels 60,30"},
		}...)...)
		all = append(all, at("cluster-"+m+"-stdout", "cluster --method "+m+" "+flows+" --quiet -o -"))
	}
	for _, p := range []string{"dartmouth-hrr", "dartmouth-hsa", "icb-2022", "ons-ttwa", "stp-2016", "swiss-hsa"} {
		all = append(all, at("cluster-preset-"+p, "cluster --json -o partition.csv --preset "+p+" "+england))
	}
	all = append(all, at("cluster-shard", "cluster --footprints 44 --bootstrap 12 --shard 2/3 -o parts "+england))
	return append(all, family("cluster", "cluster --json -o partition.csv "+england+" %s", [][2]string{
		{"cpm", "--quality cpm --resolution 0.0000001"},
		{"bipartite", "--quality bipartite"},
		{"bipartite-k44", "--quality bipartite --footprints 44"},
		{"gamma3", "--resolution 3"},
		{"auto", "--footprints auto"},
		{"merge", "--footprints 44 --bootstrap 12 --merge --part made/parts"},
		{"hsa-hrr", "--method hsa --hsa-rule dartmouth-hrr"},
		{"hsa-swiss", "--method hsa --hsa-rule swiss-hsa"},
		{"hsa-swiss-numbers", "--method hsa --hsa-rule swiss-hsa --hsa-threshold 0.5 --min-interventions 1000"},
		{"ttwa-sizes", "--method ttwa --min-size 100000 --target-size 800000 --min-containment 0.6 --target-containment 0.8"},
	}...)...)
}

func labourMarkets() []command {
	var all []command
	for _, m := range methods {
		all = append(all, family("labour-"+m, "cluster --json -o partition.csv --method "+m+" "+labour+" %s", [][2]string{
			{"plain", ""},
			{"k5", "--footprints 5"},
			{"directed", "--directed"},
			{"contiguous", "--footprints 4 --contiguous --boundaries shared/labour/brindisi/areas.geojson --boundary-code PRO_COM"},
		}...)...)
	}
	return append(all, family("labour-ttwa", "cluster --json -o partition.csv --method ttwa "+labour+" %s", [][2]string{
		{"uk", "--min-size 3500 --min-containment 0.6667 --target-size 25000 --target-containment 0.75"},
		{"compatible", "--min-size 1000 --min-containment 0.6 --target-size 10000 --target-containment 0.7 --ttwa-compatible"},
	}...)...)
}

// contradictions asks every method for what cannot be had together.
func contradictions() []command {
	var all []command
	for _, m := range methods {
		all = append(all, family("contradiction-"+m, "cluster -o partition.csv --method "+m+" "+england+" %s", [][2]string{
			{"people", "--min-population 3000000 --max-population 300000"},
			{"too-many", "--footprints 500"},
			{"too-few-people", "--footprints 44 --min-population 3000000"},
			{"together-apart", "--together made/contrary.txt --apart made/contrary.txt"},
			{"together-too-large", "--together made/together.txt --max-population 300000"},
			{"apart-too-many", "--apart made/apart.txt --footprints 2"},
			{"fixed-apart", "--start made/rules.csv --fix made/together.txt --apart made/together.txt"},
		}...)...)
	}
	return all
}

func comparisons() []command {
	return slices.Concat(
		family("compare", "compare --json "+england+" %s", [][2]string{
			{"sweep", "-o out --resolution 0.5:8:log8 --seeds 4 --reference shared/england/reference_partition.csv --reference-column stp_code"},
			{"sweep-k", "-o out --footprints 20:60:20 --seeds 3 --method leiden --method ward --method intramax --contiguous"},
			{"sweep-methods", "-o out --seeds 2 --method infomap --method ttwa --method hsa"},
			{"sweep-resamples", "-o out --resolution 1,2,3 --seeds 2 --resamples 3 --scale 400000:2000000"},
			{"sweep-qualities", "-o out --resolution 1,2 --seeds 2 --quality modularity --quality bipartite --quality cpm"},
			{"sweep-shard", "-o out --resolution 1:4:log4 --seeds 2 --shard 1/2"},
			{"sweep-demands", "-o out --resolution 1,2 --seeds 2 --min-population 300000"},
			{"map", "--partition made/rules.csv --reference shared/england/reference_partition.csv --reference-column stp_code"},
			{"map-out", "-o out --partition made/rules.csv --reference shared/england/reference_partition.csv --reference-column stp_code"},
			{"maps", "-o out --partition made/rules.csv --partition made/firm.csv --reference shared/england/reference_trust_stp17.csv --reference-column stp_code"},
			{"maps-alone", "--partition made/rules.csv --partition made/firm.csv"},
		}...),
		[]command{
			at("compare-without-flows", "compare --json --partition made/rules.csv --reference shared/england/reference_partition.csv --reference-column stp_code"),
			at("compare-labour", "compare --json -o out --partition shared/labour/brindisi/clusters_ttwa_3500_0.6667_25000_0.75.csv"+
				" --reference shared/labour/brindisi/clusters_default_1000_0.6667_10000_0.75.csv "+labour),
			at("compare-labour-sweep", "compare --json -o out --resolution 0.5,1,2 --seeds 3 "+labour),
			at("compare-covid", "compare --json -o out --resolution 1,3 --seeds 2 "+covid),
		})
}

func scores() []command {
	all := family("score", "score --json -o out "+flows+" --boundaries shared/england/areas.geojson "+figures+" %s", [][2]string{
		{"rules", "--partition made/rules.csv"},
		{"firm", "--partition made/firm.csv --draws 500"},
		{"official", official},
		{"providers", "--partition made/rules.csv --view providers"},
		{"geometric", "--partition made/rules.csv --aggregation geometric --normalisation minmax --failing outlier"},
		{"arithmetic", "--partition made/rules.csv --aggregation arithmetic --normalisation rank --failing either"},
		{"target", "--partition made/rules.csv --normalisation target --failing both --certainty 0.9 --fixed-choices"},
		{"period", "--partition made/rules.csv --period 2016/17 --whole-set"},
		{"strict", "--partition made/rules.csv --min-indicators 1 --min-domains 1 --min-reported 0.9 --concentration 4"},
	}...)
	sample := "score --json -o out --flows made/demo/sample/flows.csv --partition made/demo/partition.csv --indicators made/demo/sample/indicators.csv %s"
	all = append(all, family("score-sample", sample, [][2]string{
		{"headline", ""},
		{"dashboard", "--definitions stp-dashboard-2017 --allow-unknown"},
		{"outcomes", "--definitions outcomes-2012 --allow-unknown"},
		{"people", "--population made/people.csv"},
	}...)...)
	all = append(all,
		at("score-shard", "score -o parts "+flows+" --partition made/rules.csv --draws 1000 --shard 2/4 "+figures),
		at("score-csv", "score -o scores.csv "+flows+" --partition made/rules.csv "+figures),
		at("score-table", "score "+flows+" --partition made/rules.csv "+figures),
		at("score-schema", "score --print-schema"))
	for _, d := range []string{"headline-2017", "stp-dashboard-2017", "outcomes-2012"} {
		all = append(all, at("score-print-"+d, "score --print-definitions "+d))
	}
	return all
}

func explanations() []command {
	var all []command
	for _, form := range [][2]string{{"text", ""}, {"json", "--json"}} {
		line := "explain " + form[1] + " " + england + " --partition made/rules.csv %s"
		all = append(all, family("explain-"+form[0], line, [][2]string{
			{"area", "--area E38000001"},
			{"area-scored", "--area E38000100 " + figures},
			{"area-demands", "--area E38000050 --min-population 300000 --contiguous --footprints 44"},
			{"provider", "--provider RJ1"},
			{"provider-demands", "--provider RM3 --min-population 300000 --max-population 3000000"},
			{"footprint", "--footprint F07"},
			{"footprint-scored", "--footprint F01 " + figures},
			{"official", "--footprint F03 --resolution 3 --suppress-below 0"},
			{"nowhere", "--area E99999999"},
		}...)...)
		all = append(all, at("explain-"+form[0]+"-covid", "explain "+form[1]+" "+covid+" --partition made/covid.csv --area E06000001"))
	}
	return append(all,
		at("explain-official", "explain --json "+england+" "+official+" --footprint E54000005"),
		at("explain-sample", "explain --flows made/demo/sample/flows.csv --partition made/demo/partition.csv --area SA001"))
}

func renderings() []command {
	var all []command
	for _, f := range []string{"geojson", "gpkg", "qgz", "html", "svg", "png", "topojson", "kml", "kmz", "shp", "fgb", "parquet", "xlsx", "csv"} {
		all = append(all, family("render-"+f, "render --json -o map."+f+" %s", [][2]string{
			{"official", official + " --boundaries shared/england/areas.geojson"},
			{"ours", "--partition made/firm.csv " + england},
			{"scored", "--partition made/rules.csv --layers scores,footprints " + england + " " + figures},
			{"simplified", "--partition made/rules.csv --simplify 10% --boundaries shared/england/areas.geojson"},
			{"areas", "--partition made/rules.csv --layers areas,footprints,providers " + england},
		}...)...)
	}
	ours := "render --json --partition made/rules.csv " + england
	return append(all, family("render", "%s", [][2]string{
		{"grid-geojson", ours + " --crs 27700 -o map.geojson"},
		{"grid-gpkg", ours + " --crs 27700 -o map.gpkg"},
		{"grid-qgz", ours + " --crs 27700 -o map.qgz"},
		{"simplify-dp", ours + " --simplify 500 --simplify-method douglas-peucker -o map.geojson"},
		{"simplify-metres", ours + " --simplify 2000 -o map.geojson"},
		{"style", ours + " --style localisation_index:viridis:jenks:5 --page 16:9 -o map.png"},
		{"style-manual", ours + " --style area_km2:Blues:manual:1000,5000 --page A3 -o map.svg"},
		{"style-equal", ours + " --style population:purples:equal:4 -o map.qgz"},
		{"moved", ours + " --reference shared/england/reference_partition.csv --reference-column stp_code --layers moved,flows -o map.geojson"},
		{"all-layers", ours + " " + figures + " --reference shared/england/reference_partition.csv --reference-column stp_code" +
			" --layers scores,footprints,indicators,areas,providers,flows,moved,mismatches -o map.gpkg"},
		{"stdout", ours + " --format geojson --quiet -o -"},
		{"points", "render --json --partition made/rules.csv --area-points made/points.csv -o map.geojson"},
		{"by", "render --json --boundaries shared/england/areas.geojson --by stp_code -o map.geojson"},
		{"by-national-grid", "render --json --boundaries shared/samples/epiforecasts_covid19_nhs_data/england_ltla_shape_27700.geojson --by geo_code -o map.geojson"},
		{"by-icb", "render --json --boundaries shared/samples/geographr/boundaries_icb22.geojson --by icb22_name --layers footprints,mismatches -o map.geojson"},
		{"by-stp-clean", "render --json --boundaries shared/samples/geographr/boundaries_stp21.geojson --by stp21_code --clean --layers footprints,mismatches -o map.gpkg"},
		{"by-ccg-snap", "render --json --boundaries shared/samples/geographr/boundaries_ccg21.geojson --by ccg21_code --snap 50 --clean -o map.geojson"},
		{"by-shapefile", "render --json --boundaries shared/samples/hpdm139_geo/SICBL_APR_2023_EN_BGC.shp --by SICBL23NM --simplify 5% -o map.geojson"},
		{"covid", "render --json --partition shared/samples/geographr/lookup_nhs_trusts22_stp21.csv --reference-column stp21_code " + covid + " -o map.html"},
	}...)...)
}

// imports reads every sample as its heading says, and by each of the ways that
// it can be read besides.
func imports(shared string) ([]command, error) {
	var all []command
	root := filepath.Join(shared, "samples")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if strings.HasSuffix(name, ".md") || strings.HasSuffix(name, "LICENSE") {
			return nil
		}
		short := strings.NewReplacer("/", "-", ".", "-").Replace(name)
		for _, as := range []string{"", "flows", "indicators", "organisations", "successors", "lookup", "points", "population"} {
			c := at("import-"+short+as, "import -o out.csv --in shared/samples/"+name)
			if as != "" {
				c.arguments = append(c.arguments, "--as", as)
			}
			all = append(all, c)
		}
		return nil
	})
	return append(all, family("import", "import -o out.csv --in shared/%s", [][2]string{
		{"link", "samples/epiforecasts_covid19_nhs_data/mappings_from_sysdata.csv --where map_source=Link --where map_level=ltla"},
		{"merged", "samples/epiforecasts_covid19_nhs_data/mappings_from_sysdata.csv --where map_source=Link --where map_level=ltla" +
			" --successors shared/samples/epiforecasts_covid19_nhs_data/trust_mergers.csv"},
		{"ae-year", "samples/NHSRdatasets_ae/ae_attendances.csv --by year"},
		{"ae-quarter", "samples/NHSRdatasets_ae/ae_attendances.csv --by quarter --period 2018-09"},
		{"ae-merged", "samples/NHSRdatasets_ae/ae_attendances.csv --by year --successors shared/england/trust_successors.csv"},
		{"england", "england/flows.csv --successors shared/england/trust_successors.csv"},
		{"england-regions", "england/flows.csv --lookup shared/england/reference_partition.csv --to stp_code"},
		{"acute", "england/flows.csv --organisations shared/samples/ebmdatalab_ods/etr.csv --type acute"},
		{"devon-drop", "samples/devon_jsna/NonElectiveAdmissions_Number_excerpt.csv --outside drop --suppressed <5=1:2"},
		{"successors-xlsx", "samples/ebmdatalab_ods/CCG_STP_RefFile_Apr20.xlsx --format successors"},
		{"lookup-xlsx", "samples/ebmdatalab_ods/CCG_STP_RefFile_Apr20.xlsx --format lookup"},
	}...)...), err
}

func ingests() []command {
	pairs := "ingest --json -o pairs.csv --area commissioner_code --provider provider_code --count patients --from "
	piped := at("ingest-pipe", pairs+"-")
	piped.input = "shared/england/flows.csv"
	return append(family("ingest", "%s", [][2]string{
		{"csv", pairs + "shared/england/flows.csv"},
		{"records", "ingest --json -o pairs.csv --area commissioner_code --provider provider_code --from shared/england/flows.csv"},
		{"gzip", pairs + "made/flows.csv.gz --jobs 1"},
		{"tsv", pairs + "made/flows.tsv"},
		{"several", pairs + "shared/england/flows.csv --from made/flows.tsv"},
		{"parquet", "ingest --json -o pairs.csv --area area --provider provider --count count --from made/flows.parquet"},
		{"to-parquet", "ingest --json -o pairs.parquet --area area --provider provider --from made/flows.parquet"},
		{"where", "ingest --json -o pairs.csv --area geo_code --provider trust_code --count n --where map_source=Link" +
			" --from shared/samples/epiforecasts_covid19_nhs_data/mappings_from_sysdata.csv"},
		{"expect", pairs + "shared/england/flows.csv --expect-rows 3391"},
		{"emergency", "ingest --json -o pairs.csv --area org_code --provider type --count attendances --from shared/samples/NHSRdatasets_ae/ae_attendances.csv"},
		{"faulty", "ingest -o pairs.csv --area area --provider provider --count count --from made/faulty.csv"},
		{"missing", "ingest -o pairs.csv --area area --provider provider --count count --skip-missing --from made/faulty.csv"},
	}...), piped)
}

func statements() []command {
	var all []command
	for _, d := range []string{"clickhouse", "databricks", "postgres", "snowflake", "trino", "tsql"} {
		all = append(all, at("sql-"+d, "sql --dialect "+d+" --table lake.apc.records --area lsoa --provider procode --count n --where year=2016/17"))
	}
	return all
}

func validations() []command {
	return append(family("validate", "validate --json %s", [][2]string{
		{"england", england},
		{"covid", covid},
		{"covid-marks", covid + " --suppressed *=1:4"},
		{"labour", labour + " --boundaries shared/labour/brindisi/areas.geojson --boundary-code PRO_COM"},
		{"sample", "--flows made/demo/sample/flows.csv --boundaries made/demo/sample/areas.geojson --providers made/demo/sample/providers.csv"},
		{"unlike", "--flows shared/england/flows.csv --boundaries shared/england/areas_ltla19.geojson --providers shared/samples/geographr/points_nhs_trusts22.csv" +
			" --successors shared/england/trust_successors.csv --organisations shared/samples/ebmdatalab_ods/etr.csv"},
		{"lookup", covid + " --lookup shared/samples/geographr/lookup_lsoa11_ccg21_stp21_ltla21.csv.gz"},
		{"shapefile", flows + " --boundaries shared/samples/hpdm139_geo/SICBL_APR_2023_EN_BGC.shp"},
		{"gzip", "--flows made/flows.csv.gz"},
		{"parquet", "--flows made/flows.parquet"},
		{"mixed", "--flows shared/samples/epiforecasts_covid19_nhs_data/mappings_from_sysdata.csv"},
		{"devon", "--flows shared/samples/devon_jsna/NonElectiveAdmissions_Number_excerpt.csv"},
		{"faulty", "--flows made/faulty.csv"},
		{"points", flows + " --area-points made/points.csv"},
	}...), at("validate-text", "validate "+england))
}
