package maps

import (
	"cmp"
	"fmt"
	"slices"

	"stpmap/footprint"
	"stpmap/render/layer"
)

// footprintsKind is the footprints that have a polygon, in one colour each, none
// the same as a neighbour's.
var footprintsKind = Kind{
	Name: "footprints", Title: "Footprints", Geometry: "MultiPolygon", Depth: 7, Numbers: true,
	optional: true,
	known:    func(m *Map) bool { return m.Boundaries != nil },
	columns:  func(*Map) []layer.Field { return nil },
	rows: func(d *drawing, l *layer.Layer) []string {
		l.Fields, l.Features = d.table.Fields, d.table.Features
		return nil
	},
	style: func(d *drawing, l *layer.Layer) { l.Style = footprintStyle(d.classes) },
	page:  func(s *layer.Style) { s.Opacity, s.Width = 0.9, 0.35 },
}

func footprintStyle(classes []layer.Class) layer.Style {
	return layer.Style{Kind: layer.StyleCategories, Field: "footprint", LabelField: "footprint", Outline: "#333333", Width: 0.5, Opacity: 0.7, Classes: classes}
}

// footprintFields are the columns of footprints, in the order that scripts
// rely on.
func footprintFields() []layer.Field {
	return slices.Concat([]layer.Field{
		{Name: "footprint", Alias: "Footprint", Type: layer.Text},
		{Name: "name", Alias: "Name", Type: layer.Text},
		{Name: "areas", Alias: "Areas", Type: layer.Integer},
		{Name: "providers", Alias: "Providers", Type: layer.Integer},
		{Name: "population", Alias: "People", Type: layer.Real},
		{Name: "patients_resident", Alias: "Patients who live here", Type: layer.Real},
		{Name: "patients_treated", Alias: "Patients treated here", Type: layer.Real},
		{Name: "patients_inside", Alias: "Patients who live and are treated here", Type: layer.Real},
		{Name: "localisation_index", Alias: "Localisation index (share of residents' care given inside)", Type: layer.Real},
		{Name: "market_share_index", Alias: "Market share index (share of providers' work from inside)", Type: layer.Real},
		{Name: "conductance", Alias: "Conductance (share of flow that crosses the boundary)", Type: layer.Real},
		{Name: "contiguous", Alias: "In one piece", Type: layer.Boolean},
		{Name: "area_km2", Alias: "Area (km²)", Type: layer.Real},
		{Name: "compactness", Alias: "Compactness (Polsby–Popper)", Type: layer.Real},
		{Name: "net_flow", Alias: "Patients coming in for each going out", Type: layer.Real},
		{Name: "reock", Alias: "Compactness (Reock)", Type: layer.Real},
		{Name: "distance_inside_km", Alias: "Mean distance of residents to care inside (km)", Type: layer.Real},
		{Name: "distance_outside_km", Alias: "Mean distance of residents to care elsewhere (km)", Type: layer.Real},
	}, boundFields("patients_resident", "Patients who live here"), boundFields("patients_treated", "Patients treated here"),
		boundFields("patients_inside", "Patients who live and are treated here"),
		boundFields("localisation_index", "Localisation index"), boundFields("market_share_index", "Market share index"))
}

