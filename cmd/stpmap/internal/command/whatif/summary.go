package whatif

import (
	"math"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/footprint/whatif"
)

// summary is what --json prints of one scenario.
type summary struct {
	Scenario          string               `json:"scenario,omitempty"`
	Patients          float64              `json:"patients"`
	PatientsLower     float64              `json:"patients_lower"`
	PatientsUpper     float64              `json:"patients_upper"`
	PatientsMoved     float64              `json:"patients_moved"`
	MovedLower        float64              `json:"patients_moved_lower"`
	MovedUpper        float64              `json:"patients_moved_upper"`
	InsideShareBefore *float64             `json:"inside_share_before"`
	InsideShareAfter  *float64             `json:"inside_share_after"`
	Models            map[string]modelJSON `json:"models"`
	Use               string               `json:"use"`
	Unit              *string              `json:"unit"` // of distances: km or minutes
	DistanceBefore    *float64             `json:"mean_distance_before"`
	DistanceAfter     *float64             `json:"mean_distance_after"`
	Welfare           *float64             `json:"welfare_loss"` // a patient, in the unit
	AreasElsewhere    *int                 `json:"areas_elsewhere"`
	HHIBefore         *float64             `json:"hhi_before"`
	HHIAfter          *float64             `json:"hhi_after"`
	Mergers           []mergerJSON         `json:"mergers"`
	Backtest          []backtestJSON       `json:"backtest,omitempty"`
	Words             []string             `json:"words"`
}

type mergerJSON struct {
	A         string   `json:"a"`
	B         string   `json:"b"`
	New       string   `json:"new"`
	HHIBefore *float64 `json:"hhi_before"`
	HHIAfter  *float64 `json:"hhi_after"`
	Apart     *float64 `json:"willingness_to_pay_apart"`
	Together  *float64 `json:"willingness_to_pay_together"`
	Rise      *float64 `json:"willingness_to_pay_rise"`
}

type backtestJSON struct {
	Test  string   `json:"test"`
	Model string   `json:"model"`
	Error *float64 `json:"error"`
	Bias  *float64 `json:"bias"`
}

// modelJSON is a fitted model.
type modelJSON struct {
	Coefficients   map[string]float64  `json:"coefficients"`
	StandardErrors map[string]*float64 `json:"standard_errors"`
	Deviance       *float64            `json:"deviance"`
	LogLikelihood  *float64            `json:"log_likelihood"`
	ChoiceLog      *float64            `json:"choice_log_likelihood"`
	Pairs          int                 `json:"pairs"`
	Cost           string              `json:"cost,omitempty"`
	Attraction     string              `json:"attraction,omitempty"`
	Iterations     int                 `json:"iterations,omitempty"`
}

// modelsJSON are the models by name.
func (w *work) modelsJSON() map[string]modelJSON {
	out := map[string]modelJSON{}
	for _, m := range w.models {
		j := modelJSON{Coefficients: map[string]float64{}, StandardErrors: map[string]*float64{}}
		if f := m.Fit; f != nil {
			j.Coefficients["beta"], j.StandardErrors["beta"] = f.Beta, stage.Nullable(f.BetaSE)
			if f.Options.BySize {
				j.Coefficients["gamma"], j.StandardErrors["gamma"] = f.Gamma, stage.Nullable(f.GammaSE)
			}
			if f.Spread > 0 {
				j.Coefficients["sigma"] = f.Spread
			}
			j.Deviance, j.LogLikelihood, j.ChoiceLog = stage.Nullable(f.Deviance), stage.Nullable(f.LogLikelihood), stage.Nullable(f.ChoiceLogLikelihood)
			j.Pairs, j.Iterations, j.Cost, j.Attraction = f.Pairs, f.Iterations, w.Cost, "effects"
			if f.Options.BySize {
				j.Attraction = "size"
			}
		}
		out[m.Name] = j
	}
	return out
}

// summary puts the figures of one scenario together.
func (w *work) summary(a *answer) summary {
	total := w.in.Matrix.Total()
	moved := a.used.Moved
	s := summary{
		Scenario: a.plan.name, Patients: total.Published, PatientsLower: total.Lower, PatientsUpper: total.Upper,
		PatientsMoved: moved.Published, MovedLower: moved.Lower, MovedUpper: moved.Upper,
		Models: w.modelsJSON(), Use: w.use, Mergers: []mergerJSON{}, Words: w.words(a),
	}
	if w.unit != "" {
		s.Unit = &w.unit
	}
	before, after, welfare := meanTravel(a.travel)
	s.DistanceBefore, s.DistanceAfter, s.Welfare = stage.Nullable(before), stage.Nullable(after), stage.Nullable(welfare)
	if a.before != nil {
		s.InsideShareBefore, s.InsideShareAfter = stage.Nullable(a.before.measures.InsideShare), stage.Nullable(a.after.measures.InsideShare)
		n := len(a.moved)
		s.AreasElsewhere = &n
	}
	s.HHIBefore = stage.Nullable(whatif.Concentration(w.in.Matrix))
	if m, err := a.used.After(); err == nil {
		s.HHIAfter = stage.Nullable(whatif.Concentration(m))
	}
	for _, m := range a.mergers {
		s.Mergers = append(s.Mergers, mergerJSON{
			m.A, m.B, m.New, stage.Nullable(m.HHIBefore), stage.Nullable(m.HHIAfter), stage.Nullable(m.Apart), stage.Nullable(m.Together), stage.Nullable(m.Rise()),
		})
	}
	for _, r := range w.tests {
		s.Backtest = append(s.Backtest, backtestJSON{r.Test, r.Model, stage.Nullable(r.Error), stage.Nullable(r.Bias)})
	}
	return s
}

// meanTravel is the mean over all patients of what is known; NaN where nothing is.
func meanTravel(list []whatif.Travel) (before, after, welfare float64) {
	var n, m float64
	for _, t := range list {
		if !math.IsNaN(t.Before) && !math.IsNaN(t.After) {
			n += t.Patients.Value
			before += float64(t.Patients.Value * t.Before)
			after += float64(t.Patients.Value * t.After)
		}
		if !math.IsNaN(t.Welfare) {
			m += t.Patients.Value
			welfare += float64(t.Patients.Value * t.Welfare)
		}
	}
	return before / n, after / n, welfare / m // 0/0 is NaN, as wanted
}

// printed is the whole of --json.
type printed struct {
	summary
	Scenarios  []summary `json:"scenarios,omitempty"`
	Version    string    `json:"version"`
	Parameters string    `json:"parameters"`
	FlowSHA256 string    `json:"flow_sha256"`
	Notice     string    `json:"notice,omitempty"`
}

func (w *work) printed(answers []*answer) printed {
	p := printed{summary: w.summary(answers[0]), Version: cli.Version, Parameters: w.Parameters(), FlowSHA256: w.in.Matrix.SHA256(), Notice: w.in.Notice}
	if len(answers) > 1 {
		for _, a := range answers {
			p.Scenarios = append(p.Scenarios, w.summary(a))
		}
	}
	return p
}
