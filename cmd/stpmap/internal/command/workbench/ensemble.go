package workbench

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/flow/fault"
	"stpmap/footprint/ensemble"
	"stpmap/render/workbench"
)

// onPage are the statistics of an ensemble that the page computes too.
var onPage = []struct {
	name, title string
	flows       bool // needs them
}{
	{"inside_share", "Treated inside their footprint", true},
	{"min_localisation_index", "Localisation index of the weakest footprint", true},
	{"median_localisation_index", "Localisation index of the median footprint", true},
	{"cut_borders", "Neighbouring areas in different footprints", false},
	{"min_population", "People of the smallest footprint", false},
	{"max_population", "People of the largest footprint", false},
}

// mostQuantiles is how many values of a statistic the page gets.
const mostQuantiles = 1001

// drawn is the folder of an ensemble.
type drawn struct {
	folder string
	files  study.Disk
	about  struct {
		Footprints int          `json:"footprints"`
		Exact      *json.Number `json:"exact"`
	}
}

// ribbons reads the folder of an ensemble of the same areas and flows.
func ribbons(env *cli.Env, folder string, in *study.Study) ([]workbench.Ribbon, error) {
	if folder == "-" {
		return nil, cli.Usagef("", "--ensemble is the folder that stpmap ensemble wrote, not standard input")
	}
	d := &drawn{folder: folder, files: study.Disk{Stdin: env.Stdin}}
	if err := d.object("place.json", &d.about); err != nil {
		return nil, err
	}
	if err := d.checkAreas(in.Matrix.Areas()); err != nil {
		return nil, err
	}
	same, err := d.sameFlows(in.Matrix.SHA256())
	if err != nil {
		return nil, err
	}
	places, err := d.table("place.csv", "statistic", "verdict", "rhat", "ess_bulk", "ess_tail")
	if err != nil {
		return nil, err
	}
	figures, err := d.table("ensemble.csv")
	if err != nil {
		return nil, err
	}
	var list []workbench.Ribbon
	for _, s := range onPage {
		if s.flows && !same {
			continue
		}
		if r, ok := d.ribbon(s.name, places, figures); ok {
			r.Title = s.title
			list = append(list, r)
		}
	}
	if len(list) == 0 {
		return nil, cli.Inputf("%s has no statistic that the page could place", folder)
	}
	if !same {
		env.Log.Warn(folder + " does not say that it is of these flows: statistics of flows are left out")
	}
	env.Log.Info(fmt.Sprintf("%s of %s in %s", words.Counted(len(list), "statistic"), words.Counted(len(figures.rows), "map"), folder))
	return list, nil
}

// ribbon is one statistic; not ok where the folder does not have it, or where it
// is not known of every map.
func (d *drawn) ribbon(name string, places, figures *grid) (r workbench.Ribbon, ok bool) {
	at := slices.IndexFunc(places.rows, func(row []string) bool { return places.cell(row, "statistic") == name })
	if at < 0 || figures.column[name] == 0 || len(figures.rows) == 0 {
		return r, false
	}
	values, weights := figures.numbers(name), figures.numbers("weight")
	if slices.ContainsFunc(values, math.IsNaN) {
		return r, false
	}
	place := places.rows[at]
	r = workbench.Ribbon{
		Statistic: name, Maps: len(values), Footprints: d.about.Footprints, Quantiles: quantiles(values, weights),
		Exact: d.about.Exact != nil, Verdict: places.cell(place, "verdict"),
	}
	r.Converged = r.Exact || places.number(place, "rhat") <= ensemble.MostRHat &&
		places.number(place, "ess_bulk") >= ensemble.LeastESS && places.number(place, "ess_tail") >= ensemble.LeastESS
	return r, true
}

// quantiles are the values in order, or 1,001 of them that stand for all; weights
// are nil where all count alike.
func quantiles(values, weights []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	of := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	n, total := min(len(values), mostQuantiles), 0.0
	if weights != nil {
		n = mostQuantiles
	}
	for _, i := range order {
		total += of(i)
	}
	out, at, sum := make([]float64, n), 0, of(order[0])
	for k := range out {
		for at+1 < len(order) && sum <= total*(float64(k)+0.5)/float64(n)*(1-1e-12) {
			at++
			sum += of(order[at])
		}
		out[k] = rounded(values[order[at]])
	}
	out[0], out[n-1] = rounded(values[order[0]]), rounded(values[order[len(order)-1]])
	return out
}

