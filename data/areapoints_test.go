package data

import (
	"bytes"
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"stpmap/data/table"
)

func TestReadAreaPoints(t *testing.T) {
	text := "Area,Area name,Longitude,Latitude\nE02,Two,-1.5,52\nE01,One,-2,51.25\nE03,Three,,\nE04,Four,0,99.999999\n"
	list, rep, err := ReadAreaPoints(t.Context(), "points.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []AreaPoint{{"E01", "One", -2, 51.25, 3}, {"E02", "Two", -1.5, 52, 2}}
	if !reflect.DeepEqual(list, want) || rep.Absent != 2 {
		t.Errorf("got %+v, report %+v", list, rep)
	}
	for _, tt := range []struct {
		name, text, want string
		is               error
	}{
		{"twice", "area,lon,lat\nE01,1,2\nE01,1,2\n", `p.csv:3:1: duplicate area: "E01", first on line 2`, table.ErrDuplicate},
		{"grid", "area,x,y\nE01,400000,300000\n", "p.csv:2:5: not a longitude and latitude in degrees: 400000, 300000", table.ErrCoordinate},
		{"half", "area,lon,lat\nE01,1,\n", "p.csv:2:7: not a longitude and latitude: longitude without latitude", table.ErrCoordinate},
		{"text", "area,lon,lat\nE01,west,2\n", `p.csv:2:5: not a number: "west"`, table.ErrNotANumber},
		{"nothing", "area,lon,lat\n", "p.csv:1:1: no rows under the header", table.ErrEmptyTable},
		{"all at 0, 0", "area,lon,lat\nE01,0,0\n", "p.csv:1:1: no rows but points at 0, 0, which stand for none", table.ErrEmptyTable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, rep, err := ReadAreaPoints(t.Context(), "p.csv", strings.NewReader(tt.text))
			check(t, rep, err, tt.want, tt.is)
		})
	}
	if _, _, err := ReadAreaPoints(t.Context(), "p.csv", strings.NewReader("area,lon\nE01,1\n")); err == nil || !strings.Contains(err.Error(), "no lat") {
		t.Errorf("no latitudes: %v", err)
	}
}

func FuzzReadAreaPoints(f *testing.F) {
	fuzzTable(f, func(ctx context.Context, text []byte) ([]AreaPoint, table.Report, error) {
		return ReadAreaPoints(ctx, "f", bytes.NewReader(text))
	}, func(t *testing.T, p AreaPoint) {
		if p.Code == "" || !(math.Abs(p.Lon) <= 180 && math.Abs(p.Lat) <= 90) {
			t.Fatalf("%+v", p)
		}
	}, "area,lon,lat\nE01,1,2\n", "code;name;x;y\nA;B;\"1\";2\n")
}
