package codebook

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/flow"
	"stpmap/flow/flowtest"
)

// lookupOf makes a lookup of a table, apart from the readers of published files.
func lookupOf(t *testing.T, text []byte) *Lookup {
	t.Helper()
	rows := flowtest.CSV(t, text)
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
	z, err := gzip.NewReader(bytes.NewReader(flowtest.Read(t, "samples/geographr/lookup_lsoa11_ccg21_stp21_ltla21.csv.gz")))
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
	var records []data.Record
	want := map[string]float64{}
	total := 0.0
	for i := range l.Rows() {
		n := float64(rng.IntN(50))
		p := fmt.Sprintf("R%02d", rng.IntN(20))
		records = append(records, data.Record{Area: lsoa.names.List[lsoa.values[i]], Provider: p, Count: flow.Exactly(n)})
		want[ccg.names.List[ccg.values[i]]+" "+p] += n
		total += n
	}
	records = append(records, data.Record{Area: "W01000001", Provider: "R01", Count: flow.Exactly(5)},
		data.Record{Area: "E01999999", Provider: "R01", Count: flow.Exactly(3)}, data.Record{Area: "E01012259", Provider: "R99", Count: flow.Between(1, 4)})
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
	flows := []data.Record{{Area: "01W", Provider: "R0A", Count: flow.Exactly(10)}}
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
		people, _ := m.RegroupPopulation([]data.Population{{Area: "01W", People: 10}}, c.fit)
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
