package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/urfave/cli/v2"

	"stpmap/data"
	tablepkg "stpmap/data/table"
	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/report"
)

// renderPlain draws a grouping of boundaries without flows.
func (env *environment) renderPlain(c *cli.Context, o renderOptions) (*drawing, error) {
	in := &inputs{}
	l := &loader{ctx: c.Context, c: c, files: filesOnDisk{stdin: env.stdin}, in: in}
	fail := func(err error) (*drawing, error) {
		if f := l.fault(err); f != nil {
			return nil, f
		}
		return nil, l.faults.Err()
	}
	for _, step := range []func() error{l.boundaries, l.areaPoints, l.providers, l.population} {
		if err := step(); err != nil {
			return fail(err)
		}
	}
	b := in.boundaries
	g := &maps.Grouping{Boundaries: b, Population: in.peopleOf(b)}
	var providers map[string]string
	if by := c.String("by"); by != "" {
		values, ok := b.Property(by)
		if !ok {
			return nil, inputf("%s: no property %q; there are %s", c.String("boundaries"), by, strings.Join(b.Properties(), ", "))
		}
		g.Of, g.IDs = maps.GroupBy(values)
	} else {
		m, err := l.membership("partition", c.StringSlice("partition")[0], partitionColumn(c))
		if err != nil {
			return fail(err)
		}
		g.Of, g.IDs, g.Names, providers = m.of, m.ids, m.names, m.providers
	}
	if name := c.String("reference"); name != "" {
		m, err := l.membership("reference", name, c.String("reference-column"))
		if err != nil {
			return fail(err)
		}
		g.Reference = &maps.Grouping{Of: m.of, IDs: m.ids}
	}
	g.Providers = in.groupedProviders(g, providers)
	if missing := unplaced(b, g.Of); len(missing) > 0 {
		in.notes = append(in.notes, fmt.Sprintf("%s in no footprint, and not drawn: %s", counted(len(missing), "polygon"), firstFew(missing)))
	}
	for _, n := range in.notes {
		env.log.Info(n)
	}
	g.About = layer.About{Title: c.String("title"), Version: version, Parameters: parameters(c), Sources: slices.Concat(in.sources, c.StringSlice("source"))}
	if g.About.Title == "" {
		g.About.Title = counted(len(g.IDs), "footprint")
	}
	d := &drawing{in: in, about: g.About}
	g.Areas = slices.Contains(o.layers, "areas")
	d.layers = g.Layers(b.Simplify(o.simplify))
	d.report = func() (report.Page, error) { return plainReport(in, g, d.layers), nil }
	return d, nil
}

// peopleOf gives the people of --population to the boundaries; nil without it,
// so that the boundaries' own count.
func (in *inputs) peopleOf(b *boundary.Set) []float64 {
	if in.people == nil {
		return nil
	}
	out := make([]float64, b.Len())
	own := b.Populations()
	for i, code := range b.Codes() {
		out[i] = math.NaN()
		if n, ok := in.people[code]; ok {
			out[i] = n
		} else if own != nil {
			out[i] = own[i]
		}
	}
	return out
}

// unplaced are the codes of the boundaries in no group.
func unplaced(b *boundary.Set, of []int32) (codes []string) {
	for i, g := range of {
		if g < 0 {
			codes = append(codes, b.Codes()[i])
		}
	}
	return codes
}

// groupedProviders places the providers of --providers: where the partition
// says, or else in the footprint that they lie in.
func (in *inputs) groupedProviders(g *maps.Grouping, placed map[string]string) []maps.GroupedProvider {
	if in.places == nil {
		return nil
	}
	group := map[string]int32{}
	for i, id := range g.IDs {
		group[id] = int32(i)
	}
	out := make([]maps.GroupedProvider, len(in.places))
	points := make([]orb.Point, len(in.places))
	for i, p := range in.places {
		points[i] = orb.Point{math.NaN(), math.NaN()}
		if p.HasPoint {
			points[i] = orb.Point{p.Lon, p.Lat}
		}
		out[i] = maps.GroupedProvider{Code: p.Code, Name: p.Name, Type: p.Type, At: points[i], Group: footprint.Unplaced}
	}
	for i, at := range g.Boundaries.Locate(points) {
		if id, ok := placed[out[i].Code]; ok {
			if k, ok := group[id]; ok {
				out[i].Group = k
			}
		} else if at >= 0 {
			out[i].Group = g.Of[at]
		}
	}
	return out
}

// memberships are a partition's groups as boundaries alone know them.
type memberships struct {
	of         []int32 // by boundary
	ids, names []string
	providers  map[string]string // group by code
}

