package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"stpmap/data/table"
	"stpmap/flow"
)

// ErrShares marks shares where counts are meant, or a share without its total.
var ErrShares = errors.New("shares, not counts")

// Shares reads counts as shares of totals. The zero value changes nothing.
func Shares(s table.ShareOptions) table.Option {
	return func(o *table.Settings) {
		if s.Column != "" {
			o.Shares = &s
			table.Column(CountRole.Name, s.Column)(o)
		}
	}
}

// ReadTotals reads a table of codes and their patients, for ShareOptions.
func ReadTotals(ctx context.Context, name string, r io.Reader) (map[string]float64, error) {
	code := table.Role{Name: "code", Headings: slices.Concat([]string{"area", "provider"}, AreaRole.Headings, ProviderRole.Headings, []string{"id"}), Pattern: AreaRole.Pattern}
	total := table.Role{Name: "total", Headings: slices.Concat(CountRole.Headings, PopulationRole.Headings, []string{"size", "beds"})}
	totals := map[string]float64{}
	var t *table.Reader
	var cols []int
	lines := map[string]int{}
	_, err := table.ReadRows(ctx, name, r, nil, []table.Wanted{{Role: code}, {Role: total}},
		func(table *table.Reader, at []int) error { t, cols = table, at; return nil },
		func() (bool, error) {
			c, err := t.NewCode(cols[0], code, lines)
			if err != nil {
				return false, err
			}
			text := t.Text(cols[1])
			if table.Absent(text) {
				return false, nil
			}
			n, err := table.ParseNumber(text)
			if err == nil && n < 0 {
				err = fmt.Errorf("%w: %s", table.ErrNegativeCount, text)
			}
			if err != nil {
				return false, t.Fault(cols[1], err)
			}
			totals[c] = n
			return true, nil
		})
	return totals, err
}

// shareReader turns the shares of one table into counts.
type shareReader struct {
	table.ShareOptions
	total   int // column; -1 for none
	percent bool
}

// newShareReader looks for the columns of shares; nil where counts are read.
func newShareReader(o *table.Settings, t *table.Reader, column int) (*shareReader, error) {
	if o.Shares == nil {
		return nil, nil
	}
	s := &shareReader{ShareOptions: *o.Shares, total: -1}
	h := strings.ToLower(t.Header()[column])
	s.percent = strings.Contains(h, "percent") || strings.Contains(h, "pct") || strings.Contains(h, "%")
	if s.TotalColumn == "" {
		return s, nil
	}
	if s.total = table.FindHeading(t.Header(), s.TotalColumn); s.total < 0 {
		return nil, t.HeaderFault(-1, table.Role{Name: "total"}.Missing(t.Header(), s.TotalColumn))
	}
	return s, nil
}

// count is the number of patients that a share stands for; the row is the one
// that t is at.
func (s *shareReader) count(t *table.Reader, column int, area, provider string) (c flow.Count, absent bool, err error) {
	text := t.Text(column)
	if table.Absent(text) {
		return c, true, nil
	}
	rest, percent := strings.CutSuffix(text, "%")
	share, err := table.ParseNumber(rest)
	if err != nil {
		return c, false, t.Fault(column, err)
	}
	if percent || s.percent {
		share /= 100
	}
	if !(share >= 0 && share <= 1+1e-9) {
		return c, false, t.Fault(column, fmt.Errorf("a share must be from 0 to 1: %s", text))
	}
	total, err := s.of(t, area, provider)
	if err != nil {
		return c, false, err
	}
	n := float64(share * total)
	if r := math.Round(n); math.Abs(r-n) <= 1e-6*max(1, n) {
		n = r
	}
	return flow.Exactly(math.Round(n*1e6) / 1e6), false, nil
}

// of is the total that a row's share is of.
func (s *shareReader) of(t *table.Reader, area, provider string) (float64, error) {
	if s.total >= 0 {
		n, err := table.ParseNumber(t.Text(s.total))
		if err == nil && n < 0 {
			err = fmt.Errorf("%w: %s", table.ErrNegativeCount, t.Text(s.total))
		}
		if err != nil {
			return 0, t.Fault(s.total, err)
		}
		return n, nil
	}
	a, isArea := s.Totals[area]
	p, isProvider := s.Totals[provider]
	if s.Of == "" {
		switch {
		case isArea && isProvider:
			return 0, t.Fault(-1, fmt.Errorf("%w: the totals have %s and %s: say --share-of area or --share-of provider", ErrShares, table.Quoted(area), table.Quoted(provider)))
		case isArea:
			s.Of = AreaRole.Name
		case isProvider:
			s.Of = ProviderRole.Name
		}
	}
	switch {
	case s.Of == AreaRole.Name && isArea:
		return a, nil
	case s.Of == ProviderRole.Name && isProvider:
		return p, nil
	case s.Of == ProviderRole.Name:
		area = provider
	}
	return 0, t.Fault(-1, fmt.Errorf("%w: no total of %s is given", ErrShares, table.Quoted(area)))
}

// shareWatch looks out for shares that are taken for counts: numbers up to 1
// that add up to 1 in most areas, or at most providers.
type shareWatch struct {
	over         bool // a count above 1
	parts        bool // one between 0 and 1
	areas        []float64
	providers    []float64
	areaRows     []int32
	providerRows []int32
}

func (w *shareWatch) see(area, provider int32, n float64) {
	if n > 1 {
		*w = shareWatch{over: true}
		return
	}
	w.parts = w.parts || n > 0 && n < 1
	add := func(sums *[]float64, rows *[]int32, id int32) {
		for int(id) >= len(*sums) {
			*sums, *rows = append(*sums, 0), append(*rows, 0)
		}
		(*sums)[id] += n
		(*rows)[id]++
	}
	add(&w.areas, &w.areaRows, area)
	add(&w.providers, &w.providerRows, provider)
}

// found reports whether the counts are shares.
func (w *shareWatch) found() bool {
	whole := func(sums []float64, rows []int32) bool {
		several, ones := 0, 0
		for i, s := range sums {
			if rows[i] < 2 {
				continue
			}
			several++
			if math.Abs(s-1) < 0.02 {
				ones++
			}
		}
		return several >= 3 && 10*ones >= 8*several
	}
	return !w.over && w.parts && (whole(w.areas, w.areaRows) || whole(w.providers, w.providerRows))
}
