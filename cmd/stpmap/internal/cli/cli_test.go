package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"stpmap/flow/fault"
	"stpmap/flow/wholefile"
)

// options are those of a command for tests: a flag of each type.
type options struct {
	Line
	Flows       []string      `flag:"flows"`
	Definitions string        `flag:"definitions"`
	Config      string        `flag:"config"`
	Out         string        `flag:"out"`
	Share       float64       `flag:"share"`
	Runs        int           `flag:"runs"`
	Rows        int64         `flag:"rows"`
	Seed        uint64        `flag:"seed"`
	Timeout     time.Duration `flag:"timeout"`
	Clean       bool          `flag:"clean"`
	Inner

	ran  func(*options)
	fail error
}

// Inner has a flag of an embedded struct.
type Inner struct {
	Title string `flag:"title"`
}

func (o *options) Run(_ context.Context, env *Env) error {
	if o.ran != nil {
		o.ran(o)
	}
	if o.fail == nil {
		env.Log.Info("ran", "runs", o.Runs)
	}
	return o.fail
}

func testFlags() []Flag {
	return []Flag{
		{Name: "flows", Category: "In", Kind: Source, Value: "FILE", Silent: true, Help: "flows to read"},
		{Name: "definitions", Category: "In", Kind: Builtin, Value: "FILE", Default: "usual", Builtins: []string{"usual", "other"}, Help: "a set"},
		{Name: "config", Category: "In", Kind: File, Value: "FILE", Silent: true, Help: "flags in YAML"},
		{Name: "share", Category: "Numbers", Kind: Share, Value: "SHARE", Range: Shares, Help: "a share"},
		{Name: "runs", Category: "Numbers", Kind: Whole, Value: "N", Default: "10", Range: FromOne, Help: "how often"},
		{Name: "rows", Category: "Numbers", Kind: Whole, Value: "N", Help: "how many"},
		{Name: "seed", Category: "Numbers", Kind: Whole, Value: "SEED", Default: "1", Unset: "the first", Help: "of chance"},
		{Name: "timeout", Category: "Numbers", Kind: Time, Value: "TIME", Default: "1h", Help: "to wait"},
		{Name: "clean", Category: "Numbers", Kind: Switch, Help: "tidy up"},
		{Name: "title", On: "job", Category: "Out", Kind: Text, Value: "TEXT", Help: "over the map"},
		{Name: "out", Short: "o", Category: "Out", Kind: Output, Value: "FILE", Silent: true, Help: "for the result"},
		{Name: "quiet", Short: "q", Category: "Talk", Kind: Switch, Silent: true, Help: "say nothing"},
		{Name: "verbose", Category: "Talk", Kind: Switch, Silent: true, Help: "say more"},
		{Name: "log-format", Category: "Talk", Kind: Name, Value: "FORMAT", Default: "text", Silent: true, Help: "text or json"},
		{Name: "max-memory", Category: "Talk", Kind: Size, Value: "SIZE", Silent: true, Help: "to hold"},
		{Name: "help", Short: "h", Category: "Talk", Kind: Switch, Silent: true, Help: "show this"},
		{Name: "help-json", Category: "Talk", Kind: Switch, Silent: true, Help: "show this as JSON"},
	}
}

// testApp is an app of one command, job, that calls ran.
func testApp(ran func(*options), fail error) *App {
	return &App{
		Usage: "test", Description: "A tool for tests.", Flags: testFlags(), Categories: []string{"In", "Numbers", "Out", "Talk"},
		Commands: []*Command{{
			Name: "job", Usage: "do the job", Description: "More words.", Example: "stpmap job --flows a.csv", Needs: []string{"flows"},
			New: func() Job { return &options{ran: ran, fail: fail} },
		}},
	}
}

// result is what a command line gave.
type result struct {
	status         int
	stdout, stderr string
	options        *options // nil where the job did not run
}

func runApp(t *testing.T, args ...string) (r result) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	app := testApp(func(o *options) { r.options = o }, nil)
	r.status = app.Run(t.Context(), append([]string{"stpmap"}, args...), strings.NewReader(""), &stdout, &stderr)
	r.stdout, r.stderr = stdout.String(), stderr.String()
	return r
}

