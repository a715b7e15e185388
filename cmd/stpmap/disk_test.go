package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"stpmap/cmd/stpmap/internal/cli"
)

// Standard output that cannot be written ends every command with status 1.
func TestFullStandardOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	defer full.Close()
	dir := t.TempDir()
	writeCase(t, dir)
	mustRun(t, "cluster", "--flows", filepath.Join(dir, "flows.csv"), "-q", "-o", filepath.Join(dir, "partition.csv"))
	for _, line := range []string{
		"cluster --flows flows.csv -o -",
		"cluster --flows flows.csv",
		"cluster --flows flows.csv --json -o p.csv",
		"validate --flows flows.csv",
		"validate --flows flows.csv --json",
		"explain --flows flows.csv --partition partition.csv --area E01",
		"explain --flows flows.csv --partition partition.csv --footprint F01 --json",
		"compare --flows flows.csv --footprints 2:3 --seeds 2",
		"compare --flows flows.csv --partition partition.csv --reference partition.csv",
		"compare --flows flows.csv --partition partition.csv --reference partition.csv --json",
		"render --partition partition.csv --boundaries areas.geojson --format svg -o -",
		"render --partition partition.csv --boundaries areas.geojson --format geojson -o -",
		"ingest --from flows.csv",
		"sql --dialect postgres --table records --area a --provider p",
		"score --print-definitions headline-2017",
		"run --flows flows.csv --json -o out",
		"import --list",
		"--help",
		"cluster --help",
	} {
		t.Run(line, func(t *testing.T) {
			cmd := exec.Command("stpmap", strings.Fields(line)...)
			cmd.Dir, cmd.Stdout = dir, full
			var said strings.Builder
			cmd.Stderr = &said
			_ = cmd.Run()
			if status := cmd.ProcessState.ExitCode(); status != cli.Failed || !strings.Contains(said.String(), "no space left on device") {
				t.Errorf("status %d, want %d and the reason: %s", status, cli.Failed, said.String())
			}
		})
	}
}

// Standard output that is closed loses a result, and so is status 1; without a
// result there, or with one thrown away on purpose, all is well.
func TestClosedStandardOutput(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("only Linux tells that it was closed")
	}
	dir := t.TempDir()
	writeCase(t, dir)
	for _, c := range []struct {
		line string
		want int
	}{
		{"stpmap cluster --flows flows.csv -q >&-", cli.Failed},
		{"stpmap run --flows flows.csv -q --json -o out >&-", cli.Failed},
		{"stpmap cluster --flows flows.csv -q -o p.csv >&-", cli.Done},
		{"stpmap cluster --flows flows.csv -q >/dev/null", cli.Done},
	} {
		cmd := exec.Command(sh, "-c", c.line)
		cmd.Dir = dir
		said, _ := cmd.CombinedOutput()
		status := cmd.ProcessState.ExitCode()
		if status != c.want || (status == cli.Failed) != strings.Contains(string(said), "standard output is closed") {
			t.Errorf("%s: status %d, want %d: %s", c.line, status, c.want, said)
		}
	}
}

// A file that cannot grow past a limit, as on a full disk or over a quota,
// fails the command, whatever file it meets, and leaves what was there.
func TestFullDisk(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("needs a shell that can limit the size of files")
	}
	dir := t.TempDir()
	writeCase(t, dir)
	command, err := exec.LookPath("stpmap")
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	mustRun(t, "run", "--flows", filepath.Join(dir, "flows.csv"), "--boundaries", filepath.Join(dir, "areas.geojson"), "--footprints", "2", "-q", "-o", out)
	before := contents(t, out)
	largest := 0
	for _, text := range before {
		largest = max(largest, len(text))
	}
	for _, line := range []string{
		"run --flows flows.csv --boundaries areas.geojson --footprints 3 -q -o out",
		"run --flows flows.csv --boundaries areas.geojson --footprints 3 -q -o new",
	} {
		for kib := 0; kib < largest/1024; kib = 4*kib + 1 {
			// SIGXFSZ ignored, a write past the limit gives an error.
			cmd := exec.Command(sh, "-c", `trap '' XFSZ && ulimit -f `+strconv.Itoa(2*kib)+` && exec "$@"`, "sh", command)
			cmd.Args = append(cmd.Args, strings.Fields(line)...)
			cmd.Dir = dir
			said, _ := cmd.CombinedOutput()
			if status := cmd.ProcessState.ExitCode(); status != cli.Failed || !strings.Contains(string(said), "writing ") {
				t.Errorf("%s, %d KiB a file: status %d, want %d and the file's name: %s", line, kib, status, cli.Failed, said)
			}
			if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
				t.Fatalf("%s, %d KiB a file: a folder is left", line, kib)
			}
			after := contents(t, out)
			if len(after) != len(before) {
				t.Fatalf("%s, %d KiB a file: %d files instead of %d", line, kib, len(after), len(before))
			}
			for name, text := range before {
				if string(after[name]) != string(text) {
					t.Fatalf("%s, %d KiB a file: %s has changed", line, kib, name)
				}
			}
		}
	}
}

