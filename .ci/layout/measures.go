package main

import (
	"cmp"
	"fmt"
	"slices"
)

// measureFaults is every broken limit of size, comments and tests.
func measureFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		if p.lines > mostPackageLines {
			faults = append(faults, fmt.Sprintf("%s: %d lines of source, at most %d", p.name, p.lines, mostPackageLines))
		}
		if !p.hasDoc && p.lines > 0 {
			faults = append(faults, p.name+": no package comment")
		}
		for _, name := range p.undocumented {
			faults = append(faults, name+": exported without a comment")
		}
	}
	for _, f := range t.files() {
		if f.lines > mostFileLines {
			faults = append(faults, fmt.Sprintf("%s: %d lines, at most %d", f.place, f.lines, mostFileLines))
		}
	}
	return append(faults, treeFaults(t)...)
}

func treeFaults(t *tree) []string {
	var faults []string
	median, p90 := quantiles(t.functions())
	if median > mostMedianFunction {
		faults = append(faults, fmt.Sprintf("half of the functions have %d lines or more, at most %d", median, mostMedianFunction))
	}
	if p90 > mostLongFunction {
		faults = append(faults, fmt.Sprintf("one function of ten has %d lines or more, at most %d", p90, mostLongFunction))
	}
	lines, tests := t.lines()
	if share(tests, lines) < leastTestShare {
		faults = append(faults, fmt.Sprintf("%.3f lines of tests for one of source, at least %.1f: %d more", share(tests, lines), leastTestShare,
			int(leastTestShare*float64(lines))-tests))
	}
	return faults
}

// quantiles is the median and the 90th percentile of lines.
func quantiles(all []span) (median, p90 int) {
	if len(all) == 0 {
		return 0, 0
	}
	sorted := largest(all, len(all))
	slices.Reverse(sorted)
	return sorted[(len(sorted)-1)/2].lines, sorted[(len(sorted)-1)*9/10].lines
}

func longest(all []span) int {
	most := 0
	for _, s := range all {
		most = max(most, s.lines)
	}
	return most
}

// largest is the most spans with the most lines, in order.
func largest(all []span, most int) []span {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b span) int { return cmp.Or(b.lines-a.lines, cmp.Compare(a.String(), b.String())) })
	return sorted[:min(most, len(sorted))]
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
