package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/render/csv"
	"stpmap/render/layer"
)

// mapPair is one partition held against another, over the areas of their
// tables, whether or not the flows know them.
type mapPair struct {
	a, b      *namedPartition
	codes     []string // of all areas in either, sorted
	areas     []int    // index in the flows, −1 for none
	la, lb    []int32  // groups by code's place, negative for none
	ida, idb  []string // ids of the groups
	agreement compare.Agreement
	unmatched []string // codes in one of the two only
}

// groupsOf gives the groups of a table's areas by code. A table that places
// providers only has its areas follow them.
// Without flows, a plain code that the other table has as a provider's is none
// of an area.
func groupsOf(p, other *namedPartition, in *inputs) map[string]string {
	if in.matrix == nil {
		groups := maps.Clone(p.areaGroups)
		for code := range other.providers {
			if _, area := other.areaGroups[code]; !area {
				delete(groups, code)
			}
		}
		return groups
	}
	if len(p.areaGroups) > 0 {
		return p.areaGroups
	}
	groups := map[string]string{}
	for a, f := range p.partition.Areas {
		if f >= 0 {
			groups[in.matrix.Areas()[a]] = p.partition.IDs[f]
		}
	}
	return groups
}

func newMapPair(a, b *namedPartition, in *inputs) *mapPair {
	p := &mapPair{a: a, b: b}
	ga, gb := groupsOf(a, b, in), groupsOf(b, a, in)
	collect := func(groups map[string]string) (ids []string) {
		for code, id := range groups {
			p.codes = append(p.codes, code)
			if id != "" {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	p.ida, p.idb = collect(ga), collect(gb)
	slices.Sort(p.codes)
	p.codes = slices.Compact(p.codes)
	label := func(ids []string, group string) int32 {
		if k, ok := slices.BinarySearch(ids, group); ok {
			return int32(k)
		}
		return footprint.Unplaced
	}
	for _, code := range p.codes {
		la, lb := label(p.ida, ga[code]), label(p.idb, gb[code])
		p.la, p.lb = append(p.la, la), append(p.lb, lb)
		if (la < 0) != (lb < 0) {
			p.unmatched = append(p.unmatched, code)
		}
		at := -1
		if in.matrix != nil {
			if i, ok := in.matrix.AreaIndex(code); ok {
				at = i
			}
		}
		p.areas = append(p.areas, at)
	}
	for _, one := range []*namedPartition{a, b} {
		for _, code := range one.unmatched {
			if _, known := slices.BinarySearch(p.codes, code); !known && !(slices.Contains(a.unmatched, code) && slices.Contains(b.unmatched, code)) {
				p.unmatched = append(p.unmatched, code)
			}
		}
	}
	// Providers count where both tables place them: in one that has areas only
	// they follow their flows.
	if len(a.providers) > 0 && len(b.providers) > 0 {
		for _, two := range [][2]*namedPartition{{a, b}, {b, a}} {
			for code := range two[0].providers {
				if !two[1].providers[code] {
					p.unmatched = append(p.unmatched, code)
				}
			}
		}
	}
	slices.Sort(p.unmatched)
	p.unmatched = slices.Compact(p.unmatched)
	p.agreement = compare.Agree(p.la, p.lb)
	return p
}

// groupTitle is a group's name, or its code where it has none.
func groupTitle(p *namedPartition, id string) string {
	if name := p.groupNames[id]; name != "" {
		return name
	}
	return id
}

// areaTitle is the name of an area, or its code where that is not known.
func (p *mapPair) areaTitle(in *inputs, i int) string {
	if a := p.areas[i]; a >= 0 && in.areaNames != nil && in.areaNames[a] != "" {
		return in.areaNames[a]
	}
	return p.codes[i]
}

// patients and people of one area; NaN where not known.
func (p *mapPair) size(in *inputs, i int) (patients flow.Count, people float64) {
	patients, people = flow.Exactly(math.NaN()), math.NaN()
	if a := p.areas[i]; a >= 0 {
		patients = in.matrix.RowCount(a)
		if in.population != nil {
			people = in.population[a]
		}
	}
	return patients, people
}

// sum adds up areas; NaN where one is not known.
func (p *mapPair) sum(in *inputs, things []int32) (patients flow.Count, people float64) {
	for _, i := range things {
		n, m := p.size(in, int(i))
		patients = patients.Plus(n)
		people += m
	}
	return patients, people
}

// agreementJSON are the keys of a comparison that need no flows.
type agreementJSON struct {
	Footprints      int      `json:"footprints"`
	ReferenceGroups int      `json:"reference_groups"`
	ARI             *float64 `json:"ari"`
	AMI             *float64 `json:"ami"`
	NMI             *float64 `json:"nmi"`
	VI              *float64 `json:"vi"`
	AreasCompared   int      `json:"areas_compared"`
	Moved           int      `json:"moved"`
	Unmatched       []string `json:"unmatched"`
}

func (p *mapPair) agreementJSON() agreementJSON {
	g := p.agreement
	j := agreementJSON{
		Footprints: len(p.ida), ReferenceGroups: len(p.idb), AreasCompared: g.Compared, Moved: g.Moved, Unmatched: append([]string{}, p.unmatched...),
		ARI: nullable(g.ARI), AMI: nullable(g.AMI), NMI: nullable(g.NMI), VI: nullable(g.VI),
	}
	return j
}

// mapFigures are the measures of one map.
type mapFigures struct {
	Name            string   `json:"name"`
	Footprints      int      `json:"footprints"`
	InsideShare     *float64 `json:"inside_share"`
	MinLocalisation *float64 `json:"min_localisation_index"`
	MedLocalisation *float64 `json:"median_localisation_index"`
	Modularity      *float64 `json:"modularity"`
	MinPopulation   *float64 `json:"min_population"`
	MaxPopulation   *float64 `json:"max_population"`
	LargestShare    *float64 `json:"largest_share"`
}

func figuresOfMap(p *namedPartition, in *inputs) mapFigures {
	f := mapFigures{Name: filepath.Base(p.file)}
	if in.matrix == nil {
		groups := map[string]bool{}
		for _, id := range p.areaGroups {
			if id != "" {
				groups[id] = true
			}
		}
		f.Footprints = len(groups)
		return f
	}
	m := footprint.Measure(in.matrix, p.partition, in.population, in.adjacency)
	f.Footprints, f.InsideShare, f.MinLocalisation = m.Footprints, nullable(m.InsideShare), nullable(m.MinLocalisation)
	f.MedLocalisation, f.Modularity, f.LargestShare = nullable(m.MedianLocalisation), nullable(m.Modularity), nullable(m.LargestShare)
	f.MinPopulation, f.MaxPopulation = nullable(m.MinPopulation), nullable(m.MaxPopulation)
	return f
}

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

func (p *mapPair) moved(in *inputs, gamma float64) []movedArea {
	var out []movedArea
	for _, m := range compare.MovedThings(p.la, p.lb) {
		i := int(m.Thing)
		patients, people := p.size(in, i)
		one := movedArea{
			Code: p.codes[i], Reference: groupTitle(p.b, p.idb[m.From]), Footprint: p.ida[m.To],
			Patients: nullable(patients.Published), Lower: nullable(patients.Lower), Upper: nullable(patients.Upper), People: nullable(people),
		}
		if a := p.areas[i]; a >= 0 && in.areaNames != nil {
			one.Name = in.areaNames[a]
		}
		if m.Counterpart >= 0 {
			one.Counterpart = p.ida[m.Counterpart]
			if a := p.areas[i]; a >= 0 {
				if to := slices.Index(p.a.partition.IDs, one.Counterpart); to >= 0 {
					gain, inside := compare.MoveGain(in.matrix, p.a.partition, a, int32(to), gamma)
					one.Gain, one.PatientsGain = nullable(0-gain), nullable(0-inside)
				}
			}
		}
		out = append(out, one)
	}
	return out
}

// words says how the footprints are made of the reference's groups.
func (p *mapPair) words(in *inputs) []string {
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

// crossTable is crosstab.csv: areas, patients and people in each footprint and
// group, and whether the two are matched.
func (p *mapPair) crossTable(in *inputs) layer.Layer {
	partner := map[int32]int32{}
	for _, m := range compare.MatchGroups(p.la, p.lb) {
		if m.A >= 0 && m.B >= 0 {
			partner[m.A] = m.B
		}
	}
	cells := compare.CrossTable(p.la, p.lb)
	rows := make([]crossRow, len(cells))
	for i, c := range cells {
		rows[i].CrossCell = c
		rows[i].patients, rows[i].people = p.sum(in, c.Things)
	}
	return table("crosstab", []column[crossRow]{
		{"footprint", "", layer.Text, func(c crossRow) any { return p.ida[c.A] }},
		{"reference", "", layer.Text, func(c crossRow) any { return p.idb[c.B] }},
		{"reference_name", "", layer.Text, func(c crossRow) any {
			if name := p.b.groupNames[p.idb[c.B]]; name != "" {
				return name
			}
			return nil
		}},
		{"areas", "", layer.Integer, func(c crossRow) any { return whole(len(c.Things)) }},
		{"patients", "", layer.Real, func(c crossRow) any { return real(c.patients.Published) }},
		{"population", "", layer.Real, func(c crossRow) any { return real(c.people) }},
		{"matched", "", layer.Boolean, func(c crossRow) any { b, ok := partner[c.A]; return ok && b == c.B }},
		{"codes", "", layer.Text, func(c crossRow) any {
			codes := make([]string, len(c.Things))
			for k, i := range c.Things {
				codes[k] = p.codes[i]
			}
			return strings.Join(codes, " ")
		}},
		{"patients_lower", "", layer.Real, func(c crossRow) any { return real(c.patients.Lower) }},
		{"patients_upper", "", layer.Real, func(c crossRow) any { return real(c.patients.Upper) }},
	}, rows)
}

func movedTable(moved []movedArea) layer.Layer {
	value := func(x *float64) any {
		if x == nil {
			return nil
		}
		return *x
	}
	return table("moved", []column[movedArea]{
		{"code", "", layer.Text, func(m movedArea) any { return m.Code }},
		{"name", "", layer.Text, func(m movedArea) any { return m.Name }},
		{"reference", "", layer.Text, func(m movedArea) any { return m.Reference }},
		{"footprint", "", layer.Text, func(m movedArea) any { return m.Footprint }},
		{"counterpart", "", layer.Text, func(m movedArea) any { return m.Counterpart }},
		{"patients", "", layer.Real, func(m movedArea) any { return value(m.Patients) }},
		{"population", "", layer.Real, func(m movedArea) any { return value(m.People) }},
		{"modularity_gain", "", layer.Real, func(m movedArea) any { return value(m.Gain) }},
		{"patients_inside_gain", "", layer.Real, func(m movedArea) any { return value(m.PatientsGain) }},
		{"patients_lower", "", layer.Real, func(m movedArea) any { return value(m.Lower) }},
		{"patients_upper", "", layer.Real, func(m movedArea) any { return value(m.Upper) }},
	}, moved)
}

// againstJSON is compare --json with one --partition and --reference.
type againstJSON struct {
	agreementJSON
	InsideShare    *float64    `json:"inside_share"`
	RefInsideShare *float64    `json:"reference_inside_share"`
	MinLI          *float64    `json:"min_localisation_index"`
	RefMinLI       *float64    `json:"reference_min_localisation_index"`
	Partition      mapFigures  `json:"partition"`
	Reference      mapFigures  `json:"reference"`
	MovedPatients  *float64    `json:"moved_patients"`
	MovedLower     *float64    `json:"moved_patients_lower"`
	MovedUpper     *float64    `json:"moved_patients_upper"`
	MovedPeople    *float64    `json:"moved_population"`
	MovedAreas     []movedArea `json:"moved_areas"`
	Matches        []matchJSON `json:"matches"`
	Words          []string    `json:"words"`
	Resolution     float64     `json:"resolution"` // of the gains
}

// pairAmount is one pair of several maps.
type pairAmount struct {
	A string `json:"a"`
	B string `json:"b"`
	agreementJSON
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
			one.Reference, one.Name = p.idb[m.B], p.b.groupNames[p.idb[m.B]]
		}
		out = append(out, one)
	}
	return out
}

// severalJSON is compare --json with several --partition.
type severalJSON struct {
	Partitions []mapFigures `json:"partitions"`
	Pairs      []pairAmount `json:"pairs"`
}

// namesFormat reports whether the suffix of an output is that of a file, which
// a folder would be a slip for.
func namesFormat(suffix string) bool {
	return slices.Contains([]string{"csv", "json", "geojson", "gpkg", "qgz", "html", "svg", "png", "tsv", "txt", "xlsx", "parquet", "yaml", "zip", "gz"}, suffix)
}

// comparePartitions holds maps against each other: one --partition against
// --reference, or several against each other, the reference last.
func (env *environment) comparePartitions(c *cli.Context) error {
	gamma := 1.0
	if text := c.String("resolution"); text != "" {
		list, err := parseResolutions(text)
		if err != nil || len(list) != 1 {
			return usagef("stpmap compare --flows flows.csv --partition partition.csv --reference stp.csv --resolution 2", "--resolution takes one number here, the γ at which moves are weighed")
		}
		gamma = list[0]
	}
	for _, f := range sweepFlags() {
		if name := f.Names()[0]; c.IsSet(name) && !slices.Contains([]string{"resolution", "seed", "jobs"}, name) {
			return usagef("stpmap compare --flows flows.csv --reference stp.csv -o sweep", "--%s belongs to a sweep, and --partition to a comparison of maps: give one of them", name)
		}
	}
	if c.Bool("json") && c.String("out") == "-" {
		return usagef("stpmap compare --flows flows.csv --partition partition.csv --reference stp.csv --json", "--json and --out - would mix on standard output")
	}
	switch format := suffixFormat(c.String("out"), ""); {
	case format == "csv" || format == "json":
	case namesFormat(format):
		return usagef("stpmap compare --flows flows.csv --partition partition.csv --reference stp.csv -o comparison", "a comparison is written as .csv, .json or a folder of files, not .%s", format)
	}
	if len(c.StringSlice("partition")) == 1 && !c.IsSet("reference") {
		return usagef("stpmap compare --flows flows.csv --partition partition.csv --reference stp.csv", "one --partition alone has nothing to be compared with: give --reference, or a second --partition")
	}
	in, err := env.load(c.Context, c, needs{partition: true})
	if err != nil {
		return err
	}
	tables := slices.Clone(in.given)
	if in.reference != nil {
		tables = append(tables, in.reference)
	}
	for _, p := range tables {
		if in.matrix == nil && len(p.areaGroups) == 0 {
			return inputf("%s: places providers only: give --flows, and its areas follow their patients", p.file)
		}
	}
	if len(in.given) == 1 {
		return env.compareWithReference(c, in, gamma)
	}
	return env.compareSeveral(c, in, tables)
}

func (env *environment) compareWithReference(c *cli.Context, in *inputs, gamma float64) error {
	p := newMapPair(in.given[0], in.reference, in)
	j := againstJSON{
		agreementJSON: p.agreementJSON(), Partition: figuresOfMap(p.a, in), Reference: figuresOfMap(p.b, in),
		MovedAreas: p.moved(in, gamma), Matches: p.matches(), Words: p.words(in), Resolution: gamma,
	}
	j.InsideShare, j.MinLI = j.Partition.InsideShare, j.Partition.MinLocalisation
	j.RefInsideShare, j.RefMinLI = j.Reference.InsideShare, j.Reference.MinLocalisation
	if j.MovedAreas == nil {
		j.MovedAreas = []movedArea{}
	}
	var things []int32
	for _, m := range compare.MovedThings(p.la, p.lb) {
		things = append(things, m.Thing)
	}
	patients, people := p.sum(in, things)
	if in.matrix != nil {
		j.MovedPatients, j.MovedLower, j.MovedUpper = nullable(patients.Published), nullable(patients.Lower), nullable(patients.Upper)
	}
	if in.population != nil {
		j.MovedPeople = nullable(people)
	}
	if out := c.String("out"); out != "" {
		if err := env.writeComparison(c, p, in, j); err != nil {
			return err
		}
	}
	if c.Bool("json") {
		return writeJSON(env.stdout, j)
	}
	if c.String("out") == "-" {
		return nil
	}
	sayMaps(env.stdout, []mapFigures{j.Partition, j.Reference})
	fmt.Fprintf(env.stdout, "\nagreement over %s: ARI %s, AMI %s, NMI %s, VI %s nats\n", counted(p.agreement.Compared, "area"),
		shortNumber(p.agreement.ARI), shortNumber(p.agreement.AMI), shortNumber(p.agreement.NMI), shortNumber(p.agreement.VI))
	line := fmt.Sprintf("%s outside the matched group", counted(j.Moved, "area"))
	if j.MovedPatients != nil {
		line += ", with " + patientsBetween(patients)
	}
	if j.MovedPeople != nil {
		line += fmt.Sprintf(" and %s people", thousands(int(math.Round(*j.MovedPeople))))
	}
	fmt.Fprintln(env.stdout, line)
	if n := len(j.Unmatched); n > 0 {
		fmt.Fprintf(env.stdout, "%s in one of the two only: %s\n", counted(n, "code"), strings.Join(j.Unmatched, ", "))
	}
	fmt.Fprintln(env.stdout)
	for _, w := range j.Words {
		fmt.Fprintln(env.stdout, w)
	}
	return nil
}

// patientsBetween is a number of patients for people, with its bounds where it
// is not known.
func patientsBetween(c flow.Count) string {
	lower, upper := thousands(int(math.Round(c.Lower))), thousands(int(math.Round(c.Upper)))
	if !c.Suppressed() {
		return upper + " patients"
	}
	return lower + " to " + upper + " patients"
}

// writeComparison writes crosstab.csv, moved.csv, comparison.json and words.txt
// into a folder; or the cross-table alone where --out is a .csv file or -.
func (env *environment) writeComparison(c *cli.Context, p *mapPair, in *inputs, j againstJSON) error {
	out := c.String("out")
	crosstab := func(w io.Writer) error { return csv.Write(w, p.crossTable(in)) }
	switch suffixFormat(out, "") {
	case "csv":
		return env.writeOut(out, crosstab)
	case "json":
		return env.writeOut(out, func(w io.Writer) error { return writeJSON(w, j) })
	}
	if out == "-" {
		return env.writeOut(out, crosstab)
	}
	var s staging
	defer s.discard()
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"crosstab.csv", crosstab},
		{"moved.csv", func(w io.Writer) error { return csv.Write(w, movedTable(j.MovedAreas)) }},
		{"words.txt", func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Join(j.Words, "\n")+"\n")
			return err
		}},
		{"comparison.json", func(w io.Writer) error { return writeJSON(w, j) }},
	} {
		if err := s.create(filepath.Join(out, f.name), f.write); err != nil {
			return err
		}
	}
	if err := s.provenanceBeside(out, in.provenanceOf(c, "given", nil)); err != nil {
		return err
	}
	return env.commitOver(c, &s, out)
}

