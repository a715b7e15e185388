package compare

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"text/tabwriter"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/render/layer"
)

// pairAmount is one pair of several maps.
type pairAmount struct {
	A string `json:"a"`
	B string `json:"b"`
	agreementJSON
}

// severalJSON is compare --json with several --partition.
type severalJSON struct {
	Partitions []mapFigures `json:"partitions"`
	Pairs      []pairAmount `json:"pairs"`
}

// several holds every pair of the given partitions, and the reference, against
// each other.
func (o *Options) several(env *cli.Env, in *study.Study, tables []*study.NamedPartition) error {
	var j severalJSON
	for i, a := range tables {
		j.Partitions = append(j.Partitions, figuresOfMap(a, in))
		for _, b := range tables[i+1:] {
			p := newMapPair(a, b, in)
			j.Pairs = append(j.Pairs, pairAmount{filepath.Base(a.File), filepath.Base(b.File), p.agreementJSON()})
		}
	}
	if o.Out != "" {
		if err := o.writePairs(env, in, j); err != nil {
			return err
		}
	}
	if o.JSON {
		return stage.WriteJSON(env.Stdout, j)
	}
	if o.Out == "-" {
		return nil
	}
	return j.say(env.Stdout)
}

// writePairs writes pairs.csv into the folder --out, or the pairs to a file.
func (o *Options) writePairs(env *cli.Env, in *study.Study, j severalJSON) error {
	pairs := tables.CSV("pairs.csv", pairsTable(j.Pairs))
	switch format := stage.Format(o.Out, ""); {
	case format == "json":
		return stage.WriteOut(env.Stdout, o.Out, func(w io.Writer) error { return stage.WriteJSON(w, j) })
	case format == "csv", o.Out == "-":
		return stage.WriteOut(env.Stdout, o.Out, pairs.Write)
	}
	return o.writeFolder(env, in, pairs)
}

// say prints the maps and how far each pair agrees.
func (j *severalJSON) say(w io.Writer) error {
	sayMaps(w, j.Partitions)
	fmt.Fprintln(w)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "a\tb\tareas\tARI\tAMI\tVI\tmoved\t")
	for _, p := range j.Pairs {
		fmt.Fprintf(tw, "%s\t%s\t%d\t%s\t%s\t%s\t%d\t\n", p.A, p.B, p.AreasCompared, shortPointer(p.ARI), shortPointer(p.AMI), shortPointer(p.VI), p.Moved)
	}
	return tw.Flush()
}

// pairsTable is pairs.csv.
func pairsTable(list []pairAmount) layer.Layer {
	return layer.Table("pairs", []layer.Column[pairAmount]{
		layer.Col("a", layer.Text, func(p pairAmount) any { return p.A }),
		layer.Col("b", layer.Text, func(p pairAmount) any { return p.B }),
		layer.Col("ari", layer.Real, func(p pairAmount) any { return layer.Given(p.ARI) }),
		layer.Col("ami", layer.Real, func(p pairAmount) any { return layer.Given(p.AMI) }),
		layer.Col("nmi", layer.Real, func(p pairAmount) any { return layer.Given(p.NMI) }),
		layer.Col("vi", layer.Real, func(p pairAmount) any { return layer.Given(p.VI) }),
		layer.Col("areas_compared", layer.Integer, func(p pairAmount) any { return whole(p.AreasCompared) }),
		layer.Col("moved", layer.Integer, func(p pairAmount) any { return whole(p.Moved) }),
		layer.Col("unmatched", layer.Integer, func(p pairAmount) any { return whole(len(p.Unmatched)) }),
	}, list)
}

// shortNumber is a number for people.
func shortNumber(x float64) string {
	if math.IsNaN(x) {
		return "unknown"
	}
	return fmt.Sprintf("%.3f", x)
}

// shortPointer is the same of a number that may not be known.
func shortPointer(x *float64) string {
	if x == nil {
		return "unknown"
	}
	return shortNumber(*x)
}

// sayMaps prints the measures of maps side by side.
func sayMaps(w io.Writer, maps []mapFigures) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "map\tfootprints\tinside\tweakest\tmedian\tmodularity\tfewest people\tmost people\t")
	number := func(x *float64, text func(float64) string) string {
		if x == nil {
			return ""
		}
		return text(*x)
	}
	short := func(x float64) string { return short(x, "%.3f") }
	for _, m := range maps {
		fmt.Fprintf(tw, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t\n", m.Name, m.Footprints, number(m.InsideShare, words.Percent), number(m.MinLocalisation, short),
			number(m.MedLocalisation, short), number(m.Modularity, short), number(m.MinPopulation, people), number(m.MaxPopulation, people))
	}
	_ = tw.Flush()
}
