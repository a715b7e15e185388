package data

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"stpmap/flow"
)

// ErrBounds marks suppressed counts that no mark of the canonical form stands
// for.
var ErrBounds = errors.New("bounds of suppressed counts that cannot be written")

// WriteFlows writes flows in canonical form: area, provider, count. A
// suppressed count of 1 to n is written "<n+1", which reads back as the same.
// Counts of other bounds are written "*", if all have the same: mark is then
// what --suppressed must say for them, and empty otherwise.
func WriteFlows(w io.Writer, records []Record) (mark string, err error) {
	var odd *flow.Count
	out := newTableWriter(w, "area", "provider", "count")
	for _, r := range records {
		if r.Absent {
			continue
		}
		c := r.Count
		text := number(c.Value)
		if c.Suppressed() {
			switch {
			case c.Published == 0 && c.Lower == 1 && c.Upper == float64(int(c.Upper)):
				text = "<" + strconv.Itoa(int(c.Upper)+1)
			case odd == nil || *odd == c:
				odd, text = &c, "*"
			default:
				return "", fmt.Errorf("%w: %v to %v beside %v to %v", ErrBounds, c.Lower, c.Upper, odd.Lower, odd.Upper)
			}
		}
		out.row(r.Area, r.Provider, text)
	}
	if odd != nil {
		mark = fmt.Sprintf("*=%s:%s", number(odd.Lower), number(odd.Upper))
	}
	return mark, out.close()
}

// WriteFigures writes figures in the form that --indicators reads.
func WriteFigures(w io.Writer, figures []Figure) error {
	out := newTableWriter(w, "entity", "indicator", "period", "numerator", "denominator", "value", "lower", "upper")
	for _, f := range figures {
		out.row(f.Entity, f.Indicator, f.Period, f.Numerator.text(), f.Denominator.text(), f.Value.text(), f.Lower.text(), f.Upper.text())
	}
	return out.close()
}

// WriteOrganisations writes organisations as a table of providers, with a point
// where points has one of their code.
func WriteOrganisations(w io.Writer, orgs []Organisation, points []Point) error {
	at := make(map[string]Point, len(points))
	for _, p := range points {
		at[p.Code] = p
	}
	out := newTableWriter(w, "provider_code", "provider_name", "lon", "lat", "provider_type", "region", "geography", "postcode", "opened", "closed", "status", "parent")
	for _, o := range orgs {
		lon, lat := "", ""
		if p, ok := at[o.Code]; ok {
			lon, lat = number(p.Lon), number(p.Lat)
		}
		out.row(o.Code, o.Name, lon, lat, string(o.Type), o.NationalGrouping, o.Geography, o.Postcode, o.Opened, o.Closed, o.Status, o.Parent)
	}
	return out.close()
}

// WriteSuccessors writes old and new codes and dates.
func WriteSuccessors(w io.Writer, list []Succession) error {
	out := newTableWriter(w, "old_code", "new_code", "date")
	for _, s := range list {
		out.row(s.Old, s.New, s.Date)
	}
	return out.close()
}

// WriteLookup writes all columns of a lookup.
func WriteLookup(w io.Writer, l *Lookup) error {
	heads := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		heads[i] = c.Heading
	}
	out := newTableWriter(w, heads...)
	cells := make([]string, len(heads))
	for r := range l.rows {
		for i := range l.Columns {
			cells[i] = l.Columns[i].names.list[l.Columns[i].values[r]]
		}
		out.row(cells...)
	}
	return out.close()
}

// WritePoints writes codes with longitude and latitude.
func WritePoints(w io.Writer, points []Point) error {
	out := newTableWriter(w, "code", "name", "lon", "lat")
	for _, p := range points {
		out.row(p.Code, p.Name, number(p.Lon), number(p.Lat))
	}
	return out.close()
}

// WritePopulations writes people by area.
func WritePopulations(w io.Writer, people []Population) error {
	out := newTableWriter(w, "area", "population")
	for _, p := range people {
		out.row(p.Area, number(p.People))
	}
	return out.close()
}

func number(x float64) string { return string(flow.AppendNumber(nil, x)) }

func (n Number) text() string {
	if !n.Known {
		return ""
	}
	return number(n.Value)
}

// tableWriter writes CSV and keeps the first error.
type tableWriter struct {
	b   *bufio.Writer
	csv *csv.Writer
	err error
}

func newTableWriter(w io.Writer, heading ...string) *tableWriter {
	b := bufio.NewWriter(w)
	t := &tableWriter{b: b, csv: csv.NewWriter(b)}
	t.row(heading...)
	return t
}

func (t *tableWriter) row(cells ...string) {
	if t.err == nil {
		t.err = t.csv.Write(cells)
	}
}

func (t *tableWriter) close() error {
	t.csv.Flush()
	return errors.Join(t.err, t.csv.Error(), t.b.Flush())
}