// fullStories are the crash stories that a full disk is tried on.
func fullStories(t *testing.T, dir string) []crashStory {
	writeCase(t, dir)
	writeRecords(t, filepath.Join(dir, "records.csv"), 20_000)
	return slices.DeleteFunc(crashStories(), func(s crashStory) bool { return s.name == "cluster" || s.name == "demo" })
}

// A file that cannot grow past some random size, or a file system with some
// random room, leaves each command's earlier result, or its new one, and
// --resume goes on once there is room.
func TestFullDiskAtRandomMoments(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("needs a shell that can limit the size of files")
	}
	if testing.Short() {
		t.Skip("whole commands, many times: left out by -short")
	}
	command, err := exec.LookPath("stpmap")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for i, story := range fullStories(t, dir) {
		t.Run(story.name, func(t *testing.T) {
			out := filepath.Join(dir, "out")
			before, after := story.states(t, out)
			largest := 0
			for _, text := range after {
				largest = max(largest, len(text))
			}
			rng := rand.New(rand.NewPCG(uint64(i), 2))
			failed := 0
			n := moments(t, 4)
			for moment := range n {
				put(t, out, before)
				// Most files are small: even steps of the logarithm.
				blocks := int(math.Exp(rng.Float64()*math.Log(float64(largest)/512+1))) - 1
				// SIGXFSZ ignored, a write past the limit gives an error.
				cmd := exec.Command(sh, append([]string{"-c", `trap '' XFSZ && ulimit -f ` + strconv.Itoa(blocks) + ` && exec "$@"`, "sh", command}, story.new...)...)
				cmd.Dir = out
				said, _ := cmd.CombinedOutput()
				failed += story.checkFull(t, fmt.Sprintf("moment %d, %d blocks a file", moment, blocks), out, before, after, cmd, said)
			}
			t.Logf("%d of %d met the limit", failed, n)
			if failed == 0 {
				t.Error("no command met the limit")
			}
		})
	}
}

// The same on a file system that is too small for all files together, where
// such a one can be mounted.
func TestFullFileSystem(t *testing.T) {
	if !atLength() || runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("mounts small file systems: only where STPMAP_MOMENTS asks for it, with the right to mount")
	}
	dir := t.TempDir()
	stories := fullStories(t, dir)
	out := filepath.Join(dir, "out")
	if err := os.Mkdir(out, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			before, after := story.states(t, out)
			least, most := 0, 0 // in pages, which is what each file takes
			for _, text := range before {
				least += len(text)/4096 + 2
			}
			for _, text := range after {
				most += len(text)/4096 + 2
			}
			rng := rand.New(rand.NewPCG(uint64(i), 3))
			failed := 0
			n := moments(t, 8)
			for moment := range n {
				put(t, out, nil)
				if err := os.MkdirAll(out, 0o755); err != nil {
					t.Fatal(err)
				}
				pages := least + rng.IntN(most)
				if said, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dk", 4*pages), "none", out).CombinedOutput(); err != nil {
					t.Skipf("no file system can be mounted: %s", said)
				}
				func() {
					defer func() {
						if said, err := exec.Command("umount", out).CombinedOutput(); err != nil {
							t.Fatalf("%v: %s", err, said)
						}
					}()
					fill(t, out, before)
					cmd, said := stpmapIn(out, story.new...)
					_ = cmd.Run()
					failed += story.checkFull(t, fmt.Sprintf("moment %d, %d pages", moment, pages), out, before, after, cmd, said.Bytes())
				}()
			}
			t.Logf("%d of %d met a full disk", failed, n)
			if failed == 0 {
				t.Error("no command met a full disk")
			}
		})
	}
}

