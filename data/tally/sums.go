package tally

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"stpmap/data"
)

// Slack is how far a sum of n patients may be off by rounding of the
// arithmetic alone.
func Slack(n float64) float64 { return 1e-9*math.Abs(n) + 1e-6 }

// Key names a set of sums: of one entity, one period and one series; within
// it, of one other organisation (the commissioner of a provider's patients),
// as far as published sums go.
type Key struct{ Entity, Period, Series, Other string }

// MaxNumbers is how many numbers are added up side by side in a series.
const MaxNumbers = 8

// Sum is the numbers of one key: those of the rows, and those that the publisher
// printed as their total.
type Sum struct {
	Detail, Total [MaxNumbers]float64 // of the rows; as printed
	known         [MaxNumbers]bool    // some row had the number
	HasDetail     bool
	HasTotal      bool
	File          string // of the total
	Line          int
}

// Sums adds up numerators and denominators, with published sums apart.
type Sums struct{ By map[Key]*Sum }

func (t *Sums) at(k Key) *Sum {
	if t.By == nil {
		t.By = map[Key]*Sum{}
	}
	s := t.By[k]
	if s == nil {
		s = &Sum{}
		t.By[k] = s
	}
	return s
}

// Add adds a row's numbers; unknown ones add nothing.
func (t *Sums) Add(k Key, numbers []data.Number, total bool, file string, line int) {
	s := t.at(k)
	if total {
		s.HasTotal, s.File, s.Line = true, file, line
	} else {
		s.HasDetail = true
	}
	for i, n := range numbers {
		if !n.Known {
			continue
		}
		s.known[i] = true
		if total {
			s.Total[i] += n.Value
		} else {
			s.Detail[i] += n.Value
		}
	}
}

// Keys are the keys by entity, series and period.
func (t *Sums) Keys() []Key {
	ks := make([]Key, 0, len(t.By))
	for k := range t.By {
		ks = append(ks, k)
	}
	slices.SortFunc(ks, func(a, b Key) int {
		return cmp.Or(strings.Compare(a.Entity, b.Entity), strings.Compare(a.Series, b.Series), strings.Compare(a.Period, b.Period), strings.Compare(a.Other, b.Other))
	})
	return ks
}

// Check holds the published sums against the rows, and gives the numbers that
// count: the rows' where there are any.
func (s *Sum) Check(differs Differs, what string) [MaxNumbers]data.Number {
	from := s.Detail
	if !s.HasDetail {
		from = s.Total
	} else if s.HasTotal {
		for i := range from {
			if math.Abs(s.Detail[i]-s.Total[i]) > Slack(s.Detail[i]) {
				differs(s.File, s.Line, what)
				break
			}
		}
	}
	var out [MaxNumbers]data.Number
	for i := range out {
		out[i] = data.Number{Value: from[i], Known: s.known[i]}
	}
	return out
}

// Checked are the sums by entity, series and period, in that order, each held
// against what was published of it.
func (t *Sums) Checked(differs Differs) []Checked {
	var out []Checked
	for _, k := range t.Keys() {
		what := k.Entity
		for _, s := range []string{k.Other, k.Series, k.Period} {
			if s != "" {
				what += ", " + s
			}
		}
		n := t.By[k].Check(differs, what)
		k.Other = ""
		if i := len(out) - 1; i >= 0 && out[i].Key == k {
			for j := range n {
				out[i].N[j] = data.Number{Value: out[i].N[j].Value + n[j].Value, Known: out[i].N[j].Known || n[j].Known}
			}
			continue
		}
		out = append(out, Checked{k, n})
	}
	return out
}

// Checked is the numbers of one key after the printed total was held against them.
type Checked struct {
	Key
	N [MaxNumbers]data.Number
}
