package official

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"stpmap/flow/plaintext"
	"stpmap/footprint/score"
)

// Row is one footprint that has an official rating and figures of ours.
type Row struct {
	Footprint, Name string
	Official        string
	Grade           float64 // rises with how bad the official rating is
	Rank            int     // ours among all footprints with figures, 1 the worst
	// Low and High are the ranks that footprints of this official rating would have.
	Low, High int
	// Apart is how many places ours is outside them: positive where ours is worse
	// than the official rating, negative where it is better.
	Apart int
	// Domain is the one that sets the footprint farthest apart in that direction,
	// against the mean of all footprints; empty where the two agree.
	Domain string
	// Without lists the domains of the set that have no figures: what the official
	// rating may rest on and ours does not.
	Without []string
}

// Comparison is a score held against official ratings.
type Comparison struct {
	Rows   []Row // worst of ours first
	Ranked int   // footprints that Rank is among
	// Rho is Spearman's rank correlation of official and our order, with its 95%
	// interval: 1 is full agreement. NaN unknown.
	Rho, Lower, Upper float64
	Agree             int      // footprints within the ranks of their rating
	Unmatched         []string // codes with a rating that are no footprint with figures
	Overall           bool     // ours are overall ratings; else the order by the figures there are
	Evidence          string
}

// Compare holds a score against official ratings. Ours is the order by the
// figures there are, so that it can be held against official ratings also where
// they are too few for a rating. The error wraps ErrUnknownRating or ErrNoMatch.
func Compare(r *score.Result, ratings []Rating) (*Comparison, error) {
	all, worst, err := grades(ratings)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Evidence: r.Evidence(), Overall: r.Summary().Rated > 0}
	places := map[string]int{}
	for f := range r.Footprints {
		row := &r.Footprints[f]
		if r.Rank(f) > 0 {
			c.Ranked++
		}
		places[strings.ToLower(row.Name)] = f
	}
	for f := range r.Footprints {
		places[strings.ToLower(r.Footprints[f].Footprint)] = f
	}
	var at []int
	for i, one := range ratings {
		f, ok := places[strings.ToLower(one.Code)]
		if !ok || r.Rank(f) == 0 {
			c.Unmatched = append(c.Unmatched, one.Code)
			continue
		}
		row := &r.Footprints[f]
		at = append(at, f)
		c.Rows = append(c.Rows, Row{Footprint: row.Footprint, Name: row.Name, Official: one.Label, Grade: all[i], Rank: r.Rank(f)})
	}
	if len(c.Rows) == 0 {
		return nil, ErrNoMatch
	}
	c.correlate()
	c.place(worst)
	c.explain(r, at)
	c.sort()
	return c, nil
}

// correlate finds how far the two orders agree.
func (c *Comparison) correlate() {
	var theirs, ours []float64
	for _, row := range c.Rows {
		theirs, ours = append(theirs, row.Grade), append(ours, -float64(row.Rank))
	}
	c.Rho = Spearman(theirs, ours)
	c.Lower, c.Upper = SpearmanInterval(c.Rho, len(c.Rows))
}

// place finds the ranks that footprints of each official rating would have. Where
// only some footprints have one, those of the worst rating of the scale would be
// the first of all, those of the best the last, and others anywhere between.
func (c *Comparison) place(worst float64) {
	for i := range c.Rows {
		row := &c.Rows[i]
		worse, same := 0, 0
		for _, other := range c.Rows {
			if other.Grade > row.Grade {
				worse++
			} else if other.Grade == row.Grade {
				same++
			}
		}
		better := len(c.Rows) - worse - same
		row.Low, row.High = worse+1, c.Ranked-better
		if len(c.Rows) == c.Ranked || row.Grade == worst {
			row.High = worse + same
		}
		if row.Grade == 1 {
			row.Low = c.Ranked - same + 1
		}
		switch {
		case row.Rank < row.Low:
			row.Apart = row.Low - row.Rank
		case row.Rank > row.High:
			row.Apart = row.High - row.Rank
		default:
			c.Agree++
		}
	}
}

