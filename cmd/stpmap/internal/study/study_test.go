package study

import (
	"bytes"
	"log/slog"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
)

// folder changes to a folder with some files.
func folder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// quiet is an environment that says nothing.
func quiet() *cli.Env { return &cli.Env{Log: slog.New(slog.DiscardHandler)} }

const flowsCSV = "area,provider,count\nE01,X,100\nE01,Y,10\nE02,Y,90\nE03,Y,80\n"

// request reads flows.csv.
func request() Request {
	return Request{Flows: Flows{Flows: []string{"flows.csv"}}, Source: Disk{}}
}

// read wants a study without faults.
func read(t *testing.T, r Request) *Study {
	t.Helper()
	in, err := r.Read(t.Context(), quiet())
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func squares(codes ...string) string {
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, code := range codes {
		if i > 0 {
			b.WriteByte(',')
		}
		x, y := string(rune('0'+i)), string(rune('1'+i))
		b.WriteString(`{"type":"Feature","properties":{"code":"` + code + `","name":"Area ` + code + `","population":1000},"geometry":{"type":"Polygon","coordinates":[[[` +
			x + `,52],[` + y + `,52],[` + y + `,53],[` + x + `,53],[` + x + `,52]]]}}`)
	}
	return b.String() + "]}"
}

func TestInputsAreJoinedByCode(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "areas.geojson": squares("E01", "E02", "E09"),
		"providers.csv":  "provider_code,provider_name,lon,lat\nX,Hospital X,0.5,52.5\nZ,Elsewhere,1,52\n",
		"population.csv": "area,population\nE02,2000\nE03,3000\n",
	})
	r := request()
	r.Places = Places{Boundaries: "areas.geojson", Providers: "providers.csv", Population: "population.csv"}
	r.Hashes = true
	in := read(t, r)
	if !slices.Equal(in.AreaNames, []string{"Area E01", "Area E02", ""}) || !slices.Equal(in.ProviderNames, []string{"Hospital X", ""}) {
		t.Errorf("names %q and %q", in.AreaNames, in.ProviderNames)
	}
	if !slices.Equal(in.Population, []float64{1000, 2000, 3000}) {
		t.Errorf("population %v: the table wins over the boundaries", in.Population)
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"areas without boundary", in.AreasWithoutBoundary(), []string{"E03"}},
		{"boundaries without flow", in.BoundariesWithoutFlow(), []string{"E09"}},
		{"providers without location", in.ProvidersWithoutLocation(), []string{"Y"}},
		{"areas without population", in.AreasWithoutPopulation(), nil},
		{"known codes", in.KnownCodes(), []string{"Z", "E09"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if hosts := in.Hosts(); !slices.Equal(hosts, []int32{0, -1}) {
		t.Errorf("hosts %v", hosts)
	}
	var roles []string
	for _, f := range in.Files {
		roles = append(roles, f.Role)
		if len(f.SHA256) != 64 || f.Bytes == 0 {
			t.Errorf("%+v", f)
		}
	}
	if !slices.Equal(roles, []string{"flows", "boundaries", "providers", "population"}) {
		t.Errorf("hashed %q", roles)
	}
}

func TestPopulationNotKnown(t *testing.T) {
	folder(t, map[string]string{"flows.csv": flowsCSV, "population.csv": "area,population\nE02,2000\n"})
	r := request()
	if in := read(t, r); in.NumberingPopulation() != nil || len(in.AreasWithoutPopulation()) != 3 {
		t.Error("people are known without a table")
	}
	r.Places.Population = "population.csv"
	in := read(t, r)
	if !math.IsNaN(in.Population[0]) || !slices.Equal(in.NumberingPopulation(), []float64{0, 2000, 0}) || !slices.Equal(in.AreasWithoutPopulation(), []string{"E01", "E03"}) {
		t.Errorf("population %v", in.Population)
	}
}

// Columns that no usual heading is over are named by their flags.
func TestHeadingsNamedOutright(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv":     "wohnort,haus,fälle\nE01,X,100\nE02,Y,90\n",
		"providers.csv": "haus,bezeichnung,laenge,breite,art\nX,Klinik,0.5,52.5,acute\n",
		"people.csv":    "ort,einwohner\nE01,1000\nE02,2000\n",
		"points.csv":    "ort,wie,l,b\nE01,Eins,0,52\nE02,Zwei,1,52\n",
		"partition.csv": "ort,teil\nE01,A\nE02,B\n",
	})
	r := request()
	r.AreaColumn, r.ProviderColumn, r.CountColumn = "wohnort", "haus", "fälle"
	r.Places = Places{
		Providers: "providers.csv", ProviderCodeColumn: "haus", ProviderNameColumn: "bezeichnung", LonColumn: "laenge", LatColumn: "breite", ProviderTypeColumn: "art",
		Population: "people.csv", PopulationAreaColumn: "ort", PopulationColumn: "einwohner",
		AreaPoints: "points.csv", PointAreaColumn: "ort", PointNameColumn: "wie", PointLonColumn: "l", PointLatColumn: "b",
	}
	r.Partition = []string{"partition.csv"}
	r.PartitionHeadings = PartitionHeadings{ReferenceColumn: "teil", PartitionAreaColumn: "ort"}
	in := read(t, r)
	if in.Matrix.Total().Published != 190 || in.ProviderNames[0] != "Klinik" || in.ProviderTypes[0] != "acute" || in.Points[0] != [2]float64{0.5, 52.5} {
		t.Errorf("flows or providers: %v, %q, %v", in.Matrix.Total(), in.ProviderNames, in.Points)
	}
	if !slices.Equal(in.Population, []float64{1000, 2000}) || !slices.Equal(in.AreaNames, []string{"Eins", "Zwei"}) {
		t.Errorf("population %v, names %q", in.Population, in.AreaNames)
	}
	if p := in.Given[0].Partition; p.Len() != 2 || p.IDs[0] != "A" {
		t.Errorf("partition %v", p)
	}
	// Headings are those of --reference, where there is one.
	r.Reference = "partition.csv"
	if _, err := r.Read(t.Context(), quiet()); err == nil || !strings.Contains(err.Error(), "partition.csv:1:1") {
		t.Errorf("the partition is read with the reference's headings: %v", err)
	}
}

