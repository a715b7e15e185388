package data

import (
	"bytes"
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stpmap/data/internal/samples"
	"stpmap/data/table"
)

func TestReadPartitionShared(t *testing.T) {
	for _, tt := range []struct {
		path, column      string
		areas, providers  int
		groups            int
		code, group, name string // of one member
	}{
		{path: "england/reference_partition.csv", areas: 207, groups: 44, code: "E38000001", group: "E54000005", name: "West Yorkshire"},
		{path: "england/reference_trust_stp17.csv", providers: 137, groups: 44, code: "RN3", group: "E54000040", name: "Bath and North East Somerset, Swindon and Wiltshire"},
		{path: "england/providers.csv", column: "stp21_code", providers: 138, groups: 42, code: "R0A", group: "E54000007", name: "Greater Manchester Health and Social Care Partnership"},
		{path: "samples/hf_winter_pressures/Trust-STP-lookup.csv", providers: 137, groups: 44, code: "RN3", group: "E54000040", name: "Bath and North East Somerset, Swindon and Wiltshire"},
		{path: "samples/geographr/lookup_nhs_trusts22_stp21.csv", providers: 209, groups: 42, code: "R0A", group: "E54000007", name: "Greater Manchester Health and Social Care Partnership"},
		{path: "samples/hpdm139_geo/sicbl_icb_nhser_july2022_lookup.csv", areas: 106, groups: 42, code: "E38000006", group: "E54000061", name: "NHS South Yorkshire Integrated Care Board"},
		{path: "samples/hpdm139_geo/sicbl_icb_nhser_july2022_lookup.csv", column: "NHSER22CDH", areas: 106, groups: 7, code: "E38000006", group: "Y63", name: "North East and Yorkshire"},
		{path: "samples/geographr/lookup_lsoa11_ccg21_stp21_ltla21.csv.gz", areas: 32844, groups: 42, code: "E01012259", group: "E54000050", name: "Cumbria and North East"},
		{path: "labour/brindisi/clusters_default_1000_0.6667_10000_0.75.csv", areas: 20, code: "74001", group: "1"},
		{path: "graphs/karate/partition_best.csv", areas: 34, groups: 4, code: "0", group: "1"},
		{path: "graphs/karate/nodes.csv", areas: 34, groups: 2, code: "0", group: "Mr. Hi"},
	} {
		t.Run(tt.path+" "+tt.column, func(t *testing.T) {
			r, err := table.Open(samples.Path(t, tt.path))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			list, rep, err := ReadPartition(t.Context(), tt.path, r, table.Column(GroupRole.Name, tt.column))
			if err != nil {
				t.Fatal(err)
			}
			areas, providers, groups, found := 0, 0, map[string]bool{}, false
			for _, m := range list {
				if m.Provider {
					providers++
				} else {
					areas++
				}
				groups[m.Group] = true
				if m.Code == tt.code {
					found = true
					if m.Group != tt.group || m.GroupName != tt.name {
						t.Errorf("%s is in %s %q, want %s %q", m.Code, m.Group, m.GroupName, tt.group, tt.name)
					}
				}
			}
			if areas != tt.areas || providers != tt.providers || tt.groups > 0 && len(groups) != tt.groups || !found {
				t.Errorf("%d areas, %d providers, %d groups, %s found: %t; report %+v", areas, providers, len(groups), tt.code, found, rep)
			}
		})
	}
	r, err := table.Open(samples.Path(t, "samples/geographr/lookup_nhs_trusts22_icb22.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	// A table of shares is no partition.
	if _, _, err := ReadPartition(t.Context(), "icb22", r); !errors.Is(err, table.ErrDuplicate) {
		t.Errorf("got %v, want ErrDuplicate", err)
	}
}

// A group may be given by its name alone.
func TestReadPartitionByName(t *testing.T) {
	for _, header := range []string{
		"area_code,stp_name", "CCG Code,STP name", "CCG17CD,STP17NM", "lad20cd,icb22nm", "area,group_name", "code,footprint_name",
		"trust_code,stp_name", "node,community", "place,community", "area_code,health economy name", "ccg,stp",
	} {
		list, _, err := ReadPartition(t.Context(), "names.csv", strings.NewReader(header+"\nA,North West\nB,South\n"))
		if err != nil {
			t.Errorf("%s: %v", header, err)
			continue
		}
		if len(list) != 2 || list[0].Code != "A" || list[0].Group != "North West" || list[0].GroupName != "" || list[0].Provider != strings.HasPrefix(header, "trust") {
			t.Errorf("%s: got %+v", header, list)
		}
	}
	list, _, err := ReadPartition(t.Context(), "names.csv", strings.NewReader("area_code,area_name,region_name,stp_name\nA,Airedale,North,North West\n"))
	if err != nil || list[0].Group != "North West" || list[0].Name != "Airedale" {
		t.Errorf("got %+v, %v", list, err)
	}
	for _, header := range []string{"area_code,area_name", "code,area_name", "code,name", "area_code,first name,second name"} {
		if list, _, err := ReadPartition(t.Context(), "names.csv", strings.NewReader(header+"\nA,North West\n")); !errors.Is(err, table.ErrMissingColumn) {
			t.Errorf("%s: got %+v, %v; want a missing group", header, list, err)
		}
	}
}

func TestReadPartitionOwn(t *testing.T) {
	text := "kind,code,name,footprint,confidence\narea,E01,Ashby,F01,0.97\narea,E02,,F02,\nprovider,RJ1,\"Guy's, St Thomas'\",F01,1\nprovider,RJ2,x,,\n"
	list, rep, err := ReadPartition(t.Context(), "partition.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Rows != 4 || rep.Kept != 3 || rep.Absent != 1 {
		t.Errorf("report %+v", rep)
	}
	if !math.IsNaN(list[1].Confidence) {
		t.Errorf("confidence %v where there is none", list[1].Confidence)
	}
	list[1].Confidence = 0
	want := []Membership{
		{Code: "E01", Name: "Ashby", Group: "F01", Confidence: 0.97, Line: 2},
		{Code: "E02", Group: "F02", Line: 3},
		{Provider: true, Code: "RJ1", Name: "Guy's, St Thomas'", Group: "F01", Confidence: 1, Line: 4},
	}
	if !reflect.DeepEqual(list, want) {
		t.Errorf("got  %+v\nwant %+v", list, want)
	}
}

func TestReadPartitionRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
		is               error
		opts             []table.Option
	}{
		{"two groups", "area_code,stp_code\nE01,A\nE01,B\n", `p.csv:3:1: duplicate area: "E01" is in "B", and in "A" on line 2`, table.ErrDuplicate, nil},
		{"kind", "kind,code,footprint\nplace,E01,A\n", `p.csv:2:1: kind must be area or provider: "place"`, nil, nil},
		{"confidence", "kind,code,footprint,confidence\narea,E01,A,1.2\n", `p.csv:2:12: confidence must be from 0 to 1: 1.2`, nil, nil},
		{"no code", "area_code,stp_code\n,A\n", `p.csv:2:1: missing code: no area`, table.ErrMissingCode, nil},
		{"no row placed", "area_code,stp_code\nE01,\n", `p.csv:1:1: no rows that place anything`, table.ErrEmptyTable, nil},
		{"header only", "area_code,stp_code\n", `p.csv:1:1: no rows that place anything`, table.ErrEmptyTable, nil},
		{"no group", "area_code,population\nE01,5\n", `p.csv:1:1: missing column: no footprint (nor footprintid, footprintcode, groupcode, groupid, group, …) among "area_code", "population" (--reference-column names it outright)`, table.ErrMissingColumn, nil},
		{"which group", "area_code,north,south\nE01,5,6\n", `p.csv:1:1: missing column: no footprint (nor footprintid, footprintcode, groupcode, groupid, group, …) among "area_code", "north", "south" (--reference-column names it outright): several columns may be the group`, table.ErrMissingColumn, nil},
		{"named group", "area_code,stp_code\nE01,5\n", `p.csv:1:1: missing column: there is no "stp" among "area_code", "stp_code"`, table.ErrMissingColumn, []table.Option{table.Column(GroupRole.Name, "stp")}},
		{"no entity", "colour,shade\nred,dark\n", `p.csv:1:1: missing column: no area (nor areacode, areaid, commissionercode, commissionerorgcode, commissioner, …) among "colour", "shade" (--area-column names it outright)`, table.ErrMissingColumn, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, rep, err := ReadPartition(t.Context(), "p.csv", strings.NewReader(tt.text), tt.opts...)
			check(t, rep, err, tt.want, tt.is)
		})
	}
}

