package study

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"stpmap/footprint"
)

// refused wants an error that says something, of the kind that ends with a status.
func refused(t *testing.T, r Request, want string) {
	t.Helper()
	in, err := r.Read(t.Context(), quiet())
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, %v, want %q", in != nil, err, want)
	}
}

// A file that a command reads by itself is kept with its hash, and a fault in it
// is the command's.
func TestHashedFilesAreKept(t *testing.T) {
	folder(t, map[string]string{"flows.csv": flowsCSV, "plan.csv": "system,footprint\n"})
	in := read(t, request())
	var seen string
	if err := in.Hashed(Disk{}, "proposed", "plan.csv", func(r io.Reader) error {
		b, err := io.ReadAll(r)
		seen = string(b)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	last := in.Files[len(in.Files)-1]
	if seen != "system,footprint\n" || last.Role != "proposed" || last.Name != "plan.csv" || last.Bytes != 17 || len(last.SHA256) != 64 {
		t.Errorf("read %q, kept %+v", seen, last)
	}
	// All of the file is hashed, however little of it is read.
	n := len(in.Files)
	if err := in.Hashed(Disk{}, "nest", "plan.csv", func(io.Reader) error { return nil }); err != nil || in.Files[n].SHA256 != last.SHA256 {
		t.Errorf("read in part: %v, %+v", err, in.Files[n])
	}
	fault := errors.New("no such column")
	if err := in.Hashed(Disk{}, "nest", "plan.csv", func(io.Reader) error { return fault }); !errors.Is(err, fault) || len(in.Files) != n+1 {
		t.Errorf("got %v, and %d files are kept", err, len(in.Files))
	}
	if err := in.Hashed(Disk{}, "nest", "nowhere.csv", func(io.Reader) error { return nil }); err == nil {
		t.Error("a file that is not there was read")
	}
	if err := in.Hashed(Disk{Stdin: strings.NewReader("x")}, "nest", "-", func(io.Reader) error { return nil }); err != nil || in.Files[len(in.Files)-1].Name != "standard input" {
		t.Errorf("standard input: %v, %+v", err, in.Files[len(in.Files)-1])
	}
}

// Times are joined by both codes; what has none is not known, and times to a
// provider without flow are kept for one that opens.
func TestTimesAreJoined(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV,
		"times.csv": "area,provider,minutes\nE01,X,12\nE01,Y,30.5\nE02,Y,9\nE02,NEW,4\nE09,X,1\n",
		"no.csv":    "area,provider,minutes\nE09,X,12\n",
		"bad.csv":   "area,provider,minutes\nE01,X,soon\nE01,Y,-4\n",
	})
	r := request()
	r.Times = "times.csv"
	in := read(t, r)
	want := []float64{12, 30.5, math.NaN(), 9, math.NaN(), math.NaN()}
	for i, x := range want {
		if got := in.Minutes[i]; got != x && !(math.IsNaN(got) && math.IsNaN(x)) {
			t.Errorf("minutes %v, want %v", in.Minutes, want)
			break
		}
	}
	if in.MoreMinutes["NEW"][1] != 4 || len(in.MoreMinutes) != 1 {
		t.Errorf("of providers without flow: %v", in.MoreMinutes)
	}
	if !slices.ContainsFunc(in.Notes, func(n string) bool { return strings.Contains(n, "3 pairs of areas and providers without a time") }) {
		t.Errorf("notes %q", in.Notes)
	}
	r.Times = "no.csv"
	refused(t, r, "none of its pairs (such as E09 to X) is an area and a provider of the flows (such as E01 and X)")
	r.Times = "bad.csv"
	refused(t, r, `bad.csv:2:7: not a number of minutes: "soon"`)
}

// Larger units are layers from fine to coarse, each area with a number of its
// unit or −1.
func TestLookupsAreLayers(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "county.csv": "area,unit\nE01,K\nE03,K\nE09,L\n", "region.csv": "area,region\nE01,R\nE02,R\nE03,Q\n", "twice.csv": "area,unit\nE01,K\nE01,L\n",
	})
	r := request()
	r.Lookup = []string{"county.csv", "region.csv"}
	in := read(t, r)
	if len(in.Layers) != 2 || in.Layers[0][0] != in.Layers[0][2] || in.Layers[0][1] != -1 || in.Layers[1][0] != in.Layers[1][1] || in.Layers[1][2] == in.Layers[1][0] {
		t.Errorf("layers %v", in.Layers)
	}
	r.Lookup = []string{"twice.csv"}
	refused(t, r, "twice.csv:3:")
}

