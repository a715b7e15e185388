package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/sharing"
)

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
	log := filepath.Join(dir, "broken", sharing.SweepLog)
	go func() {
		for ctx.Err() == nil {
			if info, err := os.Stat(log); err == nil && info.Size() > 3000 {
				cancel()
			}
		}
	}()
	status, said := sweep(ctx, "broken")
	cancel()
	if status != cli.Interrupted || !strings.Contains(said, "--resume goes on from there") {
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
	if status, said := sweep(context.Background(), "broken", "--seeds", "31", "--resume"); status != cli.BadInput || !strings.Contains(said, "of another sweep") {
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
