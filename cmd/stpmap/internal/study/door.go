package study

import (
	"fmt"
	"math"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/flow"
)

// SuppressBelow is the default of --suppress-below, by command: 5 for what is
// made to be published, 0 for what an analyst works with.
var SuppressBelow = map[string]float64{
	"run": 5, "demo": 5, "compare": 5, "explain": 5, "score": 5, "render": 5,
	"merge": 5, "ensemble": 5, "whatif": 5, "workbench": 5,
	"cluster": 0, "validate": 0, "ingest": 0, "import": 0,
}

// Door is the flag of the door that all flows come in by: a count from 1 to
// SuppressBelow − 1 is known within these bounds only, to everybody behind it.
// 0 keeps all counts.
type Door struct {
	SuppressBelow float64 `flag:"suppress-below"`
}

// Matrix lets flows in. The sentence says what changed; it is empty where
// nothing did.
func (d Door) Matrix(m *flow.Matrix) (protected *flow.Matrix, note string) {
	protected, done := m.Protect(d.SuppressBelow)
	return protected, d.note(done)
}

// Records lets in flows that go into a table again, in place. The sentence says
// what changed; it is empty where nothing did.
func (d Door) Records(records []data.Record) (note string) {
	var done flow.Protection
	for i := range records {
		r := &records[i]
		if p := flow.ProtectCount(r.Count.Value, d.SuppressBelow); p.Suppressed() && !r.Count.Suppressed() {
			r.Count = p
			done = flow.Protection{Counts: done.Counts + 1, Lower: done.Lower + p.Lower, Upper: done.Upper + p.Upper}
		}
	}
	return d.note(done)
}

// note says what the door changed.
func (d Door) note(done flow.Protection) string {
	if done.Counts == 0 {
		return ""
	}
	n := words.Plain(d.SuppressBelow)
	return fmt.Sprintf("%s under %s read as <%s (%s to %s patients in all); --suppress-below 0 keeps such counts",
		words.Counted(done.Counts, "count"), n, n, words.Thousands(int(math.Round(done.Lower))), words.Thousands(int(math.Round(done.Upper))))
}

// door is the door of a request: in one mode it is open unless the flag is given.
func (r *Request) door() Door {
	if r.OneMode && (r.Line == nil || !r.Line.Given("suppress-below")) {
		return Door{}
	}
	return r.Door
}

// known reports whether true counts may be said: the door lets all in.
func (l *loader) known() bool { return l.door().SuppressBelow == 0 }

// admit sets the flows of the study: behind this line nobody knows a small count.
func (l *loader) admit(m *flow.Matrix, rep flow.Report) {
	m, note := l.door().Matrix(m)
	rep.SuppressedCells = m.SuppressedCells()
	l.in.Matrix, l.in.MatrixReport = m, rep
	if note != "" {
		l.note(note)
	}
}

// admitIndicators is the door for numerators and denominators. A value beside
// both would tell the count it is made of, and goes; a value beside one of them
// serves alone.
func admitIndicators(env *cli.Env, rows []data.Observation, below float64) {
	changed := 0
	for i := range rows {
		changed += protectIndicator(&rows[i], below)
	}
	if changed > 0 {
		n := words.Plain(below)
		env.Log.Info(fmt.Sprintf("%s of indicators under %s read as <%s; --suppress-indicators-below 0 keeps such figures", words.Counted(changed, "figure"), n, n))
	}
}

// protectIndicator changes one row, and gives the number of figures that it hid.
func protectIndicator(o *data.Observation, below float64) (changed int) {
	half := math.IsNaN(o.Numerator) || math.IsNaN(o.Denominator)
	for _, n := range []*float64{&o.Numerator, &o.Denominator} {
		if math.IsNaN(*n) {
			continue
		}
		if p := flow.ProtectCount(*n, below); p.Suppressed() {
			*n = p.Value
			changed++
		}
	}
	switch {
	case changed == 0:
	case half && !math.IsNaN(o.Value):
		o.Numerator, o.Denominator = math.NaN(), math.NaN()
	default:
		o.Value, o.Lower, o.Upper = math.NaN(), math.NaN(), math.NaN()
	}
	return changed
}