// membership reads a partition for boundaries alone.
func (l *loader) membership(role, name, column string) (*memberships, error) {
	b := l.in.boundaries
	values := make([]string, b.Len())
	nameOf := map[string]string{}
	m := &memberships{providers: map[string]string{}}
	err := l.read(role, name, func(r io.Reader) error {
		rows, rep, err := data.ReadPartition(l.ctx, displayName(name), r, tablepkg.Column(data.GroupRole.Name, column))
		if err != nil {
			return err
		}
		l.in.notes = append(l.in.notes, rep.Notes...)
		joined, outside := 0, []string{}
		for _, row := range rows {
			if i, ok := b.Index(row.Code); ok {
				values[i] = row.Group
				joined++
			} else if row.Provider {
				m.providers[row.Code] = row.Group
			} else {
				outside = append(outside, row.Code)
			}
			if row.GroupName != "" {
				nameOf[row.Group] = row.GroupName
			}
		}
		if joined == 0 {
			return &tablepkg.InputError{File: displayName(name), Err: fmt.Errorf("none of its codes is one of the boundaries' (such as %s): is it another vintage, or another kind of code?", example(b.Codes()))}
		}
		l.say(vanishedNote(role, displayName(name), "polygon", data.Vanished(rows, func(row data.Membership) bool {
			_, ok := b.Index(row.Code)
			return ok
		})))
		if len(outside) > 0 {
			l.in.notes = append(l.in.notes, fmt.Sprintf("%s of the %s without a polygon: %s", counted(len(outside), "area"), role, firstFew(outside)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	m.of, m.ids = maps.GroupBy(values)
	m.names = make([]string, len(m.ids))
	for g, id := range m.ids {
		m.names[g] = nameOf[id]
	}
	return m, nil
}

// plainReport is the page of a grouping: map, league table by size, members.
func plainReport(in *inputs, g *maps.Grouping, layers []layer.Layer) report.Page {
	b := g.Boundaries
	people := g.Population
	if people == nil {
		people = b.Populations()
	}
	r := report.Page{
		Title: g.About.Title, About: g.About, Notes: in.notes, LevelTitle: "Map",
		Subtitle: fmt.Sprintf("%s in %s", counted(b.Len()-len(unplaced(b, g.Of)), "area"), counted(len(g.IDs), "footprint")),
		Facts:    []report.Fact{{Value: fmt.Sprint(len(g.IDs)), Label: "footprints"}},
	}
	shapes := in.reportShapes()
	for i, polygon := range shapes.All() {
		a := report.Area{Code: b.Codes()[i], Name: b.Names()[i], Population: math.NaN()}
		if len(polygon) > 0 {
			a.Geometry = polygon
		}
		if people != nil {
			a.Population = people[i]
		}
		r.Areas = append(r.Areas, a)
	}
	for _, p := range g.Providers {
		r.Providers = append(r.Providers, report.Provider{Code: p.Code, Name: p.Name, Point: p.At, Patients: math.NaN(), Kind: p.Type})
	}
	level := report.Level{Name: g.About.Title, Areas: g.Of, Footprints: make([]report.Footprint, len(g.IDs))}
	for _, p := range g.Providers {
		level.Providers = append(level.Providers, p.Group)
	}
	footprints := layers[0]
	var columns []int
	for _, name := range []string{"population", "areas", "area_km2", "compactness"} {
		at := footprints.FieldIndex(name)
		columns = append(columns, at)
		level.Columns = append(level.Columns, reportColumn(footprints.Fields[at]))
	}
	drawn := map[string]layer.Feature{}
	for _, f := range footprints.Features {
		drawn[f.ID] = f
	}
	for k, id := range g.IDs {
		row := report.Footprint{ID: id, Values: make([]any, len(columns))}
		if g.Names != nil {
			row.Name = g.Names[k]
		}
		if f, ok := drawn[id]; ok {
			for i, at := range columns {
				row.Values[i] = f.Values[at]
			}
		}
		level.Footprints[k] = row
	}
	r.Levels = []report.Level{level}
	if ref := g.Reference; ref != nil {
		other := report.Level{Name: "Reference", Areas: ref.Of, Providers: make([]int32, len(g.Providers))}
		for i := range other.Providers {
			other.Providers[i] = footprint.Unplaced
		}
		for _, id := range ref.IDs {
			other.Footprints = append(other.Footprints, report.Footprint{ID: id})
		}
		r.Levels = append(r.Levels, other)
	}
	return r
}