func TestFlagsFillTheOptions(t *testing.T) {
	r := runApp(t, "job", "--flows", "a.csv", "--flows=b,c.csv", "--share", "0.25", "--runs", "3", "--rows", "12", "--seed", "18446744073709551615",
		"--timeout", "90s", "--clean", "--title", "A, B", "-o", "x", "-q")
	if r.status != Done {
		t.Fatalf("status %d: %s", r.status, r.stderr)
	}
	o := r.options
	got := fmt.Sprintf("%q %s %v %d %d %d %v %v %q %s %v", o.Flows, o.Definitions, o.Share, o.Runs, o.Rows, o.Seed, o.Timeout, o.Clean, o.Title, o.Out, o.Quiet)
	if want := `["a.csv" "b,c.csv"] usual 0.25 3 12 18446744073709551615 1m30s true "A, B" x true`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !o.Given("seed") || o.Given("definitions") || o.Given("nothing") {
		t.Error("which flags were given is not known")
	}
	if got, want := o.Parameters(), "--share=0.25 --runs=3 --rows=12 --seed=18446744073709551615 --timeout=1m30s --clean=true --title=A, B"; got != want {
		t.Errorf("parameters %q, want %q", got, want)
	}
	if got, want := o.ParametersOf("seed", "definitions", "clean"), "[--seed=18446744073709551615 --clean=true]"; got != want {
		t.Errorf("parameters of some %q, want %q", got, want)
	}
	if o.GivenIn("Out") != "title" || o.GivenIn("Nowhere") != "" {
		t.Errorf("given in Out: %q", o.GivenIn("Out"))
	}
	if o.Command() != "job" || o.Try("-x") != "stpmap job --flows a.csv -x" {
		t.Error("the command's name is not known")
	}
}

// A value set by the tool counts as given, and stands among the parameters.
func TestSet(t *testing.T) {
	o := runApp(t, "job", "--flows", "a").options
	if err := o.Set("runs", "7"); err != nil || o.Runs != 7 || o.Parameters() != "--runs=7" {
		t.Errorf("%v, %d, %q", err, o.Runs, o.Parameters())
	}
	if err := o.Set("runs", "many"); err == nil || err.Error() != `--runs takes a whole number, got "many"` {
		t.Errorf("got %v", err)
	}
	if o.Set("nothing", "1") == nil {
		t.Error("an unknown flag is set")
	}
}

