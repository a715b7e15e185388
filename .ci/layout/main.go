// Command layout checks the plan of the house: which package may import which,
// and how large packages, files and functions may grow. It reads the source
// alone, for every system at once, and ends with status 1 where a limit is
// broken.
//
//	go run ./.ci/layout [-root DIR] [-only FOLDER] [-worst N]
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

// The limits. A package's lines are those of its source without tests; a
// function's are those from "func" to its closing brace.
const (
	mostPackageLines   = 3500
	mostFileLines      = 600
	mostMedianFunction = 12
	mostLongFunction   = 40 // nine functions of ten have at most this many lines
	leastTestShare     = 0.6
)

func main() {
	root := flag.String("root", ".", "the project's folder")
	only := flag.String("only", "", "a folder in it: measure this one and those below alone")
	worst := flag.Int("worst", 15, "how many of the longest functions and files to list")
	flag.Parse()
	tree, err := readTree(*root, *only)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	faults := append(importFaults(tree), measureFaults(tree)...)
	printTree(os.Stdout, tree, *worst)
	printFaults(os.Stdout, faults)
	if len(faults) > 0 {
		os.Exit(1)
	}
}

func printTree(w io.Writer, t *tree, worst int) {
	fmt.Fprintf(w, "%-34s %7s %5s %8s %9s %6s %4s %6s %6s\n", "package", "lines", "files", "longest", "functions", "median", "p90", "tests", "share")
	for _, p := range t.packages {
		median, p90 := quantiles(p.functions)
		fmt.Fprintf(w, "%-34s %7d %5d %8d %9d %6d %4d %6d %6.2f\n", p.name, p.lines, len(p.files), longest(p.files), len(p.functions),
			median, p90, p.testLines, share(p.testLines, p.lines))
	}
	median, p90 := quantiles(t.functions())
	lines, tests := t.lines()
	fmt.Fprintf(w, "%-34s %7d %5d %8d %9d %6d %4d %6d %6.2f\n", "all", lines, len(t.files()), longest(t.files()), len(t.functions()), median, p90,
		tests, share(tests, lines))
	printSpans(w, "longest functions", t.functions(), worst)
	printSpans(w, "longest files", t.files(), worst)
}

func printSpans(w io.Writer, title string, all []span, most int) {
	fmt.Fprintf(w, "\n%s\n", title)
	for _, s := range largest(all, most) {
		fmt.Fprintf(w, "%7d  %s\n", s.lines, s)
	}
}

func printFaults(w io.Writer, faults []string) {
	fmt.Fprintln(w)
	for _, f := range faults {
		fmt.Fprintln(w, "FAULT:", f)
	}
	if len(faults) == 0 {
		fmt.Fprintln(w, "every limit is kept")
	}
}