// rounded keeps nine figures: whole numbers of people stay what they are.
func rounded(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 9, 64), 64)
	if err != nil {
		return x
	}
	return y
}

// sameFlows says whether the ensemble is of flows with this hash. One that is
// missing is no fault: an ensemble needs none.
func (d *drawn) sameFlows(hash string) (bool, error) {
	var p struct {
		FlowSHA256 string `json:"flow_sha256"`
	}
	if _, err := os.Stat(filepath.Join(d.folder, "provenance.json")); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	err := d.object("provenance.json", &p)
	if err == nil && p.FlowSHA256 != "" && p.FlowSHA256 != hash {
		return false, cli.Inputf("%s is an ensemble of other flows, or of the same with another --suppress-below", d.folder)
	}
	return p.FlowSHA256 != "", err
}

// checkAreas holds areas.csv against the areas of the flows.
func (d *drawn) checkAreas(codes []string) error {
	g, err := d.table("areas.csv", "area")
	if err != nil {
		return err
	}
	var theirs []string
	for _, row := range g.rows {
		theirs = append(theirs, g.cell(row, "area"))
	}
	slices.Sort(theirs)
	if ours := slices.Sorted(slices.Values(codes)); !slices.Equal(ours, theirs) {
		return cli.Inputf("%s is an ensemble of other areas: it has %d, and the flows %d", d.folder, len(theirs), len(ours))
	}
	return nil
}

// object reads a file of JSON.
func (d *drawn) object(name string, into any) error {
	f, err := d.files.Open(filepath.Join(d.folder, name))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := json.NewDecoder(f).Decode(into); err != nil {
		return &fault.Error{File: filepath.Join(d.folder, name), Line: 1, Column: 1, Err: fmt.Errorf("no file of an ensemble: %w", err)}
	}
	return nil
}

// grid is a table with a heading.
type grid struct {
	column map[string]int // from 1
	rows   [][]string
}

// texts are the columns that hold no numbers.
var texts = []string{"statistic", "verdict", "area"}

// table reads a table of the folder, of which some columns are needed. Every cell
// of another column must be a number or empty.
func (d *drawn) table(name string, needed ...string) (*grid, error) {
	file := filepath.Join(d.folder, name)
	f, err := d.files.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	g := &grid{column: map[string]int{}}
	var heading []string
	var faults fault.List
	for {
		row, err := r.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF) && heading != nil:
			return g, faults.Err()
		case errors.As(err, &broken):
			return nil, &fault.Error{File: file, Line: broken.Line, Column: broken.Column, Err: broken.Err}
		case errors.Is(err, io.EOF):
			return nil, &fault.Error{File: file, Line: 1, Column: 1, Err: errors.New("the file is empty")}
		case err != nil:
			return nil, err
		case heading != nil:
			checkNumbers(&faults, file, heading, row, r)
			g.rows = append(g.rows, row)
			continue
		}
		heading = row
		for i, h := range heading {
			g.column[h] = i + 1
		}
		for _, h := range needed {
			if g.column[h] == 0 {
				return nil, &fault.Error{File: file, Line: 1, Column: 1, Err: fmt.Errorf("no column %q: it is not of an ensemble", h)}
			}
		}
	}
}

func checkNumbers(faults *fault.List, file string, heading, row []string, r *csv.Reader) {
	for i, cell := range row {
		if cell == "" || slices.Contains(texts, heading[i]) {
			continue
		}
		if x, err := strconv.ParseFloat(cell, 64); err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
			line, column := r.FieldPos(i)
			faults.Add(&fault.Error{File: file, Line: line, Column: column, Err: fmt.Errorf("%s is no number: %q", heading[i], strings.TrimSpace(cell))})
		}
	}
}

func (g *grid) cell(row []string, column string) string {
	if at := g.column[column]; at > 0 {
		return row[at-1]
	}
	return ""
}

// number is NaN where a cell is empty.
func (g *grid) number(row []string, column string) float64 {
	x, err := strconv.ParseFloat(g.cell(row, column), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// numbers are those of a column; nil where there is none.
func (g *grid) numbers(column string) (list []float64) {
	if g.column[column] == 0 {
		return nil
	}
	for _, row := range g.rows {
		list = append(list, g.number(row, column))
	}
	return list
}
