package ingest

import (
	"bufio"
	"bytes"
	"context"
	"math"
	"testing"
	"time"

	"stpmap/data/table"
)

// answered is an engine whose answer, in ClickHouse's form, is known.
type answered struct {
	clickHouseEngine
	text []byte
}

func (e *answered) query(_ context.Context, _ string, row func(engineRow) error) error {
	return e.rows(bufio.NewReaderSize(bytes.NewReader(e.text), 1<<12), row)
}

// An engine's answer of any bytes is counted or refused, and what is counted is
// finite and not negative.
func FuzzEngineAnswer(f *testing.F) {
	for _, text := range []string{
		"E01\tRJ1\t12\t12\t12\t1\n\n\t\t12\t12\t12\t1\n", "E01\tRJ1\t1.5\t2\t2\t0.5\nE02\t\\N\t1\t1\t1\t1\n\n\t\t2.5\t3\t3\t0.5\n",
		"E01\tRJ1\t-1\t1\t1\t-1\n\n\t\t0\t1\t1\t-1\n", "Code: 60. DB::Exception\n", "E01\tRJ1\t9007199254740993\t1\t1\t1\n\n\t\t1\t1\t1\t1\n", "a\\tb\tc\\\\\t1\t1\t1\t1\n\n", "\n",
	} {
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, skip bool) {
		var rep Report
		src := &engineSource{name: "engine", timeout: time.Minute}
		pairs, err := askEngine(t.Context(), &answered{text: text}, src, "", Options{SkipMissing: skip, MaxMemory: 1 << 26}, table.Collect(nil), &rep)
		if err != nil {
			return
		}
		for _, p := range pairs.List {
			if !(p.Count >= 0) || math.IsInf(p.Count, 0) {
				t.Fatalf("%q: a count of %g", text, p.Count)
			}
			if pairs.Areas[p.Area] == "" || pairs.Providers[p.Provider] == "" {
				t.Fatalf("%q: an empty code", text)
			}
		}
	})
}
