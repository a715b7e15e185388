package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"stpmap": func() { os.Exit(run(context.Background(), os.Args, os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// scriptParams add to the scripts: SHARED, the folder of real cases, and the
// condition [shared] that it is there; and status, which runs a command and
// wants an exit status.
func scriptParams(dir string) testscript.Params {
	shared, _ := filepath.Abs("../../../shared")
	return testscript.Params{
		Dir: dir,
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
			"status": status,
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

func TestScripts(t *testing.T) {
	testscript.Run(t, scriptParams("testdata/script"))
}