// compareSeveral holds every pair of the given partitions, and the reference,
// against each other.
func (env *environment) compareSeveral(c *cli.Context, in *inputs, tables []*namedPartition) error {
	var j severalJSON
	for _, p := range tables {
		j.Partitions = append(j.Partitions, figuresOfMap(p, in))
	}
	for i, a := range tables {
		for _, b := range tables[i+1:] {
			p := newMapPair(a, b, in)
			j.Pairs = append(j.Pairs, pairAmount{filepath.Base(a.file), filepath.Base(b.file), p.agreementJSON()})
		}
	}
	pairs := table("pairs", []column[pairAmount]{
		{"a", "", layer.Text, func(p pairAmount) any { return p.A }},
		{"b", "", layer.Text, func(p pairAmount) any { return p.B }},
		{"ari", "", layer.Real, func(p pairAmount) any { return orNil(p.ARI) }},
		{"ami", "", layer.Real, func(p pairAmount) any { return orNil(p.AMI) }},
		{"nmi", "", layer.Real, func(p pairAmount) any { return orNil(p.NMI) }},
		{"vi", "", layer.Real, func(p pairAmount) any { return orNil(p.VI) }},
		{"areas_compared", "", layer.Integer, func(p pairAmount) any { return whole(p.AreasCompared) }},
		{"moved", "", layer.Integer, func(p pairAmount) any { return whole(p.Moved) }},
		{"unmatched", "", layer.Integer, func(p pairAmount) any { return whole(len(p.Unmatched)) }},
	}, j.Pairs)
	if out := c.String("out"); out != "" {
		write := func(w io.Writer) error { return csv.Write(w, pairs) }
		switch suffixFormat(out, "") {
		case "json":
			write = func(w io.Writer) error { return writeJSON(w, j) }
		case "csv":
		default:
			if out != "-" {
				if err := env.writePairs(c, in, write); err != nil {
					return err
				}
				write = nil
			}
		}
		if write != nil {
			if err := env.writeOut(out, write); err != nil {
				return err
			}
		}
	}
	if c.Bool("json") {
		return writeJSON(env.stdout, j)
	}
	if c.String("out") == "-" {
		return nil
	}
	sayMaps(env.stdout, j.Partitions)
	fmt.Fprintln(env.stdout)
	tw := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "a\tb\tareas\tARI\tAMI\tVI\tmoved\t")
	for _, p := range j.Pairs {
		fmt.Fprintf(tw, "%s\t%s\t%d\t%s\t%s\t%s\t%d\t\n", p.A, p.B, p.AreasCompared, shortPointer(p.ARI), shortPointer(p.AMI), shortPointer(p.VI), p.Moved)
	}
	return tw.Flush()
}

