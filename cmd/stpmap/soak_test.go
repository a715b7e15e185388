package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// openFiles counts the process's open files, −1 where it cannot be told.
func openFiles() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return -1
	}
	return len(entries)
}

// heap is the memory in use after a collection, in bytes.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Forty runs in one process leave no goroutine, no open file and no memory
// behind; nor do 200, where STPMAP_MOMENTS asks for them.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("some dozen runs: not with -short")
	}
	dir := t.TempDir()
	writeCase(t, dir)
	path := func(name string) string { return filepath.Join(dir, name) }
	flows := []string{"--flows", path("flows.csv"), "-q"}
	places := []string{"--boundaries", path("areas.geojson"), "--providers", path("providers.csv")}
	line := func(name string, more ...[]string) []string {
		args := append([]string{name}, flows...)
		for _, m := range more {
			args = append(args, m...)
		}
		return args
	}
	lines := [][]string{
		line("validate", places),
		line("cluster", places, []string{"--contiguous", "--jobs", "4", "-o", path("p.csv")}),
		line("cluster", []string{"--json", "--footprints", "3", "-o", path("p.csv")}),
		line("validate", places, []string{"--json"}),
		line("run", []string{"--footprints", "3", "-o", path("out")}),
		line("explain", []string{"--partition", path("out/partition.csv"), "--area", "E03"}),
		{"ingest", "--from", path("flows.csv"), "-q", "-o", path("pairs.csv")},
		{"render", "--partition", path("out/partition.csv"), "--boundaries", path("areas.geojson"), "-q", "-o", path("map.gpkg")},
		{"render", "--by", "footprint", "--boundaries", path("map.gpkg"), "-q", "-o", path("map.geojson")},
		line("compare", []string{"--footprints", "2:3", "--seeds", "2", "--json"}),
	}

	const warm = 20
	runs := 40
	if atLength() {
		runs = 200
	}
	for i := range warm {
		mustRun(t, lines[i%len(lines)]...)
	}
	goroutines, files, memory := runtime.NumGoroutine(), openFiles(), heap()
	for i := range runs {
		mustRun(t, lines[i%len(lines)]...)
	}
	left := runtime.NumGoroutine()
	for end := time.Now().Add(2 * time.Second); left > goroutines && time.Now().Before(end); left = runtime.NumGoroutine() {
		time.Sleep(10 * time.Millisecond)
	}
	if left > goroutines {
		t.Errorf("%d goroutines after %d runs, %d before", left, runs, goroutines)
	}
	if n := openFiles(); n > files {
		t.Errorf("%d open files after %d runs, %d before", n, runs, files)
	}
	// What a run leaves behind would be there as many times.
	if n := heap(); n > memory+uint64(runs)*5<<10 {
		t.Errorf("%d bytes in use after %d runs, %d before", n, runs, memory)
	}
	t.Logf("goroutines %d, open files %d, heap %d → %d", left, openFiles(), memory, heap())
}