// Units that stay whole are those with several areas in the flows, by name.
func TestKeepWholeIsJoined(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "units.csv": "area,unit\nE03,South\nE01,North\nE02,North\nE09,North\nE08,Far\n", "none.csv": "area,unit\nE08,Far\nE09,Far\n",
	})
	r := request()
	r.KeepWhole = "units.csv"
	in := read(t, r)
	want := []footprint.Unit{{Name: "North", Areas: []int32{0, 1}}}
	if fmt.Sprint(in.KeepWhole) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", in.KeepWhole, want)
	}
	if !slices.ContainsFunc(in.Notes, func(n string) bool { return strings.Contains(n, "units.csv: 2 areas without flow left out: E09, E08") }) {
		t.Errorf("notes %q", in.Notes)
	}
	r.KeepWhole = "none.csv"
	refused(t, r, "none.csv: no area of the table (such as E08) is one of the flows (such as E01)")
}

// Providers of a type are counted without regard to case; a type that nobody has
// is refused with those there are.
func TestProvidersOfATypeAreCounted(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "typed.csv": "provider_code,provider_name,lon,lat,type\nX,Ex,0,52,Acute\nY,Why,1,52, mental health \n",
		"plain.csv": "provider_code,provider_name,lon,lat\nX,Ex,0,52\nY,Why,1,52\n",
	})
	r := request()
	r.Providers = "typed.csv"
	in := read(t, r)
	for _, c := range []struct {
		types []string
		want  []bool
		fault string
	}{
		{[]string{"acute"}, []bool{true, false}, ""},
		{[]string{"Mental Health"}, []bool{false, true}, ""},
		{[]string{"ACUTE", "mental health"}, []bool{true, true}, ""},
		{[]string{"dental"}, nil, `no provider of the flows is of type "dental"; there are Acute`},
	} {
		got, err := in.CountedProviders(c.types)
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%v: got %v, want %q", c.types, err, c.fault)
			}
			continue
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%v: got %v, %v, want %v", c.types, got, err, c.want)
		}
	}
	r.Providers = "plain.csv"
	in = read(t, r)
	if _, err := in.CountedProviders([]string{"acute"}); err == nil || !strings.Contains(err.Error(), "no column of types") {
		t.Errorf("without types: %v", err)
	}
	in = read(t, request())
	if _, err := in.CountedProviders([]string{"acute"}); err == nil || !strings.Contains(err.Error(), "needs --providers") {
		t.Errorf("without providers: %v", err)
	}
}

// Groups of codes are nodes, areas first; a code that is neither is a fault with
// its place, and a chain that joins what must be apart is one of usage.
func TestGroupsAreNodes(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "together.csv": "E01,Y\n", "apart.csv": "E01,E02\n", "fix.csv": "E03\nX\n", "wrong.csv": "E01,E77,Q\n",
		"chain.csv": "E01,E03\nE03,E02\n",
	})
	r := request()
	r.Together, r.Apart, r.Fix = "together.csv", "apart.csv", "fix.csv"
	in := read(t, r)
	if fmt.Sprint(in.Together) != "[[0 4]]" || fmt.Sprint(in.Apart) != "[[0 1]]" || fmt.Sprint(in.Fixed) != "[false false true true false]" {
		t.Errorf("together %v, apart %v, fixed %v", in.Together, in.Apart, in.Fixed)
	}
	for v, want := range []string{"E01", "E02", "E03", "X", "Y"} {
		if got := in.code(int32(v)); got != want {
			t.Errorf("node %d is %s, want %s", v, got, want)
		}
		if got, ok := in.node(want); !ok || int(got) != v {
			t.Errorf("%s is node %d, want %d", want, got, v)
		}
	}
	if _, ok := in.node("Z"); ok {
		t.Error("a code that there is not has a node")
	}
	r = request()
	r.Together = "wrong.csv"
	refused(t, r, `wrong.csv:1:5: `)
	refused(t, r, `"Q" is neither an area nor a provider of the flows`)
	r = request()
	r.Together, r.Apart = "chain.csv", "apart.csv"
	refused(t, r, "--together (chain.csv) keeps E01 and E02 in one footprint, and --apart (apart.csv) in different ones")
}