// Every fault of the flags has status 2, one sentence, and a line to try.
func TestUsageErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"unknown command", []string{"jbo"}, "unknown command \"jbo\"; did you mean \"job\"?\ntry: stpmap --help\n"},
		{"unknown flag", []string{"job", "--flaws", "a"}, "no flag --flaws; did you mean \"--flows\"?\ntry: stpmap job --flows a.csv\n"},
		{"no value", []string{"job", "--flows"}, "--flows needs a value\ntry: stpmap job --flows a.csv\n"},
		{"no whole number", []string{"job", "--runs", "2.5"}, "--runs takes a whole number, got \"2.5\"\ntry: stpmap job --flows a.csv\n"},
		{"no seed", []string{"job", "--seed", "-1"}, "--seed takes a whole number, got \"-1\"\ntry: stpmap job --flows a.csv\n"},
		{"no number", []string{"job", "--share", "half"}, "--share takes a number, got \"half\"\ntry: stpmap job --flows a.csv\n"},
		{"no time", []string{"job", "--timeout", "soon"}, "--timeout takes a time such as 30m, got \"soon\"\ntry: stpmap job --flows a.csv\n"},
		{"no switch", []string{"job", "--clean=perhaps"}, "--clean takes true or false, or no value, got \"perhaps\"\ntry: stpmap job --flows a.csv\n"},
		{"quotes", []string{"job", "--runs", `a"b`}, "--runs takes a whole number, got \"a\\\"b\"\ntry: stpmap job --flows a.csv\n"},
		{"leftover", []string{"job", "--flows", "a", "b"}, "unexpected argument \"b\": inputs are given as flags\ntry: stpmap job --flows a.csv\n"},
		{"missing", []string{"job"}, "missing flag --flows\ntry: stpmap job --flows a.csv\n"},
		{"out of range", []string{"job", "--flows", "a", "--share", "2"}, "--share must be a share from 0 to 1, got 2\ntry: stpmap job --flows a.csv\n"},
		{"not a number", []string{"job", "--flows", "a", "--share", "NaN"}, "--share must be a share from 0 to 1, got NaN\ntry: stpmap job --flows a.csv\n"},
		{"too small", []string{"job", "--flows", "a", "--runs", "0"}, "--runs must be at least 1, got 0\ntry: stpmap job --flows a.csv\n"},
		{"standard input twice", []string{"job", "--flows", "-", "--flows", "-"}, "--flows and --flows both name standard input, which can be read once: give one of them a file\ntry: stpmap job --flows a.csv\n"},
		{"log format", []string{"job", "--flows", "a", "--log-format", "xml"}, "unknown --log-format \"xml\": it is text or json\ntry: stpmap job --flows a.csv --log-format json\n"},
		{"help on nothing", []string{"help", "jop"}, "unknown command \"jop\"; did you mean \"job\"?\ntry: stpmap help cluster\n"},
	} {
		r := runApp(t, c.args...)
		if r.status != Usage || r.stderr != c.want || r.stdout != "" || r.options != nil {
			t.Errorf("%s: status %d, said %q, want %q", c.name, r.status, r.stderr, c.want)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"--help"}, {"-h"}} {
		if r := runApp(t, args...); r.status != Done || !strings.Contains(r.stdout, "  job") || !strings.Contains(r.stdout, "A tool for tests.") {
			t.Errorf("%q: status %d, %s", args, r.status, r.stdout)
		}
	}
	first := runApp(t, "job", "--help").stdout
	for _, args := range [][]string{{"job", "-h"}, {"help", "job"}, {"job", "--help", "leftover"}} {
		if r := runApp(t, args...); r.status != Done || r.stdout != first {
			t.Errorf("%q: status %d, %s", args, r.status, r.stdout)
		}
	}
	for _, args := range [][]string{{"version"}, {"--version"}, {"-V"}} {
		if r := runApp(t, args...); r.status != Done || r.stdout != "stpmap version "+Version+"\n" {
			t.Errorf("%q: status %d, %q", args, r.status, r.stdout)
		}
	}
}

func TestHelpShowsEachFlagOnceWithOneDefault(t *testing.T) {
	text := runApp(t, "job", "--help").stdout
	for _, want := range []string{
		"stpmap job: do the job\n", "  stpmap job --flows a.csv\n", "\nNumbers\n",
		"  --flows FILE            flows to read (repeatable) (required)\n",
		"  --definitions FILE      a set (default: usual)\n",
		"  --seed SEED             of chance (default: the first)\n",
		"  --clean                 tidy up\n",
		"  -o, --out FILE          for the result\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("help lacks %q:\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if strings.Count(line, "(default") > 1 || utf8.RuneCountInString(line) > 81 {
			t.Errorf("line %q", line)
		}
	}
	if strings.Index(text, "\nIn\n") > strings.Index(text, "\nNumbers\n") {
		t.Error("the categories are not in their order")
	}
}

