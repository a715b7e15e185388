package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDifferences(t *testing.T) {
	before, after := t.TempDir(), t.TempDir()
	for name, texts := range map[string][2]string{
		"same.csv":            {"a,b\n1,2\n", "a,b\n1,2\n"},
		"digits.csv":          {"a,0.12345678901234\n", "a,0.12345678901235\n"},
		"number.csv":          {"a,0.123\n", "a,0.124\n"},
		"word.csv":            {"a,F01\nb,F02\n", "a,F01\nc,F02\n"},
		"seconds.json":        {`{"seconds": 1.5, "cpu_seconds": null}`, `{"seconds": 1e-3, "cpu_seconds": 2}`},
		"part.runs":           {"1 a\n2 b\n", "2 b\n1 a\n"},
		"picture.png":         {picture(t, 10), picture(t, 11)},
		"other.png":           {picture(t, 10), picture(t, 200)},
		"sub/provenance.json": {provenance("same"), provenance("else")},
		"gone.csv":            {"a\n", ""},
		"new.csv":             {"", "a\n"},
	} {
		for i, folder := range []string{before, after} {
			if texts[i] != "" {
				put(t, folder, name, texts[i])
			}
		}
	}
	put(t, before, "sub/file.csv", "same")
	put(t, after, "sub/file.csv", "else")
	found, err := differences("case", before, after)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{
		"digits.csv": true, "number.csv": false, "word.csv": false, "picture.png": true, "other.png": false, "gone.csv": false, "new.csv": false,
		"sub/file.csv": false,
	}
	for _, d := range found {
		near, ok := want[d.file]
		if !ok || d.near != near {
			t.Errorf("%s differs, near %v: %s", d.file, d.near, d.what)
		}
		delete(want, d.file)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

// provenance names the hash of the file beside it, whose text is given.
func provenance(text string) string {
	hashes := map[string]string{
		"same": "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5", "else": "7dd530c4d36da47cd33396718ef1fa1e8c0f7d91ee551d7fdc1c73aa65edb454",
	}
	return `{"file.csv": "` + hashes[text] + `"}`
}

func picture(t *testing.T, grey uint8) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 4, 4))
	for i := range img.Pix {
		img.Pix[i] = grey
	}
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func put(t *testing.T, folder, name, text string) {
	t.Helper()
	file := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestReport(t *testing.T) {
	var b strings.Builder
	faults := report(&b, []difference{
		{"demo", "out/a.csv", "line 1", true},
		{"contradiction-ward-fixed-apart", exitStatus, "line 1", false},
		{"run", "out/b.csv", "line 2", false},
		{"run", standardError, "line 3", false},
	})
	got := b.String()
	if faults != 1 || !strings.Contains(got, "DIFFERS run: out/b.csv: line 2") || !strings.Contains(got, "allowed: 2") ||
		!strings.Contains(got, "(for people): 1") {
		t.Errorf("%d faults in\n%s", faults, got)
	}
}
