package data

import (
	"bytes"
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"stpmap/data/table"
	"stpmap/flow/fault"
	"stpmap/flow/flowtest"
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
			r, err := table.Open(flowtest.Path(t, tt.path))
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
	r, err := table.Open(flowtest.Path(t, "samples/geographr/lookup_nhs_trusts22_icb22.csv"))
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
		{"no entity", "colour,shade\nred,dark\n", `p.csv:1:1: missing column: no area (nor areacode, areaid, commissionercode, commissionerorgcode, commissioner, …) among "colour", "shade" (--partition-area-column names it outright)`, table.ErrMissingColumn, nil},
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

// fuzzTable feeds arbitrary bytes to a reader: it accepts or gives an error.
func fuzzTable[T any](f *testing.F, read func(context.Context, []byte) ([]T, table.Report, error), check func(*testing.T, T), seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		list, rep, err := read(context.Background(), text)
		var bad *fault.Error
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

func FuzzReadPartition(f *testing.F) {
	fuzzTable(f, func(ctx context.Context, text []byte) ([]Membership, table.Report, error) {
		return ReadPartition(ctx, "f", bytes.NewReader(text))
	}, func(t *testing.T, m Membership) {
		if m.Code == "" || m.Group == "" || m.Confidence < 0 || m.Confidence > 1 {
			t.Fatalf("%+v", m)
		}
	}, "kind,code,footprint\narea,E01,F1\n", "area_code,stp_code,stp_name\nE01,A,B\n", "Trust,code,STP,STP_code\nx,R1,y,E5\n")
}
