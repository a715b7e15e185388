package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"stpmap": main})
}

// scriptParams add to the scripts: SHARED, the folder of real cases, and the
// condition [shared] that it is there; and status, which runs a command and
// wants an exit status.
func scriptParams(dir string) testscript.Params {
	shared, _ := filepath.Abs("../../../shared")
	return testscript.Params{
		Dir:             dir,
		ContinueOnError: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SHARED", shared)
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "shared" {
				_, err := os.Stat(filepath.Join(shared, "INTERFACE.md"))
				return err == nil, nil
			}
			if cond == "root" {
				return os.Getuid() == 0, nil
			}
			return false, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status":  status,
			"json":    jsonValue,
			"csvsum":  csvSum,
			"csvcell": csvCell,
			"shuffle": shuffle,
			"gzip":    gzipFile, "cut": cutFile, "bytes": writeBytes, "join": joinFiles, "zeros": zeros, "shapefile": shapefile,
		},
	}
}

// status WANT COMMAND ARG... runs a command, which must end with that status;
// its output is then there for stdout and stderr.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status WANT COMMAND ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("%s ended with status %s, want %s", args[1], got, args[0])
	}
}

// json FILE KEY OP VALUE compares a number, or a string, of a JSON object; OP is
// one of == != >= <= > <. FILE may be stdout.
func jsonValue(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: json FILE KEY OP VALUE")
	}
	var object map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &object))
	got, ok := object[args[1]]
	if !ok {
		ts.Fatalf("no key %q", args[1])
	}
	x, isNumber := got.(float64)
	y, err := strconv.ParseFloat(args[3], 64)
	holds := false
	switch {
	case !isNumber || err != nil:
		text := fmt.Sprint(got)
		holds = args[2] == "==" && text == args[3] || args[2] == "!=" && text != args[3]
	case args[2] == "==":
		holds = x == y
	case args[2] == "!=":
		holds = x != y
	case args[2] == ">=":
		holds = x >= y
	case args[2] == "<=":
		holds = x <= y
	case args[2] == ">":
		holds = x > y
	case args[2] == "<":
		holds = x < y
	default:
		ts.Fatalf("unknown comparison %q", args[2])
	}
	if !holds {
		ts.Fatalf("%s is %v, want %s %s", args[1], got, args[2], args[3])
	}
}

// csvsum FILE COLUMN WANT adds up a column; the sum is to the nearest whole number.
func csvSum(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: csvsum FILE COLUMN WANT")
	}
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[0]))).ReadAll()
	ts.Check(err)
	col := slices.Index(rows[0], args[1])
	if col < 0 {
		ts.Fatalf("no column %q", args[1])
	}
	sum := 0.0
	for _, row := range rows[1:] {
		n, err := strconv.ParseFloat(row[col], 64)
		ts.Check(err)
		sum += n
	}
	if got := strconv.FormatFloat(math.Round(sum), 'f', -1, 64); got != args[2] {
		ts.Fatalf("%s adds up to %s, want %s", args[1], got, args[2])
	}
}

// csvCell FILE COLUMN=VALUE,… COLUMN WANT holds a cell of the first row that has
// the values.
func csvCell(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: csvcell FILE COLUMN=VALUE,... COLUMN WANT")
	}
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[0]))).ReadAll()
	ts.Check(err)
	at := func(column string) int {
		i := slices.Index(rows[0], column)
		if i < 0 {
			ts.Fatalf("no column %q", column)
		}
		return i
	}
	for _, row := range rows[1:] {
		fits := true
		for pair := range strings.SplitSeq(args[1], ",") {
			column, value, _ := strings.Cut(pair, "=")
			fits = fits && row[at(column)] == value
		}
		if !fits {
			continue
		}
		if got := row[at(args[2])]; got != args[3] {
			ts.Fatalf("%s of %s is %q, want %q", args[2], args[1], got, args[3])
		}
		return
	}
	ts.Fatalf("no row of %s", args[1])
}

// shuffle FROM TO SEED writes the rows of a table in another order, its header
// first.
func shuffle(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: shuffle FROM TO SEED")
	}
	seed, err := strconv.ParseUint(args[2], 10, 64)
	ts.Check(err)
	lines := strings.SplitAfter(strings.TrimSuffix(ts.ReadFile(args[0]), "\n")+"\n", "\n")
	rows := lines[1 : len(lines)-1]
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(lines, "")), 0o644))
}

// The stories that -short runs, as the race detector does: each command's main
// work once. What is refused, and what only reads or writes, starts nothing beside it.
var shortStories = []string{
	"cluster", "compare", "compare_maps", "ensemble", "explain", "ingest", "islands", "levels", "merge", "render", "score",
	"streams", "whatif", "whole_job", "workbench",
}

func TestScripts(t *testing.T) {
	p := scriptParams("testdata/script")
	if testing.Short() {
		p.Dir = ""
		for _, name := range shortStories {
			p.Files = append(p.Files, filepath.Join("testdata", "script", name+".txtar"))
		}
	}
	testscript.Run(t, p)
}
