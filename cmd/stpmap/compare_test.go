package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stpmap/footprint/sweep"
)

func TestParseResolutions(t *testing.T) {
	for _, c := range []struct {
		text string
		want []float64
		bad  bool
	}{
		{"2", []float64{2}, false},
		{"3,1,2,1", []float64{1, 2, 3}, false},
		{"0.1:0.5:0.1", []float64{0.1, 0.2, 0.3, 0.4, 0.5}, false},
		{"1:4:log3", []float64{1, 2, 4}, false},
		{"5,1:4:log3", []float64{1, 2, 4, 5}, false},
		{"1:1:log2", []float64{1}, false},
		{"", nil, true},
		{"0", nil, true},
		{"-1", nil, true},
		{"1:2", nil, true},
		{"2:1:1", nil, true},
		{"1:2:log", nil, true},
		{"1:2:log1", nil, true},
		{"1:2:log99999", nil, true},
		{"1:2:0", nil, true},
		{"1e-9:1:1e-9", nil, true},
		{"NaN", nil, true},
		{"Inf", nil, true},
		{"1:2:3:4", nil, true},
	} {
		got, err := parseResolutions(c.text)
		if (err != nil) != c.bad || !c.bad && !slices.Equal(got, c.want) {
			t.Errorf("%q: got %v, %v; want %v", c.text, got, err, c.want)
		}
	}
	forty, err := parseResolutions("0.2:15:log40")
	if err != nil || len(forty) != 40 || forty[0] != 0.2 || forty[39] != 15 {
		t.Errorf("0.2:15:log40: %v, %v", forty, err)
	}
}

func TestParseCounts(t *testing.T) {
	for _, c := range []struct {
		text string
		want []int
		bad  bool
	}{
		{"37", []int{37}, false},
		{"44,37,44", []int{37, 44}, false},
		{"3:6", []int{3, 4, 5, 6}, false},
		{"20:110:30", []int{20, 50, 80, 110}, false},
		{"1:100:log3", []int{1, 10, 100}, false},
		{"0", nil, true},
		{"1.5", nil, true},
		{"6:3", nil, true},
		{"1:2:0", nil, true},
		{"1:99999", nil, true},
		{"1:2:3:4", nil, true},
		{"", nil, true},
	} {
		got, err := parseCounts(c.text)
		if (err != nil) != c.bad || !c.bad && !slices.Equal(got, c.want) {
			t.Errorf("%q: got %v, %v; want %v", c.text, got, err, c.want)
		}
	}
}

// An interrupted sweep keeps its runs and goes on to the same bytes.
func TestSweepResumed(t *testing.T) {
	dir := t.TempDir()
	var flows strings.Builder
	flows.WriteString("area,provider,count\n")
	for a := range 240 {
		for k := range 6 {
			fmt.Fprintf(&flows, "A%03d,P%02d,%d\n", a, (a/8+k*k*(a%3))%40, 200-30*k+a%7)
		}
	}
	table := filepath.Join(dir, "flows.csv")
	if err := os.WriteFile(table, []byte(flows.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	sweep := func(ctx context.Context, out string, more ...string) (int, string) {
		var stdout, stderr bytes.Buffer
		args := append([]string{"stpmap", "compare", "--flows", table, "--resolution", "0.5:9:log12", "--seeds", "30", "--restarts", "5", "--jobs", "2", "-o", filepath.Join(dir, out)}, more...)
		status := run(ctx, args, strings.NewReader(""), &stdout, &stderr)
		return status, stderr.String()
	}
	if status, said := sweep(context.Background(), "plain"); status != 0 {
		t.Fatalf("status %d: %s", status, said)
	}
	ctx, cancel := context.WithCancel(context.Background())
	log := filepath.Join(dir, "broken", sweepLog)
	go func() {
		for ctx.Err() == nil {
			if info, err := os.Stat(log); err == nil && info.Size() > 3000 {
				cancel()
			}
		}
	}()
	status, said := sweep(ctx, "broken")
	cancel()
	if status != statusInterrupted || !strings.Contains(said, "--resume goes on from there") {
		t.Fatalf("status %d: %s", status, said)
	}
	if _, err := os.Stat(filepath.Join(dir, "broken", "runs.csv")); err == nil {
		t.Fatal("an interrupted sweep wrote its results")
	}
	// A crash would also leave half a line.
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(log, text[:len(text)-5], 0o644); err != nil {
		t.Fatal(err)
	}
	if status, said := sweep(context.Background(), "broken", "--seeds", "31", "--resume"); status != statusInput || !strings.Contains(said, "of another sweep") {
		t.Errorf("resumed as another sweep: status %d: %s", status, said)
	}
	if status, said := sweep(context.Background(), "broken", "--resume"); status != 0 || !strings.Contains(said, "are there already") {
		t.Fatalf("status %d: %s", status, said)
	}
	files, err := os.ReadDir(filepath.Join(dir, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	resumed, err := os.ReadDir(filepath.Join(dir, "broken"))
	if err != nil || len(resumed) != len(files) {
		t.Fatalf("%d files, want %d: %v", len(resumed), len(files), err)
	}
	for _, f := range files {
		want, err := os.ReadFile(filepath.Join(dir, "plain", f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "broken", f.Name()))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from that of a plain run: %v", f.Name(), err)
		}
	}
}

func TestShardLogNames(t *testing.T) {
	if got, want := shardLog(sweep.SweepLog, 3, 16), "shard-03-of-16.runs"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := parseScale("3:1"); err == nil {
		t.Error("a scale upside down is taken")
	}
	if s, err := parseScale("300000:3000000"); err != nil || s != sweep.DefaultScale {
		t.Errorf("got %v, %v", s, err)
	}
}
