package render

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/flow"
	"stpmap/footprint"
)

// footprintFields are the columns of footprints, in the order that scripts
// rely on.
func footprintFields() []Field {
	return slices.Concat([]Field{
		{"footprint", "Footprint", Text},
		{"name", "Name", Text},
		{"areas", "Areas", Integer},
		{"providers", "Providers", Integer},
		{"population", "People", Real},
		{"patients_resident", "Patients who live here", Real},
		{"patients_treated", "Patients treated here", Real},
		{"patients_inside", "Patients who live and are treated here", Real},
		{"localisation_index", "Localisation index (share of residents' care given inside)", Real},
		{"market_share_index", "Market share index (share of providers' work from inside)", Real},
		{"conductance", "Conductance (share of flow that crosses the boundary)", Real},
		{"contiguous", "In one piece", Boolean},
		{"area_km2", "Area (km²)", Real},
		{"compactness", "Compactness (Polsby–Popper)", Real},
		{"net_flow", "Patients coming in for each going out", Real},
		{"reock", "Compactness (Reock)", Real},
		{"distance_inside_km", "Mean distance of residents to care inside (km)", Real},
		{"distance_outside_km", "Mean distance of residents to care elsewhere (km)", Real},
	}, boundFields("patients_resident", "Patients who live here"), boundFields("patients_treated", "Patients treated here"),
		boundFields("patients_inside", "Patients who live and are treated here"),
		boundFields("localisation_index", "Localisation index"), boundFields("market_share_index", "Market share index"))
}