// writePairs writes pairs.csv into the folder --out.
func (env *environment) writePairs(c *cli.Context, in *inputs, write func(io.Writer) error) error {
	out := c.String("out")
	var s staging
	defer s.discard()
	if err := s.create(filepath.Join(out, "pairs.csv"), write); err != nil {
		return err
	}
	if err := s.provenanceBeside(out, in.provenanceOf(c, "given", nil)); err != nil {
		return err
	}
	return env.commitOver(c, &s, out)
}

func orNil(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

func shortNumber(x float64) string {
	if math.IsNaN(x) {
		return "unknown"
	}
	return fmt.Sprintf("%.3f", x)
}

func shortPointer(x *float64) string {
	if x == nil {
		return "unknown"
	}
	return shortNumber(*x)
}

// sayMaps prints the measures of maps side by side.
func sayMaps(w io.Writer, maps []mapFigures) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "map\tfootprints\tinside\tweakest\tmedian\tmodularity\tfewest people\tmost people\t")
	percentOf := func(x *float64) string {
		if x == nil {
			return ""
		}
		return percent(*x)
	}
	people := func(x *float64) string {
		if x == nil {
			return ""
		}
		return thousands(int(math.Round(*x)))
	}
	short := func(x *float64) string {
		if x == nil {
			return ""
		}
		return fmt.Sprintf("%.3f", *x)
	}
	for _, m := range maps {
		fmt.Fprintf(tw, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t\n", m.Name, m.Footprints, percentOf(m.InsideShare), short(m.MinLocalisation), short(m.MedLocalisation), short(m.Modularity), people(m.MinPopulation), people(m.MaxPopulation))
	}
	_ = tw.Flush()
}
