package drawing

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/mapping"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/report"
)

// plain draws a grouping of boundaries without flows.
func (o *Options) plain(ctx context.Context, env *cli.Env, ch choice) (*drawing, error) {
	request := o.request(env)
	in, err := request.ReadPlaces(ctx)
	if err != nil {
		return nil, err
	}
	g, err := o.grouping(ctx, request, in)
	if err != nil {
		return nil, err
	}
	b := in.Boundaries
	if missing := unplaced(b, g.Of); len(missing) > 0 {
		in.Notes = append(in.Notes, fmt.Sprintf("%s in no footprint, and not drawn: %s", words.Counted(len(missing), "polygon"), words.Few(missing)))
	}
	in.Say(env)
	g.About = layer.About{Title: o.Maps.Title, Version: cli.Version, Parameters: o.Parameters(), Sources: slices.Concat(in.Sources, o.Maps.Source)}
	if g.About.Title == "" {
		g.About.Title = words.Counted(len(g.IDs), "footprint")
	}
	d := &drawing{in: in, about: g.About}
	g.Areas = slices.Contains(ch.layers, "areas")
	d.layers = g.Layers(b.Simplify(ch.simplify))
	d.report = func() (report.Page, error) { return plainReport(in, g, d.layers), nil }
	return d, nil
}

// grouping groups the boundaries by a property or a partition.
func (o *Options) grouping(ctx context.Context, request study.Request, in *study.Study) (*maps.Grouping, error) {
	b := in.Boundaries
	g := &maps.Grouping{Boundaries: b, Population: peopleOf(in, b)}
	var providers map[string]string
	if o.By != "" {
		values, ok := b.Property(o.By)
		if !ok {
			return nil, cli.Inputf("%s: no property %q; there are %s", o.Boundaries, o.By, strings.Join(b.Properties(), ", "))
		}
		g.Of, g.IDs = maps.GroupBy(values)
	} else {
		m, err := request.ReadMemberships(ctx, in, "partition", o.Partition[0])
		if err != nil {
			return nil, err
		}
		g.Of, g.IDs, g.Names, providers = m.Of, m.IDs, m.Names, m.Providers
	}
	if o.Reference != "" {
		m, err := request.ReadMemberships(ctx, in, "reference", o.Reference)
		if err != nil {
			return nil, err
		}
		g.Reference = &maps.Grouping{Of: m.Of, IDs: m.IDs}
	}
	g.Providers = groupedProviders(in, g, providers)
	nameGroups(in, g)
	return g, nil
}

// nameGroups gives groups the names of --names, by their id or a member's code.
func nameGroups(in *study.Study, g *maps.Grouping) {
	if len(in.GivenNames) == 0 {
		return
	}
	names := make([]string, len(g.IDs))
	copy(names, g.Names)
	for i, code := range in.Boundaries.Codes() {
		if name, ok := in.GivenNames[code]; ok && g.Of[i] >= 0 {
			names[g.Of[i]] = name
		}
	}
	for k, id := range g.IDs {
		if name, ok := in.GivenNames[id]; ok {
			names[k] = name
		}
	}
	g.Names = names
}

// peopleOf gives the people of --population to the boundaries; nil without it,
// so that the boundaries' own count.
func peopleOf(in *study.Study, b *boundary.Set) []float64 {
	if in.People == nil {
		return nil
	}
	out := make([]float64, b.Len())
	own := b.Populations()
	for i, code := range b.Codes() {
		out[i] = math.NaN()
		if n, ok := in.People[code]; ok {
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
func groupedProviders(in *study.Study, g *maps.Grouping, placed map[string]string) []maps.GroupedProvider {
	if in.Places == nil {
		return nil
	}
	group := map[string]int32{}
	for i, id := range g.IDs {
		group[id] = int32(i)
	}
	out := make([]maps.GroupedProvider, len(in.Places))
	points := make([]orb.Point, len(in.Places))
	for i, p := range in.Places {
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

// plainReport is the page of a grouping: map, league table by size, members.
func plainReport(in *study.Study, g *maps.Grouping, layers []layer.Layer) report.Page {
	b := g.Boundaries
	r := report.Page{
		Title: g.About.Title, About: g.About, Notes: in.Notes, LevelTitle: "Map",
		Subtitle: fmt.Sprintf("%s in %s", words.Counted(b.Len()-len(unplaced(b, g.Of)), "area"), words.Counted(len(g.IDs), "footprint")),
		Facts:    []report.Fact{{Value: fmt.Sprint(len(g.IDs)), Label: "footprints"}},
		Areas:    plainAreas(in, g),
	}
	for _, p := range g.Providers {
		r.Providers = append(r.Providers, report.Provider{Code: p.Code, Name: p.Name, Point: p.At, Patients: math.NaN(), Kind: p.Type})
	}
	r.Levels = []report.Level{plainLevel(g, layers[0])}
	if g.Reference != nil {
		r.Levels = append(r.Levels, referenceLevel(g))
	}
	return r
}

// plainAreas are the areas of a grouping, with simplified polygons.
func plainAreas(in *study.Study, g *maps.Grouping) (areas []report.Area) {
	b, people := g.Boundaries, g.Population
	if people == nil {
		people = b.Populations()
	}
	for i, polygon := range mapping.Shapes(in).All() {
		a := report.Area{Code: b.Codes()[i], Name: b.Names()[i], Population: math.NaN()}
		if len(polygon) > 0 {
			a.Geometry = polygon
		}
		if people != nil {
			a.Population = people[i]
		}
		areas = append(areas, a)
	}
	return areas
}

// plainLevel is the grouping as a level; footprints is its layer.
func plainLevel(g *maps.Grouping, footprints layer.Layer) report.Level {
	level := report.Level{Name: g.About.Title, Areas: g.Of, Footprints: make([]report.Footprint, len(g.IDs))}
	for _, p := range g.Providers {
		level.Providers = append(level.Providers, p.Group)
	}
	var columns []int
	for _, name := range []string{"population", "areas", "area_km2", "compactness"} {
		at := footprints.FieldIndex(name)
		columns = append(columns, at)
		level.Columns = append(level.Columns, mapping.ReportColumn(footprints.Fields[at]))
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
	return level
}

// referenceLevel is the reference of a grouping as a level.
func referenceLevel(g *maps.Grouping) report.Level {
	ref := g.Reference
	level := report.Level{Name: "Reference", Areas: ref.Of, Providers: slices.Repeat([]int32{footprint.Unplaced}, len(g.Providers))}
	for _, id := range ref.IDs {
		level.Footprints = append(level.Footprints, report.Footprint{ID: id})
	}
	return level
}