func TestPartitionsAreMatched(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV,
		"ours.csv":  "kind,code,name,footprint,confidence\narea,E01,,F01,0.9\narea,E02,,F02,\nprovider,X,,F01,\nprovider,Y,,F02,0.5\narea,E77,,F02,\n",
		"named.csv": "area,group_code,group_name\nE01,A,Alpha\nE02,A,Beta\n",
		"other.csv": "area,group_code\nQ01,A\n",
	})
	r := request()
	r.Partition = []string{"ours.csv"}
	in := read(t, r)
	p := in.Given[0]
	if p.File != "ours.csv" || !slices.Equal(p.Unmatched, []string{"E77"}) || p.Confidence[0] != 0.9 || !math.IsNaN(p.Confidence[1]) || p.ProviderConfidence[1] != 0.5 {
		t.Errorf("%+v", p)
	}
	if p.NamesOrNil() != nil || p.AreaGroups["E77"] != "F02" || !p.Providers["X"] {
		t.Errorf("%+v", p)
	}
	if !slices.ContainsFunc(in.Notes, func(n string) bool { return n == "ours.csv: 1 area of the flows has no footprint in it: E03" }) {
		t.Errorf("notes %q", in.Notes)
	}
	for name, want := range map[string]string{
		"named.csv": `named.csv:3:1: group "A" has two names, "Alpha" and "Beta"`,
		"other.csv": "none of its codes (such as Q01) is an area or a provider of the flows (such as E01)",
	} {
		r.Partition = []string{name}
		if _, err := r.Read(t.Context(), quiet()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	// Without flows a table is read for itself, where that is asked for.
	alone := Request{Source: Disk{}, Partition: []string{"ours.csv"}, Tables: true}
	if in := read(t, alone); len(in.Given) != 1 || in.Given[0].AreaGroups["E01"] != "F01" || in.Given[0].Confidence != nil {
		t.Errorf("without flows: %+v", in.Given)
	}
	alone.Tables = false
	if in := read(t, alone); len(in.Given) != 0 {
		t.Errorf("without flows, unasked: %+v", in.Given)
	}
}

func TestGroupsThatContradict(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "chain.txt": "E01 E02\nE02 E03\n", "apart.txt": "E01 E03\n", "fine.txt": "E01 X\n", "typo.txt": "E01 E1\n",
	})
	r := request()
	r.Together, r.Apart = "chain.txt", "apart.txt"
	_, err := r.Read(t.Context(), quiet())
	if err == nil || !strings.Contains(err.Error(), "--together (chain.txt) keeps E01 and E03 in one footprint, and --apart (apart.txt) in different ones") {
		t.Errorf("a chain: %v", err)
	}
	r.Together = "fine.txt"
	if in := read(t, r); len(in.Together) != 1 || in.Together[0][1] != 3 || len(in.Apart) != 1 {
		t.Errorf("groups %v and %v", in.Together, in.Apart)
	}
	r.Apart, r.Fix = "typo.txt", "fine.txt"
	if _, err := r.Read(t.Context(), quiet()); err == nil || !strings.HasPrefix(err.Error(), "typo.txt:1:5: ") {
		t.Errorf("an unknown code: %v", err)
	}
	r.Apart = ""
	if in := read(t, r); !slices.Equal(in.Fixed, []bool{true, false, false, true, false}) {
		t.Errorf("fixed %v", in.Fixed)
	}
}

