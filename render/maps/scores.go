package maps

import "stpmap/render/layer"

// scoresKind is the footprints again, coloured by their rating.
var scoresKind = Kind{
	Name: "scores", Title: "Ratings", Geometry: "MultiPolygon", Depth: 4, Asked: true, Needs: "scores need --flows and --indicators",
	optional: true,
	known:    func(m *Map) bool { return m.Boundaries != nil && m.Scores != nil },
	columns:  footprintsKind.columns,
	rows:     footprintsKind.rows,
	style: func(_ *drawing, l *layer.Layer) {
		l.Style = layer.Style{Kind: layer.StyleCategories, Field: "rating", LabelField: "footprint", Outline: "#333333", Width: 0.5, Opacity: 0.9, Classes: ratingClasses(l), LegendTitle: "Rating"}
	},
}

// Score is what a footprint's scoring says, in the columns of the map.
type Score struct {
	Score          float64 // higher is worse; NaN if not rated
	Rating         int     // 1 best to 4 worst; 0 if not rated
	Rank           int     // 1 is the worst; 0 if not rated
	RankLow        float64
	RankHigh       float64
	DomainsFailing int     // negative if not rated
	Coverage       float64 // share of indicator weight available, in [0, 1]
}

// ratingClasses are the classes of RatingClasses, the hatched one only where
// something is not rated.
func ratingClasses(l *layer.Layer) []layer.Class {
	classes := RatingClasses()
	at := l.FieldIndex("rating")
	for _, f := range l.Features {
		if f.Values[at] == nil {
			return classes
		}
	}
	return classes[:len(classes)-1]
}

// RatingClasses are the four ratings, then a hatched class for what is not
// rated.
func RatingClasses() []layer.Class {
	colours := layer.Ratings()
	var classes []layer.Class
	for i, label := range []string{"1 best", "2", "3", "4 worst"} {
		classes = append(classes, layer.Class{Value: int64(i + 1), Label: label, Colour: colours[i]})
	}
	return append(classes, layer.Class{Value: nil, Label: "not rated", Colour: layer.NotRated, Hatched: true})
}
