package command

import (
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/drawing"
	"stpmap/cmd/stpmap/internal/command/ensemble"
	"stpmap/cmd/stpmap/internal/command/ingest"
	"stpmap/cmd/stpmap/internal/command/job"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
	"stpmap/render/layer"
)

// Categories of flags, in the order in which help shows them.
const (
	inputs   = "Inputs"
	columns  = "Headings of columns"
	places   = "Places"
	maps     = "Partitions"
	engines  = "Flows from an engine"
	methods  = clustering.Category
	draws    = ensemble.Category
	demands  = clustering.DemandCategory
	begin    = clustering.StartCategory
	doubt    = "Confidence"
	hsa      = clustering.HSACategory
	ttwa     = clustering.TTWACategory
	sweeps   = clustering.SweepCategory
	asked    = "What to explain"
	pictures = "Maps"
	scoring  = "Scores"
	change   = "Changes to codes"
	machines = sharing.Category
	output   = "Output"
	talk     = "Help and messages"
	changes  = "What changes"
	choosing = "How patients choose"
)

var categories = []string{
	inputs, changes, places, maps, engines, asked, choosing, methods, sweeps, draws, demands, begin, hsa, ttwa, doubt, pictures, scoring, change, machines, columns, output, talk,
}

// Commands that share groups of flags.
const (
	flowing     = "run validate cluster compare render explain score merge ensemble whatif workbench"
	clusters    = "cluster run demo"
	partitioned = "cluster run demo compare"
	bounded     = "cluster run demo compare explain merge ensemble workbench"
	mapping     = "run demo render"
	judging     = "run demo render explain score whatif"
	rating      = judging + " workbench"
	counting    = "ingest sql"
)

func flags() []cli.Flag {
	var all []cli.Flag
	for _, group := range [][]cli.Flag{flowFlags(), placeFlags(), headingFlags(), partitionFlags(), methodFlags(), sweepFlags(), mergeFlags(), drawFlags(), mapFlags(), scoreFlags(), laterFlags(), recordFlags(), importFlags(), whatifFlags(), outputFlags()} {
		all = append(all, group...)
	}
	return all
}

// A flag is one line of these lists, and a field of the options of each command
// that it is on. Their order is that of the parameters that outputs carry.

func flowFlags() []cli.Flag {
	return []cli.Flag{
		{Name: "skip-missing", On: flowing + " import", Category: inputs, Kind: cli.Switch, Help: "leave out rows without the code of an area or a provider (blank, NULL, NA, Unknown), and say how many"},
		{Name: "decimal", On: flowing + " import ingest", Category: inputs, Kind: cli.Name, Value: "MARK", Help: "that parts a number's decimals, where the numbers do not tell: point or comma"},
		{Name: "share-column", On: flowing + " import", Category: columns, Kind: cli.Heading, Value: "HEADING", Help: "of published shares (0 to 1, or per cent) in place of counts; needs --totals or --total-column"},
		{Name: "total-column", On: flowing + " import", Category: columns, Kind: cli.Heading, Value: "HEADING", Help: "of the patients that each share is a part of"},
		{Name: "totals", On: flowing + " import", Category: inputs, Kind: cli.File, Value: "FILE", Help: "codes and the patients that shares are parts of"},
		{Name: "share-of", On: flowing + " import", Category: inputs, Kind: cli.Name, Value: "WHOSE", Help: "parts the shares are, where --totals has both: area or provider"},
		{Name: "flows", On: flowing, Category: inputs, Kind: cli.Source, Value: "FILE", Silent: true, Help: "patients by area and provider: a file, a pattern such as 'rtt_*.csv', or an engine's URL (see ingest); - is standard input"},
		{Name: "area-column", On: flowing + " import", Category: columns, Kind: cli.Heading, Value: "HEADING", Help: "of the area's code in the flows"},
		{Name: "provider-column", On: flowing + " import", Category: columns, Kind: cli.Heading, Value: "HEADING", Help: "of the provider's code in the flows"},
		{Name: "count-column", On: flowing + " import", Category: columns, Kind: cli.Heading, Value: "HEADING", Help: "of the number of patients in the flows"},
		{Name: "where", On: flowing + " import", Category: inputs, Kind: cli.Condition, Value: "COLUMN=VALUE", Help: "keep only the rows of the flows with this value"},
		{Name: "suppressed", On: flowing + " import", Category: inputs, Kind: cli.Condition, Value: "MARK=LOWER:UPPER", Help: "read this mark as a suppressed count between two bounds, such as '*=1:4'"},
		{Name: "table", On: flowing, Category: engines, Kind: cli.Text, Value: "NAME", Help: "of the table to count, such as schema.records"},
		{Name: "query-file", On: flowing, Category: engines, Kind: cli.File, Value: "FILE", Help: "with a SELECT to count, instead of a table"},
		{Name: "non-english", On: rating + " import", Category: inputs, Kind: cli.Switch, Help: "rtt indicators: count the patients of commissioners outside England too, whom the standard leaves out"},
		{Name: "ignore-totals", On: flowing + " import", Category: inputs, Kind: cli.Switch, Help: "take published tables whose rows do not add up to their totals; the rows count"},
		{Name: "one-mode", On: flowing, Category: inputs, Kind: cli.Switch, Help: "areas and providers are the same places (commuting, a plain network)"},
		{Name: "directed", On: flowing, Category: inputs, Kind: cli.Switch, Help: "keep the direction of flows (with --method infomap)"},
	}
}

