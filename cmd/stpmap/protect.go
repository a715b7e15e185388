package main

import (
	"fmt"
	"math"

	"github.com/urfave/cli/v2"

	"stpmap/data"
	"stpmap/data/ingest"
	"stpmap/flow"
	"stpmap/footprint/score/attribution"
)

// suppressBelow is the default of --suppress-below, by command: 5 for what is
// made to be published, 0 for what an analyst works with.
var suppressBelow = map[string]float64{
	"run": 5, "demo": 5, "compare": 5, "explain": 5, "score": 5, "render": 5,
	"merge": 5, "ensemble": 5, "whatif": 5, "workbench": 5,
	"cluster": 0, "validate": 0, "ingest": 0, "import": 0,
}

// suppressFlag is --suppress-below of a command.
func suppressFlag(command string) cli.Flag {
	usage := "read counts from 1 to `N` - 1 as '<N', before anything is computed; 0 keeps all"
	if suppressBelow[command] > 0 && command != "demo" {
		usage += ", as --one-mode does unless this is given"
	}
	return &cli.Float64Flag{Name: "suppress-below", Value: suppressBelow[command], Usage: usage}
}

// suppressIndicatorsFlag is the same of indicators.
func suppressIndicatorsFlag() cli.Flag {
	return &cli.Float64Flag{Name: "suppress-indicators-below", Usage: "read numerators and denominators from 1 to `N` - 1 in --indicators as '<N'; 0 keeps all"}
}

// publishFlag is --publish: provenance without what stays with the analyst.
func publishFlag() cli.Flag {
	return &cli.BoolFlag{Name: "publish", Usage: "leave the hashes of input files out of provenance.json, so that the whole folder may be published"}
}

// checkSuppression finds what is wrong with the limits: one that is no number
// would protect nothing.
func checkSuppression(c *cli.Context) error {
	for _, name := range []string{"suppress-below", "suppress-indicators-below"} {
		if n := c.Float64(name); !(n >= 0) || math.IsInf(n, 0) {
			return usagef("stpmap "+c.Command.Name+" … --"+name+" 5", "--%s takes a number of patients, 0 or more, got %v", name, n)
		}
	}
	return nil
}

// limit is the number of patients under which counts are protected.
func limit(c *cli.Context) float64 {
	if c.Bool("one-mode") && !c.IsSet("suppress-below") {
		return 0
	}
	return c.Float64("suppress-below")
}

// protect is the door through which all flows come in, with what the builder
// reported of them: behind it nobody knows a small count.
func (in *inputs) protect(c *cli.Context, m *flow.Matrix, rep flow.Report) {
	m, done := m.Protect(limit(c))
	rep.SuppressedCells = m.SuppressedCells()
	in.matrix, in.matrixReport = m, rep
	if done.Counts > 0 {
		in.notes = append(in.notes, protectedNote(c, done))
	}
}

// protectedNote says what the door changed.
func protectedNote(c *cli.Context, done flow.Protection) string {
	n := plainNumber(limit(c))
	return fmt.Sprintf("%s under %s read as <%s (%s to %s patients in all); --suppress-below 0 keeps such counts",
		counted(done.Counts, "count"), n, n, thousands(int(math.Round(done.Lower))), thousands(int(math.Round(done.Upper))))
}

// protectIndicators is the door for numerators and denominators. A value beside
// both would tell the count it is made of, and goes; a value beside one of them
// serves alone. The sentence says what changed; it is empty where nothing did.
func protectIndicators(c *cli.Context, rows []attribution.Observation) string {
	below, changed := c.Float64("suppress-indicators-below"), 0
	for i := range rows {
		o, before := &rows[i], changed
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
		case changed == before:
		case half && !math.IsNaN(o.Value):
			o.Numerator, o.Denominator = math.NaN(), math.NaN()
		default:
			o.Value, o.Lower, o.Upper = math.NaN(), math.NaN(), math.NaN()
		}
	}
	if changed == 0 {
		return ""
	}
	n := plainNumber(below)
	return fmt.Sprintf("%s of indicators under %s read as <%s; --suppress-indicators-below 0 keeps such figures", counted(changed, "figure"), n, n)
}

// protectRecords is the door for flows that go into a table again: import's.
func (env *environment) protectRecords(c *cli.Context, records []data.Record) {
	var done flow.Protection
	for i := range records {
		r := &records[i]
		if p := flow.ProtectCount(r.Count.Value, limit(c)); p.Suppressed() && !r.Count.Suppressed() {
			r.Count = p
			done = flow.Protection{Counts: done.Counts + 1, Lower: done.Lower + p.Lower, Upper: done.Upper + p.Upper}
		}
	}
	if done.Counts > 0 {
		env.log.Info(protectedNote(c, done))
	}
}

// protectPairs is the door for pairs that were counted from records: ingest's.
// What was counted of the records says the small counts too, and goes.
func (env *environment) protectPairs(c *cli.Context, pairs *ingest.Pairs, said *ingestSummary) ([]data.Record, error) {
	b := flow.NewBuilder()
	if err := pairs.AddTo(b); err != nil {
		return nil, err
	}
	m, _, err := b.Build()
	if err != nil {
		return nil, err
	}
	m, done := m.Protect(limit(c))
	if done.Counts > 0 {
		env.log.Info(protectedNote(c, done))
	}
	var records []data.Record
	for a, area := range m.Areas() {
		ps, _ := m.Row(a)
		for i, p := range ps {
			records = append(records, data.Record{Area: area, Provider: m.Providers()[p], Count: m.Cell(m.RowOffset(a) + i)})
		}
	}
	said.Rows, said.Counted, said.SumOfSquares, said.Total = nil, nil, nil, m.Total().Published
	return records, nil
}