// states are what a story's folder holds before and after.
func (s crashStory) states(t *testing.T, out string) (before, after map[string][]byte) {
	t.Helper()
	state := func(args []string) map[string][]byte {
		put(t, out, nil)
		if err := os.MkdirAll(out, 0o755); err != nil {
			t.Fatal(err)
		}
		cmd, said := stpmapIn(out, args...)
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		return contents(t, out)
	}
	return state(s.old), state(s.new)
}

// checkFull looks at what a command on a full disk left: all as it was, or,
// where it found room, its whole result. It gives 1 where the command failed.
func (s crashStory) checkFull(t *testing.T, when, out string, before, after map[string][]byte, cmd *exec.Cmd, said []byte) int {
	t.Helper()
	want, failed := after, 0
	switch status := cmd.ProcessState.ExitCode(); {
	case status == cli.Failed && (bytes.Contains(said, []byte("file too large")) || bytes.Contains(said, []byte("no space left")) || bytes.Contains(said, []byte("disk"))):
		want, failed = before, 1
	case status != 0:
		t.Fatalf("%s: status %d: %s", when, status, said)
	}
	got := contents(t, out)
	for name := range got {
		if _, ok := want[name]; !ok && name != s.log {
			t.Fatalf("%s: %s is left", when, name)
		}
	}
	for name, text := range want {
		if unclocked(got[name]) != unclocked(text) {
			t.Fatalf("%s: %s is not the one of its run", when, name)
		}
	}
	if s.log != "" && failed == 1 && !strings.Contains(when, "pages") {
		s.resume(t, out, after)
	}
	return failed
}

// A source that fails at some random byte fails the command with status 1,
// whatever was read until then, and changes nothing.
func TestReadErrorAtRandomMoments(t *testing.T) {
	dir := t.TempDir()
	writeCase(t, dir)
	flows, err := os.ReadFile(filepath.Join(dir, "flows.csv"))
	if err != nil {
		t.Fatal(err)
	}
	records := filepath.Join(dir, "records.csv")
	writeRecords(t, records, 20_000)
	many, err := os.ReadFile(records)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("input/output error")
	for i, c := range []struct {
		name string
		text []byte
		args []string
	}{
		{"run", flows, []string{"run", "--flows", "-", "--footprints", "2", "-q", "-o"}},
		{"run from gzip", gzipped(t, flows), []string{"run", "--flows", "-", "--footprints", "2", "-q", "-o"}},
		{"compare", flows, []string{"compare", "--flows", "-", "--footprints", "2:3", "--seeds", "2", "-q", "-o"}},
		{"ingest", many, []string{"ingest", "--from", "-", "-q", "-o"}},
		{"cluster", flows, []string{"cluster", "--flows", "-", "-q", "-o"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(uint64(i), 4))
			out := filepath.Join(dir, "out")
			place := out
			if c.args[0] == "ingest" || c.args[0] == "cluster" {
				place = filepath.Join(out, "pairs.csv")
			}
			before := map[string][]byte{"pairs.csv": []byte("old\n"), "provenance.json": []byte("{}\n"), "runs.csv": []byte("old\n")}
			put(t, out, before)
			for moment := range moments(t, 8) {
				n := rng.IntN(len(c.text) + 1)
				var stdout, stderr bytes.Buffer
				in := io.MultiReader(bytes.NewReader(c.text[:n]), iotest.ErrReader(broken))
				status := run(t.Context(), append(append([]string{"stpmap"}, c.args...), place), in, &stdout, &stderr)
				if status != cli.Failed || !strings.Contains(stderr.String(), broken.Error()) {
					t.Fatalf("moment %d, after %d of %d bytes: status %d, want %d and the reason: %s", moment, n, len(c.text), status, cli.Failed, &stderr)
				}
				if got := contents(t, out); !maps.EqualFunc(got, before, bytes.Equal) {
					t.Fatalf("moment %d, after %d bytes: the folder has changed", moment, n)
				}
			}
		})
	}
}

