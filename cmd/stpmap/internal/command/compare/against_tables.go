package compare

import (
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/flow"
	"stpmap/footprint/compare"
	"stpmap/render/layer"
)

// movedArea is an area outside its matched group. Gain is the change of
// modularity that its move from where the reference's matched footprint lies
// brings, and PatientsGain that of the patients treated inside.
type movedArea struct {
	Code         string   `json:"code"`
	Name         string   `json:"name,omitempty"`
	Reference    string   `json:"reference"` // group that it leaves
	Footprint    string   `json:"footprint"` // footprint that it goes to
	Counterpart  string   `json:"counterpart,omitempty"`
	Patients     *float64 `json:"patients"`
	Lower        *float64 `json:"patients_lower"`
	Upper        *float64 `json:"patients_upper"`
	People       *float64 `json:"population"`
	Gain         *float64 `json:"modularity_gain"`
	PatientsGain *float64 `json:"patients_inside_gain"`
}

// moved are the areas outside their matched group; gamma is the resolution at
// which gains are weighed.
func (p *mapPair) moved(in *study.Study, gamma float64) []movedArea {
	out := []movedArea{}
	for _, m := range compare.MovedThings(p.la, p.lb) {
		i := int(m.Thing)
		patients, people := p.size(in, i)
		one := movedArea{
			Code: p.codes[i], Reference: groupTitle(p.b, p.idb[m.From]), Footprint: p.ida[m.To], People: stage.Nullable(people),
			Patients: stage.Nullable(patients.Published), Lower: stage.Nullable(patients.Lower), Upper: stage.Nullable(patients.Upper),
		}
		if a := p.areas[i]; a >= 0 && in.AreaNames != nil {
			one.Name = in.AreaNames[a]
		}
		if m.Counterpart >= 0 {
			one.Counterpart = p.ida[m.Counterpart]
			p.addGains(in, &one, p.areas[i], gamma)
		}
		out = append(out, one)
	}
	return out
}

// addGains adds what moving an area back to the counterpart of its group would
// cost.
func (p *mapPair) addGains(in *study.Study, one *movedArea, area int, gamma float64) {
	if area < 0 {
		return
	}
	to := slices.Index(p.a.Partition.IDs, one.Counterpart)
	if to < 0 {
		return
	}
	gain, inside := compare.MoveGain(in.Matrix, p.a.Partition, area, int32(to), gamma)
	one.Gain, one.PatientsGain = stage.Nullable(0-gain), stage.Nullable(0-inside)
}

// words says how the footprints are made of the reference's groups.
func (p *mapPair) words(in *study.Study) []string {
	names := compare.Labels{A: p.ida, B: make([]string, len(p.idb)), Things: make([]string, len(p.codes))}
	for k, id := range p.idb {
		names.B[k] = groupTitle(p.b, id)
	}
	for i := range p.codes {
		names.Things[i] = p.areaTitle(in, i)
	}
	return compare.CrossWords(p.la, p.lb, names)
}

// crossRow is a row of crosstab.csv.
type crossRow struct {
	compare.CrossCell
	patients flow.Count
	people   float64
}

// crossRows are the areas in each footprint and group, with their patients and
// people.
func (p *mapPair) crossRows(in *study.Study) []crossRow {
	cells := compare.CrossTable(p.la, p.lb)
	rows := make([]crossRow, len(cells))
	for i, c := range cells {
		rows[i].CrossCell = c
		rows[i].patients, rows[i].people = p.sum(in, c.Things)
	}
	return rows
}

// partners are the matched groups by footprint.
func (p *mapPair) partners() map[int32]int32 {
	partner := map[int32]int32{}
	for _, m := range compare.MatchGroups(p.la, p.lb) {
		if m.A >= 0 && m.B >= 0 {
			partner[m.A] = m.B
		}
	}
	return partner
}

// codesOf are the codes of some areas, with spaces between.
func (p *mapPair) codesOf(things []int32) string {
	codes := make([]string, len(things))
	for k, i := range things {
		codes[k] = p.codes[i]
	}
	return strings.Join(codes, " ")
}

// crossTable is crosstab.csv: areas, patients and people in each footprint and
// group, and whether the two are matched.
func (p *mapPair) crossTable(in *study.Study) layer.Layer {
	partner := p.partners()
	return layer.Table("crosstab", []layer.Column[crossRow]{
		layer.Col("footprint", layer.Text, func(c crossRow) any { return p.ida[c.A] }),
		layer.Col("reference", layer.Text, func(c crossRow) any { return p.idb[c.B] }),
		layer.Col("reference_name", layer.Text, func(c crossRow) any {
			if name := p.b.GroupNames[p.idb[c.B]]; name != "" {
				return name
			}
			return nil
		}),
		layer.Col("areas", layer.Integer, func(c crossRow) any { return whole(len(c.Things)) }),
		layer.Col("patients", layer.Real, func(c crossRow) any { return layer.Known(c.patients.Published) }),
		layer.Col("population", layer.Real, func(c crossRow) any { return layer.Known(c.people) }),
		layer.Col("matched", layer.Boolean, func(c crossRow) any { b, ok := partner[c.A]; return ok && b == c.B }),
		layer.Col("codes", layer.Text, func(c crossRow) any { return p.codesOf(c.Things) }),
		layer.Col("patients_lower", layer.Real, func(c crossRow) any { return layer.Known(c.patients.Lower) }),
		layer.Col("patients_upper", layer.Real, func(c crossRow) any { return layer.Known(c.patients.Upper) }),
	}, p.crossRows(in))
}

// movedTable is moved.csv.
func movedTable(moved []movedArea) layer.Layer {
	return layer.Table("moved", []layer.Column[movedArea]{
		layer.Col("code", layer.Text, func(m movedArea) any { return m.Code }),
		layer.Col("name", layer.Text, func(m movedArea) any { return m.Name }),
		layer.Col("reference", layer.Text, func(m movedArea) any { return m.Reference }),
		layer.Col("footprint", layer.Text, func(m movedArea) any { return m.Footprint }),
		layer.Col("counterpart", layer.Text, func(m movedArea) any { return m.Counterpart }),
		layer.Col("patients", layer.Real, func(m movedArea) any { return layer.Given(m.Patients) }),
		layer.Col("population", layer.Real, func(m movedArea) any { return layer.Given(m.People) }),
		layer.Col("modularity_gain", layer.Real, func(m movedArea) any { return layer.Given(m.Gain) }),
		layer.Col("patients_inside_gain", layer.Real, func(m movedArea) any { return layer.Given(m.PatientsGain) }),
		layer.Col("patients_lower", layer.Real, func(m movedArea) any { return layer.Given(m.Lower) }),
		layer.Col("patients_upper", layer.Real, func(m movedArea) any { return layer.Given(m.Upper) }),
	}, moved)
}

type matchJSON struct {
	Footprint string `json:"footprint,omitempty"`
	Reference string `json:"reference,omitempty"`
	Name      string `json:"reference_name,omitempty"`
	Shared    int    `json:"areas"`
}

func (p *mapPair) matches() []matchJSON {
	out := []matchJSON{}
	for _, m := range compare.MatchGroups(p.la, p.lb) {
		one := matchJSON{Shared: m.Shared}
		if m.A >= 0 {
			one.Footprint = p.ida[m.A]
		}
		if m.B >= 0 {
			one.Reference, one.Name = p.idb[m.B], p.b.GroupNames[p.idb[m.B]]
		}
		out = append(out, one)
	}
	return out
}
