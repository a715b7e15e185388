package command

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
)

// ask runs a command line and gives what it said.
func ask(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, said bytes.Buffer
	status = App().Run(t.Context(), append([]string{"stpmap"}, args...), strings.NewReader(""), &out, &said)
	return status, out.String(), said.String()
}

// Each line of the table says enough for help, and no more.
func TestTableOfFlags(t *testing.T) {
	kinds := []cli.Kind{
		cli.Switch, cli.Text, cli.Name, cli.Code, cli.Heading, cli.Condition, cli.List, cli.Number, cli.Whole, cli.Share, cli.Size, cli.Time,
		cli.File, cli.Source, cli.Builtin, cli.Output,
	}
	commands := App().Commands
	seen := map[string]bool{}
	for _, f := range flags() {
		on := strings.Fields(f.On)
		if len(on) == 0 {
			for _, c := range commands {
				on = append(on, c.Name)
			}
		}
		for _, name := range on {
			if !slices.ContainsFunc(commands, func(c *cli.Command) bool { return c.Name == name }) {
				t.Errorf("--%s is on %q, which is no command", f.Name, name)
			}
			if seen[name+" "+f.Name] {
				t.Errorf("--%s is on %s twice", f.Name, name)
			}
			seen[name+" "+f.Name] = true
		}
		if !slices.Contains(categories, f.Category) || !slices.Contains(kinds, f.Kind) {
			t.Errorf("--%s: category %q, kind %q", f.Name, f.Category, f.Kind)
		}
		if f.Help == "" || strings.HasSuffix(f.Help, ".") || strings.Contains(f.Help, "(default") || strings.Contains(f.Help, "(repeatable") {
			t.Errorf("--%s: help %q", f.Name, f.Help)
		}
		if (f.Value == "") != (f.Kind == cli.Switch) {
			t.Errorf("--%s: a %s with the value %q", f.Name, f.Kind, f.Value)
		}
		if f.Kind != cli.Builtin && f.Builtins != nil {
			t.Errorf("--%s has built-in names", f.Name)
		}
	}
}

// Every command has its help, which fits and says each default once, and the
// same flags as JSON.
func TestHelpOfEveryCommand(t *testing.T) {
	for _, c := range App().Commands {
		status, text, said := ask(t, c.Name, "--help")
		if status != cli.Done || said != "" {
			t.Fatalf("%s --help: status %d, %s", c.Name, status, said)
		}
		for line := range strings.Lines(text) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 && strings.Contains(line, " ") {
				t.Errorf("%s: %d columns: %q", c.Name, n, line)
			}
			if strings.Count(line, "(default") > 1 || strings.Contains(line, "(default: 0)") || strings.Contains(line, "(default: false)") {
				t.Errorf("%s: %q", c.Name, line)
			}
		}
		if !strings.HasPrefix(c.Example, "stpmap "+c.Name+" ") || !strings.Contains(text, "\n  "+c.Example[:min(30, len(c.Example))]) {
			t.Errorf("%s: the example is %q", c.Name, c.Example)
		}
		if _, again, _ := ask(t, "help", c.Name); again != text {
			t.Errorf("help %s is not %s --help", c.Name, c.Name)
		}
		_, object, _ := ask(t, c.Name, "--help-json")
		var list struct{ Flags []struct{ Name string } }
		if err := json.Unmarshal([]byte(object), &list); err != nil {
			t.Fatalf("%s --help-json: %v", c.Name, err)
		}
		for _, f := range list.Flags {
			if strings.Count(text, "--"+f.Name+"\n")+strings.Count(text, "--"+f.Name+" ") == 0 {
				t.Errorf("%s --help lacks --%s", c.Name, f.Name)
			}
		}
		if len(list.Flags) < 6 {
			t.Errorf("%s has %d flags", c.Name, len(list.Flags))
		}
	}
}

// flagsOf are the flags of a command as --help-json gives them.
func flagsOf(t *testing.T, command string) map[string]string {
	t.Helper()
	_, text, said := ask(t, command, "--help-json")
	var list struct{ Flags []struct{ Name, Kind string } }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err, said)
	}
	kinds := map[string]string{}
	for _, f := range list.Flags {
		kinds[f.Name] = f.Kind
	}
	return kinds
}

