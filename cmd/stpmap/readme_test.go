package main

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"strings"
	"testing"
)

// readmeCommands are the commands in the README's sh blocks, continued lines
// joined.
func readmeCommands(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	inside := false
	text := strings.ReplaceAll(string(raw), "\\\n", " ")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "```sh":
			inside = true
		case line == "```":
			inside = false
		case inside && line != "":
			out = append(out, strings.Join(strings.Fields(line), " "))
		}
	}
	return out
}

// Every command of the README runs, in its order, in one folder.
func TestREADMECommands(t *testing.T) {
	commands := readmeCommands(t, "../../README.md")
	if len(commands) < 2 || commands[0] != "go run ./cmd/stpmap demo -o out" || commands[1] != "go test ./..." {
		t.Fatalf("the README must begin with the demo and the tests, has %q", commands)
	}
	ci, err := os.ReadFile("../../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(ci, []byte("\ngo test ./...\n")) {
		t.Error(".ci/run does not call the README's test command")
	}
	if testing.Short() {
		t.Skip("runs every command of the README")
	}
	picture, err := os.ReadFile("../../docs/demo.png")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	ran := 0
	for _, line := range commands {
		if line == "go test ./..." {
			continue
		}
		rest, ok := strings.CutPrefix(line, "go run ./cmd/stpmap ")
		if !ok {
			t.Errorf("no way to try %q", line)
			continue
		}
		var stdout, stderr bytes.Buffer
		args := append([]string{"stpmap"}, strings.Fields(rest)...)
		if status := run(context.Background(), args, strings.NewReader(""), &stdout, &stderr); status != 0 {
			t.Fatalf("%s\nended with status %d: %s", line, status, stderr.String())
		}
		ran++
	}
	if ran < 5 {
		t.Errorf("only %d commands were tried", ran)
	}
	// What the README says the demo writes is there.
	for _, name := range []string{"partition.csv", "footprints.csv", "footprints.geojson", "areas.geojson", "providers.geojson", "flows.geojson", "footprints.gpkg", "footprints.qgz", "scores.csv", "indicators.csv", "scores.svg", "scores.png", "borders.geojson", "borders.qml", "provenance.json"} {
		if info, err := os.Stat("out/" + name); err != nil || info.Size() == 0 {
			t.Errorf("out/%s: %v", name, err)
		}
	}
	// The picture in the README is the one that the demo draws.
	drawn, err := os.ReadFile("out/footprints.png")
	if err != nil {
		t.Fatal(err)
	}
	// Other processors may fuse multiplications and additions.
	if runtime.GOARCH == "amd64" && !bytes.Equal(drawn, picture) {
		t.Error("docs/demo.png is not what the demo draws: run go run ./cmd/stpmap demo -o out && cp out/footprints.png docs/demo.png, and look at it")
	}
}
