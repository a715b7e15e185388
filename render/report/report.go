package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// ErrReport is a report whose parts do not fit each other.
var ErrReport = errors.New("report does not fit together")

// Report is one HTML page about one or several partitions of the same areas:
// a map, a league table, a page for each footprint, and charts. Every
// part is optional; what is empty does not appear.
type Page struct {
	Title, Subtitle string
	About           layer.About
	Notes           []string // paragraphs at the end: method, limits
	Facts           []Fact   // headline figures
	Sections        []Section

	Areas     []Area
	Providers []Provider
	// Flows are the lines on the map: suppressed cells are not among them, and
	// small flows need not be. No figure is made of them.
	Flows []Flow

	// Levels are partitions of the areas that the reader can slide through:
	// nested levels, the settings of a sweep, the reference. LevelTitle says what
	// the slider changes; Start is the level shown first.
	Levels     []Level
	LevelTitle string
	Start      int

	Indicators []Indicator
	Charts     []Figure
}

// Fact is a headline figure, ready to read: "86.8%", "of patients are treated
// in their own footprint".
type Fact struct{ Value, Label string }

// Area is an area of residence.
type Area struct {
	Code, Name string
	// Geometry is a Polygon or MultiPolygon in WGS84, already simplified; areas
	// must share the vertices of their borders. A Point will do where there are
	// no boundaries; nil is not drawn.
	Geometry   orb.Geometry
	Population float64 // NaN or 0: not known
	// At is a place inside, where flow lines start; the zero point leaves it to
	// LabelPoint.
	At orb.Point
}

// Provider is a place of care.
type Provider struct {
	Code, Name string
	Point      orb.Point // NaN: not known
	Patients   float64   // treated, NaN: not known or not to be shown
	Kind       string    // "Acute trust"; empty: none
}

// Flow is the number of patients of an area at a provider, by index.
type Flow struct {
	Area, Provider int32
	Patients       float64
}

// Column is a column of the league table, or a number of each area; the map can
// be coloured by it.
type Column struct {
	Title   string
	Help    string // what it means, in a sentence
	Type    layer.FieldType
	Percent bool // a share, shown times 100
	// Decimals shown; whole numbers have none.
	Decimals int
	// Worse is 1 if higher is worse, −1 if lower is worse, 0 if neither.
	Worse int
	// Classes colour the map; nil leaves them to GraduatedClasses (quantiles). A
	// hatched class appears only where a value is unknown.
	Classes []layer.Class
	NoMap   bool // not offered as a colour of the map
	// Order says that rows equal in another column follow this one, the lowest
	// first: a rank. One column may.
	Order bool
}

// Level is one partition.
type Level struct {
	Name string // on the slider: "γ = 2", "Official STPs"
	Note string // a sentence about it
	// Footprint of each area and provider, by index of Footprints; −1 is none.
	Areas, Providers []int32
	Footprints       []Footprint
	Columns          []Column // of Footprints' Values
	// AreaColumns and AreaValues are numbers of each area at this level, as
	// confidence; a row for each area.
	AreaColumns []Column
	AreaValues  [][]any
}

// Footprint is one part of a partition.
type Footprint struct {
	ID, Name   string
	Values     []any            // one for each of the level's Columns; nil is unknown
	Exchange   *Exchange        // patients in and out; nil is not shown
	Indicators []IndicatorValue // those that are known or known to be missing
	Trends     []Trend          // indicators over time
	Words      []string         // sentences for its page
}

// Indicator is a measure of quality that footprints are held against.
type Indicator struct {
	Title    string
	Domain   string // "Urgent care"
	Unit     string // "%", "per 1,000 births"; empty: none
	Percent  bool
	Decimals int
	Worse    int    // 1: higher is worse, −1: lower is worse
	Period   string // "2018/19"
}

// Trend is an indicator of a footprint over time.
type Trend struct {
	Indicator int // index of Report.Indicators
	Points    []TrendPoint
}

// TrendPoint is the value of one period, its interval, and what its target asks
// for; NaN is unknown.
type TrendPoint struct {
	Period                      string
	Value, Lower, Upper, Target float64
}

// IndicatorValue is an indicator of a footprint; NaN is unknown.
type IndicatorValue struct {
	Indicator           int // index of Report.Indicators
	Value, Lower, Upper float64
	Target              float64 // what is due in the period
	Goal                float64 // what is to be reached in the end; the same where that has come
	Gap                 float64 // positive is worse than the target
	// Standing is the word for where the figure is: "ahead" or "behind" before the
	// target's date, "met" or "missed" from then on, "not due" before any; "" for
	// none.
	Standing string
	// Meets is 1 if the target is met, −1 if it is missed, 0 if that is not
	// known; Band runs from −2 (better beyond the 99.8% limit) to 2 (worse).
	Meets, Band int
}

