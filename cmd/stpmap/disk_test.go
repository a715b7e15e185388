package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
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
			if status := cmd.ProcessState.ExitCode(); status != statusFailed || !strings.Contains(said.String(), "no space left on device") {
				t.Errorf("status %d, want %d and the reason: %s", status, statusFailed, said.String())
			}
		})
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
			if status := cmd.ProcessState.ExitCode(); status != statusFailed || !strings.Contains(string(said), "writing ") {
				t.Errorf("%s, %d KiB a file: status %d, want %d and the file's name: %s", line, kib, status, statusFailed, said)
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
		if status := cmd.ProcessState.ExitCode(); status != statusInput || !strings.Contains(said.String(), "standard input:") {
			t.Errorf("%v: status %d, want %d and the place: %s", args, status, statusInput, said)
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
		if status := cmd.ProcessState.ExitCode(); status != statusFailed || !strings.Contains(said.String(), "input/output error") {
			t.Errorf("%s: status %d, want %d and the reason: %s", flag, status, statusFailed, said)
		}
	}
}

// A place that cannot be written gives status 1, in one line that names it.
func TestUnwritableFolder(t *testing.T) {
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
			if status := cmd.ProcessState.ExitCode(); status != statusFailed || !strings.Contains(said.String(), fault) || strings.Count(said.String(), "\n") != 1 {
				t.Errorf("%v: status %d, want %d and one line: %s", args, status, statusFailed, said)
			}
		}
	}
}