func check(t *testing.T, rep table.Report, err error, want string, is error) {
	t.Helper()
	if err == nil {
		t.Fatal("accepted")
	}
	if err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if is != nil && !errors.Is(err, is) {
		t.Errorf("%v is not %v", err, is)
	}
	if rep.Faults.Len() != 1 {
		t.Errorf("report %+v", rep)
	}
}

func TestReadPopulation(t *testing.T) {
	text := "Area Code,Population\nE02,\"1,200\"\nE01,300.5\nE03,..\nE04,0\n"
	list, rep, err := ReadPopulation(t.Context(), "pop.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []Population{{"E01", 300.5, 3}, {"E02", 1200, 2}, {"E04", 0, 5}}
	if !reflect.DeepEqual(list, want) || rep.Absent != 1 || rep.Rows != 4 {
		t.Errorf("got %+v, report %+v", list, rep)
	}
	for _, tt := range []struct {
		name, text, want string
		is               error
	}{
		{"twice", "area,population\nE01,1\nE01,1\n", `pop.csv:3:1: duplicate area: "E01", first on line 2`, table.ErrDuplicate},
		{"negative", "area,population\nE01,-1\n", "pop.csv:2:5: negative count: -1", table.ErrNegativeCount},
		{"text", "area,population\nE01,lots\n", `pop.csv:2:5: not a number: "lots"`, table.ErrNotANumber},
		{"NaN", "area,population\nE01,NaN\n", `pop.csv:2:5: not a number: "NaN"`, table.ErrNotANumber},
		{"column", "area,populaton\nE01,1\n", `pop.csv:1:1: missing column: no population (nor pop, residents, inhabitants, people, persons, …) among "area", "populaton"; did you mean "populaton"? (--population-column names it outright)`, table.ErrMissingColumn},
		{"nothing", "area,population\n", "pop.csv:1:1: no rows under the header", table.ErrEmptyTable},
		{"all absent", "area,population\nE01,-\n", "pop.csv:1:1: no rows that say anything", table.ErrEmptyTable},
		{"empty", "", "pop.csv: no rows: the file is empty", table.ErrEmptyTable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, rep, err := ReadPopulation(t.Context(), "pop.csv", strings.NewReader(tt.text))
			check(t, rep, err, tt.want, tt.is)
		})
	}
}

