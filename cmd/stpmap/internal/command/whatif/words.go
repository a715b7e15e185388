package whatif

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/whatif"
)

// words are the sentences of one scenario, as a consultation's summary has them.
func (w *work) words(a *answer) []string {
	var out []string
	for _, part := range []func(*answer) []string{w.sayChange, w.sayReceivers, w.sayTravel, w.sayFootprints, w.sayMergers, w.sayModels, w.sayTests} {
		out = append(out, part(a)...)
	}
	return out
}

// sayChange says what changes and how many patients move.
func (w *work) sayChange(a *answer) []string {
	var parts []string
	for _, code := range a.plan.close {
		parts = append(parts, w.called(code)+" closes")
	}
	for _, o := range a.plan.open {
		parts = append(parts, fmt.Sprintf("%s opens for %s patients", o.code, words.Thousands(int(math.Round(o.size)))))
	}
	for _, m := range a.plan.move {
		parts = append(parts, w.called(m.code)+" moves")
	}
	for _, j := range a.plan.join {
		parts = append(parts, fmt.Sprintf("%s and %s merge", w.called(j.a), w.called(j.b)))
	}
	if len(parts) == 0 {
		return []string{"Nothing changes."}
	}
	out := []string{fmt.Sprintf("The question: what if %s?", list(parts))}
	if !a.scenario.Changes() {
		return append(out, "No patient has to go elsewhere.")
	}
	areas := 0
	for _, t := range a.travel {
		if t.Moved.Upper > 0 {
			areas++
		}
	}
	return append(out, fmt.Sprintf("%s would go elsewhere. They live in %s of %s.", w.patients(a), words.Counted(areas, "area"), words.Thousands(len(a.travel))))
}

// patients is how many move, with bounds where counts are known within bounds only.
func (w *work) patients(a *answer) string {
	m := a.used.Moved
	if !m.Suppressed() {
		return words.Thousands(int(math.Round(m.Published))) + " patients"
	}
	return fmt.Sprintf("%s to %s patients", words.Thousands(int(math.Round(m.Lower))), words.Thousands(int(math.Round(m.Upper))))
}

// list joins parts with commas and "and".
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// sayReceivers says who gets most of the patients, and how sure that is.
func (w *work) sayReceivers(a *answer) []string {
	if !a.scenario.Changes() {
		return nil
	}
	rows := w.providerRows(a)
	slices.SortStableFunc(rows, func(x, y providerRow) int {
		return cmp.Compare(y.after.Value-y.before.Value, x.after.Value-x.before.Value)
	})
	var out []string
	for _, r := range rows[:min(3, len(rows))] {
		gain := r.after.Published - r.before.Published
		if gain < 10 {
			break
		}
		out = append(out, w.sayReceiver(&r, gain))
	}
	return out
}

// sayReceiver says what one provider gets.
func (w *work) sayReceiver(r *providerRow, gain float64) string {
	text := fmt.Sprintf("%s would treat %s more patients", w.called(r.code), rounded(gain))
	if r.before.Published > 0 {
		text += fmt.Sprintf(", %s more than today", words.Percent(gain/r.before.Published))
	}
	low, high := r.spread()
	if low < high {
		text += fmt.Sprintf(". The models say from %s to %s", rounded(max(0, low-r.before.Published)), rounded(max(0, high-r.before.Published)))
	}
	return text + "."
}

// rounded is a number of people with three figures that matter.
func rounded(n float64) string {
	step := 1.0
	for math.Abs(n)/step >= 1000 {
		step *= 10
	}
	return words.Thousands(int(math.Round(n/step) * step))
}

// sayTravel says how much farther people go.
func (w *work) sayTravel(a *answer) []string {
	if w.unit == "" || !a.scenario.Changes() {
		return nil
	}
	var n, before, after, worst float64
	var where int
	var within [2]float64
	all := 0.0
	for i, t := range a.travel {
		all += t.Patients.Value
		if !math.IsNaN(t.Before) {
			within[0] += float64(t.Patients.Value * t.WithinBefore[0])
			within[1] += float64(t.Patients.Value * t.WithinAfter[0])
		}
		if !(t.Moved.Value > 0) || math.IsNaN(t.Before) || math.IsNaN(t.After) {
			continue
		}
		n += t.Patients.Value
		before += float64(t.Patients.Value * t.Before)
		after += float64(t.Patients.Value * t.After)
		if rise := t.After - t.Before; rise > worst {
			worst, where = rise, i
		}
	}
	if n == 0 {
		return nil
	}
	out := []string{fmt.Sprintf("In the areas that are touched, the mean way to care is %.1f %s today and %.1f %s afterwards.", before/n, w.unit, after/n, w.unit)}
	if worst > 0.05 {
		out = append(out, fmt.Sprintf("It grows most in %s, by %.1f %s.", w.area(where), worst, w.unit))
	}
	return append(out, fmt.Sprintf("Of all patients, %s are treated within 30 %s today, and %s afterwards.", words.Percent(within[0]/all), w.unit, words.Percent(within[1]/all)))
}

