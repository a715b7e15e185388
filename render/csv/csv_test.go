package csv

import (
	"encoding/csv"
	"errors"
	"math"
	"strings"
	"testing"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// Every cell comes back from a reader of CSV, whatever is in it.
func TestWrite(t *testing.T) {
	l := layer.Layer{
		Name: "l", Fields: []layer.Field{{Name: "code"}, {Name: "n", Type: layer.Integer}, {Name: "x", Type: layer.Real}, {Name: "ok", Type: layer.Boolean}},
		Features: []layer.Feature{
			{Values: []any{rendertest.Nasty, int64(-7), 0.1, true}},
			{Values: []any{"=1+1, \"quoted\"", int64(math.MaxInt64), 1e21, false}},
			{Values: []any{nil, nil, nil, nil}},
			{Values: []any{"", int64(0), 100000.0, true}},
		},
	}
	var b strings.Builder
	if err := Write(&b, l); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\r") {
		t.Error("line ends are not line feeds")
	}
	got, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"code", "n", "x", "ok"},
		{rendertest.Nasty, "-7", "0.1", "true"},
		{"'=1+1, \"quoted\"", "9223372036854775807", "1e+21", "false"},
		{"", "", "", ""},
		{"", "0", "100000", "true"},
	}
	for i, row := range want {
		for k, cell := range row {
			if got[i][k] != cell {
				t.Errorf("row %d, column %d: got %q, want %q", i, k, got[i][k], cell)
			}
		}
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteFails(t *testing.T) {
	if err := Write(full{}, rendertest.Footprints()); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}