func TestReadProviders(t *testing.T) {
	text := "provider_code,provider_name,lon,lat,trust_type,beds\nRJ2,Lewisham,-0.02,51.45,acute,500\nRJ1,\"Guy's\",,,acute,\nRJ3,Nowhere,0,99.999999,,3\n"
	p, rep, err := ReadProviders(t.Context(), "prov.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Rows != 3 || rep.Kept != 3 || !reflect.DeepEqual(p.Headings, []string{"beds"}) || p.Column("Beds") != 0 {
		t.Errorf("report %+v, headings %q", rep, p.Headings)
	}
	var codes []string
	for _, one := range p.List {
		codes = append(codes, one.Code)
	}
	if !slices.Equal(codes, []string{"RJ1", "RJ2", "RJ3"}) {
		t.Errorf("got %q", codes)
	}
	got, ok := p.Find("RJ2")
	want := Provider{Code: "RJ2", Name: "Lewisham", Type: "acute", Lon: -0.02, Lat: 51.45, HasPoint: true, Extra: []string{"500"}, Line: 2}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, code := range []string{"RJ1", "RJ3"} {
		if got, ok := p.Find(code); !ok || got.HasPoint || !math.IsNaN(got.Lon) || !math.IsNaN(got.Lat) {
			t.Errorf("%s: got %+v", code, got)
		}
	}
	if _, ok := p.Find("RJ9"); ok {
		t.Error("found a provider that is not there")
	}

	// A generator's plane coordinates are no places on earth.
	p, rep, err = ReadProviders(t.Context(), "prov.csv", strings.NewReader("provider,x,y\nP1,185.6,635.1\nP2,2,3\n"))
	if err != nil || len(rep.Notes) != 1 || p.List[0].HasPoint || p.List[1].HasPoint {
		t.Errorf("got %+v, %+v, %v", p, rep, err)
	}
	// Codes alone will do.
	if p, _, err = ReadProviders(t.Context(), "prov.csv", strings.NewReader("code\nP1\n")); err != nil || len(p.List) != 1 {
		t.Errorf("got %+v, %v", p, err)
	}

	for _, tt := range []struct {
		name, text, want string
		is               error
	}{
		{"twice", "provider,lon,lat\nR1,1,2\nR1,1,2\n", `prov.csv:3:1: duplicate provider: "R1", first on line 2`, table.ErrDuplicate},
		{"metres", "provider,lon,lat\nR1,530000,180000\n", `prov.csv:2:4: not a longitude and latitude in degrees: 530000, 180000`, table.ErrCoordinate},
		{"half a point", "provider,lon,lat\nR1,1,\n", `prov.csv:2:6: not a longitude and latitude: longitude without latitude`, table.ErrCoordinate},
		{"the other half", "provider,lon,lat\nR1,,1\n", `prov.csv:2:4: not a longitude and latitude: latitude without longitude`, table.ErrCoordinate},
		{"text", "provider,lon,lat\nR1,west,51\n", `prov.csv:2:4: not a number: "west"`, table.ErrNotANumber},
		{"no latitude", "provider,lon\nR1,1\n", `prov.csv:1:1: missing column: no lat (nor latitude, y) among "provider", "lon" (--lat-column names it outright)`, table.ErrMissingColumn},
		{"no code", "provider,lon,lat\n,1,2\n", `prov.csv:2:1: missing code: no provider`, table.ErrMissingCode},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, rep, err := ReadProviders(t.Context(), "prov.csv", strings.NewReader(tt.text))
			check(t, rep, err, tt.want, tt.is)
		})
	}
}

