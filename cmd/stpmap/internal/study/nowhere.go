package study

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// dropFar takes points of providers that lie far from every boundary for none;
// where most do for longitude and latitude exchanged, the table is at fault.
func (l *loader) dropFar(name string) error {
	in := l.in
	if in.Boundaries == nil || in.Points == nil || !slices.Contains(in.Boundaries.Locate(in.Points), -1) {
		return nil
	}
	bound := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, p := range in.Boundaries.All() {
		bound = bound.Union(p.Bound())
	}
	lon, lat := make([]float64, len(in.Points)), make([]float64, len(in.Points))
	for j, p := range in.Points {
		lon[j], lat[j] = p[0], p[1]
	}
	far, swapped := table.FarFrom(lon, lat, table.Extent{West: bound.Min[0], South: bound.Min[1], East: bound.Max[0], North: bound.Max[1]})
	if swapped {
		where := ""
		if note := in.Boundaries.Meeting("providers", in.Points); note != "" {
			where = "; " + note
		}
		return &fault.Error{File: name, Err: fmt.Errorf("longitude and latitude are swapped here or in the boundaries: most providers, such as %s, lie far from every area, and would not with the two exchanged%s", in.Matrix.Providers()[far[0]], where)}
	}
	var codes []string
	for _, j := range far {
		codes = append(codes, in.Matrix.Providers()[j])
		in.Points[j] = nowhere
	}
	if len(codes) > 0 {
		l.note(fmt.Sprintf("the point of %s lies far from every boundary, and is left out: %s", words.Counted(len(codes), "provider"), words.Few(codes)))
	}
	return nil
}

// nobody counts areas that stand for no people by definition, such as NONC, as
// having none, where people are known for others.
func (l *loader) nobody() error {
	in := l.in
	if in.Matrix == nil || in.Population == nil {
		return nil
	}
	var codes []string
	for a, code := range in.Matrix.Areas() {
		if math.IsNaN(in.Population[a]) && codebook.Nobody(code) {
			in.Population[a] = 0
			codes = append(codes, code)
		}
	}
	if len(codes) > 0 {
		l.note(fmt.Sprintf("%s of no people by definition, counted as having none: %s", words.Counted(len(codes), "commissioner"), words.Few(codes)))
	}
	return nil
}

// OutsideAdvice says how areas outside England, which have no population in any
// list of England's, are left out.
func OutsideAdvice(codes []string) string {
	if slices.ContainsFunc(codes, func(c string) bool { return table.OutsideOf(c) != "" }) {
		return "; stpmap import --outside drop leaves areas outside England out"
	}
	return ""
}

// sayVanished names the groups of a partition that have nothing in the flows,
// and those of which no area has a polygon: neither is on the map.
func (l *loader) sayVanished(role, file string, rows []data.Membership) {
	in := l.in
	inFlows := func(row data.Membership) bool {
		_, ok := in.node(row.Code)
		if !ok && row.Provider {
			_, ok = in.Matrix.ProviderIndex(row.Code)
		}
		return ok
	}
	l.note(vanishedNote(role, file, "flow", data.Vanished(rows, inFlows))...)
	if in.Boundaries == nil {
		return
	}
	var areas []data.Membership
	for _, row := range rows {
		if !row.Provider && inFlows(row) {
			areas = append(areas, row)
		}
	}
	l.note(vanishedNote(role, file, "polygon", data.Vanished(areas, l.drawn))...)
}

// drawn reports whether a row is of an area with a polygon.
func (l *loader) drawn(row data.Membership) bool {
	_, ok := l.in.Boundaries.Index(row.Code)
	return ok
}

// vanishedNote names groups that are not on the map; nothing for none.
func vanishedNote(role, file, what string, gone []data.VanishedGroup) []string {
	n := len(gone)
	if n == 0 {
		return nil
	}
	names := make([]string, n)
	for i, g := range gone {
		names[i] = g.String()
	}
	return []string{fmt.Sprintf("%s of --%s (%s) %s no area with a %s, and %s not on the map: %s", words.Counted(n, "group"), role, file, words.Has(n), what, words.Are(n), words.Few(names))}
}

// dropRepeats leaves areas out that hold the patients of others once more, and
// says so; of larger areas beside smaller ones it warns.
func (l *loader) dropRepeats(m *flow.Matrix) (*flow.Matrix, error) {
	var drop []string
	for _, r := range codebook.Repeats(m) {
		if r.Proven {
			drop = append(drop, r.Codes...)
			l.note(r.String())
		} else {
			l.note("warning: " + r.String())
		}
	}
	if len(drop) == 0 {
		return m, nil
	}
	without, rep, err := built(codebook.WithoutAreas(m, drop), false)
	if err != nil {
		return nil, err
	}
	old := l.in.MatrixReport
	rep.Rows, rep.DuplicatePairs = old.Rows, old.DuplicatePairs
	rep.AreasWithoutFlow, rep.ProvidersWithoutFlow = old.AreasWithoutFlow, old.ProvidersWithoutFlow
	l.in.Matrix, l.in.MatrixReport = without, rep
	return without, nil
}