// All faults of all inputs are found in one reading.
func TestFaultsOfAllInputsAtOnce(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": "area,provider,count\nE01,X,-1\nE02,Y,5\n", "population.csv": "area,population\nE01,many\n", "providers.csv": "provider_code,lon,lat\nX,a,b\n",
	})
	r := request()
	r.Places = Places{Population: "population.csv", Providers: "providers.csv"}
	in, err := r.Read(t.Context(), quiet())
	if err == nil || in == nil {
		t.Fatal("the faults are taken")
	}
	for _, want := range []string{"flows.csv:2:7", "population.csv:2:5", "providers.csv:2:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
}

func TestNamesOfFlows(t *testing.T) {
	folder(t, map[string]string{"a1.csv": flowsCSV, "a2.csv": flowsCSV + "\n", "b.csv": flowsCSV})
	for _, c := range []struct {
		name  string
		names []string
		want  []string
		fault string
	}{
		{"plain", []string{"b.csv", "a1.csv"}, []string{"b.csv", "a1.csv"}, ""},
		{"pattern", []string{"a*.csv"}, []string{"a1.csv", "a2.csv"}, ""},
		{"nothing", []string{"c*.csv"}, nil, "no file has such a name"},
		{"twice", []string{"a*.csv", "a1.csv"}, nil, "given twice"},
		{"engine twice", []string{"postgres://h/d", "postgres://h/d"}, []string{"postgres://h/d", "postgres://h/d"}, ""},
	} {
		got, err := expandFlows(c.names)
		if !slices.Equal(got, c.want) || (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
	r := request()
	r.Flows.Flows = []string{"a*.csv"}
	if in := read(t, r); in.Matrix.Total().Published != 560 || in.FlowReport.Rows != 8 {
		t.Errorf("two files: %v patients of %d rows", in.Matrix.Total().Published, in.FlowReport.Rows)
	}
	r.Flows.Flows = []string{"a1.csv", "b.csv"}
	if _, err := r.Read(t.Context(), quiet()); err == nil || !strings.Contains(err.Error(), "the same content as a1.csv") {
		t.Errorf("one table under two names: %v", err)
	}
}

func TestQueryFiles(t *testing.T) {
	folder(t, map[string]string{"q.sql": "SELECT 1", "long.sql": strings.Repeat("x", maxQuery+1)})
	if q, err := ReadQuery(Disk{}, "", "t", ""); q != "" || err != nil {
		t.Errorf("none: %q, %v", q, err)
	}
	if q, err := ReadQuery(Disk{}, "q.sql", "", ""); q != "SELECT 1" || err != nil {
		t.Errorf("one: %q, %v", q, err)
	}
	for _, c := range [][2]string{{"q.sql", "t"}, {"long.sql", ""}, {"nowhere.sql", ""}} {
		if _, err := ReadQuery(Disk{}, c[0], c[1], ""); err == nil {
			t.Errorf("%q is taken", c)
		}
	}
}

// Boundaries from a stream are GeoJSON.
func TestBoundariesFromAStream(t *testing.T) {
	folder(t, map[string]string{"flows.csv": flowsCSV})
	for _, c := range []struct{ name, text, fault string }{
		{"GeoJSON", squares("E01", "E02"), ""},
		{"nothing", "", "no boundaries: the stream is empty"},
		{"GeoPackage", "SQLite format 3\x00 and more", "only GeoJSON can be read"},
		{"Shapefile", "\x00\x00\x27\x0a and more than sixteen", "only GeoJSON can be read"},
		{"zip", "PK\x03\x04 and more than sixteen", "only GeoJSON can be read"},
	} {
		r := request()
		r.Places.Boundaries, r.Source, r.Hashes = "-", Disk{Stdin: strings.NewReader(c.text)}, true
		in, err := r.Read(t.Context(), quiet())
		if (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), "standard input: "+c.fault) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil && (in.Files[1].Name != "standard input" || in.Files[1].Bytes != int64(len(c.text))) {
			t.Errorf("%s: %+v", c.name, in.Files)
		}
	}
}

func TestPointsStandInForBoundaries(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "points.csv": "area,lon,lat\nE01,0,52\nE02,1,52\nE03,0,53\n", "areas.geojson": squares("E01", "E02", "E03"),
	})
	r := request()
	r.Places.AreaPoints = "points.csv"
	in := read(t, r)
	if in.Boundaries == nil || in.AreaPoints[1] != [2]float64{1, 52} || !slices.Equal(in.Sources, []string{approximateSource}) {
		t.Errorf("%+v", in)
	}
	r.Places.Boundaries = "areas.geojson"
	in = read(t, r)
	if in.Boundaries.Approximate() || in.AreaPoints[1] != [2]float64{1, 52} {
		t.Errorf("both: %+v", in)
	}
	if homes, said := in.Homes(); homes.Given != 3 || said != "distances start from the points of --area-points (3 areas)" {
		t.Errorf("%+v: %s", homes, said)
	}
	r.Places.Outline = "areas.geojson"
	if _, err := r.Read(t.Context(), quiet()); err == nil || !strings.Contains(err.Error(), "leave it out") {
		t.Errorf("an outline with both: %v", err)
	}
	r.Places = Places{Outline: "areas.geojson"}
	if _, err := r.Read(t.Context(), quiet()); err == nil || !strings.Contains(err.Error(), "--outline goes with --area-points") {
		t.Errorf("an outline alone: %v", err)
	}
}