func placeFlags() []cli.Flag {
	return []cli.Flag{
		{Name: "boundaries", On: flowing, Category: places, Kind: cli.File, Value: "FILE", Silent: true, Help: "the areas' polygons: GeoJSON, GeoPackage or Shapefile"},
		{Name: "layer", On: flowing, Category: places, Kind: cli.Name, Value: "NAME", Help: "of the layer of --boundaries to read, where a GeoPackage has several"},
		{Name: "boundary-code", On: flowing, Category: places, Kind: cli.Heading, Value: "PROPERTY", Help: "of the boundaries that holds the area's code"},
		{Name: "boundary-name", On: flowing, Category: places, Kind: cli.Heading, Value: "PROPERTY", Help: "of the boundaries that holds the area's name"},
		{Name: "snap", On: flowing, Category: places, Kind: cli.Number, Value: "METRES", Range: cli.Metres, Help: "move corners of the boundaries that are this close to each other together"},
		{Name: "clean", On: flowing, Category: places, Kind: cli.Switch, Help: "close gaps and overlaps between the boundaries"},
		{Name: "grid", On: flowing, Category: places, Kind: cli.File, Value: "FILE", Silent: true, Unset: "a transformation within 2 m", Help: "the shifts between OSGB36 and ETRS89 to bring boundaries in national grid to WGS84 with, in NTv2 (.gsb), such as OSTN15"},
		{Name: "links", On: flowing, Category: places, Kind: cli.File, Value: "FILE", Silent: true, Help: "areas that count as neighbours though they do not touch: area_a, area_b"},
		{Name: "strict-islands", On: flowing, Category: places, Kind: cli.Switch, Help: "tie no island of several areas to the mainland beyond --links"},
		{Name: "area-points", On: flowing, Category: places, Kind: cli.File, Value: "FILE", Silent: true, Help: "where the people of each area live (area, lon, lat), such as centroids weighted by population. Without --boundaries, maps show the cells around the points, marked approximate"},
		{Name: "outline", On: flowing, Category: places, Kind: cli.File, Value: "FILE", Silent: true, Unset: "the hull of the points", Help: "the land that the cells of --area-points are cut to, in any format of --boundaries"},
		{Name: "providers", On: flowing, Category: places, Kind: cli.File, Value: "FILE", Silent: true, Help: "providers: provider_code, provider_name, lon, lat"},
		{Name: "population", On: flowing, Category: places, Kind: cli.File, Value: "FILE", Silent: true, Help: "people by area: area, population"},
		{Name: "organisations", On: "validate", Category: places, Kind: cli.File, Value: "FILE", Help: "of the Organisation Data Service (etr, …), to say why codes do not join"},
		{Name: "successors", On: "validate", Category: places, Kind: cli.File, Value: "FILE", Help: "codes and those that took over, to say why codes do not join"},
		{Name: "lookup", On: "validate", Category: places, Kind: cli.File, Value: "FILE", Help: "which areas lie in which, to say why codes do not join"},
	}
}

// headingFlags name the columns of tables outright: each heading has one.
func headingFlags() []cli.Flag {
	const partitions = "run compare render explain score merge ensemble whatif workbench"
	flags := []cli.Flag{
		{Name: "provider-code-column", On: flowing, Help: "of the provider's code in --providers"},
		{Name: "provider-name-column", On: flowing, Help: "of the provider's name in --providers"},
		{Name: "provider-type-column", On: flowing, Help: "of the provider's type in --providers"},
		{Name: "lon-column", On: flowing, Help: "of the longitude in --providers"},
		{Name: "lat-column", On: flowing, Help: "of the latitude in --providers"},
		{Name: "population-area-column", On: flowing, Help: "of the area's code in --population"},
		{Name: "population-column", On: flowing, Help: "of the number of people in --population, or without it in --flows"},
		{Name: "point-area-column", On: flowing, Help: "of the area's code in --area-points"},
		{Name: "point-name-column", On: flowing, Help: "of the area's name in --area-points"},
		{Name: "point-lon-column", On: flowing, Help: "of the longitude in --area-points"},
		{Name: "point-lat-column", On: flowing, Help: "of the latitude in --area-points"},
		{Name: "partition-area-column", On: partitions, Help: "of the area's code in --reference; without one, in --partition"},
		{Name: "partition-provider-column", On: partitions, Help: "of the provider's code in --reference; without one, in --partition"},
		{Name: "entity-column", On: rating, Help: "of the code in --indicators: of a provider, an area or a footprint"},
		{Name: "indicator-column", On: rating, Help: "of the indicator's id in --indicators"},
		{Name: "numerator-column", On: rating, Help: "of the numerator in --indicators"},
		{Name: "denominator-column", On: rating, Help: "of the denominator in --indicators"},
		{Name: "value-column", On: rating, Help: "of the value in --indicators"},
		{Name: "period-column", On: rating, Help: "of the period in --indicators"},
		{Name: "lower-column", On: rating, Help: "of the lower end of the value's interval in --indicators"},
		{Name: "upper-column", On: rating, Help: "of the upper end of the value's interval in --indicators"},
	}
	for i := range flags {
		flags[i].Category, flags[i].Kind, flags[i].Value = columns, cli.Heading, "HEADING"
	}
	return flags
}

func partitionFlags() []cli.Flag {
	return []cli.Flag{
		{Name: "partition", On: "compare render explain whatif", Category: maps, Kind: cli.File, Value: "FILE", Silent: true, Help: "a partition: our partition.csv, or any table of codes and groups"},
		{Name: "partition", On: "workbench", Category: maps, Kind: cli.File, Value: "FILE", Silent: true, Unset: "one that is clustered", Help: "the map to begin with: our partition.csv, or any table of codes and groups"},
		{Name: "ensemble", On: "workbench", Category: maps, Kind: cli.File, Value: "FOLDER", Silent: true, Help: "that ensemble wrote: says where the map lies among the maps in it"},
		{Name: "session", On: "workbench replay", Category: maps, Kind: cli.File, Value: "FILE", Silent: true, Help: "a session that the workbench saved, session.jsonl"},
		{Name: "partition", On: "ensemble", Category: maps, Kind: cli.File, Value: "FILE", Silent: true, Help: "the map to be placed: our partition.csv, or any table of codes and groups"},
		{Name: "partition", On: "score", Category: maps, Kind: cli.File, Value: "FILE", Silent: true, Help: "the footprints: our partition.csv, or any table of codes and groups; more of them are alternatives, for the doubt about ranks"},
		{Name: "reference", On: "compare render explain workbench", Category: maps, Kind: cli.File, Value: "FILE", Silent: true, Help: "the partition to compare the result with"},
		{Name: "reference-column", On: "compare render explain workbench", Category: maps, Kind: cli.Heading, Value: "HEADING", Help: "of the group in --reference; without one, in --partition"},
		{Name: "partition", On: "merge", Category: maps, Kind: cli.File, Value: "FILE", Silent: true, Help: "today's systems: our partition.csv, or any table of codes and groups"},
		{Name: "proposed", On: "merge", Category: maps, Kind: cli.File, Value: "FILE", Help: "an announced plan to weigh (system, footprint): systems of one footprint merge"},
		{Name: "reference-column", On: "score merge ensemble whatif", Category: maps, Kind: cli.Heading, Value: "HEADING", Help: "of the group in --partition"},
	}
}

