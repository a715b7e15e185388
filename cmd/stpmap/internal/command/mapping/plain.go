package mapping

import (
	"slices"
	"strings"
	"unicode"

	"stpmap/footprint/score"
	"stpmap/render/report"
)

// plainNotes are notes for readers: each once, without what speaks of flags or of
// what an analyst checks. All of it stands in provenance.json.
func plainNotes(list []string) []string {
	var out []string
	for _, note := range list {
		if strings.Contains(note, ": denominators of ") {
			continue
		}
		if note = withoutFlags(note); note != "" {
			out = append(out, note)
		}
	}
	return once(out)
}

// withoutFlags leaves the parts of a note out that speak of flags: what stands
// between semicolons or full stops.
func withoutFlags(note string) string {
	if !strings.Contains(note, "--") {
		return note
	}
	for _, mark := range []string{". ", "; "} {
		parts := strings.Split(note, mark)
		if rest := slices.DeleteFunc(parts, func(s string) bool { return strings.Contains(s, "--") }); len(rest) > 0 {
			return strings.Join(rest, mark)
		}
	}
	return ""
}

// names are those of areas and footprints by their code.
func (p *page) names(footprints []report.Footprint) map[string]string {
	names := map[string]string{}
	for _, a := range p.Areas {
		names[a.Code] = a.Name
	}
	for _, f := range footprints {
		names[f.ID] = f.Name
	}
	return names
}

// named puts names before codes in sentences about a footprint, and leaves out
// what is for analysts: the first, which the page says itself, and that about
// modularity.
func named(sentences []string, names map[string]string) []string {
	var out []string
	for i, s := range sentences {
		if i == 0 || strings.Contains(s, "modularity") {
			continue
		}
		out = append(out, withNames(s, names))
	}
	return out
}

// withNames puts the name before every word that is a code.
func withNames(s string, names map[string]string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		code := strings.TrimRightFunc(w, func(r rune) bool { return unicode.IsPunct(r) })
		if name := names[code]; name != "" && name != code {
			words[i] = name + " (" + code + ")" + w[len(code):]
		}
	}
	return strings.Join(words, " ")
}

// trends are the indicators of a footprint over time.
func trends(res *score.Result, footprint string, at map[string]int) (list []report.Trend) {
	for _, t := range res.Trends {
		if t.Footprint != footprint {
			continue
		}
		i, ok := at[t.Indicator]
		if !ok {
			continue
		}
		k := slices.IndexFunc(list, func(one report.Trend) bool { return one.Indicator == i })
		if k < 0 {
			k, list = len(list), append(list, report.Trend{Indicator: i})
		}
		list[k].Points = append(list[k].Points, report.TrendPoint{Period: t.Period, Value: t.Value, Lower: t.Lower, Upper: t.Upper, Target: t.Expected})
	}
	return list
}
