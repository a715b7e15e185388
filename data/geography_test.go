package data

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/data/internal/samples"
	"stpmap/flow"
)

func TestSampleLookups(t *testing.T) {
	for _, c := range []struct {
		name     string
		opts     ImportOptions
		rows     int
		from, to string
		pair     [2]string
	}{
		{"samples/geographr/lookup_lsoa11_ccg21_stp21_ltla21.csv.gz", ImportOptions{}, 32844, "lsoa", "ccg21", [2]string{"E01012259", "E38000247"}},
		{"samples/hpdm139_geo/sicbl_icb_nhser_july2022_lookup.csv", ImportOptions{}, 106, "SICBL22CDH", "ICB22CDH", [2]string{"02P", "QF7"}},
		{"samples/hpdm139_geo/sicbl_icb_nhser_july2022_lookup.csv", ImportOptions{}, 106, "sicbl", "nhser", [2]string{"E38000006", "E40000012"}},
		{"samples/ebmdatalab_ods/gp-reg-pat-prac-map_head200.csv", ImportOptions{}, 199, "practice", "CCG_CODE", [2]string{"A81001", "16C"}},
		{"samples/ebmdatalab_ods/gp-reg-pat-prac-map_head200.csv", ImportOptions{}, 199, "practice", "stp", [2]string{"A81001", "E54000050"}},
		{"samples/ebmdatalab_ods/CCG_STP_RefFile_Apr20.xlsx", ImportOptions{Kind: LookupTable, Sheet: "Pre-Apr 2020"}, 191, "CCG Code", "STP Code", [2]string{"06Q", "QH8"}},
		{"samples/hf_winter_pressures/Trust-STP-lookup.csv", ImportOptions{}, 137, "code", "stp", [2]string{"RN3", "E54000040"}},
		{"samples/geographr/lookup_nhs_trusts22_stp21.csv", ImportOptions{}, 0, "trust", "stp21", [2]string{"R0A", "E54000007"}},
	} {
		b := samples.Read(t, c.name)
		out := importBytes(t, "", c.name, b, c.opts)
		if out.Format.Name != "lookup" {
			t.Errorf("%s read as %s", c.name, out.Format.Name)
			continue
		}
		if c.rows > 0 && out.Lookup.Rows() != c.rows {
			t.Errorf("%s: %d rows, want %d", c.name, out.Lookup.Rows(), c.rows)
		}
		m, err := out.Lookup.Map(c.from, c.to, "", nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := m.Of(c.pair[0]); len(got) != 1 || got[0] != (Part{c.pair[1], 1}) {
			t.Errorf("%s: %s is in %v, want %s", c.name, c.pair[0], got, c.pair[1])
		}
	}
	b := samples.Read(t, "samples/ebmdatalab_ods/CCG_STP_RefFile_Apr20.xlsx")
	if _, err := Import(t.Context(), "lookup", []Input{{"x.xlsx", bytes.NewReader(b)}}, ImportOptions{}); !errors.Is(err, ErrMixedSets) {
		t.Errorf("three sheets are lookups: %v", err)
	}
}

// lookupOf makes a lookup of a table, apart from the readers of published files.
func lookupOf(t *testing.T, text []byte) *Lookup {
	t.Helper()
	rows := samples.CSV(t, text)
	l, at := NewLookup(rows[0])
	for _, row := range rows[1:] {
		cells := make([][]byte, len(at))
		for i, c := range at {
			cells[i] = []byte(row[c])
		}
		l.Add(cells)
	}
	l.Settle()
	return l
}

// Patients are conserved to the unit, and groups have what the lookup's own
// rows say.
func TestRegroupConserves(t *testing.T) {
	z, err := gzip.NewReader(bytes.NewReader(samples.Read(t, "samples/geographr/lookup_lsoa11_ccg21_stp21_ltla21.csv.gz")))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	l := lookupOf(t, b)
	lsoa, err := l.Find("lsoa")
	if err != nil {
		t.Fatal(err)
	}
	ccg, err := l.Find("ccg")
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	var records []Record
	want := map[string]float64{}
	total := 0.0
	for i := range l.Rows() {
		n := float64(rng.IntN(50))
		p := fmt.Sprintf("R%02d", rng.IntN(20))
		records = append(records, Record{Area: lsoa.names.list[lsoa.values[i]], Provider: p, Count: flow.Exactly(n)})
		want[ccg.names.list[ccg.values[i]]+" "+p] += n
		total += n
	}
	records = append(records, Record{Area: "W01000001", Provider: "R01", Count: flow.Exactly(5)},
		Record{Area: "E01999999", Provider: "R01", Count: flow.Exactly(3)}, Record{Area: "E01012259", Provider: "R99", Count: flow.Between(1, 4)})
	m, err := l.Map("lsoa", "ccg", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, rep := m.Regroup(records, BestFit)
	sum := 0.0
	for _, r := range got {
		if r.Count.Suppressed() {
			if r.Area != "E38000247" || r.Count != flow.Between(1, 4) {
				t.Errorf("the suppressed cell is %+v", r)
			}
			continue
		}
		sum += r.Count.Value
		if w := want[r.Area+" "+r.Provider]; w != r.Count.Value && !strings.HasPrefix(r.Area, "W01") && r.Area != "E01999999" {
			t.Fatalf("%s at %s: %v, want %v", r.Area, r.Provider, r.Count.Value, w)
		}
	}
	if sum != total+8 || rep.Patients.Lower != total+9 || rep.Patients.Upper != total+12 {
		t.Errorf("%v patients came out of %v: %+v", sum, total+8, rep.Patients)
	}
	if len(rep.Outside) != 1 || rep.Outside[0].Kind != "Wales" || rep.Outside[0].Patients.Value != 5 ||
		len(rep.Unmatched) != 1 || rep.Unmatched[0].Code != "E01999999" || rep.Areas != l.Rows() || rep.Parted != 0 {
		t.Errorf("report %+v", rep)
	}
	// The other way round, groups are parted: whole patients, none lost.
	m, err = l.Map("ccg", "ltla", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, fit := range []Fit{BestFit, Split} {
		again, rep := m.Regroup(got, fit)
		sum := 0.0
		for _, r := range again {
			if !r.Count.Suppressed() {
				sum += r.Count.Value
				if r.Count.Value != float64(int(r.Count.Value)) {
					t.Fatalf("part of a patient: %+v", r)
				}
			}
		}
		if sum != total+8 || rep.Parted == 0 {
			t.Errorf("%v patients came out of %v, %d areas parted", sum, total+8, rep.Parted)
		}
	}
}

func TestRegroupByPopulation(t *testing.T) {
	text := "LSOA11CD,CCG21CD,CCG21CDH,CCG21NM,LAD21CD,LAD21NM,FID\n" +
		"E01000001,E38000001,01W,One,E06000001,A,1\nE01000002,E38000001,01W,One,E06000002,B,2\nE01000003,E38000001,01W,One,E06000002,B,3\n"
	l := lookupOf(t, []byte(text))
	flows := []Record{{Area: "01W", Provider: "R0A", Count: flow.Exactly(10)}}
	for _, c := range []struct {
		weight map[string]float64
		fit    Fit
		want   string
	}{
		{nil, BestFit, "[E06000002 10]"},
		{nil, Split, "[E06000001 3 E06000002 7]"},
		{map[string]float64{"E01000001": 900, "E01000002": 50, "E01000003": 50}, BestFit, "[E06000001 10]"},
		{map[string]float64{"E01000001": 900, "E01000002": 50, "E01000003": 50}, Split, "[E06000001 9 E06000002 1]"},
		{map[string]float64{}, Split, "[E06000001 3 E06000002 7]"}, // nobody known: by rows
	} {
		m, err := l.Map("CCG21CDH", "LAD21CD", "lsoa", c.weight)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := m.Regroup(flows, c.fit)
		var parts []string
		for _, r := range got {
			parts = append(parts, fmt.Sprint(r.Area, " ", r.Count.Value))
		}
		if s := fmt.Sprint(parts); s != c.want {
			t.Errorf("%v, fit %d: got %s, want %s", c.weight, c.fit, s, c.want)
		}
		people, _ := m.RegroupPopulation([]Population{{Area: "01W", People: 10}}, c.fit)
		if len(people) != len(got) || people[0].People != got[0].Count.Value {
			t.Errorf("people %v, patients %v", people, got)
		}
	}
	if _, err := l.Map("CCG21CDX", "LAD21CD", "", nil); !errors.Is(err, ErrLookup) || !strings.Contains(err.Error(), "did you mean") {
		t.Errorf("a column that is not there: %v", err)
	}
	if c, n := l.Holding([]string{"01W", "02X"}); c.Heading != "CCG21CDH" || n != 1 {
		t.Errorf("codes are held by %s, %d of them", c.Heading, n)
	}
}

func TestLargestRemainder(t *testing.T) {
	for _, c := range []struct {
		total  float64
		shares []float64
		want   []float64
	}{
		{10, []float64{1, 1, 1}, []float64{4, 3, 3}},
		{10, []float64{0.5, 0.5}, []float64{5, 5}},
		{1, []float64{0.2, 0.5, 0.3}, []float64{0, 1, 0}},
		{0, []float64{1, 2}, []float64{0, 0}},
		{7, []float64{0, 1}, []float64{0, 7}},
		{2.5, []float64{1, 1}, []float64{1.25, 1.25}},
		{100, []float64{0.7, 0.1, 0.2}, []float64{70, 10, 20}},
	} {
		if got := largestRemainder(c.total, c.shares); !slices.Equal(got, c.want) {
			t.Errorf("%v by %v: got %v, want %v", c.total, c.shares, got, c.want)
		}
	}
	rng := rand.New(rand.NewPCG(2, 2))
	for range 2000 {
		shares := make([]float64, 1+rng.IntN(20))
		for i := range shares {
			shares[i] = rng.Float64()
		}
		total := float64(rng.IntN(100000))
		sum, all := 0.0, 0.0
		for _, s := range shares {
			all += s
		}
		for i, n := range largestRemainder(total, shares) {
			sum += n
			if quota := total * shares[i] / all; n < quota-1 || n > quota+1 {
				t.Fatalf("%v of quota %v", n, quota)
			}
		}
		if sum != total {
			t.Fatalf("%v came out of %v", sum, total)
		}
	}
}

func TestPostcodes(t *testing.T) {
	text := "pcd,pcds,oa11,lsoa11,lat,long\nAB1 0AA,AB1 0AA,,,99.999999,0\nM13 9WL,M13 9WL,E00,E01,53.46244,-2.22771\nSR4 7TP,SR4 7TP,E00,E01,54.9,-1.4\n"
	out := importBytes(t, "", "ONSPD.csv", []byte(text), ImportOptions{})
	if out.Format.Name != "postcodes" || len(out.Points) != 2 || out.Points[0] != (Point{Code: "M139WL", Lon: -2.22771, Lat: 53.46244}) {
		t.Fatalf("%s: %+v", out.Format.Name, out.Points)
	}
	points, missing := Locate([]Organisation{{Code: "R0A", Postcode: "m13  9wl"}, {Code: "R0X", Postcode: "AB1 0AA"}}, out.Points)
	if len(points) != 1 || points[0].Code != "R0A" || !slices.Equal(missing, []string{"R0X"}) {
		t.Errorf("%v %v", points, missing)
	}
	out = importBytes(t, "", "ONSPD.csv", []byte(text), ImportOptions{Postcodes: map[string]bool{"SR47TP": true}})
	if len(out.Points) != 1 {
		t.Errorf("%+v", out.Points)
	}
}

func TestOutsideOf(t *testing.T) {
	for code, want := range map[string]string{
		"W01000001": "Wales", "7A3": "Wales", "S08000015": "Scotland", "N09000001": "Northern Ireland", "NONC": "commissioned outside England",
		"X24": "NHS England and its regions", "Y56": "NHS England and its regions", "Y63": "NHS England and its regions", "13R": "NHS England and its regions",
		"13T": "", "14L": "", "15E": "", "01W": "", "E01000001": "", "E38000001": "", "": "", "R1H": "", "A3A8R": "",
	} {
		if got := OutsideOf(code); got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
}
