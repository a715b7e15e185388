package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/stage"
)

// writeCase writes a small job into a folder: 24 square areas, five providers,
// and a flow from each to each that falls with their distance.
func writeCase(t testing.TB, dir string) {
	t.Helper()
	var flows, areas, providers strings.Builder
	flows.WriteString("area,provider,count\n")
	areas.WriteString(`{"type":"FeatureCollection","features":[`)
	providers.WriteString("provider_code,provider_name,lon,lat\n")
	for i := range 24 {
		x, y := float64(i/4)*0.2, 51+float64(i%4)*0.2
		if i > 0 {
			areas.WriteString(",\n")
		}
		fmt.Fprintf(&areas, `{"type":"Feature","properties":{"code":"E%02d","name":"Area %d","population":%d},"geometry":{"type":"Polygon","coordinates":[[[%.1f,%.1f],[%.1f,%.1f],[%.1f,%.1f],[%.1f,%.1f],[%.1f,%.1f]]]}}`,
			i, i, 1000*(i+1), x, y, x+0.2, y, x+0.2, y+0.2, x, y+0.2, x, y)
		for j := range 5 {
			d := max(i/4-j, j-i/4) + 1
			fmt.Fprintf(&flows, "E%02d,P%d,%d\n", i, j, 1000/(d*d*d)+i%4)
		}
	}
	areas.WriteString("]}\n")
	for j := range 5 {
		fmt.Fprintf(&providers, "P%d,Hospital %d,%.1f,51.35\n", j, j, float64(j)*0.2+0.1)
	}
	for name, text := range map[string]string{"flows.csv": flows.String(), "areas.geojson": areas.String(), "providers.csv": providers.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// stpmapIn prepares the command as a process of its own in a folder.
func stpmapIn(dir string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command("stpmap", args...)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	return cmd, &said
}

// mustRun runs the command in-process and wants status 0.
func mustRun(t testing.TB, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	if status := run(context.Background(), append([]string{"stpmap"}, args...), strings.NewReader(""), &out, &err); status != 0 {
		t.Fatalf("%s ended with status %d: %s", strings.Join(args, " "), status, err.String())
	}
	return out.String(), err.String()
}

// contents reads every file below a folder, by its path with slashes; a folder
// that is not there has none.
func contents(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if os.IsNotExist(err) {
				return nil
			}
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// put writes files below a folder that is emptied first.
func put(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	fill(t, dir, files)
}

// fill writes files below a folder.
func fill(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// unclocked is a file without the line that tells how long it took.
func unclocked(text []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(strings.TrimSpace(line), `"seconds":`) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// A crashStory is a command whose files, written over those of an earlier run,
// are checked after it was stopped.
type crashStory struct {
	name     string
	old, new []string
	marker   string // is there only with the whole set of one run
	log      string // may be there in any state: what an interrupted command keeps, and --resume goes on from
	moments  int    // of each signal
	most     int    // where more of them are asked for; 0 for as many as are
}

// atLength reports whether what repeats hundreds of times is asked for, as
// .ci/run does with STPMAP_MOMENTS.
func atLength() bool { return os.Getenv("STPMAP_MOMENTS") != "" }

// moments is the number of random moments of a kind: as given, or what
// STPMAP_MOMENTS says.
func moments(t testing.TB, usual int) int {
	text := os.Getenv("STPMAP_MOMENTS")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func crashStories() []crashStory {
	job := []string{"--flows", "../flows.csv", "--boundaries", "../areas.geojson", "--providers", "../providers.csv", "-q"}
	with := func(name string, more ...string) []string { return append(append([]string{name}, job...), more...) }
	return []crashStory{
		{name: "run", old: with("run", "--footprints", "2", "-o", "."), new: with("run", "--footprints", "3", "-o", "."), marker: "provenance.json", moments: 2},
		{
			name: "run without boundaries", marker: "provenance.json", moments: 2,
			old: []string{"run", "--flows", "../flows.csv", "--footprints", "2", "-q", "-o", "."},
			new: []string{"run", "--flows", "../flows.csv", "--footprints", "3", "-q", "-o", "."},
		},
		{name: "cluster", old: with("cluster", "--footprints", "2", "-o", "p.csv"), new: with("cluster", "--footprints", "3", "--restarts", "1000", "--jobs", "1", "-o", "p.csv"), marker: "p.csv", moments: 2, most: 15},
		{
			name: "compare", marker: "provenance.json", log: sharing.SweepLog, moments: 2,
			old: []string{"compare", "--flows", "../flows.csv", "--footprints", "2:3", "--seeds", "2", "-q", "-o", "."},
			new: []string{"compare", "--flows", "../flows.csv", "--footprints", "2:3", "--seeds", "120", "--jobs", "1", "-q", "-o", "."},
		},
		{
			name: "ingest", marker: "pairs.csv.provenance.json", moments: 2,
			old: []string{"ingest", "--from", "../flows.csv", "--where", "area=E03", "-q", "-o", "pairs.csv"},
			new: []string{"ingest", "--from", "../records.csv", "-q", "-o", "pairs.csv"},
		},
		{name: "demo", old: nil, new: []string{"demo", "--restarts", "1", "-q", "-o", "."}, marker: "provenance.json", moments: 1, most: 1},
	}
}

// A command stopped at any moment leaves, under each final name, the file that
// was there or the complete new one, and its last file only with a whole set.
func TestStoppedCommandsLeaveWholeFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("some hundred commands, stopped at random: left out by -short")
	}
	dir := t.TempDir()
	writeCase(t, dir)
	writeRecords(t, filepath.Join(dir, "records.csv"), 400_000)
	for i, story := range crashStories() {
		t.Run(story.name, func(t *testing.T) {
			if story.name == "demo" && !atLength() {
				t.Skip("a whole demo each time: only where STPMAP_MOMENTS asks for it")
			}
			testCrash(t, dir, story, rand.New(rand.NewPCG(uint64(i), 1)))
		})
	}
}

// writeRecords writes so many records of 300 areas and 40 providers.
func writeRecords(t testing.TB, name string, n int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	text := []byte("area,provider\n")
	for range n {
		text = fmt.Appendf(text, "E%03d,P%02d\n", rng.IntN(300), rng.IntN(40))
	}
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func testCrash(t *testing.T, dir string, story crashStory, rng *rand.Rand) {
	out := filepath.Join(dir, "out")
	state := func(args []string) (map[string][]byte, time.Duration) {
		put(t, out, nil)
		if err := os.MkdirAll(out, 0o755); err != nil {
			t.Fatal(err)
		}
		if args == nil {
			return nil, 0
		}
		start := time.Now()
		cmd, said := stpmapIn(out, args...)
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		return contents(t, out), time.Since(start)
	}
	before, _ := state(story.old)
	after, took := state(story.new)
	if story.old != nil && unclocked(before[story.marker]) == unclocked(after[story.marker]) {
		t.Fatalf("%s is the same before and after: nothing would be seen", story.marker)
	}

	stopped, finished := 0, 0
	times := moments(t, story.moments)
	if story.most > 0 {
		times = min(times, story.most)
	}
	for moment := range 2 * times {
		signal := []os.Signal{os.Interrupt, syscall.SIGKILL}[moment%2]
		had := map[string][]byte{}
		if moment/2%2 == 0 {
			had = before
		}
		put(t, out, had)
		if err := os.MkdirAll(out, 0o755); err != nil {
			t.Fatal(err)
		}
		cmd, said := stpmapIn(out, story.new...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Half of the moments are spread over the whole time, the others lie
		// among the writing of files.
		wait := time.Duration(rng.Float64() * 1.1 * float64(took))
		if moment%4 < 2 {
			time.Sleep(wait)
		} else {
			waitForFiles(out, len(had)+1+rng.IntN(2*len(after)), wait+took)
		}
		_ = cmd.Process.Signal(signal) // it may be done already
		err := cmd.Wait()
		if signal == os.Interrupt {
			switch status := cmd.ProcessState.ExitCode(); {
			case err == nil:
				finished++
			case status == cli.Interrupted:
				stopped++
			case status == -1:
				stopped++ // before it listened
			default:
				t.Fatalf("moment %d: an interrupt ended with %v: %s", moment, err, said)
			}
		}
		got := contents(t, out)
		if err := story.check(got, had, after); err != nil {
			t.Fatalf("moment %d, %v: %v", moment, signal, err)
		}
		for name := range got {
			if cmd.ProcessState.ExitCode() >= 0 && stage.InProgress(name) {
				t.Fatalf("moment %d: an interrupt left %s", moment, name)
			}
		}
		if err == nil && unclocked(got[story.marker]) != unclocked(after[story.marker]) {
			t.Fatalf("moment %d: status 0 without the result", moment)
		}
		if story.log != "" && moment%3 == 0 {
			story.resume(t, out, after)
		}
	}
	t.Logf("%d interrupts stopped it, %d came after the end", stopped, finished)
}

// resume runs the command again with --resume and wants what a run that was not
// stopped gives.
func (s crashStory) resume(t *testing.T, out string, after map[string][]byte) {
	t.Helper()
	cmd, said := stpmapIn(out, append(slices.Clone(s.new), "--resume")...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("--resume: %v: %s", err, said)
	}
	got := contents(t, out)
	for name, want := range after {
		if unclocked(got[name]) != unclocked(want) {
			t.Fatalf("--resume: %s is not that of a run in one piece", name)
		}
	}
	if _, ok := got[s.log]; ok {
		t.Fatalf("--resume leaves %s behind", s.log)
	}
}

// waitForFiles waits until a folder has seen so many entries, or some time.
func waitForFiles(dir string, n int, most time.Duration) {
	seen := map[string]bool{}
	for end := time.Now().Add(most); time.Now().Before(end) && len(seen) < n; time.Sleep(200 * time.Microsecond) {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			seen[e.Name()] = true
		}
	}
}

// check finds a file under a final name that is neither the old nor the new
// one, and a marker without its set.
func (s crashStory) check(got, before, after map[string][]byte) error {
	for name, text := range got {
		if stage.InProgress(name) || name == s.log {
			continue
		}
		isOld, isNew := unclocked(text) == unclocked(before[name]) && before[name] != nil, unclocked(text) == unclocked(after[name]) && after[name] != nil
		if !isOld && !isNew {
			return fmt.Errorf("%s is neither the old nor the new one (%d bytes; %d and %d)", name, len(text), len(before[name]), len(after[name]))
		}
	}
	marker, ok := got[s.marker]
	if !ok {
		return nil
	}
	want := before
	if unclocked(marker) == unclocked(after[s.marker]) {
		want = after
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if unclocked(got[name]) != unclocked(want[name]) {
			return fmt.Errorf("%s is there, but %s is not of its run", s.marker, name)
		}
	}
	return checkHashes(marker, got)
}

// checkHashes holds files against what provenance says of them.
func checkHashes(provenance []byte, files map[string][]byte) error {
	var p struct {
		Outputs map[string]string `json:"outputs_sha256"`
		Pairs   map[string]string `json:"sha256"`
	}
	if err := json.Unmarshal(provenance, &p); err != nil {
		return nil // a table
	}
	for _, hashes := range []map[string]string{p.Outputs, p.Pairs} {
		for name, want := range hashes {
			sum := sha256.Sum256(files[name])
			if got := hex.EncodeToString(sum[:]); got != want {
				return fmt.Errorf("%s has the hash %s, provenance says %s", name, got, want)
			}
		}
	}
	return nil
}
