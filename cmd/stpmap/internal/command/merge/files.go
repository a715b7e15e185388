package merge

import (
	"context"
	"io"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/render/csv"
	"stpmap/render/layer"
	"stpmap/render/maps"
)

// Writes are the files that the folder may get, as far as they could be the
// user's own.
func (o *Options) Writes() []string {
	return stage.Within(o.Out, []string{
		"pairs.csv", "curve.csv", "merged.csv", "partition.csv", "proposed.csv", "words.txt", "report.html", "merged.geojson", "map.svg", "map.png",
		"curve.svg", "curve.png", "tree.svg", "tree.png", stage.ProvenanceName,
	})
}

// csvFile is a table as a file.
func csvFile(name string, l layer.Layer) stage.File {
	return stage.File{Name: name, Write: func(w io.Writer) error { return csv.Write(w, l) }}
}

// write writes every file aside and then puts them in place.
func (r *result) write(ctx context.Context, env *cli.Env) error {
	o := r.options
	var s stage.Files
	defer s.Discard()
	cs := maps.New(mapping.Flags{}.Case(&o.Line, r.in, r.clustered()))
	files := []stage.File{
		csvFile("pairs.csv", r.pairsTable()), csvFile("curve.csv", r.curveTable()), csvFile("merged.csv", r.mergedTable()),
		csvFile("partition.csv", cs.PartitionTable()),
		{Name: "words.txt", Write: func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Join(r.words(), "\n")+"\n")
			return err
		}},
	}
	if r.proposal != nil {
		files = append(files, csvFile("proposed.csv", r.proposedTable()))
	}
	if err := s.CreateIn(o.Out, files...); err != nil {
		return err
	}
	p := r.in.Provenance(&o.Line, "merge", r.notes)
	p.Seed = &o.Seed
	if err := s.AddProvenanceBeside(o.Out, p); err != nil {
		return err
	}
	return s.CommitOver(env.Log, o.Command(), o.Out)
}

// clustered is the chosen map as the maps and the page take one.
func (r *result) clustered() *clustering.Result {
	return &clustering.Result{Plan: r.plan, Partition: r.made, Measures: r.measures, Parameters: r.options.Parameters()}
}