func gzipped(t *testing.T, text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A source that fails in its middle fails the command: what was read so far is
// not taken for the whole.
func TestReadErrorInTheMiddle(t *testing.T) {
	dir := t.TempDir()
	writeCase(t, dir)
	flows, err := os.ReadFile(filepath.Join(dir, "flows.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"cluster", "--flows", "-", "-o", "p.csv"},
		{"ingest", "--from", "-", "-o", "p.csv"},
		{"run", "--flows", "-", "-o", "p.csv"},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd, said := stpmapIn(dir, args...)
		cmd.Stdin = r
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_ = r.Close()
		// The writer dies in a row, before its count.
		if _, err := w.Write(flows[:bytes.LastIndexByte(flows[:len(flows)/2], ',')]); err != nil {
			t.Fatal(err)
		}
		_ = w.Close()
		_ = cmd.Wait()
		if status := cmd.ProcessState.ExitCode(); status != cli.BadInput || !strings.Contains(said.String(), "standard input:") {
			t.Errorf("%v: status %d, want %d and the place: %s", args, status, cli.BadInput, said)
		}
		if _, err := os.Stat(filepath.Join(dir, "p.csv")); err == nil {
			t.Errorf("%v: wrote a result", args)
		}
	}
	if runtime.GOOS != "linux" {
		t.Skip("the file that cannot be read is Linux's")
	}
	for _, flag := range []string{"--flows", "--providers", "--population", "--boundaries", "--partition"} {
		cmd, said := stpmapIn(dir, "validate", "--flows", "flows.csv", flag, "/proc/self/mem")
		if flag == "--partition" {
			cmd, said = stpmapIn(dir, "score", "--flows", "flows.csv", flag, "/proc/self/mem", "--indicators", "flows.csv")
		}
		_ = cmd.Run()
		if status := cmd.ProcessState.ExitCode(); status != cli.Failed || !strings.Contains(said.String(), "input/output error") {
			t.Errorf("%s: status %d, want %d and the reason: %s", flag, status, cli.Failed, said)
		}
	}
}

// A place that cannot be written gives status 1, in one line that names it.
func TestUnwritableFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a command for each place")
	}
	dir := t.TempDir()
	writeCase(t, dir)
	// With the part of each place that is at fault.
	places := [][2]string{{"flows.csv/out", "flows.csv"}, {"flows.csv/deep/er", "flows.csv"}}
	if runtime.GOOS == "linux" {
		places = append(places, [2]string{"/proc/stpmap", "/proc/stpmap"})
	}
	if os.Getuid() != 0 {
		if err := os.Mkdir(filepath.Join(dir, "locked"), 0o555); err != nil {
			t.Fatal(err)
		}
		places = append(places, [2]string{"locked/out", "locked"})
	}
	for i := range places {
		place, fault := places[i][0], places[i][1]
		for _, args := range [][]string{
			{"run", "--flows", "flows.csv", "-q", "-o", place},
			{"demo", "--restarts", "1", "-q", "-o", place},
			{"cluster", "--flows", "flows.csv", "-q", "-o", place + "/p.csv"},
			{"compare", "--flows", "flows.csv", "--footprints", "2:3", "--seeds", "1", "-q", "-o", place},
			{"ingest", "--from", "flows.csv", "-q", "-o", place + "/pairs.csv"},
		} {
			if args[0] == "demo" && i > 0 {
				continue
			}
			cmd, said := stpmapIn(dir, args...)
			_ = cmd.Run()
			if status := cmd.ProcessState.ExitCode(); status != cli.Failed || !strings.Contains(said.String(), fault) || strings.Count(said.String(), "\n") != 1 {
				t.Errorf("%v: status %d, want %d and one line: %s", args, status, cli.Failed, said)
			}
		}
	}
}