func methodFlags() []cli.Flag {
	known := strings.Join(clustering.Methods(), ", ")
	return []cli.Flag{
		{Name: "method", On: clusters, Category: methods, Kind: cli.Name, Value: "METHOD", Default: "leiden", Help: "how to cluster: " + known},
		{Name: "preset", On: clusters, Category: methods, Kind: cli.Name, Value: "NAME", Help: "a published set of rules: " + strings.Join(clustering.Presets(), ", ")},
		{Name: "quality", On: clusters, Category: methods, Kind: cli.Name, Value: "QUALITY", Default: "modularity", Help: "what leiden and louvain maximise: modularity, cpm or bipartite"},
		{Name: "resolution", On: clusters + " workbench", Category: methods, Kind: cli.Number, Value: "γ", Unset: "1", Help: "a higher number gives more, smaller footprints"},
		{Name: "footprints", On: clusters + " workbench", Category: methods, Kind: cli.Name, Value: "K", Help: "exact number of footprints, or auto to have it chosen from the flows"},
		{Name: "levels", On: clusters, Category: methods, Kind: cli.List, Value: "K,K,…", Help: "nested maps with these numbers of footprints, such as 100,44,21; each is made of whole footprints of the finer one"},
		{Name: "objective", On: clusters, Category: methods, Kind: cli.Name, Value: "OBJECTIVE", Unset: "quality", Help: "what an exact number of footprints makes the most of: quality, inside (patients treated where they live) or weakest (the footprint that keeps fewest of its patients)"},
		{Name: "effort", On: clusters, Category: methods, Kind: cli.Whole, Value: "N", Unset: "3", Range: cli.NotNegative, Help: "from 1 to 10: how long to search for an exact number of footprints"},
		{Name: "bound", On: clusters, Category: methods, Kind: cli.Switch, Help: "say how far the map is from the best possible: no map with so many footprints and people can pass the bound"},
		{Name: "seed", On: partitioned + " workbench", Category: methods, Kind: cli.Whole, Value: "SEED", Default: "1", Help: "of all that is random"},
		{Name: "restarts", On: clusters + " workbench", Category: methods, Kind: cli.Whole, Value: "N", Default: "10", Range: cli.Repeats, Help: "number of runs from different seeds, of which the best is kept"},
		{Name: "jobs", On: partitioned, Category: methods, Kind: cli.Whole, Value: "N", Unset: "one for each processor", Range: cli.NotNegative, Silent: true, Help: "number of runs at once; never changes the result"},
		{Name: "contiguous", On: bounded, Category: demands, Kind: cli.Switch, Help: "each footprint in one piece on the ground (needs --boundaries)"},
		{Name: "min-population", On: bounded, Category: demands, Kind: cli.Number, Value: "PEOPLE", Range: cli.NotNegative, Help: "least number of people in a footprint"},
		{Name: "max-population", On: bounded, Category: demands, Kind: cli.Number, Value: "PEOPLE", Range: cli.NotNegative, Help: "greatest number of people in a footprint"},
		{Name: "min-localisation", On: bounded, Category: demands, Kind: cli.Share, Value: "SHARE", Range: cli.Shares, Help: "least localisation index of a footprint, from 0 to 1"},
		{Name: "max-share", On: bounded, Category: demands, Kind: cli.Share, Value: "SHARE", Range: cli.Shares, Help: "greatest share of all patients in one footprint, above 0 to 1"},
		{Name: "together", On: bounded, Category: demands, Kind: cli.File, Value: "FILE", Help: "codes that must share a footprint, one group a line"},
		{Name: "apart", On: bounded, Category: demands, Kind: cli.File, Value: "FILE", Help: "codes no two of which may share a footprint, one group a line"},
		{Name: "keep-whole", On: bounded, Category: demands, Kind: cli.File, Value: "FILE", Help: "areas and the units that they make (area, unit), such as counties: areas of one unit stay together"},
		{Name: "min-providers", On: bounded, Category: demands, Kind: cli.Whole, Value: "N", Unset: "1", Range: cli.FromOne, Help: "least number of providers in a footprint"},
		{Name: "provider-type", On: bounded, Category: demands, Kind: cli.Code, Value: "TYPE", Help: "type of --providers that --min-providers counts, such as acute; others do not count"},
		{Name: "allow-single-kind", On: bounded, Category: demands, Kind: cli.Switch, Help: "allow footprints of areas only or providers only (for research on methods)"},
		{Name: "allow-degenerate", On: bounded, Category: demands, Kind: cli.Switch, Help: "allow footprints that treat under 20% of their own patients, or have under 1% of the mean footprint's"},
		{Name: "start", On: partitioned, Category: begin, Kind: cli.File, Value: "FILE", Help: "a partition to start from"},
		{Name: "fix", On: partitioned, Category: begin, Kind: cli.File, Value: "FILE", Help: "codes that stay where --start has them, one a line; the search goes on from there"},
		{Name: "keep-ids", On: partitioned, Category: begin, Kind: cli.Switch, Help: "footprints keep the ids of those of --start that they overlap most"},
		{Name: "hsa-rule", On: partitioned, Category: hsa, Kind: cli.Name, Value: "RULE", Unset: "dartmouth-hsa", Help: "dartmouth-hsa, dartmouth-hrr or swiss-hsa"},
		{Name: "hsa-threshold", On: partitioned, Category: hsa, Kind: cli.Share, Value: "SHARE", Unset: "0.4", Help: "swiss-hsa: least localisation index of an area"},
		{Name: "min-interventions", On: partitioned, Category: hsa, Kind: cli.Number, Value: "PATIENTS", Unset: "10", Help: "swiss-hsa: number that an area must treat"},
		{Name: "min-region", On: partitioned, Category: hsa, Kind: cli.Number, Value: "PEOPLE", Unset: "120,000", Help: "dartmouth-hrr: least number in a region"},
		{Name: "min-inside", On: partitioned, Category: hsa, Kind: cli.Share, Value: "SHARE", Unset: "0.65", Help: "dartmouth-hrr: least localisation index of a region"},
		{Name: "min-procedures", On: partitioned, Category: hsa, Kind: cli.Number, Value: "PATIENTS", Unset: "10", Help: "dartmouth-hrr: number that makes a centre"},
		{Name: "referral-flows", On: partitioned, Category: hsa, Kind: cli.File, Value: "FILE", Help: "dartmouth-hrr: patients of major surgery by area and provider, whose choice makes the regions"},
		{Name: "bootstrap", On: clusters, Category: doubt, Kind: cli.Whole, Value: "N", Range: cli.NotNegative, Help: "number of runs on resampled flows, for the confidence of each area and border"},
		{Name: "consensus", On: clusters, Category: doubt, Kind: cli.Switch, Help: "take what the --bootstrap runs have in common as the partition"},
		{Name: "doubt", On: clusters, Category: doubt, Kind: cli.List, Value: "SOURCES", Help: "what the --bootstrap runs doubt: noise (over-dispersed counts), number (a tenth more or fewer footprints), method, years (each file of --flows is a year)"},
		{Name: "over-dispersion", On: clusters, Category: doubt, Kind: cli.Number, Value: "α", Unset: "0.01, or estimated with --doubt years", Range: cli.NotNegative, Help: "variance of a count beyond Poisson, as a part of its square"},
		{Name: "min-size", On: partitioned, Category: ttwa, Kind: cli.Number, Value: "RESIDENTS", Help: "least number of residents (patients or workers)"},
		{Name: "target-size", On: partitioned, Category: ttwa, Kind: cli.Number, Value: "RESIDENTS", Help: "number of residents at which the least containment is enough"},
		{Name: "min-containment", On: partitioned, Category: ttwa, Kind: cli.Share, Value: "SHARE", Help: "least containment"},
		{Name: "target-containment", On: partitioned, Category: ttwa, Kind: cli.Share, Value: "SHARE", Help: "containment asked of the smallest"},
		{Name: "ttwa-compatible", On: partitioned, Category: ttwa, Kind: cli.Switch, Help: "put reserved places back unchecked, as the R package does"},
	}
}

