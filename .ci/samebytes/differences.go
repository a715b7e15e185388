package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// difference is one file, stream or status that two builds make differently.
type difference struct {
	name, file string
	what       string // the first place where they part
	near       bool   // in last digits or hardly visible dots alone
}

// allowance is a difference that is meant.
type allowance struct {
	name   *regexp.Regexp // of the case
	file   *regexp.Regexp
	near   bool // last digits of numbers, hardly visible dots of pictures, and no more
	reason string
}

// allowed is every difference from version 0.1.0 that is meant.
var allowed = []allowance{
	{
		name: regexp.MustCompile(`^contradiction-.*-(apart-too-many|fixed-apart)$`), file: regexp.MustCompile(`status`),
		reason: "two demands that contradict each other end with status 2 and one sentence, whatever the method",
	},
	{
		name: regexp.MustCompile(``), file: regexp.MustCompile(``), near: true,
		reason: "the same bits on every processor: flow/portable instead of math, and pictures by our own rasteriser",
	},
	{
		name: regexp.MustCompile(`^compare-sweep-shard$`), file: regexp.MustCompile(`\.runs$`),
		reason: "a part of a sweep carries a hash of its settings, of which γ differs in its last digit, by flow/portable",
	},
}

// differences compares two folders file by file.
func differences(name, oldFolder, newFolder string) ([]difference, error) {
	before, err := filesOf(oldFolder)
	if err != nil {
		return nil, err
	}
	after, err := filesOf(newFolder)
	if err != nil {
		return nil, err
	}
	names := maps.Clone(before)
	maps.Copy(names, after)
	var found []difference
	for _, file := range slices.Sorted(maps.Keys(names)) {
		if what := contrast(file, before, after); what != "" {
			a, wasThere := before[file]
			b, isThere := after[file]
			alike := wasThere && isThere && near(file, comparable(file, a, before), comparable(file, b, after))
			found = append(found, difference{name, file, what, alike})
		}
	}
	return found, nil
}

// contrast says where the two versions of a file part; empty if nowhere.
func contrast(file string, before, after map[string][]byte) string {
	a, wasThere := before[file]
	b, isThere := after[file]
	switch {
	case !isThere:
		return "is no longer written"
	case !wasThere:
		return "is new"
	}
	a, b = comparable(file, a, before), comparable(file, b, after)
	if bytes.Equal(a, b) {
		return ""
	}
	if what := contrastZip(a, b); what != "" {
		return what
	}
	if bytes.IndexByte(a, 0) >= 0 || bytes.IndexByte(b, 0) >= 0 {
		return fmt.Sprintf("%d bytes, then %d; the first that differs is byte %d", len(a), len(b), common(a, b))
	}
	return contrastText(a, b)
}

// seconds are how long something took, which never is the same twice; Windows does
// not tell the processor's.
var seconds = regexp.MustCompile(`"(cpu_)?seconds":( ?)(null|[0-9.e+-]+)`)

// outputHash is the line of a file and its SHA-256 in provenance.json.
var outputHash = regexp.MustCompile(`"([^"]+)": "([0-9a-f]{64})"`)

// comparable is a file without the times in it. The runs of a shard are kept in
// the order in which they end, which may be any. In provenance.json a hash that is
// right for the file beside it counts as the same.
func comparable(file string, text []byte, files map[string][]byte) []byte {
	text = seconds.ReplaceAll(text, []byte(`"${1}seconds":$2 0`))
	if strings.HasSuffix(file, ".runs") {
		lines := bytes.Split(text, []byte("\n"))
		slices.SortFunc(lines, bytes.Compare)
		return bytes.Join(lines, []byte("\n"))
	}
	if !strings.HasSuffix(file, "provenance.json") {
		return text
	}
	return outputHash.ReplaceAllFunc(text, func(line []byte) []byte {
		m := outputHash.FindSubmatch(line)
		beside, ok := files[path.Join(path.Dir(file), string(m[1]))]
		sum := sha256.Sum256(beside)
		if !ok || hex.EncodeToString(sum[:]) != string(m[2]) {
			return line
		}
		return []byte(`"` + string(m[1]) + `": "its own"`)
	})
}

func common(a, b []byte) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func contrastText(a, b []byte) string {
	linesA, linesB := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range max(len(linesA), len(linesB)) {
		x, y := lineAt(linesA, i), lineAt(linesB, i)
		if x == y {
			continue
		}
		from := max(0, common([]byte(x), []byte(y))-40)
		return fmt.Sprintf("line %d of %d and %d:\n      was %s\n      is  %s", i+1, len(linesA), len(linesB), shown(x, from), shown(y, from))
	}
	return ""
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(no line)"
}

// shown is a piece of a long line.
func shown(line string, from int) string {
	const most = 160
	piece := strings.ToValidUTF8(line[min(from, len(line)):min(from+most, len(line))], "")
	if from > 0 {
		piece = "…" + piece
	}
	return piece
}

// contrastZip names the entries of two archives that differ; empty for others.
func contrastZip(a, b []byte) string {
	entriesA, okA := entries(a)
	entriesB, okB := entries(b)
	if !okA || !okB {
		return ""
	}
	names := maps.Clone(entriesA)
	maps.Copy(names, entriesB)
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if what := contrast(name, entriesA, entriesB); what != "" {
			parts = append(parts, name+": "+what)
		}
	}
	return cmp.Or(strings.Join(parts, "\n      "), "same entries, packed differently")
}

func entries(archive []byte) (map[string][]byte, bool) {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, false
	}
	all := map[string][]byte{}
	for _, f := range r.File {
		c, err := f.Open()
		if err != nil {
			return nil, false
		}
		if all[f.Name], err = io.ReadAll(c); err != nil {
			return nil, false
		}
	}
	return all, true
}

// report prints differences in three parts and returns how many are neither
// allowed nor on standard error.
func report(w io.Writer, found []difference) int {
	faults := 0
	var meant, told []string
	for _, d := range found {
		line := fmt.Sprintf("%s: %s: %s", d.name, d.file, d.what)
		switch reason := reasonFor(d); {
		case reason != "" && d.near:
			meant = append(meant, d.name+": "+d.file+": last digits only: "+reason)
		case reason != "":
			meant = append(meant, line+"\n      because "+reason)
		case d.file == standardError:
			told = append(told, line)
		default:
			faults++
			fmt.Fprintln(w, "DIFFERS", line)
		}
	}
	section(w, "allowed", meant)
	section(w, "on standard error only (for people)", told)
	return faults
}

func section(w io.Writer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s: %d\n  %s\n", title, len(lines), strings.Join(lines, "\n  "))
}

func reasonFor(d difference) string {
	for _, a := range allowed {
		if a.name.MatchString(d.name) && a.file.MatchString(d.file) && (d.near || !a.near) {
			return a.reason
		}
	}
	return ""
}