func TestHelpJSON(t *testing.T) {
	var object struct {
		Command, Example string
		Flags            []struct {
			Name, Kind, Category, Unset, Help string
			Aliases, Builtins                 []string
			Repeatable, Required              bool
			Default                           *string
		}
	}
	if err := json.Unmarshal([]byte(runApp(t, "job", "--help-json").stdout), &object); err != nil {
		t.Fatal(err)
	}
	if object.Command != "job" || len(object.Flags) != len(testFlags()) {
		t.Fatalf("%q with %d flags", object.Command, len(object.Flags))
	}
	flows, definitions, seed, out := object.Flags[0], object.Flags[1], object.Flags[6], object.Flags[10]
	if flows.Name != "flows" || !flows.Repeatable || !flows.Required || flows.Kind != "source" || flows.Default != nil {
		t.Errorf("got %+v", flows)
	}
	if definitions.Default == nil || *definitions.Default != "usual" || len(definitions.Builtins) != 2 {
		t.Errorf("got %+v", definitions)
	}
	if seed.Unset != "the first" || *seed.Default != "1" {
		t.Errorf("got %+v", seed)
	}
	if len(out.Aliases) != 1 || out.Aliases[0] != "o" || out.Kind != "output" {
		t.Errorf("got %+v", out)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 10, ""},
		{"one two three", 7, "one two|three"},
		{"one  two\nthree", 20, "one two three"},
		{"unbreakable word", 4, "unbreakable|word"},
		{"γγγ γγγ", 7, "γγγ γγγ"},
		{"γγγ γγγ", 6, "γγγ|γγγ"},
	} {
		if got := strings.Join(wrap(c.text, c.width), "|"); got != c.want {
			t.Errorf("%q at %d: %q, want %q", c.text, c.width, got, c.want)
		}
	}
	for _, c := range []struct {
		line  string
		width int
		want  string
	}{
		{"  stpmap a --b c", 20, "  stpmap a --b c"},
		{"  stpmap a --b c --d e", 18, "  stpmap a --b c \\|      --d e"},
		{"  stpmap without-any-flag-to-break-at", 10, "  stpmap without-any-flag-to-break-at"},
	} {
		if got := strings.Join(wrapCommand(c.line, c.width), "|"); got != c.want {
			t.Errorf("%q at %d: %q, want %q", c.line, c.width, got, c.want)
		}
	}
}

// What is no terminal is 80 columns wide.
func TestColumns(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "f"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, w := range []io.Writer{file, io.Discard} {
		if n := columns(w); n != 80 {
			t.Errorf("%T is %d columns wide", w, n)
		}
	}
}

func TestStatuses(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name   string
		ctx    context.Context
		err    error
		status int
		said   string
	}{
		{"done", nil, nil, Done, ""},
		{"failed", nil, errors.New("no disk\n"), Failed, "no disk\n"},
		{"usage", nil, Usagef("a line", "wrong"), Usage, "wrong\ntry: a line\n"},
		{"usage without a line", nil, fmt.Errorf("more: %w", Usagef("", "wrong")), Usage, "more: wrong\ntry: stpmap job --flows a.csv\n"},
		{"input", nil, Inputf("bad %d", 1), BadInput, "bad 1\n"},
		{"a disk's error in an input", nil, &fault.Error{File: "a", Line: 2, Column: 3, Err: &fs.PathError{Op: "read", Path: "a", Err: errors.New("input/output error")}}, Failed, "a:2:3: read a: input/output error\n"},
		{"a file that changes", nil, fmt.Errorf("a %w", wholefile.ErrChanged), Failed, "a changed while it was read: try again when nothing writes to it\n"},
		{"interrupted", ended, context.Canceled, Interrupted, "interrupted: nothing was written\n"},
		{"kept", ended, &KeptError{Done: 2, All: 3, Cause: context.Canceled}, Interrupted, "interrupted: 2 of 3 runs are kept; the same command with --resume goes on from there\n"},
		{"failed while ending", ended, errors.New("no disk"), Failed, "no disk\n"},
	} {
		var said bytes.Buffer
		ctx := c.ctx
		if ctx == nil {
			ctx = t.Context()
		}
		env := &Env{Stderr: &said}
		if status := env.report(ctx, c.err, "stpmap job --flows a.csv"); status != c.status || said.String() != c.said {
			t.Errorf("%s: status %d, said %q", c.name, status, said.String())
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// A standard output that cannot be written fails help too.
func TestFullStandardOutput(t *testing.T) {
	var said bytes.Buffer
	if status := testApp(nil, nil).Run(t.Context(), []string{"stpmap", "job", "--help"}, nil, fullDisk{}, &said); status != Failed || !strings.Contains(said.String(), "no space left") {
		t.Errorf("status %d, said %q", status, said.String())
	}
}

func TestLogs(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "ran: runs 10\n"},
		{[]string{"-q"}, ""},
		{[]string{"--log-format", "json"}, `{"level":"INFO","msg":"ran","runs":10}` + "\n"},
		{[]string{"--log-format", "json", "-q"}, ""},
	} {
		if r := runApp(t, append([]string{"job", "--flows", "a"}, c.args...)...); r.stderr != c.want {
			t.Errorf("%q: said %q, want %q", c.args, r.stderr, c.want)
		}
	}
}