// drawFlags are those of ensemble.
func drawFlags() []cli.Flag {
	const on = "ensemble"
	return []cli.Flag{
		{Name: "footprints", On: on, Category: draws, Kind: cli.Whole, Value: "K", Range: cli.FromOne, Help: "number of footprints of every map"},
		{Name: "measure", On: on, Category: draws, Kind: cli.Name, Value: "MEASURE", Default: "trees", Help: "what maps count: trees (in proportion to the spanning trees of their footprints, so that compact maps count for more) or uniform (each alike)"},
		{Name: "samples", On: on, Category: draws, Kind: cli.Whole, Value: "N", Default: "10000", Range: cli.FromOne, Help: "number of maps to keep, of all chains together"},
		{Name: "chains", On: on, Category: draws, Kind: cli.Whole, Value: "N", Default: "4", Range: cli.FromOne, Help: "number of walks from unlike maps, which must agree"},
		{Name: "thin", On: on, Category: draws, Kind: cli.Whole, Value: "N", Unset: "set by the number of footprints", Range: cli.FromOne, Help: "number of proposals from one kept map to the next"},
		{Name: "enumerate", On: on, Category: draws, Kind: cli.Switch, Help: "list every map instead of drawing some (small places only)"},
		{Name: "tolerance", On: on, Category: demands, Kind: cli.Share, Value: "SHARE", Range: cli.Shares, Help: "how far a footprint's people may be from equal parts, such as 0.01; without people, its areas"},
		{Name: "near", On: on, Category: demands, Kind: cli.Share, Value: "SHARE", Range: cli.Shares, Help: "only maps in which at most this share of people lie elsewhere than in --partition"},
		{Name: "seed", On: on, Category: draws, Kind: cli.Whole, Value: "SEED", Default: "1", Help: "of all that is random"},
		{Name: "jobs", On: on, Category: draws, Kind: cli.Whole, Value: "N", Unset: "one for each processor", Range: cli.NotNegative, Silent: true, Help: "number of chains at once; never changes the result"},
		{Name: "start", On: on, Category: begin, Kind: cli.File, Value: "FILE", Help: "a partition that --fix holds codes to"},
		{Name: "fix", On: on, Category: begin, Kind: cli.File, Value: "FILE", Help: "codes that stay where --start has them, one a line"},
	}
}

// sweepFlags are those of compare, which takes lists and ranges.
func sweepFlags() []cli.Flag {
	return []cli.Flag{
		{Name: "method", On: "compare", Category: sweeps, Kind: cli.List, Value: "METHOD", Unset: "leiden", Help: "how to cluster: " + strings.Join(clustering.Methods(), ", ")},
		{Name: "quality", On: "compare", Category: sweeps, Kind: cli.List, Value: "QUALITY", Unset: "modularity", Help: "what leiden and louvain maximise: modularity, cpm or bipartite"},
		{Name: "resolution", On: "compare", Category: methods, Kind: cli.List, Value: "γ", Unset: "0.2:17:log40", Help: "numbers to try: a list, from:to:step or from:to:logN; with --partition the one at which moves are weighed"},
		{Name: "footprints", On: "compare", Category: sweeps, Kind: cli.List, Value: "K", Help: "numbers of footprints to try: a list, from:to or from:to:step"},
		{Name: "restarts", On: "compare", Category: sweeps, Kind: cli.Whole, Value: "N", Default: "1", Range: cli.Repeats, Help: "number of runs behind each run, of which the best is kept"},
		{Name: "seeds", On: "compare", Category: sweeps, Kind: cli.Whole, Value: "N", Default: "20", Range: cli.Repeats, Help: "number of runs of each setting, with seeds that follow --seed"},
		{Name: "resamples", On: "compare", Category: sweeps, Kind: cli.Whole, Value: "N", Range: cli.Resamples, Help: "number of runs of each setting on Poisson-resampled flows"},
		{Name: "scale", On: "compare", Category: sweeps, Kind: cli.List, Value: "LEAST:MOST", Default: "300000:3000000", Help: "planning scale: people in a footprint"},
		{Name: "footprints", On: "explain", Category: demands, Kind: cli.Whole, Value: "K", Help: "the number of footprints that there must be"},
		{Name: "area", On: "explain", Category: asked, Kind: cli.Code, Value: "CODE", Help: "an area"},
		{Name: "provider", On: "explain", Category: asked, Kind: cli.Code, Value: "CODE", Help: "a provider"},
		{Name: "footprint", On: "explain", Category: asked, Kind: cli.Code, Value: "ID", Help: "a footprint"},
		{Name: "resolution", On: "explain", Category: asked, Kind: cli.Number, Value: "γ", Default: "1", Help: "at which gains are weighed"},
	}
}

// mergeFlags are those of merge alone.
func mergeFlags() []cli.Flag {
	return []cli.Flag{
		{Name: "preset", On: "merge", Category: demands, Kind: cli.Name, Value: "NAME", Help: "a published set of demands: icb-2027, icb-2022 or stp-2016"},
		{Name: "footprints", On: "merge", Category: demands, Kind: cli.Whole, Value: "K", Unset: "as many as --proposed, or the most that meet the demands", Help: "number of systems that the merged map has"},
		{Name: "fewest", On: "merge", Category: demands, Kind: cli.Whole, Value: "K", Unset: "a third of today's", Help: "number of systems at which the curve ends"},
		{Name: "nest", On: "merge", Category: demands, Kind: cli.File, Value: "FILE", Help: "areas and their units (area, unit), such as strategic authorities: counts the systems that neither lie in one nor consist of whole ones"},
		{Name: "nest-strict", On: "merge", Category: demands, Kind: cli.Switch, Help: "refuse systems that --nest would count"},
		{Name: "effort", On: "merge", Category: demands, Kind: cli.Whole, Value: "N", Default: "3", Range: cli.FromOne, Help: "from 1 to 10: how long to search for a proof at each number of systems"},
		{Name: "seed", On: "merge", Category: demands, Kind: cli.Whole, Value: "SEED", Default: "1", Help: "of the sample of maps, where there are too many to count"},
	}
}