// explain finds the domain behind each disagreement. at are the footprints of the
// rows.
func (c *Comparison) explain(r *score.Result, at []int) {
	depths := r.DomainDepths()
	means := make([]float64, len(r.Definitions.Domains))
	for d := range means {
		n := 0.0
		for f := range depths {
			if v := depths[f][d]; !math.IsNaN(v) {
				means[d] += v
				n++
			}
		}
		means[d] /= n
	}
	without := r.DomainsWithout()
	for i := range c.Rows {
		row := &c.Rows[i]
		if row.Apart == 0 {
			continue
		}
		row.Without = without
		most := math.Inf(-1)
		for d, dom := range r.Definitions.Domains {
			by := depths[at[i]][d] - means[d]
			if row.Apart < 0 {
				by = -by
			}
			if by > most {
				most, row.Domain = by, cmp.Or(dom.Name, dom.ID)
			}
		}
	}
}

// sort puts the worst of ours first.
func (c *Comparison) sort() {
	rows := make([]Row, 0, len(c.Rows))
	for _, k := range byRank(len(c.Rows), func(i int) float64 { return float64(c.Rows[i].Rank) }) {
		rows = append(rows, c.Rows[k])
	}
	c.Rows = rows
}

// Words say in a few sentences how far the two agree.
func (c *Comparison) Words() []string {
	text := fmt.Sprintf("Of %d footprints with an official rating, %d have the rank that it gives them and %d do not.", len(c.Rows), c.Agree, len(c.Rows)-c.Agree)
	if !math.IsNaN(c.Rho) {
		text += fmt.Sprintf(" Rank correlation: %.2f", c.Rho)
		if !math.IsNaN(c.Lower) {
			text += fmt.Sprintf(" (95%% interval %.2f to %.2f)", c.Lower, c.Upper)
		}
		text += "; 1 is full agreement."
	}
	lines := []string{text}
	if !c.Overall {
		lines = append(lines, "Our order is by the figures there are, which are too few for an overall rating. "+c.Evidence)
	}
	if len(c.Unmatched) > 0 {
		lines = append(lines, fmt.Sprintf("Official ratings without a footprint: %s.", strings.Join(c.Unmatched, ", ")))
	}
	return lines
}

// heading are the columns of the table, as files write them.
var heading = []string{
	"footprint", "name", "official", "official_grade", "rank", "rank_low_official", "rank_high_official", "apart", "domain", "domains_without_figures",
}

// WriteCSV writes the table of the comparison: a row for each footprint that has
// an official rating, the worst of ours first. apart is 0 where the two agree.
func (c *Comparison) WriteCSV(w io.Writer) error {
	bw := bufio.NewWriter(w)
	cw := csv.NewWriter(bw)
	if err := cw.Write(heading); err != nil {
		return err
	}
	for _, x := range c.Rows {
		err := cw.Write(plaintext.Cells([]string{
			x.Footprint, x.Name, x.Official, score.Number(x.Grade), strconv.Itoa(x.Rank), strconv.Itoa(x.Low), strconv.Itoa(x.High),
			strconv.Itoa(x.Apart), x.Domain, strings.Join(x.Without, "; "),
		}))
		if err != nil {
			return err
		}
	}
	cw.Flush()
	if err := cw.Error(); err != nil {
		return err
	}
	return bw.Flush()
}

// WriteText writes the disagreements for people.
func (c *Comparison) WriteText(w io.Writer) error {
	for _, line := range c.Words() {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	if c.Agree == len(c.Rows) {
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "footprint\tofficial rating\tour rank of %d\tplaces apart\tmost by\tno figures for\n", c.Ranked)
	for _, x := range c.Rows {
		if x.Apart == 0 {
			continue
		}
		way := "worse here"
		if x.Apart < 0 {
			way = "better here"
		}
		fmt.Fprintf(tw, "%s (%s)\t%s\t%d\t%d %s\t%s\t%s\n", x.Name, x.Footprint, x.Official, x.Rank, max(x.Apart, -x.Apart), way, x.Domain, strings.Join(x.Without, ", "))
	}
	return tw.Flush()
}
