package stage

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// text writes a text.
func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// commit stages files in a folder with their provenance, as a command does.
func commit(t *testing.T, dir, command string, files map[string]string) (said string) {
	t.Helper()
	var s Files
	defer s.Discard()
	var list []File
	for name, content := range files {
		list = append(list, File{Name: name, Write: text(content)})
	}
	slices.SortFunc(list, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	if err := s.CreateIn(dir, list...); err != nil {
		t.Fatal(err)
	}
	if err := s.AddProvenanceBeside(dir, &Provenance{Tool: "stpmap", Command: command}); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if err := s.CommitOver(slog.New(slog.NewTextHandler(&log, nil)), command, dir); err != nil {
		t.Fatal(err)
	}
	return log.String()
}

func TestFilesAreWholeOrAsTheyWere(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a", "b.csv")
	if err := WriteOut(io.Discard, name, text("one")); err != nil {
		t.Fatal(err)
	}
	failing := errors.New("no more")
	err := WriteOut(io.Discard, name, func(w io.Writer) error {
		_, _ = io.WriteString(w, "two")
		return failing
	})
	if !errors.Is(err, failing) || !strings.Contains(err.Error(), "writing "+name) {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != "one" {
		t.Errorf("the file has %q, %v", got, err)
	}
	if got := entries(t, filepath.Join(dir, "a")); !slices.Equal(got, []string{"b.csv"}) {
		t.Errorf("the folder has %q", got)
	}
	// Folders that were made for a result go with it.
	_ = WriteOut(io.Discard, filepath.Join(dir, "new", "er", "c.csv"), func(io.Writer) error { return failing })
	if got := entries(t, dir); !slices.Equal(got, []string{"a"}) {
		t.Errorf("the folder has %q", got)
	}
	if err := WriteOut(io.Discard, filepath.Join(dir, "a"), text("x")); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("over a folder: %v", err)
	}
}

func TestStandardOutput(t *testing.T) {
	for _, out := range []string{"", "-"} {
		var b bytes.Buffer
		if err := WriteOut(&b, out, text("one")); err != nil || b.String() != "one" {
			t.Errorf("%q: %q, %v", out, b.String(), err)
		}
	}
}

func TestCreateAt(t *testing.T) {
	dir := t.TempDir()
	var s Files
	defer s.Discard()
	final := filepath.Join(dir, "x.gpkg")
	if err := s.CreateAt(final, func(path string) error {
		if path == final {
			t.Error("it is written under its final name")
		}
		return os.WriteFile(path, []byte("one"), 0o600)
	}); err != nil {
		t.Fatal(err)
	}
	if h := s.Hashes()["x.gpkg"]; h != "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed" {
		t.Errorf("hash %s", h)
	}
	if err := s.CreateAt(filepath.Join(dir, "y.gpkg"), func(string) error { return errors.New("no") }); err == nil {
		t.Error("a failing writer is taken")
	}
}

// What an earlier run of the same command wrote and this one does not goes,
// unless it was changed since.
func TestStaleFilesGo(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, "run", map[string]string{"a.csv": "1", "b.csv": "1", "c.csv": "1", "sample/s.csv": "1"})
	if err := os.WriteFile(filepath.Join(dir, "c.csv"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := commit(t, dir, "demo", map[string]string{"a.csv": "2"})
	if got := entries(t, dir); !slices.Equal(got, []string{"a.csv", "c.csv", ProvenanceName, "sample"}) {
		t.Errorf("the folder has %q", got)
	}
	for _, want := range []string{"1 file of an earlier run, which this one does not give, was removed: b.csv", "1 file of an earlier run, changed since, was left and not of this run: c.csv"} {
		if !strings.Contains(said, want) {
			t.Errorf("said %s, want %s", said, want)
		}
	}
}

// Another command's result stays, and keeps its provenance.
func TestOtherResultsStay(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, "run", map[string]string{"a.csv": "1"})
	commit(t, dir, "score", map[string]string{"score.json": "1"})
	if got := entries(t, dir); !slices.Equal(got, []string{"a.csv", ProvenanceName, "score.json", "score." + ProvenanceName}) {
		t.Errorf("the folder has %q", got)
	}
	if p, ok := readProvenance(filepath.Join(dir, ProvenanceName)); !ok || p.Command != "run" {
		t.Errorf("provenance %+v", p)
	}
	if _, ok := readProvenance(filepath.Join(dir, "a.csv")); ok {
		t.Error("a table is taken for a provenance")
	}
}

func TestHashing(t *testing.T) {
	h := NewHashing(strings.NewReader("one"))
	if _, err := io.Copy(io.Discard, h); err != nil {
		t.Fatal(err)
	}
	want := Input{Role: "flows", Name: "a.csv", Bytes: 3, SHA256: "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"}
	if got := h.Input("flows", "folder/a.csv"); got != want {
		t.Errorf("got %+v", got)
	}
}

func TestFormat(t *testing.T) {
	for _, c := range [][3]string{{"a.CSV", "", "csv"}, {"a", "", ""}, {"a.csv", "JSON", "json"}, {"-", "", ""}, {"a.tar.gz", "", "gz"}} {
		if got := Format(c[0], c[1]); got != c[2] {
			t.Errorf("%q and %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestNullable(t *testing.T) {
	if Nullable(math.NaN()) != nil || Nullable(math.Inf(1)) != nil || *Nullable(0) != 0 {
		t.Error("what is not known is null, and nothing else")
	}
	if got := Within("d", []string{"a", "b"}); !slices.Equal(got, []string{"d", filepath.Join("d", "a"), filepath.Join("d", "b")}) {
		t.Errorf("within: %q", got)
	}
}
