// Command samebytes runs two builds of stpmap over the sample, England and the
// published samples, and lists every output file, every standard output and
// every exit status that is not the same. Standard error is compared apart: it
// is for people, and does not decide the status.
//
//	go run ./.ci/samebytes [-new BINARY] [-old BINARY] [-cache DIR] [-only WORDS]
//	go run ./.ci/samebytes -folders OLD NEW
//
// Without -new the tool is built from this checkout. Without -old version 0.1.0
// is built from its commit, 66b8585. Differences that are meant stand with their
// reason in differences.go; any other one ends with status 1. With -folders two
// folders are compared that are there already.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// oldCommit is the last commit of version 0.1.0.
const oldCommit = "66b8585"

func main() {
	var o options
	flag.StringVar(&o.newBinary, "new", "", "the new `binary` (default: built from this checkout)")
	flag.StringVar(&o.oldBinary, "old", "", "the old `binary` (default: version 0.1.0, built from its commit)")
	flag.StringVar(&o.shared, "shared", "../shared", "the `folder` with the data of England and the samples")
	flag.StringVar(&o.cache, "cache", "", "a `folder` that keeps what the old binary wrote, for the next time")
	flag.StringVar(&o.only, "only", "", "run the cases whose name holds one of these `words` alone, with commas between")
	flag.IntVar(&o.jobs, "jobs", 2, "how many commands run at once")
	flag.BoolVar(&o.list, "list", false, "print the cases and end")
	flag.BoolVar(&o.folders, "folders", false, "compare the two folders that are named")
	flag.Parse()
	run := compare
	if o.folders {
		run = func(options) (bool, error) { return compareFolders(flag.Args()) }
	}
	same, err := run(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "samebytes:", err)
		os.Exit(2)
	}
	if !same {
		os.Exit(1)
	}
}

type options struct {
	newBinary, oldBinary, shared, cache, only string
	jobs                                      int
	list, folders                             bool
}

func compareFolders(folders []string) (bool, error) {
	if len(folders) != 2 {
		return false, fmt.Errorf("-folders takes two folders, and %d are given", len(folders))
	}
	found, err := differences(folders[1], folders[0], folders[1])
	for _, d := range found {
		fmt.Printf("DIFFERS %s: %s\n", d.file, d.what)
	}
	return len(found) == 0, err
}

// compare does everything, and says whether all that must be the same is.
func compare(o options) (bool, error) {
	start := time.Now()
	cases, err := chosen(o.shared, o.only)
	if err != nil || o.list {
		printCases(cases)
		return true, err
	}
	work, err := os.MkdirTemp("", "stpmap-samebytes-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(work)
	s, err := newSides(o, work)
	if err != nil {
		return false, err
	}
	found, err := s.run(cases, o.jobs)
	if err != nil {
		return false, err
	}
	faults := report(os.Stdout, found)
	fmt.Printf("\n%d cases, %d differences that are not allowed (%.0f s)\n", len(cases), faults, time.Since(start).Seconds())
	return faults == 0, nil
}

func printCases(cases []command) {
	for _, c := range cases {
		fmt.Printf("%-40s stpmap %s\n", c.name, strings.Join(c.arguments, " "))
	}
}

// newSides finds or builds both binaries and makes the tables that cases read.
func newSides(o options, work string) (*sides, error) {
	shared, err := filepath.Abs(o.shared)
	if err != nil {
		return nil, err
	}
	s := &sides{work: work, shared: shared, made: filepath.Join(work, "made"), cache: o.cache}
	if s.oldBinary, err = binary(o.oldBinary, filepath.Join(work, "old"), buildOld); err != nil {
		return nil, err
	}
	if s.newBinary, err = binary(o.newBinary, filepath.Join(work, "new"), build); err != nil {
		return nil, err
	}
	return s, s.prepare()
}

func binary(given, path string, make func(path string) error) (string, error) {
	if given == "" {
		return path, make(path)
	}
	return filepath.Abs(given)
}

// build builds the tool from the checkout that the current folder lies in.
func build(path string) error {
	return buildIn(".", path)
}

func buildIn(folder, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	c := exec.Command("go", "build", "-o", path, "./cmd/stpmap")
	c.Dir, c.Stderr, c.Env = folder, os.Stderr, append(os.Environ(), "CGO_ENABLED=0")
	return c.Run()
}

// buildOld builds version 0.1.0 in a work tree of its own, which goes again.
func buildOld(path string) (err error) {
	tree := path + "-source"
	if err := git("worktree", "add", "--quiet", "--detach", tree, oldCommit); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, git("worktree", "remove", "--force", tree)) }()
	return buildIn(tree, path)
}

func git(arguments ...string) error {
	c := exec.Command("git", arguments...)
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	return c.Run()
}