// doorFlags is --suppress-below of each command, with the default of the table.
func doorFlags() []cli.Flag {
	var all []cli.Flag
	for _, c := range commands() {
		below, ok := study.SuppressBelow[c.Name]
		if !ok {
			continue
		}
		f := cli.Flag{Name: "suppress-below", On: c.Name, Category: output, Kind: cli.Number, Value: "N", Range: cli.Limit, Help: "read counts from 1 to N - 1 as '<N', before anything is computed; 0 keeps all"}
		if below > 0 {
			f.Default = words.Plain(below)
		}
		if below > 0 && c != job.Demo {
			f.Help += ", as --one-mode does unless this is given"
		}
		all = append(all, f)
	}
	return all
}

func mapFlags() []cli.Flag {
	return slices.Concat([]cli.Flag{
		{Name: "title", On: mapping + " workbench", Category: pictures, Kind: cli.Text, Value: "TITLE", Help: "of the maps"},
		{Name: "names", On: mapping, Category: pictures, Kind: cli.File, Value: "FILE", Help: "names for footprints (code, name), each by its id or by an area or provider in it"},
		{Name: "source", On: mapping + " workbench", Category: pictures, Kind: cli.Text, Value: "TEXT", Help: "a source or licence to print on the maps, such as 'Contains OS data © Crown copyright'"},
	}, doorFlags(), []cli.Flag{
		{Name: "min-flow-share", On: mapping, Category: pictures, Kind: cli.Share, Value: "SHARE", Range: cli.Shares, Unset: "0, or the least of 0.01, 0.02, 0.05, 0.1, 0.2 and 0.5 that leaves 50,000 lines at most", Help: "draw no flow under this share of its area's patients"},
	})
}

func scoreFlags() []cli.Flag {
	return []cli.Flag{
		{Name: "indicators", On: rating, Category: scoring, Kind: cli.File, Value: "FILE", Silent: true, Help: "figures: entity, indicator, numerator, denominator, …"},
		{Name: "suppress-indicators-below", On: rating, Category: scoring, Kind: cli.Number, Value: "N", Range: cli.Limit, Help: "read numerators and denominators from 1 to N - 1 in --indicators as '<N'; 0 keeps all"},
		{Name: "definitions", On: rating, Category: scoring, Kind: cli.Builtin, Value: "FILE", Default: definition.Default, Builtins: definition.BuiltinNames(), Help: "definitions of indicators, YAML or CSV, or the name of a built-in set"},
		{Name: "view", On: rating, Category: scoring, Kind: cli.Name, Value: "VIEW", Default: string(attribution.Residents), Help: "whose care a footprint is judged by: residents or providers"},
		{Name: "period", On: rating, Category: scoring, Kind: cli.Name, Value: "PERIOD", Unset: "the latest year of most indicators", Help: "to score: a period, or a year whose months are added up"},
		{Name: "mixed-periods", On: rating, Category: scoring, Kind: cli.Switch, Help: "score each indicator on its latest period, though they are of different years"},
		{Name: "aggregation", On: rating, Category: scoring, Kind: cli.Name, Value: "WAY", Unset: "that of --definitions, else domains", Help: "how indicators make a score: domains, arithmetic, geometric or oversight"},
		{Name: "normalisation", On: rating, Category: scoring, Kind: cli.Name, Value: "WAY", Default: string(score.ZScores), Help: "how indicators are made comparable: z, target, minmax or rank"},
		{Name: "failing", On: rating, Category: scoring, Kind: cli.Name, Value: "RULE", Default: string(score.FailsTarget), Help: "when an indicator fails: target, outlier, either or both"},
		{Name: "certainty", On: rating, Category: scoring, Kind: cli.Share, Value: "SHARE", Default: "0.95", Help: "one-sided certainty with which a target must be missed, from 0.5 to below 1"},
		{Name: "cut-points", On: rating, Category: scoring, Kind: cli.List, Value: "A,B,C", Unset: "see score.json", Help: "three numbers that divide ratings 1 to 4"},
		{Name: "min-reported", On: rating, Category: scoring, Kind: cli.Share, Value: "SHARE", Default: "0.5", Range: cli.Shares, Help: "of a footprint's patients whose figures an indicator needs"},
		{Name: "min-indicators", On: rating, Category: scoring, Kind: cli.Share, Value: "SHARE", Default: "0.6", Range: cli.Shares, Help: "of a domain's indicators that it needs to be rated"},
		{Name: "min-domains", On: rating, Category: scoring, Kind: cli.Share, Value: "SHARE", Default: "0.6666666666666666", Unset: "two thirds", Range: cli.Shares, Help: "of the domains that a footprint needs to be rated"},
		{Name: "whole-set", On: rating, Category: scoring, Kind: cli.Switch, Help: "measure coverage over all indicators of the definitions, as is always done"},
		{Name: "allow-unknown", On: rating, Category: scoring, Kind: cli.Switch, Help: "take figures of unknown codes, without placing them anywhere"},
		{Name: "worst", On: judging, Category: scoring, Kind: cli.Whole, Value: "N", Default: "5", Range: cli.FromOne, Help: "how many footprints are the worst"},
		{Name: "draws", On: judging, Category: scoring, Kind: cli.Whole, Value: "N", Default: "10000", Range: cli.NotNegative, Help: "number of Monte Carlo draws; 0 is none"},
		{Name: "concentration", On: judging, Category: scoring, Kind: cli.Number, Value: "C", Default: "16", Help: "how closely drawn weights keep to the stated ones: their coefficient of variation is 1/√C"},
		{Name: "fixed-choices", On: judging, Category: scoring, Kind: cli.Switch, Help: "keep aggregation and normalisation as stated in every draw"},
		{Name: "seed", On: "score", Category: scoring, Kind: cli.Whole, Value: "SEED", Default: "1", Help: "of the draws"},
		{Name: "jobs", On: "score", Category: scoring, Kind: cli.Whole, Value: "N", Unset: "one for each processor", Silent: true, Help: "number of draws at once; never changes the result"},
		{Name: "reference-ratings", On: "score", Category: scoring, Kind: cli.File, Value: "FILE", Silent: true, Help: "official ratings to hold the score against: a footprint's code or name, and its rating"},
		{Name: "print-definitions", On: "score", Category: output, Kind: cli.Name, Value: "NAME", Help: "print a built-in set and end: " + strings.Join(definition.BuiltinNames(), ", ")},
		{Name: "print-schema", On: "score", Category: output, Kind: cli.Switch, Help: "print the JSON Schema of definitions and end"},
	}
}