// check reports the first fault that would make the page wrong.
func (r *Page) check() error {
	for i := range r.Areas {
		switch g := r.Areas[i].Geometry.(type) {
		case nil, orb.Point, orb.Polygon, orb.MultiPolygon:
		default:
			return bad("area %q is a %T", r.Areas[i].Code, g)
		}
	}
	for i, f := range r.Flows {
		if f.Area < 0 || int(f.Area) >= len(r.Areas) || f.Provider < 0 || int(f.Provider) >= len(r.Providers) {
			return bad("flow %d is from area %d to provider %d", i+1, f.Area, f.Provider)
		}
	}
	if r.Start < 0 || r.Start > 0 && r.Start >= len(r.Levels) {
		return bad("level %d of %d comes first", r.Start, len(r.Levels))
	}
	for i := range r.Levels {
		if err := r.checkLevel(&r.Levels[i]); err != nil {
			return err
		}
	}
	return nil
}

func bad(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), ErrReport)
}

func (r *Page) checkLevel(l *Level) error {
	if err := l.checkPlaces("areas", l.Areas, len(r.Areas)); err != nil {
		return err
	}
	if err := l.checkPlaces("providers", l.Providers, len(r.Providers)); err != nil {
		return err
	}
	for k := range l.Footprints {
		f := &l.Footprints[k]
		if err := checkRow(l.Columns, f.Values); err != nil {
			return bad("level %q, footprint %q: %v", l.Name, f.ID, err)
		}
		for _, v := range f.Indicators {
			if v.Indicator < 0 || v.Indicator >= len(r.Indicators) {
				return bad("level %q, footprint %q has indicator %d of %d", l.Name, f.ID, v.Indicator, len(r.Indicators))
			}
		}
		for _, t := range f.Trends {
			if t.Indicator < 0 || t.Indicator >= len(r.Indicators) {
				return bad("level %q, footprint %q has a trend of indicator %d of %d", l.Name, f.ID, t.Indicator, len(r.Indicators))
			}
		}
	}
	if len(l.AreaColumns) > 0 && len(l.AreaValues) != len(r.Areas) {
		return bad("level %q has values of %d of %d areas", l.Name, len(l.AreaValues), len(r.Areas))
	}
	for a, row := range l.AreaValues {
		if err := checkRow(l.AreaColumns, row); err != nil {
			return bad("level %q, area %q: %v", l.Name, r.Areas[a].Code, err)
		}
	}
	return nil
}

// checkPlaces looks at the footprints of n areas or providers.
func (l *Level) checkPlaces(what string, of []int32, n int) error {
	if len(of) != n {
		return bad("level %q places %d of %d %s", l.Name, len(of), n, what)
	}
	for _, f := range of {
		if f < -1 || int(f) >= len(l.Footprints) {
			return bad("level %q places one of the %s in footprint %d of %d", l.Name, what, f, len(l.Footprints))
		}
	}
	return nil
}

func checkRow(columns []Column, row []any) error {
	if len(row) != len(columns) {
		return fmt.Errorf("%d values for %d columns", len(row), len(columns))
	}
	for i, v := range row {
		if !layer.Fits(v, columns[i].Type) {
			return fmt.Errorf("column %q holds a %T", columns[i].Title, v)
		}
	}
	return nil
}

// Write writes the report as one HTML file that needs no network, and is
// forbidden it by its content security policy (default-src 'none', scripts and
// styles by their hash). Leaflet 1.9.4 (BSD-2-Clause) draws the map. Every name
// is text. window.READY is true when the page is drawn. The same report gives
// the same bytes. The error wraps ErrReport or ErrChart, or is the writer's.
func Write(w io.Writer, r Page) error {
	if err := r.check(); err != nil {
		return err
	}
	packed, err := r.packed()
	if err != nil {
		return err
	}
	data, err := json.Marshal(packed) // <, > and & are written as \u003c and so on
	if err != nil {
		return err
	}
	charts := make([]string, len(r.Charts))
	for i := range r.Charts {
		if charts[i], err = r.Charts[i].markup(); err != nil {
			return err
		}
	}
	return r.page(w, data, charts, packed.staticMap(&r))
}

func orNull(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return x
}