// The flags that scripts rely on are there.
func TestFixedFlags(t *testing.T) {
	inputs := "flows boundaries boundary-code providers population where suppressed one-mode directed area-column provider-column count-column"
	method := "method preset quality resolution footprints seed restarts jobs contiguous min-population max-population min-localisation together apart min-size target-size min-containment target-containment ttwa-compatible"
	for command, names := range map[string]string{
		"cluster":  inputs + " " + method + " json out",
		"run":      inputs + " " + method + " json out config indicators definitions",
		"demo":     method + " json out",
		"validate": inputs + " json",
		"compare":  inputs + " partition reference reference-column json out",
		"score":    inputs + " partition indicators definitions worst json out",
		"render":   inputs + " partition reference reference-column format json out",
		"explain":  inputs + " partition area provider footprint json",
		"import":   "format in out",
		"ingest":   "from area provider out json",
		"sql":      "dialect",
	} {
		have := flagsOf(t, command)
		for _, name := range append(strings.Fields(names), "quiet", "verbose", "log-format", "help", "help-json") {
			if have[name] == "" {
				t.Errorf("%s has no --%s", command, name)
			}
		}
	}
}

// What names a file is of a kind that says so: an output may not take its place,
// and a configuration gives it from its own folder.
func TestFilesAreKnownByTheirKind(t *testing.T) {
	for _, f := range flags() {
		names := f.Kind == cli.File || f.Kind == cli.Source || f.Kind == cli.Builtin || f.Kind == cli.Output
		if shown := f.Value == "FILE" || f.Value == "FOLDER" || f.Value == "SOURCE"; shown != names {
			t.Errorf("--%s %s is a %s", f.Name, f.Value, f.Kind)
		}
	}
	kinds := flagsOf(t, "run")
	for name, want := range map[string]cli.Kind{"flows": cli.Source, "definitions": cli.Builtin, "boundaries": cli.File, "out": cli.Output, "title": cli.Text, "fix": cli.File} {
		if kinds[name] != string(want) {
			t.Errorf("--%s is a %s, want %s", name, kinds[name], want)
		}
	}
}

// A heading that a table may have can be named outright.
func TestEveryHeadingHasItsFlag(t *testing.T) {
	have := flagsOf(t, "run")
	for _, name := range strings.Fields(`area provider count provider-code provider-name provider-type lon lat population-area population
		point-area point-name point-lon point-lat partition-area partition-provider reference
		entity indicator numerator denominator value period lower upper`) {
		if have[name+"-column"] != string(cli.Heading) {
			t.Errorf("run has no --%s-column", name)
		}
	}
}

// A preset is made of flags that clustering has, with values that they take:
// with it, only the files are missing.
func TestPresetsAreMadeOfFlags(t *testing.T) {
	for _, name := range clustering.Presets() {
		status, _, said := ask(t, "cluster", "--preset", name, "--flows", "nowhere.csv", "--boundaries", "nowhere.geojson", "-o", "x.csv")
		if status != cli.BadInput || !strings.Contains(said, "nowhere.csv: no such file") {
			t.Errorf("%s: status %d, %s", name, status, said)
		}
	}
}

// Flags that one method looks at are refused with every other.
func TestFlagsOfMethods(t *testing.T) {
	takers := map[string][]string{
		"--resolution=2": {"leiden", "louvain", "ward"}, "--quality=bipartite": {"leiden", "louvain"}, "--min-size=5": {"ttwa"}, "--ttwa-compatible": {"ttwa"},
		"--hsa-threshold=0.5": {"hsa"}, "--min-region=10": {"hsa"},
	}
	for flag, methods := range takers {
		for _, m := range clustering.Methods() {
			status, _, said := ask(t, "cluster", "--flows", "nowhere.csv", "--method", m, flag)
			want := cli.Usage
			if slices.Contains(methods, m) {
				want = cli.BadInput // no such file
			}
			if status != want {
				t.Errorf("%s with %s: status %d, want %d: %s", flag, m, status, want, said)
			}
			if status == cli.Usage && (!strings.Contains(said, "goes with --method "+strings.Join(methods, " or ")) || !strings.Contains(said, "\ntry: stpmap cluster ")) {
				t.Errorf("%s with %s: %s", flag, m, said)
			}
		}
	}
}