// Notes are said, unless they are the result.
func TestNotesAreSaid(t *testing.T) {
	folder(t, map[string]string{"flows.csv": flowsCSV + "E04,X,0\n"})
	for _, silent := range []bool{false, true} {
		var said bytes.Buffer
		r := request()
		r.Silent = silent
		in, err := r.Read(t.Context(), &cli.Env{Log: slog.New(slog.NewTextHandler(&said, nil))})
		if err != nil || len(in.Notes) != 1 || (said.Len() == 0) != silent {
			t.Errorf("silent %v: %v, %q, said %q", silent, err, in.Notes, said.String())
		}
	}
}

// Groups of a table by boundaries alone.
func TestMemberships(t *testing.T) {
	folder(t, map[string]string{
		"areas.geojson": squares("E01", "E02", "E03"),
		"p.csv":         "kind,code,name,footprint\narea,E02,,B\narea,E01,,A\narea,E99,,A\nprovider,X,,B\n",
		"q.csv":         "area,group_code\nQ,A\n",
	})
	r := Request{Source: Disk{}, Places: Places{Boundaries: "areas.geojson"}}
	in, err := r.ReadPlaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.ReadMemberships(t.Context(), in, "partition", "p.csv")
	if err != nil || !slices.Equal(m.Of, []int32{0, 1, -1}) || !slices.Equal(m.IDs, []string{"A", "B"}) || m.Providers["X"] != "B" {
		t.Errorf("%+v, %v", m, err)
	}
	if !slices.Equal(in.Notes, []string{"1 area of the partition without a polygon: E99"}) {
		t.Errorf("notes %q", in.Notes)
	}
	if _, err := r.ReadMemberships(t.Context(), in, "partition", "q.csv"); err == nil || !strings.Contains(err.Error(), "none of its codes is one of the boundaries'") {
		t.Errorf("other codes: %v", err)
	}
}
