package data

import (
	"bytes"
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stpmap/data/table"
	"stpmap/flow/flowtest"
)

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
	r, err := table.Open(flowtest.Path(t, "england/providers.csv"))
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