// Every usage error ends with a line to try.
func TestUsageErrorsEndWithALine(t *testing.T) {
	for _, line := range []string{
		"demo", "run", "run --flows a.csv", "run --flows a.csv -o -", "validate", "validate --flows a.csv x", "cluster --flows a.csv --snap -1", "cluster --flows a.csv -o x.pdf",
		"cluster --flows a.csv --json -o -", "cluster --flows a.csv --levels 3,x -o l", "cluster --flows a.csv --levels 3 --footprints 2 -o l",
		"cluster --flows a.csv --levels 3,3 -o l", "cluster --flows a.csv --levels 3 --method ward -o l", "cluster --flows a.csv --levels 3 --bootstrap 5 -o l",
		"cluster --flows a.csv --shard 1/2", "cluster --flows a.csv --bootstrap 4 --shard 3/2 -o p", "cluster --flows a.csv --merge --part p -o p.csv",
		"cluster --flows a.csv --preset none", "cluster --flows a.csv --preset ons-ttwa --method leiden", "cluster --flows a.csv --hsa-rule x --method hsa",
		"compare", "compare --flows a.csv --method x -o s", "compare --flows a.csv --method leiden,leiden -o s", "compare --flows a.csv --quality x -o s",
		"compare --flows a.csv --quality cpm,cpm -o s", "compare --flows a.csv --resolution 1:2 -o s", "compare --flows a.csv --footprints 0 -o s",
		"compare --flows a.csv --scale 1 -o s", "compare --flows a.csv --seeds 0 -o s", "compare --flows a.csv -o s.csv", "compare --flows a.csv -o -",
		"compare --flows a.csv --resume", "compare --flows a.csv --merge", "compare --partition a.csv", "compare --partition a.csv --reference b.csv --seeds 3",
		"compare --partition a.csv --reference b.csv --contiguous --boundaries c", "compare --partition a.csv --reference b.csv -o x.png",
		"compare --partition a.csv --reference b.csv --resolution 1,2", "compare --partition a.csv --reference b.csv --json -o -",
		"render", "render -o x.gpkg", "render --by a -o x.gpkg", "render --by a --boundaries b -o x", "render --by a --boundaries b --crs 3 -o x.gpkg",
		"render --by a --boundaries b --crs 27700 -o x.kml", "render --by a --boundaries b --page A9 -o x.svg", "render --by a --boundaries b --layers x -o x.gpkg",
		"render --by a --boundaries b --layers areas,areas -o x.gpkg", "render --by a --boundaries b --layers areas,footprints --format csv -o -",
		"render --by a --boundaries b --simplify x -o x.svg", "render --by a --boundaries b --simplify-method x -o x.svg", "render --by a --boundaries b --style :x -o x.svg",
		"render --by a --boundaries b --indicators i -o x.svg", "render --by a --boundaries b --flows f -o x.svg", "render --partition a --partition b --boundaries b -o x.svg",
		"explain --flows a.csv", "explain --flows a.csv --partition p", "explain --flows a.csv --partition p --area a --provider b",
		"explain --flows a.csv --partition p --area a --resolution 0", "explain --flows a.csv --partition p --area a --footprints 0",
		"explain --flows a.csv --partition p --partition q --area a", "explain --flows a.csv --partition p --area a --contiguous",
		"score", "score --flows a.csv --partition p", "score --print-definitions x", "score --flows a --partition p --indicators i --json -o -",
		"score --flows a --partition p --indicators i --certainty 0", "score --flows a --partition p --indicators i --concentration 0",
		"score --flows a --partition p --indicators i --cut-points 1,2", "score --flows a --partition p --indicators i --view x",
		"score --flows a --partition p --indicators i --worst 0", "score --flows a --partition p --indicators i --draws -1",
		"score --flows a --partition p --indicators i --draws 0 --shard 1/2 -o x",
		"import", "import --in a --as x", "import --in a --fit x", "import --in a --by week", "import --in a --outside x", "import --in a --level x", "import --in a --where x",
		"import --in a --suppressed x", "import --in a --indicator x", "import --in a --lookup l", "import --in a --to x",
		"ingest", "ingest --from a.csv --format x", "ingest --from a.csv --json", "ingest --from a.csv --where x", "ingest --from a.csv --max-memory lots",
		"ingest --from a.csv --timeout 0s", "ingest --from a.csv --expect-rows 0", "ingest --from a.csv --jobs -1", "ingest --from a.csv --table t",
		"ingest --from mysql://h/d", "ingest --from postgres://h/d", "ingest --from a.csv --table t --query-file q",
		"sql", "sql --dialect x --area a --provider p --table t", "sql --dialect trino --area a --provider p --table t --where x", "nothing", "help nothing",
	} {
		status, out, said := ask(t, strings.Fields(line)...)
		lines := strings.Split(strings.TrimSpace(said), "\n")
		if status != cli.Usage || out != "" || len(lines) != 2 || !strings.HasPrefix(lines[1], "try: stpmap ") {
			t.Errorf("%s: status %d, said %q", line, status, said)
			continue
		}
		// The line would work, were its files there.
		try := strings.Fields(strings.ReplaceAll(strings.TrimPrefix(lines[1], "try: stpmap "), "'", ""))
		if try[0] == "demo" || slices.ContainsFunc(try, func(s string) bool { return strings.HasPrefix(s, "postgres://") }) {
			continue
		}
		if status, _, said := ask(t, try...); status == cli.Usage || status == cli.Failed {
			t.Errorf("%s: the line to try, %q, ends with status %d: %s", line, lines[1], status, said)
		}
	}
}
