package study

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
	"stpmap/flow/plaintext"
	"stpmap/flow/wholefile"
	"stpmap/render/boundary"
	"stpmap/render/datum"
	"stpmap/render/travel"
)

// approximateSource goes with every output whose polygons are cells.
const approximateSource = "Boundaries are approximate: the cells around the areas' points, not true borders"

// nowhere is a point that is not known.
var nowhere = orb.Point{math.NaN(), math.NaN()}

// boundaries reads --boundaries.
func (l *loader) boundaries() error {
	name := l.Boundaries
	if name == "" {
		return nil
	}
	o := boundary.Options{CodeProperty: l.BoundaryCode, NameProperty: l.BoundaryName, Layer: l.Layer, Snap: l.Snap, Clean: l.Clean}
	var err error
	if o.Grid, err = l.grid(); err != nil {
		return err
	}
	if l.onDisk() && streamed(name) {
		b, err := l.streamBoundaries(name, o)
		if err != nil {
			return err
		}
		return l.join(cli.InputName(name), b)
	}
	files := []string{name}
	if l.onDisk() {
		files = boundary.Files(name)
	}
	var b *boundary.Set
	if err := l.byName("boundaries", l.Hashes, files, func() (err error) {
		b, err = l.Source.Boundaries(l.ctx, name, o)
		return err
	}); err != nil {
		return err
	}
	return l.join(name, b)
}

// grid reads --grid, nil where it is not given.
func (l *loader) grid() (*datum.Grid, error) {
	if l.Grid == "" {
		return nil, nil
	}
	file, err := l.Source.Open(l.Grid)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	h := stage.NewHashing(file)
	g, err := datum.ReadGrid(filepath.Base(cli.InputName(l.Grid)), h)
	if err == nil {
		_, err = io.Copy(io.Discard, h)
	}
	if err != nil {
		return nil, cmp.Or(wholefile.Changed(file), err)
	}
	if l.Hashes {
		l.keep(h.Input("grid", cli.InputName(l.Grid)))
	}
	return g, nil
}

