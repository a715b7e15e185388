package sharing

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/footprint/sweep"
)

// A folder that is not empty cannot be removed, as a locked file cannot.
func TestForgetOnlyWarns(t *testing.T) {
	dir := t.TempDir()
	gone, stuck := filepath.Join(dir, "gone"), filepath.Join(dir, "stuck")
	if err := os.WriteFile(gone, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(stuck, "file"), 0o700); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	env := &cli.Env{Log: slog.New(slog.NewTextHandler(&said, nil))}
	Forget(env, gone)
	if _, err := os.Lstat(gone); err == nil || said.Len() > 0 {
		t.Errorf("a log that can go: Lstat gives %v, said %q", err, said.String())
	}
	Forget(env, gone) // there is none
	if said.Len() > 0 {
		t.Errorf("a log that is not there: said %q", said.String())
	}
	Forget(env, stuck)
	if !bytes.Contains(said.Bytes(), []byte("WARN")) || !bytes.Contains(said.Bytes(), []byte("the result is complete")) {
		t.Errorf("a log that cannot go: said %q", said.String())
	}
}

func TestPartNames(t *testing.T) {
	if got, want := PartName(sweep.SweepLog, 3, 16), "shard-03-of-16.runs"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, c := range []struct {
		kind sweep.LogKind
		name string
		want bool
	}{
		{sweep.SweepLog, "shard-03-of-16.runs", true},
		{sweep.SweepLog, "mine.runs", true},
		{sweep.SweepLog, SweepLog, false},
		{sweep.SweepLog, ".shard-1-of-2.runs", false},
		{sweep.SweepLog, "shard-1-of-2.csv", false},
		{sweep.SweepLog, PartName(sweep.BootstrapLog, 1, 2), false},
		{sweep.BootstrapLog, PartName(sweep.BootstrapLog, 1, 2), true},
		{sweep.BootstrapLog, PartName(sweep.DrawLog, 1, 2), false},
		{sweep.DrawLog, PartName(sweep.DrawLog, 1, 2), true},
	} {
		if got := isShard(c.kind, c.name); got != c.want {
			t.Errorf("%q as one of %v: %v, want %v", c.name, c.kind, got, c.want)
		}
	}
}

func TestParseShard(t *testing.T) {
	for _, c := range []struct {
		text          string
		shard, shards int
	}{
		{"3/16", 3, 16}, {"1/1", 1, 1}, {"0/4", 0, 0}, {"5/4", 0, 0}, {"3", 0, 0}, {"a/b", 0, 0}, {"", 0, 0}, {"1/0", 0, 0}, {"-1/4", 0, 0},
	} {
		shard, shards, err := parseShard(c.text)
		if shard != c.shard || shards != c.shards || (err == nil) != (c.shards > 0) {
			t.Errorf("%q: got %d/%d, %v", c.text, shard, shards, err)
		}
	}
}

func TestReadRefusesContradictions(t *testing.T) {
	for _, c := range []struct {
		name   string
		shard  string
		resume bool
		flags  Flags
		out    string
		json   bool
	}{
		{"a part and merging", "1/2", false, Flags{Merge: true}, "out", false},
		{"merging and resuming", "", true, Flags{Merge: true}, "out", false},
		{"parts without merging", "", false, Flags{Part: []string{"a"}}, "out", false},
		{"no part", "x", false, Flags{}, "out", false},
		{"a part without a folder", "1/2", false, Flags{}, "", false},
		{"a part on standard output", "1/2", false, Flags{}, "-", false},
		{"a part and JSON", "1/2", false, Flags{}, "out", true},
		{"resuming without a part", "", true, Flags{}, "out", false},
		{"merging nothing", "", false, Flags{Merge: true}, "out", false},
	} {
		s, err := Read(c.shard, c.resume, c.flags, Examples{})
		if err == nil {
			err = s.Check(c.out, c.json, Examples{})
		}
		if err == nil {
			t.Errorf("%s is taken", c.name)
		}
	}
}