// laterFlags come after those of scores among the parameters.
func laterFlags() []cli.Flag {
	return []cli.Flag{
		{Name: "reference", On: "run", Category: maps, Kind: cli.File, Value: "FILE", Silent: true, Help: "a partition to draw the difference from: the areas that lie elsewhere"},
		{Name: "reference-column", On: "run", Category: maps, Kind: cli.Heading, Value: "HEADING", Help: "of the group in --reference"},
		{Name: "by", On: "render", Category: maps, Kind: cli.Heading, Value: "PROPERTY", Help: "of the boundaries to dissolve by, instead of --partition"},
		{Name: "simplify", On: "render", Category: pictures, Kind: cli.Number, Value: "METRES", Help: "leave out detail: how far a border may move, or a percentage of positions to keep, such as 10%"},
		{Name: "simplify-method", On: "render", Category: pictures, Kind: cli.Name, Value: "METHOD", Default: "visvalingam", Help: "visvalingam or douglas-peucker"},
		{Name: "crs", On: "render", Category: pictures, Kind: cli.Whole, Value: "EPSG", Default: "4326", Help: "number of the coordinates: 4326, or 27700 in gpkg, qgz and geojson (which then has a crs member, against RFC 7946)"},
		{Name: "layers", On: "render", Category: pictures, Kind: cli.List, Value: "LAYERS", Help: "to write, with commas between, of " + strings.Join(drawing.Layers(), ", ")},
		{Name: "style", On: "render", Category: pictures, Kind: cli.Text, Value: "STYLE", Help: "tiles draws equal numbers of people as tiles of one size, in pictures. Or colour footprints by a number: FIELD[:RAMP[:METHOD[:CLASSES]]]. METHOD is quantile, jenks or equal, or manual with breaks in place of CLASSES, such as area_km2:viridis:manual:1000,5000. Ramps are " + strings.Join(layer.Ramps(), ", ")},
		{Name: "page", On: "render", Category: pictures, Kind: cli.Name, Value: "SIZE", Default: "A4", Help: "of pictures and the print layout: A4, A3, 16:9 or square. A picture on A4 or A3 stands upright where that shows the map larger"},
	}
}

// recordFlags say what ingest counts and where.
func recordFlags() []cli.Flag {
	return []cli.Flag{
		{Name: "from", On: "ingest", Category: inputs, Kind: cli.Source, Value: "SOURCE", Help: "records: a file, a pattern such as 'apc_*.csv', - for standard input, or an engine's URL"},
		{Name: "dialect", On: "sql", Category: inputs, Kind: cli.Name, Value: "NAME", Help: "of the dialect: " + strings.Join(ingest.Dialects(), ", ")},
		{Name: "area", On: counting, Category: columns, Kind: cli.Heading, Value: "COLUMN", Help: "with the code of the area of residence"},
		{Name: "provider", On: counting, Category: columns, Kind: cli.Heading, Value: "COLUMN", Help: "with the code of the provider"},
		{Name: "count", On: counting, Category: columns, Kind: cli.Heading, Value: "COLUMN", Help: "to add up; otherwise every record counts 1 (a file's column headed count is always added up)"},
		{Name: "where", On: counting, Category: inputs, Kind: cli.Condition, Value: "COLUMN=VALUE", Help: "keep only the records with this value"},
		{Name: "table", On: counting, Category: engines, Kind: cli.Text, Value: "NAME", Help: "of the table to count, such as schema.records"},
		{Name: "query-file", On: counting, Category: engines, Kind: cli.File, Value: "FILE", Help: "with a SELECT to count, instead of a table"},
		{Name: "format", On: "ingest", Category: output, Kind: cli.Name, Value: "FORMAT", Unset: "told by the file's suffix", Help: "csv, parquet or xlsx"},
		{Name: "skip-missing", On: "ingest", Category: inputs, Kind: cli.Switch, Help: "leave out records without an area or a provider, and say how many"},
		{Name: "expect-rows", On: "ingest", Category: inputs, Kind: cli.Whole, Value: "N", Range: cli.FromOne, Help: "fail unless exactly this number of records is counted: the guard against a part that lost its rows"},
		{Name: "timeout", On: "ingest", Category: engines, Kind: cli.Time, Value: "TIME", Default: "1h", Help: "after which an engine's statement is ended"},
		{Name: "jobs", On: "ingest", Category: inputs, Kind: cli.Whole, Value: "N", Unset: "one for each processor", Range: cli.NotNegative, Silent: true, Help: "number of workers at once; never changes the result"},
	}
}

