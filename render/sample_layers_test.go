package render

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// nasty is a name that every format must carry as text.
const nasty = "<script>alert(\"x\")</script> & O'Brien's\nŁódź 医院 ]]> --"

func squareAt(x, y, size float64) orb.Polygon {
	return orb.Polygon{orb.Ring{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}
}

// sampleFootprints is a 3 by 3 chequer of footprints near the middle of
// England: the first has a hole, the second an island, the ninth no score.
func sampleFootprints() Layer {
	l := Layer{
		Name: "footprints", Title: "Footprints <of> the test", Geometry: "MultiPolygon",
		Fields: []Field{
			{"footprint", "Footprint", Text},
			{"name", "Name", Text},
			{"population", "Population (people)", Integer},
			{"score", "Score (higher is worse)", Real},
			{"contiguous", "In one piece", Boolean},
		},
		About: About{Title: "Test", Version: "1.2.3", Parameters: "--seed 7", Seed: 7, FlowSHA256: "0123456789abcdef", Sources: []string{"A source & licence"}, Notice: "Synthetic data: no real place or organisation"},
		Style: Style{Kind: StyleCategories, Field: "footprint", LabelField: "footprint", Outline: "#ffffff", Width: 0.3},
	}
	for i := range 9 {
		x, y := -2+0.5*float64(i%3), 52+0.4*float64(i/3)
		p := orb.Polygon{orb.Ring{{x, y}, {x + 0.5, y}, {x + 0.5, y + 0.4}, {x, y + 0.4}, {x, y}}}
		g := orb.MultiPolygon{p}
		if i == 0 {
			g[0] = append(p, orb.Ring{{x + 0.1, y + 0.1}, {x + 0.1, y + 0.2}, {x + 0.2, y + 0.2}, {x + 0.2, y + 0.1}, {x + 0.1, y + 0.1}})
		}
		if i == 1 {
			g = append(g, squareAt(x+0.1, y-0.3, 0.1))
		}
		id := fmt.Sprintf("F%02d", i+1)
		name, score := "Place "+id, any(float64(i)-4.5)
		if i == 3 {
			name = nasty
		}
		if i == 7 {
			score = math.NaN()
		}
		if i == 8 {
			score = nil
		}
		l.Features = append(l.Features, Feature{ID: id, Geometry: g, Values: []any{id, name, int64(100000 + i), score, i%2 == 0}})
		l.Style.Classes = append(l.Style.Classes, Class{Value: id, Label: id + " " + name, Colour: Qualitative((i%3 + i/3) % 2)})
	}
	return l
}

func sampleScores() Layer {
	l := sampleFootprints()
	l.Name, l.Title = "scores", "Scores"
	l.Style = Style{Kind: StyleGraduated, Field: "score", LabelField: "footprint", Outline: "#ffffff", Width: 0.3}
	var err error
	if l.Style.Classes, err = GraduatedClasses(l, "score", GraduatedOptions{Classes: 3, NotRated: "Not rated"}); err != nil {
		panic(err)
	}
	return l
}

func sampleProviders() Layer {
	l := Layer{
		Name: "providers", Title: "Providers", Geometry: "Point",
		Fields: []Field{{"code", "Code", Text}, {"name", "Name", Text}, {"patients", "Patients", Real}},
		Style:  Style{Kind: StyleSizedPoints, Field: "patients", Colour: "#222266", LabelField: "name"},
	}
	for i := range 5 {
		var n any = float64(int(1000) << i)
		if i == 4 {
			n = nil
		}
		name := fmt.Sprintf("Hospital %d", i)
		if i == 0 {
			name = nasty
		}
		l.Features = append(l.Features, Feature{ID: fmt.Sprintf("P%d", i), Geometry: orb.Point{-1.9 + 0.3*float64(i), 52.1 + 0.2*float64(i)}, Values: []any{fmt.Sprintf("P%d", i), name, n}})
	}
	return l
}

func sampleFlows() Layer {
	l := Layer{
		Name: "flows", Title: "Flows", Geometry: "LineString",
		Fields: []Field{{"area", "Area", Text}, {"provider", "Provider", Text}, {"patients", "Patients", Real}, {"inside", "Inside", Boolean}},
		Style:  Style{Kind: StyleSizedPoints, Field: "patients", Colour: "#553311"},
	}
	for i := range 4 {
		l.Features = append(l.Features, Feature{Geometry: orb.LineString{{-1.75, 52.2}, {-1.5 + 0.3*float64(i), 52.9}}, Values: []any{"A", fmt.Sprintf("P%d", i), float64(100 * (i + 1)), i > 1}})
	}
	return l
}

func sampleLayers() []Layer {
	return []Layer{sampleFootprints(), sampleScores(), sampleProviders(), sampleFlows()}
}

// planeMetres stands in for a projection to the national grid.
func planeMetres(p orb.Point) orb.Point {
	return orb.Point{(p[0]+2)*68000 + 400000, (p[1]-49)*111000 - 100000}
}
