package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/urfave/cli/v2"

	"stpmap/data"
	"stpmap/data/codebook"
	tablepkg "stpmap/data/table"
	"stpmap/flow"
)

// readingFlags say how the numbers and codes of tables are read.
func readingFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "skip-missing", Usage: "leave out rows without the code of an area or a provider (blank, NULL, NA, Unknown), and count them"},
		&cli.StringFlag{Name: "decimal", Usage: "`point|comma` that parts a number's decimals, where the numbers do not tell"},
		&cli.StringFlag{Name: "share-column", Usage: "`HEADING` of published shares (0 to 1, or per cent) in place of counts; needs --totals or --total-column"},
		&cli.StringFlag{Name: "total-column", Usage: "`HEADING` of the patients that each share is a part of"},
		&cli.StringFlag{Name: "totals", Usage: "`FILE` of codes and the patients that shares are parts of"},
		&cli.StringFlag{Name: "share-of", Usage: "whose parts the shares are, `area|provider`, where --totals has both"},
	}
}

// sharesOf reads the flags of shares.
func sharesOf(c *cli.Context) (tablepkg.ShareOptions, error) {
	s := tablepkg.ShareOptions{Column: c.String("share-column"), TotalColumn: c.String("total-column"), Of: c.String("share-of")}
	name := c.String("totals")
	try := "stpmap " + c.Command.Name + " --share-column proportion --totals totals.csv"
	switch {
	case s.Column == "" && (s.TotalColumn != "" || name != "" || s.Of != ""):
		return s, usagef(try, "--totals, --total-column and --share-of go with --share-column")
	case s.Column == "":
		return s, nil
	case (s.TotalColumn == "") == (name == ""):
		return s, usagef(try, "--share-column needs one of --totals and --total-column")
	case s.Of != "" && s.Of != "area" && s.Of != "provider":
		return s, usagef(try, "--share-of is area or provider, not %q", s.Of)
	case name == "":
		return s, nil
	}
	r, err := tablepkg.Open(name)
	if err != nil {
		return s, unreadable(name, err)
	}
	defer r.Close()
	s.Totals, err = data.ReadTotals(c.Context, name, r)
	return s, err
}

// decimalOf reads --decimal: 0 where it is not given.
func decimalOf(c *cli.Context) (byte, error) {
	switch v := c.String("decimal"); v {
	case "":
		return 0, nil
	case "point", ".":
		return '.', nil
	case "comma", ",":
		return ',', nil
	default:
		return 0, usagef("stpmap "+c.Command.Name+" --decimal comma", "--decimal is point or comma, not %q", v)
	}
}

// plainNotes are what a person should know of a plain table of flows, in
// sentences.
func plainNotes(rep *data.FlowReport) []string {
	var notes []string
	for _, o := range rep.Omitted {
		notes = append(notes, o.String())
	}
	return append(notes, codeNotes(rep)...)
}

// codeNotes are what a person should know of the codes of a table.
func codeNotes(rep *data.FlowReport) []string {
	var notes []string
	if n := len(rep.Spelt); n > 0 {
		var pairs []string
		for i, s := range rep.Spelt {
			if i == 4 {
				pairs = append(pairs, fmt.Sprintf("and %d more", n-i))
				break
			}
			quoted := make([]string, len(s.Codes))
			for k, c := range s.Codes {
				quoted[k] = visible(c)
			}
			pairs = append(pairs, strings.Join(quoted, " and "))
		}
		notes = append(notes, fmt.Sprintf("warning: codes that differ only by case, by characters that cannot be seen, or by letters that look alike are taken for different places: %s", strings.Join(pairs, "; ")))
	}
	if n := rep.FloatCodes; n > 0 {
		notes = append(notes, fmt.Sprintf("%s written as numbers with .0, read without it", counted(n, "code")))
	}
	return notes
}

// visible quotes a code that has characters in it which cannot be seen.
func visible(code string) string {
	for _, r := range code {
		if r <= ' ' || r > '~' {
			return fmt.Sprintf("%+q", code)
		}
	}
	return code
}

// leftJSON is rows that a table left out.
type leftJSON struct {
	Reason   string   `json:"reason"`
	Codes    []string `json:"codes"`
	Rows     int      `json:"rows"`
	Patients float64  `json:"patients"`
}

func leftOut(omitted []data.Omitted) []leftJSON {
	out := make([]leftJSON, 0, len(omitted))
	for _, o := range omitted {
		out = append(out, leftJSON{o.Reason, append([]string{}, o.Codes...), o.Rows, o.Patients})
	}
	return out
}