// area is an area as sentences have it.
func (w *work) area(i int) string {
	code := w.in.Matrix.Areas()[i]
	if name := w.areaName(i); name != "" && name != code {
		return fmt.Sprintf("%s (%s)", name, code)
	}
	return code
}

// sayFootprints says what becomes of the footprints.
func (w *work) sayFootprints(a *answer) []string {
	if a.before == nil {
		return nil
	}
	b, c := a.before.measures, a.after.measures
	out := []string{fmt.Sprintf("Treated in the footprint where they live: %s of patients today, %s afterwards.", words.Percent(b.InsideShare), words.Percent(c.InsideShare))}
	worst, where := 0.0, -1
	for f, id := range a.before.partition.IDs {
		k := slices.Index(a.after.partition.IDs, id)
		if k < 0 {
			continue
		}
		if d := b.ByFootprint[f].LocalisationIndex - c.ByFootprint[k].LocalisationIndex; d > worst+1e-12 {
			worst, where = d, f
		}
	}
	if where >= 0 && worst > 0.0005 {
		k := slices.Index(a.after.partition.IDs, a.before.partition.IDs[where])
		out = append(out, fmt.Sprintf("The share falls most in %s: from %s to %s.", w.footprint(where),
			words.Percent(b.ByFootprint[where].LocalisationIndex), words.Percent(c.ByFootprint[k].LocalisationIndex)))
	}
	return append(out, w.sayElsewhere(a)...)
}

// footprint is a footprint as sentences have it.
func (w *work) footprint(f int) string {
	given := w.in.Given[0]
	if name := given.Names[f]; name != "" {
		return fmt.Sprintf("%s (%s)", name, given.Partition.IDs[f])
	}
	return given.Partition.IDs[f]
}

// sayElsewhere says which areas should now belong to another footprint.
func (w *work) sayElsewhere(a *answer) []string {
	if len(a.moved) == 0 {
		return []string{"Drawn again from today's map, every area would stay in its footprint."}
	}
	var names []string
	for _, m := range a.moved[:min(5, len(a.moved))] {
		name := w.area(m.area)
		if m.to != "" {
			name += " to " + w.footprint(slices.Index(a.before.partition.IDs, m.to))
		}
		names = append(names, name)
	}
	more := ""
	if n := len(a.moved) - len(names); n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	return []string{fmt.Sprintf("Drawn again from today's map, %s would belong elsewhere: %s%s.", words.Counted(len(a.moved), "area"), strings.Join(names, ", "), more)}
}

// sayMergers says what mergers do to the choice of patients.
func (w *work) sayMergers(a *answer) (out []string) {
	for _, m := range a.mergers {
		out = append(out, fmt.Sprintf("If %s and %s merge, the concentration of providers rises from %.3f to %.3f (1 is one provider for all).", w.called(m.A), w.called(m.B), m.HHIBefore, m.HHIAfter))
		if r := m.Rise(); !math.IsNaN(r) && !math.IsInf(r, 0) {
			out = append(out, fmt.Sprintf("What their choice is worth to patients, and so their weight in bargaining, rises by %s.", words.Percent(r)))
		}
	}
	return out
}

// explained says in a sentence what each model does.
var explained = map[string]string{
	whatif.Nearest:      "nearest sends patients to the nearest provider that is left",
	whatif.SharesModel:  "shares divides them as the other patients of their area divide",
	whatif.GravityModel: "gravity weighs how large and how far providers are",
	whatif.MixedModel:   "mixed does so too, and lets some people mind distance more than others",
}

// sayModels says which models there are, and how far to trust them.
func (w *work) sayModels(a *answer) []string {
	if !a.scenario.Changes() {
		return nil
	}
	var names []string
	for _, r := range a.results {
		names = append(names, explained[r.Model.Name])
	}
	out := []string{fmt.Sprintf("Models: %s. The figures above are of %s.", strings.Join(names, "; "), w.use)}
	if len(a.results) > 1 {
		out = append(out, "Where the models differ, nobody knows better: the range is the honest answer.")
	}
	if a.interval != nil {
		out = append(out, fmt.Sprintf("The interval of each provider holds if the model is right: it covers chance alone, from %s.", words.Counted(w.resamples(), "resample")))
	}
	return append(out, "Where hospitals closed, such models said too little of the largest receiver (Raval, Rosenbaum and Wilson 2021).")
}

// sayTests says which model was nearest to what it was not shown.
func (w *work) sayTests(*answer) (out []string) {
	for _, test := range []struct{ name, what string }{
		{whatif.TestPairs, "of flows that were hidden"}, {whatif.TestNew, "of providers taken for new ones"}, {whatif.TestAfter, "of the later year"},
	} {
		best := -1
		var others []string
		for i, r := range w.tests {
			if r.Test != test.name || math.IsNaN(r.Error) {
				continue
			}
			others = append(others, fmt.Sprintf("%s %s", r.Model, words.Percent(r.Error)))
			if best < 0 || r.Error < w.tests[best].Error {
				best = i
			}
		}
		if best >= 0 {
			out = append(out, fmt.Sprintf("Tested on patients %s, %s was nearest: wrong by %s.", test.what, w.tests[best].Model, strings.Join(others, ", ")))
		}
	}
	return out
}