func importFlags() []cli.Flag {
	const on = "import"
	const succeeding = " run cluster score"
	return []cli.Flag{
		{Name: "format", On: on, Category: inputs, Kind: cli.Name, Value: "NAME", Unset: "told by the heading", Help: "of the published format"},
		{Name: "list", On: on, Category: output, Kind: cli.Switch, Help: "list the formats and end"},
		{Name: "in", On: on, Category: inputs, Kind: cli.File, Value: "FILE", Help: "to read; months of a year are taken together; - is standard input"},
		{Name: "as", On: on, Category: inputs, Kind: cli.Name, Value: "KIND", Help: "flows, indicators, organisations, successors, lookup, points or population, where a file can be several"},
		{Name: "part", On: on, Category: inputs, Kind: cli.Name, Value: "PART", Unset: "Part_1A and Part_1B for flows, Part_2 for indicators", Help: "rtt: part of the return to count, such as Part_2"},
		{Name: "level", On: on, Category: inputs, Kind: cli.Name, Value: "LEVEL", Unset: "provider", Help: "indicators by provider or commissioner, where a file has both"},
		{Name: "period", On: on, Category: inputs, Kind: cli.Name, Value: "PERIOD", Help: "to keep, such as 2018-09, \"2018/19 Q2\" or 2018/19"},
		{Name: "by", On: on, Category: inputs, Kind: cli.Name, Value: "TIME", Help: "add periods up to a quarter or a (financial) year"},
		{Name: "sheet", On: on, Category: inputs, Kind: cli.Name, Value: "NAME", Help: "of the sheet of a workbook"},
		{Name: "indicator", On: on, Category: inputs, Kind: cli.Condition, Value: "ID=NAME", Help: "another name for an indicator, such as 92848=dementia"},
		{Name: "organisations", On: on, Category: change, Kind: cli.File, Value: "FILE", Help: "of the Organisation Data Service (etr, …): codes for names, and types of providers"},
		{Name: "type", On: on, Category: change, Kind: cli.Name, Value: "TYPE", Help: "keep only providers of this type: acute, specialist, mental health, community, ambulance, independent"},
		{Name: "sites-to-trusts", On: on, Category: change, Kind: cli.Switch, Help: "count sites with their trusts (R0A02 with R0A)"},
		{Name: "successors", On: on, Category: change, Kind: cli.File, Value: "FILE", Help: "codes and those that took over"},
		{Name: "successors", On: succeeding, Category: change, Kind: cli.File, Value: "FILE", Help: "codes and those that took over: flows and indicators are brought there alike"},
		{Name: "successor", On: on + succeeding, Category: change, Kind: cli.Condition, Value: "OLD=NEW", Help: "which of several successors, or OLD=equal for equal parts; * is any other"},
		{Name: "as-at", On: on + succeeding, Category: change, Kind: cli.Text, Value: "DAY", Unset: "after all mergers", Help: "to bring codes to, such as 2022-04-01"},
		{Name: "successors-of-areas", On: on + succeeding, Category: change, Kind: cli.Switch, Help: "bring areas (commissioners) to their successors too"},
		{Name: "lookup", On: on, Category: change, Kind: cli.File, Value: "FILE", Help: "which areas lie in which"},
		{Name: "from", On: on, Category: change, Kind: cli.Heading, Value: "COLUMN", Unset: "the one that has them", Help: "of the lookup with the areas of the flows"},
		{Name: "to", On: on, Category: change, Kind: cli.Heading, Value: "COLUMN", Help: "of the lookup with the areas wanted"},
		{Name: "fit", On: on, Category: change, Kind: cli.Name, Value: "WAY", Default: "best", Help: "best or split: an area in several others goes to the one with most of it, or is divided"},
		{Name: "weights", On: on, Category: change, Kind: cli.File, Value: "FILE", Unset: "numbers of rows of the lookup", Help: "people by area, that areas are divided by"},
		{Name: "outside", On: on, Category: change, Kind: cli.Name, Value: "WAY", Default: "keep", Help: "keep or drop areas outside England and places that the table does not name; either way it is said how many"},
		{Name: "beds", On: on, Category: inputs, Kind: cli.File, Value: "FILE", Help: "dtoc: KH03, for the share of occupied bed days"},
		{Name: "postcodes", On: on, Category: inputs, Kind: cli.File, Value: "FILE", Help: "organisations: postcode directory, for longitude and latitude"},
	}
}

// whatifFlags say what changes, and how patients choose.
func whatifFlags() []cli.Flag {
	const on = "whatif"
	return []cli.Flag{
		{Name: "close", On: on, Category: changes, Kind: cli.Code, Value: "CODE", Help: "a provider that closes"},
		{Name: "open", On: on, Category: changes, Kind: cli.Condition, Value: "NAME=LON,LAT,SIZE", Help: "a provider that opens, where, and for how many patients"},
		{Name: "move", On: on, Category: changes, Kind: cli.Condition, Value: "CODE=LON,LAT", Help: "a provider that moves, and where to"},
		{Name: "join", On: on, Category: changes, Kind: cli.Condition, Value: "A+B=NEW", Help: "two providers that merge, and the code of both together"},
		{Name: "capacity", On: on, Category: changes, Kind: cli.Condition, Value: "CODE=N", Help: "the most patients that a provider can treat"},
		{Name: "headroom", On: on, Category: changes, Kind: cli.Name, Value: "SHARE", Help: "how far every provider without --capacity may grow, such as 10%"},
		{Name: "scenario", On: on, Category: changes, Kind: cli.File, Value: "FILE", Help: "what changes, in YAML: close, open, move, join, capacity, headroom; several scenarios stand side by side"},
		{Name: "close-each", On: on, Category: changes, Kind: cli.Switch, Help: "close every provider in turn, one scenario each, into the table closures.csv"},
		{Name: "times", On: on, Category: places, Kind: cli.File, Value: "FILE", Silent: true, Help: "minutes from areas to providers (area, provider, minutes), in place of distances"},
		{Name: "lookup", On: on, Category: places, Kind: cli.File, Value: "FILE", Silent: true, Help: "areas and larger units (area, unit), whose shares stand in where an area has under 25 patients; several go from fine to coarse"},
		{Name: "model", On: on, Category: choosing, Kind: cli.List, Value: "MODEL", Unset: "all that the data allow", Help: "how patients choose: nearest, shares, gravity or mixed"},
		{Name: "use", On: on, Category: choosing, Kind: cli.Name, Value: "MODEL", Unset: "gravity, or shares without distances", Help: "the model of files that have one answer"},
		{Name: "cost", On: on, Category: choosing, Kind: cli.Name, Value: "FORM", Default: "exponential", Help: "how flows fall with distance: exponential or power"},
		{Name: "attraction", On: on, Category: choosing, Kind: cli.Name, Value: "FORM", Default: "effects", Help: "what draws patients in the gravity model: effects of each provider, or size"},
		{Name: "sizes", On: on, Category: choosing, Kind: cli.File, Value: "FILE", Silent: true, Unset: "patients", Help: "sizes of providers (provider, size), such as beds, for --attraction size"},
		{Name: "detour", On: on, Category: choosing, Kind: cli.Number, Value: "FACTOR", Default: "1.3", Help: "by which a road is longer than the straight distance"},
		{Name: "catchment", On: on, Category: choosing, Kind: cli.Number, Value: "LIMIT", Default: "60", Range: cli.NotNegative, Help: "how far people go at most, in km or minutes, for the accessibility of care"},
		{Name: "bootstrap", On: on, Category: doubt, Kind: cli.Whole, Value: "N", Default: "200", Unset: "200, or 50 of a large country", Range: cli.NotNegative, Help: "number of resampled flows behind the interval of each provider's patients"},
		{Name: "backtest", On: on, Category: doubt, Kind: cli.Switch, Help: "hold the models against flows that they were not shown"},
		{Name: "flows-after", On: on, Category: doubt, Kind: cli.File, Value: "FILE", Silent: true, Help: "flows of a later year, to hold the models against"},
		{Name: "seed", On: on, Category: doubt, Kind: cli.Whole, Value: "SEED", Default: "1", Help: "of all that is random"},
	}
}