// streamed reports whether an input can be read once only and from its start:
// standard input, or a pipe.
func streamed(name string) bool {
	if name == "-" {
		return true
	}
	info, err := os.Stat(name)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

// streamBoundaries reads boundaries from a stream, which must be GeoJSON: the
// other formats are read back and forth.
func (l *loader) streamBoundaries(name string, o boundary.Options) (*boundary.Set, error) {
	var b *boundary.Set
	err := l.stream("boundaries", name, l.Hashes, func(r io.Reader) (err error) {
		b, err = boundary.Read(l.ctx, cli.InputName(name), r, o)
		return err
	})
	return b, err
}

// stream hands over a stream of GeoJSON, and keeps its hash where that is asked
// for.
func (l *loader) stream(role, name string, hashes bool, read func(r io.Reader) error) error {
	f, err := l.Source.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := stage.NewHashing(f)
	r := bufio.NewReaderSize(h, 1<<16)
	if err := checkStream(r); err != nil {
		return &fault.Error{File: cli.InputName(name), Err: err}
	}
	if err := read(r); err != nil {
		return cmp.Or(wholefile.Changed(f), err)
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	if hashes {
		l.keep(h.Input(role, cli.InputName(name)))
	}
	return nil
}

// checkStream refuses a stream that is no GeoJSON by its first bytes.
func checkStream(r *bufio.Reader) error {
	head, err := r.Peek(16)
	if len(head) == 0 && errors.Is(err, io.EOF) {
		return errors.New("no boundaries: the stream is empty")
	}
	for _, mark := range []string{"SQLite format 3\x00", "\x00\x00\x27\x0a", "PK\x03\x04"} {
		if bytes.HasPrefix(head, []byte(mark)) {
			return errors.New("only GeoJSON can be read from standard input or a pipe: name the file of a GeoPackage or Shapefile")
		}
	}
	return nil
}

// join holds the boundaries from a file against the flows.
func (l *loader) join(name string, b *boundary.Set) error {
	in := l.in
	in.Boundaries = b
	if !b.Approximate() {
		in.understand(boundariesUnderstood(name, b))
	}
	l.note(b.Notices()...)
	if l.Alone && len(l.Flows.Flows) == 0 {
		if err := in.standAlone(b.Codes()); err != nil {
			return err
		}
	}
	if in.Matrix == nil {
		return nil
	}
	in.Adjacency = b.Adjacency(in.Matrix.Areas())
	in.nameAreas(b)
	without := in.AreasWithoutBoundary()
	if len(without) == len(in.Matrix.Areas()) && in.Matrix.Len() > 0 {
		return &fault.Error{File: name, Err: fmt.Errorf("no code of the boundaries (such as %s) is an area of the flows (such as %s): is it another vintage, or another kind of code? --boundary-code names the property that holds it",
			words.First(b.Codes()), words.First(in.Matrix.Areas()))}
	}
	if n := len(without); n > 0 {
		l.note(fmt.Sprintf("%s of the flows %s no polygon: %s", words.Counted(n, "area"), words.Has(n), words.Few(without)))
	}
	if missing := in.BoundariesWithoutFlow(); len(missing) > 0 {
		l.note(fmt.Sprintf("%s of the boundaries %s no flow, and %s in no footprint: %s", words.Counted(len(missing), "polygon"), words.Has(len(missing)), words.Are(len(missing)), words.Few(missing)))
	}
	return nil
}

// standAlone makes areas without flows into a matrix of places.
func (in *Study) standAlone(codes []string) (err error) {
	b := flow.NewOneModeBuilder()
	for _, code := range codes {
		if err := b.Add(code, code, flow.Exactly(1)); err != nil {
			return err
		}
	}
	in.Alone = true
	in.Matrix, _, err = b.Build()
	return err
}

// nameAreas takes areas' names and people from the boundaries.
func (in *Study) nameAreas(b *boundary.Set) {
	names, people := b.Names(), b.Populations()
	in.AreaNames = make([]string, len(in.Matrix.Areas()))
	for a, code := range in.Matrix.Areas() {
		if i, ok := b.Index(code); ok {
			in.AreaNames[a] = names[i]
			if people != nil && !math.IsNaN(people[i]) {
				in.setPopulation(a, people[i])
			}
		}
	}
}

func (in *Study) setPopulation(area int, people float64) {
	if in.Population == nil {
		in.Population = slices.Repeat([]float64{math.NaN()}, len(in.Matrix.Areas()))
	}
	in.Population[area] = people
}

// areaPoints reads --area-points. With boundaries they say where people live, and
// distances start from them. Without, they stand in for boundaries: each area gets
// the cell of what lies nearest to its point.
func (l *loader) areaPoints() error {
	name := l.AreaPoints
	switch {
	case name == "" && l.Outline != "":
		return cli.Usagef(l.try("--area-points points.csv --outline coast.geojson"), "--outline goes with --area-points, whose cells it bounds")
	case name == "":
		return nil
	case l.Boundaries != "" && l.Outline != "":
		return cli.Usagef("", "--outline bounds the cells of --area-points, and --boundaries need none: leave it out")
	}
	return l.read("area-points", name, func(r io.Reader) error {
		list, rep, err := data.ReadAreaPoints(l.ctx, cli.InputName(name), r, l.pointOptions()...)
		if err != nil {
			return err
		}
		l.in.understand(tableUnderstood("area-points", name, &rep))
		l.note(rep.Notes...)
		if rep.Absent > 0 {
			l.note(words.Counted(rep.Absent, "area") + " without a point left out")
		}
		if l.Boundaries != "" {
			return l.homes(name, list)
		}
		return l.cells(name, list)
	})
}

// homes takes points as where the people of areas with boundaries live.
func (l *loader) homes(name string, list []data.AreaPoint) error {
	in := l.in
	if in.Matrix == nil {
		return nil
	}
	in.AreaPoints = slices.Repeat([]orb.Point{nowhere}, len(in.Matrix.Areas()))
	found := 0
	for _, p := range list {
		if a, ok := in.Matrix.AreaIndex(p.Code); ok {
			in.AreaPoints[a] = orb.Point{p.Lon, p.Lat}
			found++
		}
	}
	if found == 0 {
		return &fault.Error{File: cli.InputName(name), Err: fmt.Errorf("none of its areas (such as %s) is an area of the flows (such as %s)", list[0].Code, words.First(in.Matrix.Areas()))}
	}
	return nil
}

// Homes are where the people of areas live, and a sentence about it.
func (in *Study) Homes() (homes travel.Homes, said string) {
	homes = travel.HomesOf(in.Boundaries, in.Matrix.Areas(), in.AreaPoints)
	var parts []string
	for _, p := range []struct {
		n    int
		from string
	}{{homes.Given, "the points of --area-points"}, {homes.Table, "lon and lat of the boundaries' table"}, {homes.Label, "the point of the polygon that is farthest from its border"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%s (%s)", p.from, words.Counted(p.n, "area")))
		}
	}
	if len(parts) == 0 {
		return homes, ""
	}
	return homes, "distances start from " + strings.Join(parts, ", ")
}

// cells makes the polygons around areas' points.
func (l *loader) cells(name string, list []data.AreaPoint) error {
	places := make([]boundary.Place, len(list))
	for i, p := range list {
		places[i] = boundary.Place{Code: p.Code, Name: p.Name, At: orb.Point{p.Lon, p.Lat}, Population: math.NaN()}
	}
	outline, err := l.outline()
	if err != nil {
		return err
	}
	b, err := boundary.FromPoints(l.ctx, places, outline)
	if err != nil {
		if l.ctx.Err() != nil {
			return err
		}
		return &fault.Error{File: cli.InputName(name), Err: err}
	}
	in := l.in
	in.Sources = append(in.Sources, approximateSource)
	if in.Matrix != nil {
		in.AreaPoints = slices.Repeat([]orb.Point{nowhere}, len(in.Matrix.Areas()))
		for _, p := range places {
			if a, ok := in.Matrix.AreaIndex(p.Code); ok {
				in.AreaPoints[a] = p.At
			}
		}
	}
	return l.join(name, b)
}

// outline reads --outline, the land that the cells are clipped to; nil for none.
func (l *loader) outline() (orb.MultiPolygon, error) {
	name := l.Outline
	if name == "" {
		return nil, nil
	}
	var outline orb.MultiPolygon
	var notices []string
	var err error
	if streamed(name) {
		err = l.stream("outline", name, true, func(r io.Reader) (err error) {
			outline, notices, err = boundary.ReadOutline(l.ctx, cli.InputName(name), r)
			return err
		})
	} else {
		err = l.byName("outline", true, boundary.Files(name), func() (err error) {
			outline, notices, err = boundary.OpenOutline(l.ctx, name)
			return err
		})
	}
	l.note(notices...)
	return outline, err
}

// providers reads --providers.
func (l *loader) providers() error {
	name := l.Providers
	if name == "" {
		return nil
	}
	return l.read("providers", name, func(r io.Reader) error {
		table, rep, err := data.ReadProviders(l.ctx, cli.InputName(name), r, l.providerOptions()...)
		if err != nil {
			return err
		}
		l.in.understand(tableUnderstood("providers", name, &rep))
		l.note(rep.Notes...)
		if l.in.Matrix == nil {
			l.in.Places = table.List
			return nil
		}
		l.in.placeProviders(table.List)
		if err := l.dropFar(cli.InputName(name)); err != nil {
			return err
		}
		if missing := l.in.ProvidersWithoutLocation(); len(missing) > 0 {
			l.note(fmt.Sprintf("%s of the flows %s no location: %s", words.Counted(len(missing), "provider"), words.Has(len(missing)), words.Few(missing)))
		}
		return nil
	})
}

// placeProviders joins a table of providers to the flows.
func (in *Study) placeProviders(list []data.Provider) {
	n := len(in.Matrix.Providers())
	in.ProviderNames, in.ProviderTypes = make([]string, n), make([]string, n)
	in.Points = slices.Repeat([]orb.Point{nowhere}, n)
	for _, p := range list {
		in.Listed = append(in.Listed, p.Code)
		j, ok := in.Matrix.ProviderIndex(p.Code)
		if !ok {
			in.OtherCodes = append(in.OtherCodes, p.Code)
			continue
		}
		in.ProviderNames[j], in.ProviderTypes[j] = plaintext.Name(p.Name), plaintext.Name(p.Type)
		if p.HasPoint {
			in.Points[j] = orb.Point{p.Lon, p.Lat}
		}
	}
}

// population reads --population.
func (l *loader) population() error {
	name := l.Population
	if name == "" {
		return l.flowPopulation()
	}
	decimal, err := DecimalMark(l.Decimal)
	if err != nil {
		return err
	}
	return l.read("population", name, func(r io.Reader) error {
		list, rep, err := data.ReadPopulation(l.ctx, cli.InputName(name), r, append(l.populationOptions(), table.Decimal(decimal))...)
		if err != nil {
			return err
		}
		l.in.understand(tableUnderstood("population", name, &rep))
		l.note(rep.Notes...)
		in := l.in
		if in.Matrix == nil {
			in.People = map[string]float64{}
			for _, p := range list {
				in.People[p.Area] = p.People
			}
			return nil
		}
		for _, p := range list {
			if a, ok := in.Matrix.AreaIndex(p.Area); ok {
				in.setPopulation(a, p.People)
			}
		}
		if err := l.nobody(); err != nil {
			return err
		}
		if missing := in.AreasWithoutPopulation(); len(missing) > 0 {
			l.note(fmt.Sprintf("the population of %s is not known: %s", words.Counted(len(missing), "area"), words.Few(missing)))
		}
		return nil
	})
}