func TestReadProvidersEngland(t *testing.T) {
	r, err := table.Open(samples.Path(t, "england/providers.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p, _, err := ReadProviders(t.Context(), "providers.csv", r)
	if err != nil {
		t.Fatal(err)
	}
	one, _ := p.Find("R0A")
	if len(p.List) != 139 || !one.HasPoint || one.Type != "Acute hospital - NHS non-specialist" || one.Extra[p.Column("hq_ccg17_code")] != "E38000217" {
		t.Errorf("%d providers, R0A is %+v", len(p.List), one)
	}
}

func TestReadIndicators(t *testing.T) {
	text := "entity,indicator,numerator,denominator,period,value,lower,upper\n" +
		"RJ1,ae_4h,900,1000,2016/17,,,\nRJ1,ae_4h,880,1000,2017/18,,,\nRJ2,shmi,,,2016/17,1.05,0.98,1.12\nRJ3,dtoc,<5,100,2016/17,,,\n" +
		"RJ4,cqc,,,2016/17,Requires improvement,,\nRJ5,deficit,-4.5,100,2016/17,,,\nRJ6,ae_4h,,,2016/17,93.4%,,\nRJ7,ae_4h,,,2016/17,-,,\n"
	list, rep, err := ReadIndicators(t.Context(), "i.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Rows != 8 || rep.Kept != 7 || rep.Absent != 1 || len(rep.Notes) != 1 {
		t.Errorf("report %+v", rep)
	}
	nan := math.NaN()
	type cells = struct{ Entity, Numerator, Denominator, Value int32 }
	want := []Observation{
		{"RJ1", "ae_4h", "2016/17", 900, 1000, nan, nan, nan, "", "i.csv", 2, cells{1, 11, 15, 28}, 0},
		{"RJ1", "ae_4h", "2017/18", 880, 1000, nan, nan, nan, "", "i.csv", 3, cells{1, 11, 15, 28}, 0},
		{"RJ2", "shmi", "2016/17", nan, nan, 1.05, 0.98, 1.12, "", "i.csv", 4, cells{1, 10, 11, 20}, 0},
		{"RJ3", "dtoc", "2016/17", 2.5, 100, nan, nan, nan, "", "i.csv", 5, cells{1, 10, 13, 25}, 0},
		{"RJ4", "cqc", "2016/17", nan, nan, nan, nan, nan, "Requires improvement", "i.csv", 6, cells{1, 9, 10, 19}, 0},
		{"RJ5", "deficit", "2016/17", -4.5, 100, nan, nan, nan, "", "i.csv", 7, cells{1, 13, 18, 30}, 0},
		{"RJ6", "ae_4h", "2016/17", nan, nan, 93.4, nan, nan, "", "i.csv", 8, cells{1, 11, 12, 21}, 0},
	}
	same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	for i, w := range want {
		g := list[i]
		if !same(g.Numerator, w.Numerator) || !same(g.Denominator, w.Denominator) || !same(g.Value, w.Value) || !same(g.Lower, w.Lower) || !same(g.Upper, w.Upper) {
			t.Errorf("got %+v, want %+v", g, w)
		}
		g.Numerator, g.Denominator, g.Value, g.Lower, g.Upper = 0, 0, 0, 0, 0
		w.Numerator, w.Denominator, w.Value, w.Lower, w.Upper = 0, 0, 0, 0, 0
		if g != w {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
	for _, tt := range []struct {
		name, text, want string
		is               error
	}{
		{"doubled", "entity,indicator,numerator,denominator\nR1,ae_4h,1,2\nR1,ae_4h,1,2\n", `i.csv:3:1: duplicate entity, indicator and period: "R1 ae_4h", first on line 2`, table.ErrDuplicate},
		{"text in a numerator", "entity,indicator,numerator,denominator\nR1,ae_4h,few,2\n", `i.csv:2:10: not a number: "few"`, table.ErrNotANumber},
		{"NaN in a value", "entity,indicator,value\nR1,ae_4h,NaN\n", `i.csv:2:10: not a number: "NaN"`, table.ErrNotANumber},
		{"no entity", "entity,indicator,value\n,ae_4h,1\n", `i.csv:2:1: missing code: no entity`, table.ErrMissingCode},
		{"no indicator", "entity,indicator,value\nR1,,1\n", `i.csv:2:4: missing code: no indicator`, table.ErrMissingCode},
		{"no figures", "entity,indicator\nR1,ae_4h\n", `i.csv:1:1: missing column: no numerator (nor num, observed, count) among "entity", "indicator"`, table.ErrMissingColumn},
		{"no such column", "entity,indicatr,value\nR1,ae_4h,1\n", `i.csv:1:1: missing column: no indicator (nor indicatorid, indicatorcode, metric, measure) among "entity", "indicatr", "value"; did you mean "indicatr"? (--indicator-column names it outright)`, table.ErrMissingColumn},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, rep, err := ReadIndicators(t.Context(), "i.csv", strings.NewReader(tt.text))
			check(t, rep, err, tt.want, tt.is)
		})
	}
}

// fuzzTable feeds arbitrary bytes to a reader: it accepts or gives an error.
func fuzzTable[T any](f *testing.F, read func(context.Context, []byte) ([]T, table.Report, error), check func(*testing.T, T), seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		list, rep, err := read(context.Background(), text)
		var bad *table.InputError
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("unlocated: %v", err)
		}
		if err == nil && (len(list) == 0 || rep.Faults.Len() > 0) {
			t.Fatalf("%d rows, %d faults and no error", len(list), rep.Faults.Len())
		}
		for _, one := range list {
			check(t, one)
		}
	})
}

