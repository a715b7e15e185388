package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command"
	"stpmap/cmd/stpmap/internal/study"
)

// twins are two folders of the same inputs but for their small counts, each
// replaced by another from 1 to limit − 1.
type twins struct {
	dirs     [2]string
	limit    int
	seed     uint64
	modelled bool
}

// writeTwins draws a random world of flows, of which many are small, with
// places, people, two partitions and indicators.
func writeTwins(t testing.TB, dir string, seed uint64) twins {
	t.Helper()
	w := twins{dirs: [2]string{filepath.Join(dir, "a"), filepath.Join(dir, "b")}, seed: seed, limit: []int{5, 5, 3, 11}[seed%4], modelled: seed%5 == 4}
	for i, d := range w.dirs {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
		shared, own := rand.New(rand.NewPCG(seed, 21)), rand.New(rand.NewPCG(seed, uint64(22+i)))
		for name, text := range w.tables(shared, own) {
			if err := os.WriteFile(filepath.Join(d, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return w
}

// tables are the files of one of the twins: small counts are drawn from own, and
// everything else from shared.
func (w twins) tables(shared, own *rand.Rand) map[string]string {
	const areas, providers = 8, 4
	flows, marked := "area,provider,count\n", ""
	add := func(a, p int, n float64) {
		text := strconv.FormatFloat(n, 'g', -1, 64)
		flows += fmt.Sprintf("E%02d,P%d,%s\n", a, p, text)
	}
	for a := range areas {
		for p := range providers {
			home, kind, large := a*providers/areas == p, shared.IntN(10), w.limit+shared.IntN(400)
			small := float64(1 + own.IntN(w.limit-1))
			if w.modelled {
				small = 1 + float64(w.limit-2)*own.Float64()
			}
			switch {
			case home:
				add(a, p, float64(200+large))
			case kind < 4 && w.modelled:
				add(a, p, small)
			case kind == 4: // in two rows: the door acts on the pair's total
				add(a, p, small-1)
				add(a, p, 1)
			case kind < 4:
				add(a, p, small)
			case kind == 5:
				marked += fmt.Sprintf("E%02d,P%d,*\n", a, p)
			case kind < 8:
				n := float64(large)
				if w.modelled {
					n += 0.25
				}
				add(a, p, n)
			}
		}
	}
	files := map[string]string{"counts.csv": flows, "flows.csv": flows + marked}
	people, ours, theirs := "area,population\n", "kind,code,name,footprint,confidence\n", "area,group\n"
	points, figures := "provider_code,provider_name,lon,lat\n", "entity,indicator,numerator,denominator\n"
	var shapes []string
	for a := range areas {
		x, y := float64(a/2)*0.2-1, 51+float64(a%2)*0.2
		people += fmt.Sprintf("E%02d,%d\n", a, 1000+shared.IntN(90000))
		ours += fmt.Sprintf("area,E%02d,,F%02d,\n", a, 1+a*2/areas)
		theirs += fmt.Sprintf("E%02d,R%d\n", a, 1+shared.IntN(3))
		shapes = append(shapes, fmt.Sprintf(`{"type":"Feature","properties":{"code":"E%02d","name":"Area %d"},"geometry":{"type":"Polygon","coordinates":[[[%.1f,%.1f],[%.1f,%.1f],[%.1f,%.1f],[%.1f,%.1f],[%.1f,%.1f]]]}}`,
			a, a, x, y, x+0.2, y, x+0.2, y+0.2, x, y+0.2, x, y))
	}
	for p := range providers {
		points += fmt.Sprintf("P%d,Hospital %d,%.4f,51.3\n", p, p, float64(p)*0.2-0.9)
		figures += fmt.Sprintf("P%d,ae_4h,%d,%d\n", p, 800+shared.IntN(150), 1000)
		if w.seed%3 > 0 { // else providers follow their flows
			ours += fmt.Sprintf("provider,P%d,,F%02d,\n", p, 1+p*2/providers)
		}
	}
	files["population.csv"], files["partition.csv"], files["reference.csv"] = people, ours, theirs
	files["providers.csv"], files["indicators.csv"] = points, figures
	files["areas.geojson"] = `{"type":"FeatureCollection","features":[` + strings.Join(shapes, ",\n") + `]}`
	return files
}

// protectedCommand is how the test asks a command for all its outputs. Words of
// the form @file are files in the folder of a twin; outputs go to @out.
//
// Each world takes one of the lines, in turn; every tenth world takes those of
// rare too, which draw pictures and cost a second.
type protectedCommand struct {
	lines, rare []string
	// no says why a command needs no test: it reads no counts.
	no string
}

// protectedCommands has every command of the application. One that is missing
// fails the test, so that a new command is in it from its first day.
var protectedCommands = map[string]protectedCommand{
	"run": {lines: []string{
		"--flows @flows.csv --providers @providers.csv --population @population.csv --footprints 2 --restarts 1 --reference @reference.csv --json -o @out",
		"--flows @flows.csv --resolution 1 --restarts 1 --bootstrap 3 --publish -o @out",
	}, rare: []string{
		"--flows @flows.csv --providers @providers.csv --population @population.csv --footprints 2 --restarts 2 --bootstrap 3 --indicators @indicators.csv --draws 50 --reference @reference.csv --verbose --publish -o @out",
		"--flows @flows.csv --providers @providers.csv --boundaries @areas.geojson --resolution 1 --restarts 2 --levels 3,2 --xlsx --json -o @out",
	}},
	"validate": {lines: []string{"--flows @flows.csv --providers @providers.csv", "--flows @flows.csv --boundaries @areas.geojson --verbose --json"}},
	"cluster": {lines: []string{
		"--flows @flows.csv --footprints 2 --bootstrap 3 --json -o @out/partition.csv", "--flows @flows.csv --method infomap --format json",
		"--flows @flows.csv --method hsa", "--flows @flows.csv --method ward --footprints 3", "--flows @flows.csv --method intramax --footprints 2",
		"--flows @flows.csv --levels 3,2 -o @out",
	}},
	"compare": {rare: []string{
		"--flows @flows.csv --population @population.csv --resolution 0.5:2:log3 --seeds 2 --reference @reference.csv -o @out --json",
	}, lines: []string{
		"--flows @flows.csv --population @population.csv --footprints 2:4 --seeds 2 --reference @reference.csv --json",
		"--flows @flows.csv --partition @partition.csv --reference @reference.csv -o @out", "--flows @flows.csv --partition @partition.csv --reference @reference.csv --json",
		"--flows @flows.csv --partition @partition.csv --partition @reference.csv -o @out",
	}},
	"render": {lines: []string{
		"--flows @flows.csv --partition @partition.csv --boundaries @areas.geojson --providers @providers.csv --layers footprints,areas,providers,flows -o @out/map.geojson",
		"--flows @flows.csv --partition @partition.csv --boundaries @areas.geojson --style localisation_index:viridis:jenks:2 -o @out/map.html --json",
		"--flows @flows.csv --partition @partition.csv --boundaries @areas.geojson --providers @providers.csv --layers footprints,areas,providers,flows -o @out/map.xlsx",
		"--flows @flows.csv --partition @partition.csv --boundaries @areas.geojson --providers @providers.csv --layers footprints,areas,providers,flows -o @out/map.parquet",
		"--flows @flows.csv --partition @partition.csv --boundaries @areas.geojson --providers @providers.csv --layers footprints,areas,providers,flows -o @out/map.fgb",
		"--flows @flows.csv --partition @partition.csv --boundaries @areas.geojson --providers @providers.csv --layers footprints,areas,providers,flows -o @out/map.shp",
	}},
	"ensemble": {rare: []string{
		"--flows @flows.csv --boundaries @areas.geojson --partition @partition.csv --footprints 2 --samples 40 --thin 4 -o @out",
	}, lines: []string{
		"--flows @flows.csv --boundaries @areas.geojson --partition @partition.csv --footprints 2 --samples 40 --thin 4",
		"--flows @flows.csv --boundaries @areas.geojson --partition @partition.csv --footprints 2 --enumerate",
	}},
	"explain": {lines: []string{
		"--flows @flows.csv --partition @partition.csv --area E02", "--flows @flows.csv --partition @partition.csv --provider P1 --json",
		"--flows @flows.csv --partition @partition.csv --footprint F01", "--flows @flows.csv --partition @partition.csv --indicators @indicators.csv --draws 50 --footprint F02 --json",
	}},
	"score": {rare: []string{
		"--flows @flows.csv --partition @partition.csv --indicators @indicators.csv --draws 50 -o @out --publish",
	}, lines: []string{
		"--flows @flows.csv --partition @partition.csv --indicators @indicators.csv --draws 50 -o @out/scores.csv",
		"--flows @flows.csv --partition @partition.csv --indicators @indicators.csv --draws 50 -o @out/scores.xlsx",
		"--flows @flows.csv --partition @partition.csv --indicators @indicators.csv --draws 50 --view providers --json", "--flows @flows.csv --partition @partition.csv --indicators @indicators.csv --draws 50",
	}},
	"whatif": {lines: []string{
		"--flows @flows.csv --providers @providers.csv --boundaries @areas.geojson --partition @partition.csv --close P1 --bootstrap 5 --model gravity --model shares --json",
		"--flows @flows.csv --join P0+P1=PX --partition @reference.csv --bootstrap 5 -o @out",
		"--flows @flows.csv --providers @providers.csv --boundaries @areas.geojson --close P2 --headroom 90% --model nearest --model shares --bootstrap 5 --backtest --json",
	}},
	"merge": {lines: []string{
		"--flows @flows.csv --population @population.csv --partition @partition.csv --fewest 1 --json -o @out",
		"--flows @flows.csv --partition @reference.csv --footprints 2 --publish -o @out",
	}},
	"workbench": {lines: []string{
		"--flows @flows.csv --boundaries @areas.geojson --providers @providers.csv --population @population.csv --partition @partition.csv -o @out/workbench.html",
		"--flows @flows.csv --boundaries @areas.geojson --footprints 2 --reference @reference.csv -o @out/workbench.html",
		"--flows @flows.csv --partition @partition.csv --reference @reference.csv --indicators @indicators.csv -o @out/workbench.html",
	}},
	"replay": {no: "a session holds places and moves, and no counts"},
	"import": {lines: []string{"--format long --in @flows.csv -o @out/flows.csv"}},
	"ingest": {lines: []string{"--from @counts.csv --area area --provider provider -o @out/pairs.csv --json", "--from @counts.csv --area area --provider provider"}},
	"demo":   {no: "its sample is embedded, and run is the same job"},
	"sql":    {no: "it prints a statement"},
}

// changing are the parts of an output that may differ: times, and what a
// provenance file that stays with the analyst says of input files.
var changing = regexp.MustCompile(`"(cpu_)?seconds": [-+.e0-9]+|"(bytes|sha256)": [^\n]*`)

// tell runs a command line in each of the twins and gives all that came out,
// without the names of their folders.
func (w twins) tell(t testing.TB, name, line string) (told [2]map[string][]byte) {
	if study.SuppressBelow[name] != float64(w.limit) || w.seed%2 == 0 {
		line += " --suppress-below " + strconv.Itoa(w.limit)
	}
	return w.tellWith(t, name, line)
}

func (w twins) tellWith(t testing.TB, name, line string) (told [2]map[string][]byte) {
	for i, dir := range w.dirs {
		args := []string{"stpmap", name}
		for _, word := range strings.Fields(line) {
			if file, ok := strings.CutPrefix(word, "@"); ok {
				word = filepath.Join(dir, filepath.FromSlash(file))
			}
			args = append(args, word)
		}
		var out, said bytes.Buffer
		if err := os.MkdirAll(filepath.Join(dir, "out"), 0o755); err != nil {
			t.Fatal(err)
		}
		if status := run(context.Background(), args, strings.NewReader(""), &out, &said); status != cli.Done && status != cli.BadInput {
			t.Errorf("seed %d: %v ended with status %d: %s", w.seed, args, status, said.String())
		}
		told[i] = contents(t, filepath.Join(dir, "out"))
		told[i]["standard output"], told[i]["standard error"] = out.Bytes(), said.Bytes()
		for file, text := range told[i] {
			told[i][file] = changing.ReplaceAll(bytes.ReplaceAll(text, []byte(dir), []byte("DIR")), nil)
		}
		if err := os.RemoveAll(filepath.Join(dir, "out")); err != nil {
			t.Fatal(err)
		}
	}
	return told
}

// differences names the outputs that are not the same bytes, with the place.
func differences(told [2]map[string][]byte) (names []string) {
	for file, a := range told[0] {
		b, ok := told[1][file]
		if ok && bytes.Equal(a, b) {
			continue
		}
		at := 0
		for at < min(len(a), len(b)) && a[at] == b[at] {
			at++
		}
		names = append(names, fmt.Sprintf("%s at byte %d: %q and %q", file, at, cut(a, at), cut(b, at)))
	}
	if len(told[0]) != len(told[1]) {
		names = append(names, fmt.Sprintf("%d files and %d", len(told[0]), len(told[1])))
	}
	return names
}

func TestEveryCommandIsInTheTableOfPrivacy(t *testing.T) {
	app := command.App()
	for _, c := range app.Commands {
		p, ok := protectedCommands[c.Name]
		if !ok || (len(p.lines) == 0) != (p.no != "") {
			t.Errorf("%s: add its lines, or why it needs none, to protectedCommands", c.Name)
		}
		if _, ok := study.SuppressBelow[c.Name]; !ok && p.no == "" {
			t.Errorf("%s: add its default to study.SuppressBelow", c.Name)
		}
	}
}

// Small counts are known to nobody behind the door: another in the place of each
// changes no byte of any file, of standard output or of standard error.
func TestSmallCountsChangeNothing(t *testing.T) {
	worlds := uint64(20)
	switch {
	case testing.Short():
		worlds = 5
	case atLength():
		worlds = 300
	}
	// Thousands of short commands: what they leave behind need not be collected
	// each time.
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	dir := t.TempDir()
	all := make([]twins, worlds)
	for seed := range all {
		all[seed] = writeTwins(t, filepath.Join(dir, strconv.Itoa(seed)), uint64(seed))
	}
	for _, name := range slices.Sorted(maps.Keys(protectedCommands)) {
		t.Run(name, func(t *testing.T) {
			for _, w := range all {
				for _, line := range protectedCommands[name].of(w.seed) {
					for _, d := range differences(w.tell(t, name, line)) {
						t.Errorf("seed %d: %s %s: %s", w.seed, name, line, d)
					}
				}
			}
		})
	}
}

// of are the lines that a world takes: one in turn, and the rare ones too in
// every tenth world.
func (p protectedCommand) of(seed uint64) (lines []string) {
	if n := uint64(len(p.lines)); n > 0 {
		lines = append(lines, p.lines[seed/2%n])
	}
	if seed%10 == 0 {
		lines = append(lines, p.rare...)
	}
	return lines
}

// The test above can fail: without the door the twins are told apart by every
// command that prints or writes something of the counts.
func TestTwinsDiffer(t *testing.T) {
	w := writeTwins(t, t.TempDir(), 1)
	for name, p := range protectedCommands {
		seen := len(p.lines) == 0
		for _, line := range p.lines {
			seen = seen || len(differences(w.tellWith(t, name, line+" --suppress-below 0"))) > 0
		}
		if !seen {
			t.Errorf("%s tells nothing of small counts even without the door", name)
		}
	}
}

// The same of the numerators and denominators of indicators.
func TestSmallFiguresChangeNothing(t *testing.T) {
	told := 0
	for seed := range uint64(20) {
		w := writeTwins(t, filepath.Join(t.TempDir(), strconv.FormatUint(seed, 10)), seed)
		for i, dir := range w.dirs {
			shared, own := rand.New(rand.NewPCG(seed, 31)), rand.New(rand.NewPCG(seed, uint64(32+i)))
			figures := "entity,indicator,numerator,denominator,value\n"
			for p := range 4 {
				num, den, value := 1+own.IntN(w.limit-1), w.limit+shared.IntN(50), ""
				switch shared.IntN(4) {
				case 0:
					den = num
				case 1:
					num = den - 1
				case 2:
					value = fmt.Sprintf("%.3f", 100*float64(num)/float64(den))
				}
				figures += fmt.Sprintf("P%d,ae_4h,%d,%d,%s\n", p, num, den, value)
			}
			if err := os.WriteFile(filepath.Join(dir, "indicators.csv"), []byte(figures), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		line := "--flows @flows.csv --partition @partition.csv --indicators @indicators.csv --draws 20 --json -o @out/scores.csv"
		for _, d := range differences(w.tell(t, "score", line+" --suppress-indicators-below "+strconv.Itoa(w.limit))) {
			t.Errorf("seed %d: %s", seed, d)
		}
		page := "--flows @flows.csv --partition @partition.csv --indicators @indicators.csv -o @out/workbench.html"
		for _, d := range differences(w.tell(t, "workbench", page+" --suppress-indicators-below "+strconv.Itoa(w.limit))) {
			t.Errorf("seed %d: %s", seed, d)
		}
		told += len(differences(w.tell(t, "score", line)))
	}
	if told == 0 {
		t.Error("no figure tells the twins apart even without the door")
	}
}

// defaultOf is a number as the table of flags has it.
func defaultOf(n float64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'g', -1, 64)
}

// The default of every command is that of the table, and 0 in one mode.
func TestDefaultsOfTheDoor(t *testing.T) {
	app := command.App()
	for _, c := range app.Commands {
		want, listed := study.SuppressBelow[c.Name]
		has := false
		for _, f := range app.Flags {
			if f.Name == "suppress-below" && f.On == c.Name {
				has = true
				if f.Default != defaultOf(want) {
					t.Errorf("%s: default %q, want %v", c.Name, f.Default, want)
				}
			}
		}
		if has != listed {
			t.Errorf("%s: in the table %t, with the flag %t", c.Name, listed, has)
		}
	}
	dir := t.TempDir()
	flows := filepath.Join(dir, "flows.csv")
	if err := os.WriteFile(flows, []byte("from,to,n\nA,B,30\nB,A,3\nB,C,40\nC,C,9\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		more []string
		want string
	}{
		{nil, `"suppressed_cells": 1,`},
		{[]string{"--one-mode"}, `"suppressed_cells": 0,`},
		{[]string{"--one-mode", "--suppress-below", "5"}, `"suppressed_cells": 1,`},
		{[]string{"--suppress-below", "0"}, `"suppressed_cells": 0,`},
		{[]string{"--suppress-below", "10"}, `"suppressed_cells": 2,`},
	} {
		out := filepath.Join(dir, "out"+strings.Join(c.more, ""))
		mustRun(t, append([]string{"run", "--flows", flows, "--resolution", "1", "-o", out, "-q"}, c.more...)...)
		if text := string(contents(t, out)["provenance.json"]); !strings.Contains(text, c.want) {
			t.Errorf("%v: want %s in %s", c.more, c.want, text)
		}
	}
}

// What validate says of inputs holds totals only, even where all counts are
// kept, and an error quotes no cell but the faulty one.
func TestValidateNamesNoCell(t *testing.T) {
	w := writeTwins(t, t.TempDir(), 1)
	place := regexp.MustCompile(`\b(E\d\d|P\d)\b`)
	for _, more := range []string{"", " --json", " --verbose --log-format json"} {
		line := "--flows @flows.csv --boundaries @areas.geojson --providers @providers.csv" + more
		told := w.tellWith(t, "validate", line)[0]
		if code := place.Find(slices.Concat(told["standard output"], told["standard error"])); code != nil {
			t.Errorf("%s names %s", line, code)
		}
	}
	flows := filepath.Join(w.dirs[0], "flows.csv")
	table, err := os.ReadFile(flows)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(flows, append(table, "E01,P1,many\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	if status := run(context.Background(), []string{"stpmap", "validate", "--flows", flows}, strings.NewReader(""), &out, &said); status != cli.BadInput {
		t.Fatalf("status %d", status)
	}
	if want := fmt.Sprintf("%s:%d:8: not a number: \"many\"\n", flows, bytes.Count(table, []byte("\n"))+1); said.String() != want {
		t.Errorf("said %q, want %q", said.String(), want)
	}
}
