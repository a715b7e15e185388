package scoring

import (
	"io"
	"math"
	"path/filepath"
	"slices"

	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint/score"
	"stpmap/render/chart"
	"stpmap/render/maps"
)

// Names are those of the files that a score may write into a folder, as far as
// they could be the user's own.
func Names() []string {
	return []string{"indicators.csv", "scores.csv", "sensitivity.csv", "trend.csv", "reference_ratings.csv", "score.json", "score.xlsx", stage.ProvenanceName, "score." + stage.ProvenanceName}
}

// Stage stages the tables and charts of a score.
func Stage(s *stage.Files, dir string, in *study.Study, res *score.Result) error {
	files := []stage.File{
		{Name: "indicators.csv", Write: res.WriteIndicators}, {Name: "scores.csv", Write: res.WriteScores}, {Name: "sensitivity.csv", Write: res.WriteSensitivity},
	}
	if len(res.Trends) > 0 {
		files = append(files, stage.File{Name: "trend.csv", Write: res.WriteTrends})
	}
	charts, err := chart.OfScore(res, in.Notice)
	if err != nil {
		return err
	}
	for _, chart := range charts {
		for _, format := range []string{"svg", "png"} {
			files = append(files, stage.File{Name: filepath.Join("charts", chart.Name+"."+format), Write: func(w io.Writer) error { return chart.Write(w, format) }})
		}
	}
	return s.CreateIn(dir, files...)
}

// MapScores gives the scores as the maps take them.
func MapScores(res *score.Result) []maps.Score {
	list := make([]maps.Score, len(res.Footprints))
	for i, f := range res.Footprints {
		s := maps.Score{Score: f.Score, Rating: f.Rating, Rank: f.Rank, RankLow: math.NaN(), RankHigh: math.NaN(), DomainsFailing: -1, Coverage: f.Coverage}
		if f.Rated {
			s.DomainsFailing = f.DomainsFailing
		}
		if f.RankLow > 0 {
			s.RankLow, s.RankHigh = float64(f.RankLow), float64(f.RankHigh)
		}
		list[i] = s
	}
	return list
}

// MapIndicators gives the indicators as the maps take them.
func MapIndicators(res *score.Result) []maps.IndicatorColumn {
	row := map[string]int{}
	for i, f := range res.Footprints {
		row[f.Footprint] = i
	}
	aside := map[string]string{}
	for _, v := range res.Indicators {
		if v.Aside {
			aside[v.Indicator] = " (" + v.Period + ", not counted)"
		}
	}
	var list []maps.IndicatorColumn
	at := map[string]int{}
	n := len(res.Footprints)
	for _, d := range res.Definitions.Indicators {
		if slices.Contains(res.Measured, d.ID) {
			at[d.ID] = len(list)
			list = append(list, maps.IndicatorColumn{
				ID: d.ID, Name: d.Name + aside[d.ID], Unit: d.Unit,
				Values: slices.Repeat([]float64{math.NaN()}, n), Bands: make([]int, n), Used: make([]bool, n),
			})
		}
	}
	for _, v := range res.Indicators {
		if k, ok := row[v.Footprint]; ok {
			c := &list[at[v.Indicator]]
			c.Values[k], c.Bands[k], c.Used[k] = v.Value, v.Band, v.Used && !v.Aside
		}
	}
	return list
}