// A result never takes the place of what is read, under whatever name.
func TestNoInputIsOverwritten(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a.csv", "b.csv", "usual"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args   []string
		status int
	}{
		{[]string{"--flows", "a.csv", "-o", "a.csv"}, Usage},
		{[]string{"--flows", "./a.csv", "-o", "a.csv"}, Usage},
		{[]string{"--flows", "*.csv", "-o", "b.csv"}, Usage},
		{[]string{"--flows", "a.csv", "--definitions", "b.csv", "-o", "b.csv"}, Usage},
		{[]string{"--flows", "a.csv", "-o", "b.csv"}, Done},
		{[]string{"--flows", "a.csv", "-o", "-"}, Done},
		{[]string{"--flows", "a.csv", "-o", "new.csv"}, Done},
		{[]string{"--flows", "a.csv", "-o", "usual"}, Done}, // the definitions are built in
		{[]string{"--flows", "postgres://host/db", "-o", "a.csv"}, Done},
		{[]string{"--flows", "a.csv", "--title", "b.csv", "-o", "b.csv"}, Done}, // a title is no file
	} {
		if r := runApp(t, append([]string{"job"}, c.args...)...); r.status != c.status {
			t.Errorf("%q: status %d, want %d: %s", c.args, r.status, c.status, r.stderr)
		}
	}
}