// FootprintTable is the table of footprints, with geometry where the case has
// boundaries: the rows of footprints.csv and the features of
// footprints.geojson.
func (c *Case) FootprintTable() Layer {
	l := Layer{Name: "footprints", Title: "Footprints", Geometry: "MultiPolygon", About: c.About, Fields: footprintFields()}
	if c.Scores != nil {
		l.Fields = append(l.Fields,
			Field{"score", "Score (higher is worse)", Real},
			Field{"rating", "Rating (1 best to 4 worst)", Integer},
			Field{"rank", "Rank (1 is the worst)", Integer},
			Field{"rank_low", "Rank, lower end of 90% interval", Real},
			Field{"rank_high", "Rank, upper end of 90% interval", Real},
			Field{"domains_failing", "Domains failing", Integer},
			Field{"coverage", "Share of indicator weight available", Real})
	}
	names := c.footprintNames()
	m := c.mapped()
	near, far := m.distances()
	for i, f := range c.Measures.ByFootprint {
		feature := Feature{ID: f.ID}
		var km2, compactness, reock, contiguous any
		if m.shapes != nil && len(m.shapes[i]) > 0 {
			feature.Geometry = m.shapes[i]
			km2, compactness, reock = number(m.km2[i]), number(m.compactness[i]), number(m.reock[i])
		}
		if c.Measures.Contiguous >= 0 && f.Areas > 0 {
			contiguous = f.Contiguous
		}
		population := number(f.Population)
		if f.Areas == 0 {
			population = nil
		}
		feature.Values = slices.Concat([]any{
			f.ID, text(names[i]), int64(f.Areas), int64(f.Providers), population,
			f.Resident.Published, f.Treated.Published, f.Inside.Published,
			number(f.LocalisationIndex), number(f.MarketShareIndex), number(f.Conductance), contiguous, km2, compactness,
			number(f.NetFlow), reock, number(near[i]), number(far[i]),
		}, boundsOf(f.Resident), boundsOf(f.Treated), boundsOf(f.Inside), bounds(f.LocalisationBounds()), bounds(f.MarketShareBounds()))
		if c.Scores != nil {
			s := c.Scores[i]
			feature.Values = append(feature.Values, number(s.Score), positive(s.Rating), positive(s.Rank),
				number(s.RankLow), number(s.RankHigh), atLeastZero(s.DomainsFailing), number(s.Coverage))
		}
		l.Features = append(l.Features, feature)
	}
	wholeNumbers(&l, "population")
	for _, f := range []string{"patients_resident", "patients_treated", "patients_inside"} {
		wholeNumbers(&l, f)
		wholeNumbers(&l, f+"_lower")
		wholeNumbers(&l, f+"_upper")
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

// footprintLayer leaves out footprints without a polygon.
func (c *Case) footprintLayer() (Layer, bool) {
	if c.Boundaries == nil {
		return Layer{}, false
	}
	l := c.FootprintTable()
	l.Features = slices.DeleteFunc(l.Features, func(f Feature) bool { return f.Geometry == nil })
	return l, len(l.Features) > 0
}

// scoreLayer is the footprints again, to be coloured by their rating.
func scoreLayer(footprints Layer) Layer {
	l := footprints
	l.Name, l.Title = "scores", "Ratings"
	return l
}

// boundaryGroups gives the footprint of each boundary, −1 for those whose area
// has no flow.
func (c *Case) boundaryGroups() []int32 {
	groups := make([]int32, len(c.Boundaries.Codes()))
	for i := range groups {
		groups[i] = footprint.Unplaced
	}
	for a, code := range c.Matrix.Areas() {
		if i, ok := c.Boundaries.Index(code); ok {
			groups[i] = c.Partition.Areas[a]
		}
	}
	return groups
}

// footprintNames are the given ones, or else made of the names of the one or
// two largest areas.
func (c *Case) footprintNames() []string {
	if c.FootprintNames != nil {
		names := slices.Clone(c.FootprintNames)
		for i := range names {
			names[i] = c.named(names[i])
		}
		return names
	}
	names := make([]string, c.Partition.Len())
	for i, f := range c.Partition.Footprints() {
		size := func(a int32) float64 {
			if c.Population != nil && !math.IsNaN(c.Population[a]) {
				return c.Population[a]
			}
			return c.Matrix.RowTotal(int(a))
		}
		members := slices.DeleteFunc(slices.Clone(f.Areas), func(a int32) bool { return c.AreaNames == nil || c.AreaNames[a] == "" })
		slices.SortFunc(members, func(a, b int32) int { return cmp.Or(cmp.Compare(size(b), size(a)), cmp.Compare(a, b)) })
		var parts []string
		for _, a := range members[:min(2, len(members))] {
			parts = append(parts, plainName(strings.TrimSuffix(c.AreaNames[a], c.NameMark)))
		}
		names[i] = c.named(strings.Join(parts, " and "))
	}
	return names
}

// plainName takes the words off an organisation's name that every one of its
// kind has.
func plainName(name string) string {
	name = strings.TrimPrefix(name, "NHS ")
	for _, s := range []string{" CCG", " Clinical Commissioning Group", " Commissioning Group"} {
		name = strings.TrimSuffix(name, s)
	}
	return name
}

// areaFields are the columns of areas, in the order that scripts rely on.
func areaFields() []Field {
	return slices.Concat([]Field{
		{"code", "Area", Text},
		{"name", "Name", Text},
		{"footprint", "Footprint", Text},
		{"population", "People", Real},
		{"patients", "Patients", Real},
		{"localisation_index", "Share of residents' care given inside the footprint", Real},
		{"leakage", "Share of residents' care given elsewhere", Real},
		{"hhi", "Concentration of providers (Herfindahl–Hirschman index)", Real},
		{"top_provider", "Provider with most of the area's patients", Text},
		{"confidence", "Share of resampled runs that agree", Real},
		{"next_footprint", "Next best footprint", Text},
	}, boundFields("patients", "Patients"), boundFields("localisation_index", "Share of residents' care given inside the footprint"))
}

func (c *Case) areaLayer(shapes []orb.Geometry) (Layer, []string) {
	l := Layer{
		Name: "areas", Title: "Areas", Geometry: "MultiPolygon",
		Fields: areaFields(),
	}
	if c.Boundaries == nil {
		l.Geometry = "Point"
	}
	m, p := c.Matrix, c.Partition
	missing := 0
	for a, code := range m.Areas() {
		f := Feature{ID: code, Geometry: shapes[a]}
		if f.Geometry == nil {
			missing++
		}
		byFootprint := make([]float64, p.Len())
		var inside flow.Count
		ps, ws := m.Row(a)
		off := m.RowOffset(a)
		providers := p.Providers
		if m.OneMode() {
			providers = p.Areas
		}
		for i, j := range ps {
			if g := providers[j]; g >= 0 {
				byFootprint[g] += ws[i]
				if g == p.Areas[a] {
					inside = inside.Plus(m.Cell(off + i))
				}
			}
		}
		var id, next, top, li, leakage, hhi any
		total, liBounds := m.RowCount(a), []any{nil, nil}
		if p.Areas[a] >= 0 {
			id = p.IDs[p.Areas[a]]
			if m.RowTotal(a) > 0 {
				li, leakage = inside.Value/m.RowTotal(a), 1-inside.Value/m.RowTotal(a)
				liBounds = bounds(inside.ShareBounds(total))
			}
		}
		if g := c.next(a, byFootprint); g >= 0 {
			next = p.IDs[g]
		}
		if j, _, ok := m.TopProvider(a); ok {
			top = m.Providers()[j]
		}
		if h, ok := m.HHI(a); ok {
			hhi = h
		}
		f.Values = slices.Concat([]any{
			code, text(c.named(at(c.AreaNames, a))), id, number(atOrNaN(c.Population, a)), total.Published,
			li, leakage, hhi, top, number(atOrNaN(c.AreaConfidence, a)), next,
		}, boundsOf(total), liBounds)
		l.Features = append(l.Features, f)
	}
	for _, f := range []string{"population", "patients", "patients_lower", "patients_upper"} {
		wholeNumbers(&l, f)
	}
	var notes []string
	if missing > 0 && (c.Boundaries != nil || c.AreaPoints != nil) {
		notes = append(notes, fmt.Sprintf("%s without a place on the map", counted(missing, "area")))
	}
	return l, notes
}

// areaGeometries are the areas' polygons, or their points where there are no
// boundaries; nil for an area that has neither.
func (c *Case) areaGeometries() []orb.Geometry {
	out := make([]orb.Geometry, len(c.Matrix.Areas()))
	var shapes []orb.MultiPolygon
	if c.Boundaries != nil {
		shapes = c.Boundaries.All()
		if c.startsAtLabels() {
			c.Boundaries.labelPoints(func() []orb.MultiPolygon { return shapes })
		}
	}
	for a, code := range c.Matrix.Areas() {
		if c.Boundaries != nil {
			if i, ok := c.Boundaries.Index(code); ok {
				out[a] = shapes[i]
			}
		} else if c.AreaPoints != nil && !math.IsNaN(c.AreaPoints[a][0]) {
			out[a] = c.AreaPoints[a]
		}
	}
	return out
}

// next is an area's next best footprint: as given, or by its flow where none is,
// as where every resampled run agrees.
func (c *Case) next(a int, byFootprint []float64) int32 {
	if c.NextFootprint != nil && c.NextFootprint[a] >= 0 {
		return c.NextFootprint[a]
	}
	best := int32(-1)
	for g, w := range byFootprint {
		if int32(g) != c.Partition.Areas[a] && w > 0 && (best < 0 || w > byFootprint[best]) {
			best = int32(g)
		}
	}
	return best
}

func (c *Case) providerLayer() (Layer, []string) {
	l := Layer{Name: "providers", Title: "Providers", Geometry: "Point", Fields: providerFields(c.ProviderTypes)}
	m, p := c.Matrix, c.Partition
	withPeople := c.Population != nil
	catchments, _ := m.Catchments(orNaNs(c.Population, len(m.Areas())))
	missing := 0
	for j, code := range m.Providers() {
		f := Feature{ID: code}
		if c.Points != nil && !math.IsNaN(c.Points[j][0]) {
			f.Geometry = c.Points[j]
		} else {
			missing++
		}
		var id, inside, hhi, proportionate, fptp any
		total, insideBounds := m.ColumnCount(j), []any{nil, nil}
		if g := p.Providers[j]; g >= 0 {
			id = p.IDs[g]
			var sum flow.Count
			as, _ := m.Column(j)
			for _, a := range as {
				if p.Areas[a] == g {
					sum = sum.Plus(m.At(int(a), j))
				}
			}
			if m.ColumnTotal(j) > 0 {
				inside = sum.Value / m.ColumnTotal(j)
				insideBounds = bounds(sum.ShareBounds(total))
			}
		}
		if h, ok := m.MarketHHI(j); ok {
			hhi = h
		}
		if withPeople {
			proportionate, fptp = number(catchments[j].Proportionate), number(catchments[j].FirstPastThePost)
		}
		f.Values = withType(slices.Concat([]any{code, text(c.named(at(c.ProviderNames, j))), id, total.Published, proportionate, fptp, hhi, inside},
			boundsOf(total), insideBounds), c.ProviderTypes, j)
		l.Features = append(l.Features, f)
	}
	for _, f := range []string{"patients", "patients_lower", "patients_upper", "catchment_fptp"} {
		wholeNumbers(&l, f)
	}
	var notes []string
	if missing > 0 && c.Points != nil {
		notes = append(notes, fmt.Sprintf("%s without a place on the map", counted(missing, "provider")))
	}
	return l, notes
}

func at(s []string, i int) string {
	if s == nil {
		return ""
	}
	return s[i]
}

func atOrNaN(s []float64, i int) float64 {
	if s == nil {
		return math.NaN()
	}
	return s[i]
}

func orNaNs(s []float64, n int) []float64 {
	if s != nil {
		return s
	}
	s = make([]float64, n)
	for i := range s {
		s[i] = math.NaN()
	}
	return s
}