func outputFlags() []cli.Flag {
	const (
		runs  = "cluster run"
		draws = "score"
	)
	return []cli.Flag{
		{Name: "config", On: "run", Category: inputs, Kind: cli.File, Value: "FILE", Silent: true, Help: "flags in YAML, name: value; flags on the command line win"},
		{Name: "publish", On: "run demo compare score merge ensemble whatif", Category: output, Kind: cli.Switch, Help: "leave the hashes of input files out of provenance.json, so that the whole folder may be published"},
		{Name: "out", Short: "o", On: "run demo", Category: output, Kind: cli.Output, Value: "FOLDER", Silent: true, Help: "for the results"},
		{Name: "out", Short: "o", On: "cluster", Category: output, Kind: cli.Output, Value: "FILE", Silent: true, Help: "for the partition, .csv, .json or .xlsx; - is standard output"},
		{Name: "out", Short: "o", On: "compare", Category: output, Kind: cli.Output, Value: "FOLDER", Silent: true, Help: "for a sweep's results, or for the files of a comparison"},
		{Name: "out", Short: "o", On: "merge ensemble whatif", Category: output, Kind: cli.Output, Value: "FOLDER", Silent: true, Help: "for the results"},
		{Name: "out", Short: "o", On: "workbench", Category: output, Kind: cli.Output, Value: "FILE", Silent: true, Help: "for the page; - is standard output"},
		{Name: "out", Short: "o", On: "replay", Category: output, Kind: cli.Output, Value: "FILE", Silent: true, Help: "for the partition; - is standard output"},
		{Name: "out", Short: "o", On: "render", Category: output, Kind: cli.Output, Value: "FILE", Silent: true, Help: "for the map; - is standard output"},
		{Name: "out", Short: "o", On: "score", Category: output, Kind: cli.Output, Value: "FOLDER", Silent: true, Help: "for the results, or a .csv, .json or .xlsx file; - is standard output"},
		{Name: "out", Short: "o", On: "import", Category: output, Kind: cli.Output, Value: "FILE", Silent: true, Help: "for the table, as CSV, or as a workbook where it ends in .xlsx; - is standard output"},
		{Name: "out", Short: "o", On: "ingest", Category: output, Kind: cli.Output, Value: "FILE", Silent: true, Help: "for the pairs, .csv, .parquet or .xlsx; - is standard output"},
		{Name: "out", Short: "o", On: "sql", Category: output, Kind: cli.Output, Value: "FILE", Silent: true, Help: "for the statement; - is standard output"},
		{Name: "format", On: "cluster", Category: output, Kind: cli.Name, Value: "FORMAT", Unset: "told by the file's suffix", Help: "csv, json or xlsx"},
		{Name: "format", On: "render", Category: output, Kind: cli.Name, Value: "FORMAT", Unset: "told by the file's suffix", Help: "one of those above"},
		{Name: "xlsx", On: "run demo", Category: output, Kind: cli.Switch, Silent: true, Help: "also write footprints.xlsx, a workbook with a sheet for each table"},
		{Name: "xlsx", On: "compare score merge ensemble whatif", Category: output, Kind: cli.Switch, Silent: true, Help: "also write a workbook with a sheet for each table, as merge.xlsx"},
		{Name: "for", On: "render", Category: output, Kind: cli.Name, Value: "TOOL", Words: []string{"powerbi"}, Help: "write what a tool takes: powerbi takes TopoJSON of one layer, in a .json file"},
		{Name: "json", On: "run demo validate cluster compare render explain score merge ensemble whatif ingest", Category: output, Kind: cli.Switch, Silent: true, Help: "print one JSON object on standard output"},
		{Name: "shard", On: "cluster", Category: machines, Kind: cli.Name, Value: "I/N", Silent: true, Help: "make only this part of the --bootstrap runs, such as 3/16, and keep it in the folder --out"},
		{Name: "merge", On: runs, Category: machines, Kind: cli.Switch, Silent: true, Help: "join the --bootstrap runs that --shard kept in the places that --part names"},
		{Name: "part", On: runs, Category: machines, Kind: cli.File, Value: "FILE", Silent: true, Help: "file or folder with --bootstrap runs to merge"},
		{Name: "shard", On: draws, Category: machines, Kind: cli.Name, Value: "I/N", Silent: true, Help: "make only this part of the --draws, such as 3/16, and keep it in the folder --out"},
		{Name: "merge", On: draws, Category: machines, Kind: cli.Switch, Silent: true, Help: "join the --draws that --shard kept in the places that --part names"},
		{Name: "part", On: draws, Category: machines, Kind: cli.File, Value: "FILE", Silent: true, Help: "file or folder with --draws to merge"},
		{Name: "shard", On: "compare ensemble", Category: machines, Kind: cli.Name, Value: "I/N", Silent: true, Help: "make only this part of the runs, such as 3/16"},
		{Name: "merge", On: "compare ensemble", Category: machines, Kind: cli.Switch, Silent: true, Help: "join the parts that --shard wrote"},
		{Name: "part", On: "compare ensemble", Category: machines, Kind: cli.File, Value: "FILE", Unset: "--out", Silent: true, Help: "file or folder with parts to merge"},
		{Name: "resume", On: "cluster", Category: machines, Kind: cli.Switch, Silent: true, Help: "go on with an interrupted --shard in --out"},
		{Name: "resume", On: "ensemble", Category: machines, Kind: cli.Switch, Silent: true, Help: "go on with an interrupted ensemble in --out"},
		{Name: "resume", On: "compare", Category: machines, Kind: cli.Switch, Silent: true, Help: "go on with an interrupted sweep in --out"},
		{Name: "max-memory", Category: talk, Kind: cli.Size, Value: "SIZE", Unset: "2GB of pairs for ingest; otherwise what the machine has", Silent: true, Help: "that the command may take, such as 500MB; ingest counts its pairs and codes"},
		{Name: "quiet", Short: "q", Category: talk, Kind: cli.Switch, Silent: true, Help: "say nothing but errors"},
		{Name: "verbose", Short: "v", Category: talk, Kind: cli.Switch, Silent: true, Help: "say more"},
		{Name: "log-format", Category: talk, Kind: cli.Name, Value: "FORMAT", Default: "text", Words: []string{"text", "json"}, Silent: true, Help: "of what is said on standard error: text or json"},
		{Name: "progress", Category: talk, Kind: cli.Name, Value: "WAY", Default: "terminal", Words: []string{"terminal", "json", "none"}, Silent: true, Help: "to show how far it is: terminal draws a line on a terminal only, json writes a line a step on standard error"},
		{Name: "help", Short: "h", Category: talk, Kind: cli.Switch, Silent: true, Help: "show this"},
		{Name: "help-json", Category: talk, Kind: cli.Switch, Silent: true, Help: "print the flags as JSON"},
	}
}