// FootprintTable is the table of footprints, with geometry where the case has
// boundaries: the rows of footprints.csv and the features of
// footprints.geojson.
func (c *Map) FootprintTable() layer.Layer {
	l := layer.Layer{Name: "footprints", Title: "Footprints", Geometry: "MultiPolygon", About: c.About, Fields: footprintFields()}
	if c.Scores != nil {
		l.Fields = append(l.Fields,
			layer.Field{Name: "score", Alias: "Score (higher is worse)", Type: layer.Real},
			layer.Field{Name: "rating", Alias: "Rating (1 best to 4 worst)", Type: layer.Integer},
			layer.Field{Name: "rank", Alias: "Rank (1 is the worst)", Type: layer.Integer},
			layer.Field{Name: "rank_low", Alias: "Rank, lower end of 90% interval", Type: layer.Real},
			layer.Field{Name: "rank_high", Alias: "Rank, upper end of 90% interval", Type: layer.Real},
			layer.Field{Name: "domains_failing", Alias: "Domains failing", Type: layer.Integer},
			layer.Field{Name: "coverage", Alias: "Share of indicator weight available", Type: layer.Real})
	}
	names := c.footprintNames()
	m := c.measured()
	near, far := m.distances()
	for i, f := range c.Measures.ByFootprint {
		feature := layer.Feature{ID: f.ID}
		var km2, compactness, reock, contiguous any
		if m.shapes != nil && len(m.shapes[i]) > 0 {
			feature.Geometry = m.shapes[i]
			km2, compactness, reock = layer.Known(m.km2[i]), layer.Known(m.compactness[i]), layer.Known(m.reock[i])
		}
		if c.Measures.Contiguous >= 0 && f.Areas > 0 {
			contiguous = f.Contiguous
		}
		population := layer.Known(f.Population)
		if f.Areas == 0 {
			population = nil
		}
		feature.Values = slices.Concat([]any{
			f.ID, layer.Nonempty(names[i]), int64(f.Areas), int64(f.Providers), population,
			f.Resident.Published, f.Treated.Published, f.Inside.Published,
			layer.Known(f.LocalisationIndex), layer.Known(f.MarketShareIndex), layer.Known(f.Conductance), contiguous, km2, compactness,
			layer.Known(f.NetFlow), reock, layer.Known(near[i]), layer.Known(far[i]),
		}, boundsOf(f.Resident), boundsOf(f.Treated), boundsOf(f.Inside), bounds(f.LocalisationBounds()), bounds(f.MarketShareBounds()))
		if c.Scores != nil {
			s := c.Scores[i]
			feature.Values = append(feature.Values, layer.Known(s.Score), positive(s.Rating), positive(s.Rank),
				layer.Known(s.RankLow), layer.Known(s.RankHigh), atLeastZero(s.DomainsFailing), layer.Known(s.Coverage))
		}
		l.Features = append(l.Features, feature)
	}
	wholeNumbers(&l, "population")
	for _, f := range []string{"patients_resident", "patients_treated", "patients_inside"} {
		wholeNumbers(&l, f, f+"_lower", f+"_upper")
	}
	return l
}

func positive(n int) any {
	if n <= 0 {
		return nil
	}
	return int64(n)
}

func atLeastZero(n int) any {
	if n < 0 {
		return nil
	}
	return int64(n)
}

// footprintNames are those of Case.FootprintNames, or else made by Case.Naming;
// a name that a person gave wins over both.
func (c *Map) footprintNames() []string {
	naming := c.Naming
	naming.Areas, naming.Size, naming.Mark = c.AreaNames, c.Population, c.NameMark
	names := naming.Names(c.Matrix, c.Partition)
	if c.FootprintNames != nil {
		given := footprint.Naming{Given: naming.Given}.Names(c.Matrix, c.Partition)
		for i := range names {
			names[i] = cmp.Or(given[i], c.FootprintNames[i])
		}
	}
	for i := range names {
		names[i] = c.named(names[i])
	}
	return names
}

// groupsOf gives the footprint of each boundary in a partition, −1 for those
// whose area has no flow.
func (c *Map) groupsOf(p footprint.Partition) []int32 {
	groups := make([]int32, len(c.Boundaries.Codes()))
	for i := range groups {
		groups[i] = footprint.Unplaced
	}
	for a, code := range c.Matrix.Areas() {
		if i, ok := c.Boundaries.Index(code); ok {
			groups[i] = p.Areas[a]
		}
	}
	return groups
}

// footprintClasses are the footprints as the classes of a legend: a footprint
// keeps its colour through all layers.
func (c *Map) footprintClasses() []layer.Class {
	colours, names := c.colours(), c.footprintNames()
	classes := make([]layer.Class, 0, c.Partition.Len())
	for i, id := range c.Partition.IDs {
		label := id
		if names[i] != "" {
			label = fmt.Sprintf("%s %s", id, names[i])
		}
		classes = append(classes, layer.Class{Value: id, Label: label, Colour: colours[i]})
	}
	return classes
}

// colours gives each footprint a colour that no neighbour has.
func (c *Map) colours() []string {
	n := c.Partition.Len()
	out := make([]string, n)
	if c.Boundaries == nil {
		for i := range out {
			out[i] = layer.Qualitative(i)
		}
		return out
	}
	for i, k := range layer.Colouring(c.Boundaries.GroupAdjacency(c.groupsOf(c.Partition), n), n) {
		out[i] = layer.Qualitative(k)
	}
	return out
}
