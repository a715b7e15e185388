package study

import (
	"bytes"
	"log/slog"
	"math"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data"
	"stpmap/flow"
)

// What goes into a table again is protected count by count, and a mark of the
// input stays as wide as it was.
func TestDoorOfRecords(t *testing.T) {
	records := []data.Record{{Count: flow.Exactly(4)}, {Count: flow.Exactly(5)}, {Count: flow.Exactly(0)}, {Count: flow.Count{Lower: 1, Upper: 7, Value: 4}}}
	note := Door{SuppressBelow: 5}.Records(records)
	if c := records[0].Count; c.Lower != 1 || c.Upper != 4 || c.Published != 0 {
		t.Errorf("4 is read as %+v", c)
	}
	if records[1].Count != flow.Exactly(5) || records[2].Count != flow.Exactly(0) || records[3].Count.Upper != 7 {
		t.Errorf("other counts are changed: %+v", records[1:])
	}
	if want := "1 count under 5 read as <5 (1 to 4 patients in all); --suppress-below 0 keeps such counts"; note != want {
		t.Errorf("said %q, want %q", note, want)
	}
	if note := (Door{}).Records([]data.Record{{Count: flow.Exactly(1)}}); note != "" {
		t.Errorf("an open door says %q", note)
	}
}

// A value beside both parts of a share goes with them; beside one it serves alone.
func TestDoorOfIndicators(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name                     string
		numerator, denominator   float64
		wantNumerator, wantValue float64
	}{
		{"both large", 40, 100, 40, 40},
		{"a small numerator", 2, 100, 2.5, nan},
		{"a small numerator alone", 2, nan, nan, 40},
	} {
		var said bytes.Buffer
		rows := []data.Observation{{Numerator: c.numerator, Denominator: c.denominator, Value: 40}}
		admitIndicators(&cli.Env{Log: slog.New(slog.NewTextHandler(&said, nil))}, rows, 5)
		same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
		if !same(rows[0].Numerator, c.wantNumerator) || !same(rows[0].Value, c.wantValue) {
			t.Errorf("%s: %+v", c.name, rows[0])
		}
		if changed := c.numerator < 5; strings.Contains(said.String(), "1 figure of indicators under 5") != changed {
			t.Errorf("%s: said %q", c.name, said.String())
		}
	}
}