// configured runs the job from a configuration in a folder of its own.
func configured(t *testing.T, text string, args ...string) result {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Mkdir("sub", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("sub/c.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return runApp(t, append([]string{"job", "--config", "sub/c.yaml"}, args...)...)
}

// Which values are names of files comes from the table: only they are relative
// to the configuration's folder.
func TestConfigurationPlacesFiles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a file", "flows: a.csv", "[sub/a.csv] usual  "},
		{"an absolute file", "flows: /a.csv", "[/a.csv] usual  "},
		{"standard input", "flows: '-'", "[-] usual  "},
		{"an engine", "flows: postgres://analyst@host/db", "[postgres://analyst@host/db] usual  "},
		{"a list", "flows: [a.csv, clickhouse://h/d]", "[sub/a.csv clickhouse://h/d] usual  "},
		{"a built-in set", "flows: a.csv\ndefinitions: other", "[sub/a.csv] other  "},
		{"a set in a file", "flows: a.csv\ndefinitions: mine.yaml", "[sub/a.csv] sub/mine.yaml  "},
		{"an output", "flows: a.csv\nout: ../b", "[sub/a.csv] usual b "},
		{"a title", "flows: a.csv\ntitle: a/b.csv", "[sub/a.csv] usual  a/b.csv"},
	} {
		r := configured(t, c.text)
		if r.options == nil {
			t.Errorf("%s: status %d, %s", c.name, r.status, r.stderr)
			continue
		}
		if got := fmt.Sprintf("%v %s %s %s", r.options.Flows, r.options.Definitions, r.options.Out, r.options.Title); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCommandLineWinsOverConfiguration(t *testing.T) {
	r := configured(t, "flows: a.csv\nruns: 3\nshare: 0.5\nclean: true", "--runs", "4")
	o := r.options
	if o == nil || o.Runs != 4 || o.Share != 0.5 || !o.Clean {
		t.Fatalf("status %d, %s, %+v", r.status, r.stderr, o)
	}
	if got, want := o.Parameters(), "--share=0.5 --runs=4 --clean=true"; got != want {
		t.Errorf("parameters %q, want %q", got, want)
	}
}

func TestConfigurationFaultsAreLocated(t *testing.T) {
	for _, c := range []struct {
		name, text string
		status     int
		want       string
	}{
		{"unknown", "flows: a\nrun: 3", BadInput, "sub/c.yaml:2:1: no flag \"run\"; did you mean \"runs\"?\n"},
		{"itself", "config: c.yaml", BadInput, "sub/c.yaml:1:1: no flag \"config\"\n"},
		{"no number", "flows: a\nruns: many", BadInput, "sub/c.yaml:2:7: \"runs\" takes a whole number, got \"many\"\n"},
		{"nested", "flows:\n  file: a", BadInput, "sub/c.yaml:2:3: the value of \"flows\" is not one the flag takes\n"},
		{"list", "- flows", BadInput, "sub/c.yaml:1:1: expected flags, name: value\n"},
		{"empty", "", BadInput, "sub/c.yaml: expected one YAML document of flags, name: value\n"},
		{"out of range", "flows: a\nruns: 0", Usage, "--runs must be at least 1, got 0\ntry: stpmap job --flows a.csv\n"},
		{"not enough", "runs: 3", Usage, "missing flag --flows\ntry: stpmap job --flows a.csv\n"},
	} {
		if r := configured(t, c.text); r.status != c.status || !strings.HasPrefix(r.stderr, strings.SplitN(c.want, ":2:3", 2)[0]) || c.name != "nested" && r.stderr != c.want {
			t.Errorf("%s: status %d, said %q, want %q", c.name, r.status, r.stderr, c.want)
		}
	}
	r := configured(t, strings.Repeat("# a long one\n", 1<<17))
	if r.status != BadInput || !strings.Contains(r.stderr, "longer than 256 KiB") {
		t.Errorf("a long configuration: status %d, %s", r.status, r.stderr)
	}
	if r := configured(t, "flows: a\nx: "+strings.Repeat("[", 200_000)); r.status != BadInput || r.stderr != "sub/c.yaml:2:1: nested more than 40 deep\n" {
		t.Errorf("a deep configuration: status %d, %s", r.status, r.stderr)
	}
	if r := configured(t, "flows: a\nflows: 'x://u:SECRETPW@h"); r.status != BadInput || strings.Contains(r.stderr, "SECRETPW") {
		t.Errorf("a configuration that is no YAML: status %d, %s", r.status, r.stderr)
	}
	if r := runApp(t, "job", "--config", "nowhere.yaml"); r.status != BadInput || r.stderr != "nowhere.yaml: no such file\n" {
		t.Errorf("no configuration: status %d, %q", r.status, r.stderr)
	}
}

// Faults of ours, in the table or the options, show at once.
func TestBindFindsFaultsOfOurs(t *testing.T) {
	with := func(change func([]Flag) []Flag) []Flag { return change(testFlags()) }
	for name, table := range map[string][]Flag{
		"a flag without a field":      with(func(f []Flag) []Flag { return append(f, Flag{Name: "more"}) }),
		"a field without a flag":      with(func(f []Flag) []Flag { return f[1:] }),
		"a default that is no number": with(func(f []Flag) []Flag { f[4].Default = "many"; return f }),
		"a flag twice":                with(func(f []Flag) []Flag { return append(f, Flag{Name: "flows"}) }),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is taken", name)
				}
			}()
			bind(table, &Command{Name: "job"}, &options{})
		}()
	}
	// A flag of another command is none of this one.
	bind(append(testFlags(), Flag{Name: "more", On: "other another"}), &Command{Name: "job"}, &options{})
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir, nil); err == nil || !strings.Contains(err.Error(), "is a folder, not a file") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "x"), nil); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("nothing: %v", err)
	}
	r, err := Open("-", strings.NewReader("text"))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(r); err != nil || string(text) != "text" {
		t.Errorf("standard input: %q, %v", text, err)
	}
}

// A terminal's line is drawn, counted up, and taken away again.
func TestTerminal(t *testing.T) {
	var drawn bytes.Buffer
	p := &Terminal{w: &drawn}
	p.Stage("clustering", 2)
	p.Step(1) // too soon to be drawn
	p.Step(2)
	if got, want := drawn.String(), "\r\x1b[Kclustering 0/2\r\x1b[Kclustering 2/2\r\x1b[K"; got != want {
		t.Errorf("drew %q, want %q", got, want)
	}
	drawn.Reset()
	count := p.Counting()
	count(1000, 10, 20)
	count(1000, 20, 20)
	if text := drawn.String(); !strings.HasPrefix(text, "\r\x1b[Kcounting: 1000 records, ") || !strings.HasSuffix(text, "\r\x1b[K") {
		t.Errorf("drew %q", text)
	}
	if env := (&Env{Stderr: &drawn}); env.Progress() != nil || env.Terminal() != nil {
		t.Error("progress is drawn where there is no terminal")
	}
}