func FuzzReadPopulation(f *testing.F) {
	fuzzTable(f, func(ctx context.Context, text []byte) ([]Population, table.Report, error) {
		return ReadPopulation(ctx, "f", bytes.NewReader(text))
	}, func(t *testing.T, p Population) {
		if p.Area == "" || !(p.People >= 0 && p.People <= math.MaxFloat64) {
			t.Fatalf("%+v", p)
		}
	}, "area,population\nE01,5\n", "code;pop\nA;\"1,2\"\n")
}

func FuzzReadProviders(f *testing.F) {
	fuzzTable(f, func(ctx context.Context, text []byte) ([]Provider, table.Report, error) {
		p, rep, err := ReadProviders(ctx, "f", bytes.NewReader(text))
		if err != nil {
			return nil, rep, err
		}
		return p.List, rep, nil
	}, func(t *testing.T, p Provider) {
		if p.Code == "" || p.HasPoint && !(math.Abs(p.Lon) <= 180 && math.Abs(p.Lat) <= 90) || !p.HasPoint && !math.IsNaN(p.Lon) {
			t.Fatalf("%+v", p)
		}
	}, "provider,lon,lat\nR1,1,2\n", "code,x,y\nP,500,600\n")
}

func FuzzReadPartition(f *testing.F) {
	fuzzTable(f, func(ctx context.Context, text []byte) ([]Membership, table.Report, error) {
		return ReadPartition(ctx, "f", bytes.NewReader(text))
	}, func(t *testing.T, m Membership) {
		if m.Code == "" || m.Group == "" || m.Confidence < 0 || m.Confidence > 1 {
			t.Fatalf("%+v", m)
		}
	}, "kind,code,footprint\narea,E01,F1\n", "area_code,stp_code,stp_name\nE01,A,B\n", "Trust,code,STP,STP_code\nx,R1,y,E5\n")
}

func FuzzReadIndicators(f *testing.F) {
	fuzzTable(f, func(ctx context.Context, text []byte) ([]Observation, table.Report, error) {
		return ReadIndicators(ctx, "f", bytes.NewReader(text))
	}, func(t *testing.T, o Observation) {
		for _, x := range []float64{o.Numerator, o.Denominator, o.Value, o.Lower, o.Upper} {
			if math.IsInf(x, 0) {
				t.Fatalf("%+v", o)
			}
		}
	}, "entity,indicator,numerator,denominator\nR1,ae_4h,1,2\n", "code,metric,value\nR1,cqc,Good\n")
}
