package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/data/ingest"
)

// refuseOverwriting is a usage error where a command would write its result
// over one of its own inputs.
func refuseOverwriting(c *cli.Context) error {
	var outputs []os.FileInfo
	for _, name := range outputNames(c) {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			outputs = append(outputs, info)
		}
	}
	if len(outputs) == 0 {
		return nil
	}
	for _, f := range c.Command.Flags {
		if !namesFile(f) {
			continue
		}
		flag := f.Names()[0]
		for _, name := range (filesOnDisk{}).resolve(c, flag) {
			for _, file := range matching(name) {
				info, err := os.Stat(file)
				if err == nil && slices.ContainsFunc(outputs, func(o os.FileInfo) bool { return os.SameFile(o, info) }) {
					return usagef("stpmap "+c.Command.Name+" … -o another", "--out %s would write over %s, which --%s reads", c.String("out"), file, flag)
				}
			}
		}
	}
	return nil
}

// namesFile reports whether a flag takes the name of a file to read.
func namesFile(f cli.Flag) bool {
	if f.Names()[0] == "out" {
		return false
	}
	var usage string
	switch f := f.(type) {
	case *cli.StringFlag:
		usage = f.Usage
	case *cli.StringSliceFlag:
		usage = f.Usage
	}
	return strings.Contains(usage, "`FILE") || strings.Contains(usage, "`SOURCE")
}

// matching are the files that a name with wildcards stands for, or the name.
func matching(name string) []string {
	if name == "-" || ingest.IsEngine(name) {
		return nil
	}
	if found, err := filepath.Glob(name); err == nil && len(found) > 0 {
		return found
	}
	return []string{name}
}

// Names of what a command may write into a folder.
var (
	scoreNames   = []string{"indicators.csv", "scores.csv", "sensitivity.csv", "trend.csv", "score.json", provenanceName, "score." + provenanceName}
	runNames     = append(mapNames(), scoreNames...)
	compareNames = []string{
		"runs.csv", "summary.csv", "champ.csv", "recommended.csv", "recommendation.json", sweepLog,
		"crosstab.csv", "moved.csv", "pairs.csv", "words.txt", "comparison.json",
		"borders.geojson", "borders.qml", "levels.geojson", "levels.qml",
		provenanceName, "recommendation." + provenanceName, "comparison." + provenanceName, "pairs." + provenanceName,
		"curve.svg", "curve.png", "stability.svg", "stability.png", "vi.svg", "vi.png", "sizes.svg", "sizes.png",
	}
)

func mapNames() []string {
	names := []string{"partition.csv", "footprints.csv", "footprints.gpkg", "footprints.qgz", "footprints.svg", "footprints.png", "scores.svg", "scores.png", "levels.csv", "report.html", "provenance.json"}
	for _, layer := range []string{"scores", "footprints", "areas", "providers", "flows", "borders", "levels", "moved", "mismatches", "indicators"} {
		names = append(names, layer+".geojson", layer+".qml")
	}
	return names
}

// outputNames are the files that --out asks a command to write, as far as they
// could be the user's own.
func outputNames(c *cli.Context) []string {
	out := c.String("out")
	if out == "" || out == "-" {
		return nil
	}
	within := func(names []string) []string {
		all := []string{out}
		for _, n := range names {
			all = append(all, filepath.Join(out, n))
		}
		return all
	}
	switch c.Command.Name {
	case "run", "demo":
		return within(runNames)
	case "score":
		return within(scoreNames)
	case "compare":
		return within(compareNames)
	case "ingest":
		return []string{out, out + ".provenance.json"}
	case "render":
		base := strings.TrimSuffix(out, filepath.Ext(out))
		switch suffixFormat(out, c.String("format")) {
		case "gpkg":
			return []string{base + ".gpkg"}
		case "qgz":
			return []string{out, base + ".gpkg"}
		case "geojson", "csv":
			names := strings.Split(strings.ToLower(strings.ReplaceAll(c.String("layers"), " ", "")), ",")
			files := layerFiles(out, names)
			if suffixFormat(out, c.String("format")) == "geojson" {
				files = append(files, layerFiles(base+".qml", names)...)
			}
			return files
		}
	}
	return []string{out}
}