// dropFar takes points of providers that lie far from every boundary for none;
// where most do for longitude and latitude exchanged, the table is at fault.
func (in *inputs) dropFar(name string) error {
	if in.boundaries == nil || in.points == nil || !slices.Contains(in.boundaries.Locate(in.points), -1) {
		return nil
	}
	bound := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, p := range in.boundaries.All() {
		bound = bound.Union(p.Bound())
	}
	lon, lat := make([]float64, len(in.points)), make([]float64, len(in.points))
	for j, p := range in.points {
		lon[j], lat[j] = p[0], p[1]
	}
	far, swapped := tablepkg.FarFrom(lon, lat, tablepkg.Extent{West: bound.Min[0], South: bound.Min[1], East: bound.Max[0], North: bound.Max[1]})
	if swapped {
		return &tablepkg.InputError{File: name, Err: fmt.Errorf("longitude and latitude are swapped: most providers lie far from the boundaries, and would not with the two exchanged, such as %s", in.matrix.Providers()[far[0]])}
	}
	var codes []string
	for _, j := range far {
		codes = append(codes, in.matrix.Providers()[j])
		in.points[j] = orb.Point{math.NaN(), math.NaN()}
	}
	if len(codes) > 0 {
		in.notes = append(in.notes, fmt.Sprintf("the point of %s lies far from every boundary, and is left out: %s", counted(len(codes), "provider"), firstFew(codes)))
	}
	return nil
}

// nobody counts areas that stand for no people by definition, such as NONC, as
// having none, where people are known for others.
func (l *loader) nobody() error {
	in := l.in
	if in.matrix == nil || in.population == nil {
		return nil
	}
	var codes []string
	for a, code := range in.matrix.Areas() {
		if math.IsNaN(in.population[a]) && codebook.Nobody(code) {
			in.population[a] = 0
			codes = append(codes, code)
		}
	}
	if len(codes) > 0 {
		in.notes = append(in.notes, fmt.Sprintf("%s of no people by definition, counted as having none: %s", counted(len(codes), "commissioner"), firstFew(codes)))
	}
	return nil
}

// outsideAdvice says how areas outside England, which have no population in any
// list of England's, are left out.
func outsideAdvice(codes []string) string {
	if slices.ContainsFunc(codes, func(c string) bool { return tablepkg.OutsideOf(c) != "" }) {
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
			_, ok = in.matrix.ProviderIndex(row.Code)
		}
		return ok
	}
	gone := data.Vanished(rows, inFlows)
	l.say(vanishedNote(role, file, "flow", gone))
	if in.boundaries == nil {
		return
	}
	var areas []data.Membership
	for _, row := range rows {
		if !row.Provider && inFlows(row) {
			areas = append(areas, row)
		}
	}
	l.say(vanishedNote(role, file, "polygon", data.Vanished(areas, func(row data.Membership) bool {
		_, ok := in.boundaries.Index(row.Code)
		return ok
	})))
}

func (l *loader) say(note string) {
	if note != "" {
		l.in.notes = append(l.in.notes, note)
	}
}

// vanishedNote names groups that are not on the map; "" for none.
func vanishedNote(role, file, what string, gone []data.VanishedGroup) string {
	if len(gone) == 0 {
		return ""
	}
	names := make([]string, len(gone))
	for i, g := range gone {
		names[i] = g.String()
	}
	return fmt.Sprintf("%s of --%s (%s) %s no area with a %s, and %s not on the map: %s", counted(len(gone), "group"), role, file, has(len(gone)), what, are(len(gone)), firstFew(names))
}

// dropRepeats leaves areas out that hold the patients of others once more, and
// says so; of larger areas beside smaller ones it warns.
func (l *loader) dropRepeats(m *flow.Matrix) (*flow.Matrix, error) {
	var drop []string
	for _, r := range codebook.Repeats(m) {
		if r.Proven {
			drop = append(drop, r.Codes...)
			l.in.notes = append(l.in.notes, r.String())
		} else {
			l.in.notes = append(l.in.notes, "warning: "+r.String())
		}
	}
	if len(drop) == 0 {
		return m, nil
	}
	b := flow.NewBuilder()
	for _, r := range codebook.WithoutAreas(m, drop) {
		if err := b.Add(r.Area, r.Provider, r.Count); err != nil {
			return nil, inputf("flows: %v", err)
		}
	}
	without, rep, err := b.Build()
	if err != nil {
		return nil, inputf("flows: %v", err)
	}
	rep.Rows, rep.DuplicatePairs = l.in.matrixReport.Rows, l.in.matrixReport.DuplicatePairs
	rep.AreasWithoutFlow, rep.ProvidersWithoutFlow = l.in.matrixReport.AreasWithoutFlow, l.in.matrixReport.ProvidersWithoutFlow
	l.in.matrix, l.in.matrixReport = without, rep
	return without, nil
}
