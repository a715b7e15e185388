package official

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stpmap/flow/fault"
)

// Rating is an official rating of a footprint, named by its code or its name.
type Rating struct {
	Code, Label string
	File        string // the table it is from, and its 1-based line; for messages
	Line        int
}

// What can be wrong with official ratings; test with errors.Is.
var (
	ErrUnknownRating = errors.New("unknown rating")
	ErrNoMatch       = errors.New("no rating is of a footprint of the partition")
)

// scales are the known scales, each from the best to the worst.
var scales = [][]string{
	{"outstanding", "advanced", "making progress", "needs most improvement"}, // STP progress dashboard, 2017
	{"outstanding", "good", "requires improvement", "inadequate"},            // CQC; CCG assessment
	{"green star", "green", "amber", "red"},
}

// grades turns labels into numbers that rise with how bad they say it is: whole
// numbers as they are (1 is the best), or places on one of the known scales. worst
// is the last of the scale, 4 at least.
func grades(ratings []Rating) (out []float64, worst float64, err error) {
	words := make([]string, len(ratings))
	for i, r := range ratings {
		words[i] = strings.ToLower(strings.Join(strings.Fields(r.Label), " "))
	}
	out, worst = make([]float64, len(ratings)), 4
	if fitting(words, func(s string) bool { _, err := strconv.Atoi(s); return err == nil }) < 0 {
		for i, s := range words {
			n, _ := strconv.Atoi(s) // just tried
			out[i] = float64(n)
			worst = max(worst, out[i])
		}
		return out, worst, nil
	}
	far, at := -1, 0
	for _, scale := range scales {
		odd := fitting(words, func(s string) bool { return slices.Contains(scale, s) })
		if odd < 0 {
			for i, s := range words {
				out[i] = float64(slices.Index(scale, s) + 1)
			}
			return out, worst, nil
		}
		if odd > far {
			far, at = odd, odd
		}
	}
	r := ratings[at]
	return nil, 0, &fault.Error{File: r.File, Line: r.Line, Err: fmt.Errorf("%w: %q (numbers from 1, the best, or %s)", ErrUnknownRating, r.Label, known())}
}

// fitting is the place of the first word that does not fit; -1 where all do.
func fitting(words []string, fits func(string) bool) int {
	return slices.IndexFunc(words, func(s string) bool { return !fits(s) })
}

// known lists the scales for a message.
func known() string {
	list := make([]string, len(scales))
	for i, s := range scales {
		list[i] = strings.Join(s, ", ")
	}
	return strings.Join(list, "; or ")
}

// byRank orders the places of a list by a number, ties by place.
func byRank(n int, of func(i int) float64) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(of(a), of(b)) })
	return order
}