// What joins nodes is found through chains, whatever the order of the groups.
func TestJoined(t *testing.T) {
	root := joined([][]int32{{1, 2}, nil, {5, 6, 7}, {2, 7}, {9}})
	for _, c := range []struct {
		a, b int32
		same bool
	}{{1, 2, true}, {1, 6, true}, {5, 2, true}, {1, 9, false}, {3, 4, false}, {3, 3, true}} {
		if got := root(c.a) == root(c.b); got != c.same {
			t.Errorf("%d and %d are one: %t, want %t", c.a, c.b, got, c.same)
		}
	}
}

// Codes that one input has and another lacks are listed, and people that are not
// known are none for the numbering.
func TestCodesThatLack(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "areas.geojson": squares("E01", "E02", "E09"), "population.csv": "area,population\nE01,100\nE02,200\n",
		"providers.csv": "provider_code,provider_name,lon,lat\nX,Ex,0.5,52.5\n",
	})
	r := request()
	r.Boundaries, r.Population, r.Providers = "areas.geojson", "population.csv", "providers.csv"
	in := read(t, r)
	for what, c := range map[string]struct{ got, want []string }{
		"areas without a boundary":  {in.AreasWithoutBoundary(), []string{"E03"}},
		"boundaries without flow":   {in.BoundariesWithoutFlow(), []string{"E09"}},
		"providers without a place": {in.ProvidersWithoutLocation(), []string{"Y"}},
		"areas without people":      {in.AreasWithoutPopulation(), []string{"E03"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %v, want %v", what, c.got, c.want)
		}
	}
	if !slices.Contains(in.KnownCodes(), "E09") {
		t.Errorf("codes that are known: %v", in.KnownCodes())
	}
	if got := in.NumberingPopulation(); !slices.Equal(got, []float64{100, 200, 0}) || !math.IsNaN(in.Population[2]) {
		t.Errorf("people for the numbering: %v of %v", got, in.Population)
	}
	if got := in.Hosts(); !slices.Equal(got, []int32{0, -1}) {
		t.Errorf("hosts %v, want X in E01 and Y nowhere", got)
	}
	in = read(t, request())
	if in.AreasWithoutBoundary() != nil || in.NumberingPopulation() != nil || in.Hosts() != nil || len(in.AreasWithoutPopulation()) != 3 || len(in.ProvidersWithoutLocation()) != 2 {
		t.Error("without places, something is known of them")
	}
}

// Points far from every boundary are left out and named; where most are far
// because longitude and latitude are exchanged, that is said.
func TestPointsFarAway(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "areas.geojson": squares("E01", "E02", "E03"),
		"far.csv":     "provider_code,provider_name,lon,lat\nX,Ex,0.5,52.5\nY,Why,120,-30\n",
		"swapped.csv": "provider_code,provider_name,lon,lat\nX,Ex,52.5,0.5\nY,Why,52.4,1.5\n",
	})
	r := request()
	r.Boundaries, r.Providers = "areas.geojson", "far.csv"
	in := read(t, r)
	if !math.IsNaN(in.Points[1][0]) || in.Points[0][0] != 0.5 {
		t.Errorf("points %v", in.Points)
	}
	if !slices.ContainsFunc(in.Notes, func(n string) bool {
		return strings.Contains(n, "the point of 1 provider lies far from every boundary, and is left out: Y")
	}) {
		t.Errorf("notes %q", in.Notes)
	}
	r.Providers = "swapped.csv"
	refused(t, r, "longitude and latitude are swapped here or in the boundaries: most providers, such as X, lie far from every area")
}

// Groups of a partition that have nothing in the flows are named.
func TestVanishedGroupsAreSaid(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": flowsCSV, "partition.csv": "area,group\nE01,G1\nE02,G1\nE03,G2\nE77,G9\n",
	})
	r := request()
	r.Partition = []string{"partition.csv"}
	in := read(t, r)
	if !slices.ContainsFunc(in.Notes, func(n string) bool { return strings.Contains(n, "G9") && strings.Contains(n, "not on the map") }) {
		t.Errorf("notes %q", in.Notes)
	}
	if notes := vanishedNote("partition", "p.csv", "flow", nil); notes != nil {
		t.Errorf("of no group: %q", notes)
	}
}
