package mapping

import (
	"fmt"
	"math"
	"strings"

	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/score"
)

// Heading is what stands over a picture: what it shows, and on what data.
type Heading struct{ Title, Subtitle string }

// Finding is the heading of a map of footprints. A title that was given stays the
// title.
func (f Flags) Finding(in *study.Study, res *clustering.Result) Heading {
	m := &res.Measures
	finding := fmt.Sprintf("%s keep %s of patients inside", words.Counted(m.Footprints, "footprint"), words.Percent(m.InsideShare))
	if m.Footprints == 1 {
		finding = strings.Replace(finding, "keep", "keeps", 1)
	}
	data := fmt.Sprintf("Flows of %s from %s to %s", roundly(m.Patients.Value)+" patients", words.Counted(m.Areas, "area"), words.Counted(m.Providers, "provider"))
	if in.Matrix.OneMode() {
		data = fmt.Sprintf("Flows between %s", words.Counted(m.Areas, "place"))
	}
	if when := strings.Join(periods(in), ", "); when != "" {
		data += ", " + when
	}
	return f.under(finding, data)
}

// RatingFinding is the heading of a map of ratings.
func (f Flags) RatingFinding(res *score.Result) Heading {
	failing, rated := 0, 0
	for _, row := range res.League() {
		if row.AcrossAreas() {
			failing++
		}
		if row.Rating > 0 {
			rated++
		}
	}
	verb := "fail"
	if failing < 2 {
		verb = "fails"
	}
	finding := fmt.Sprintf("%s of %s %s in several areas of care", inWords(failing), words.Counted(rated, "system"), verb)
	if rated == 0 {
		finding = "Too few figures to rate any system"
	}
	return f.under(finding, strings.TrimSuffix(res.Evidence(), "."))
}

// under puts the finding under a title that was given.
func (f Flags) under(finding, data string) Heading {
	if f.Title == "" {
		return Heading{finding, data}
	}
	return Heading{f.Title, finding + ". " + data}
}

// periods are those that the flows are of, where their files say so.
func periods(in *study.Study) (out []string) {
	for _, u := range in.Understood {
		if u.Role == "flows" {
			out = append(out, u.Periods...)
		}
	}
	if len(out) > 2 {
		return []string{out[0] + " to " + out[len(out)-1]}
	}
	return out
}

// roundly is a number as people say it: 24.3 million, or in hundreds.
func roundly(x float64) string {
	switch {
	case x >= 1e6:
		return fmt.Sprintf("%.1f million", x/1e6)
	case x >= 1e4:
		return words.Thousands(int(math.Round(x/100)) * 100)
	case x >= 10:
		return words.Thousands(int(math.Round(x)))
	}
	return "fewer than 10"
}

// inWords is a number that begins a title.
func inWords(n int) string {
	small := [...]string{"None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"}
	if n < len(small) {
		return small[n]
	}
	return words.Thousands(n)
}
