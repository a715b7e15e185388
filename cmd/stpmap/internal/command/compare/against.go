package compare

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/clustering"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/compare"
	"stpmap/render/csv"
)

// Lines that would work.
const (
	againstExample = "stpmap compare --flows flows.csv --partition partition.csv --reference stp.csv"
	sweepExample   = "stpmap compare --flows flows.csv --reference stp.csv -o sweep"
)

// partitions holds maps against each other: one --partition against
// --reference, or several against each other, the reference last.
func (o *Options) partitions(ctx context.Context, env *cli.Env) error {
	gamma, err := o.checkPartitions()
	if err != nil {
		return err
	}
	in, err := o.request(env).Read(ctx, env)
	if err != nil {
		return err
	}
	tables := slices.Clone(in.Given)
	if in.Reference != nil {
		tables = append(tables, in.Reference)
	}
	for _, p := range tables {
		if in.Matrix == nil && len(p.AreaGroups) == 0 {
			return cli.Inputf("%s: places providers only: give --flows, and its areas follow their patients", p.File)
		}
	}
	if len(in.Given) == 1 {
		return o.withReference(env, in, gamma)
	}
	return o.several(env, in, tables)
}

// checkPartitions refuses flags that do not go together; gamma is the
// resolution at which moves are weighed.
func (o *Options) checkPartitions() (gamma float64, err error) {
	gamma = 1
	if o.Resolution != "" {
		list, err := parseResolutions(o.Resolution)
		if err != nil || len(list) != 1 {
			return 0, cli.Usagef(againstExample+" --resolution 2", "--resolution takes one number here, the γ at which moves are weighed")
		}
		gamma = list[0]
	}
	if flag := o.GivenIn(sweepCategories...); flag != "" {
		return 0, cli.Usagef(sweepExample, "--%s belongs to a sweep, and --partition to a comparison of maps: give one of them", flag)
	}
	if o.JSON && o.Out == "-" {
		return 0, cli.Usagef(againstExample+" --json", "--json and --out - would mix on standard output")
	}
	if format := stage.Format(o.Out, ""); format != "csv" && format != "json" && namesFile(o.Out) {
		return 0, cli.Usagef(againstExample+" -o comparison", "a comparison is written as .csv, .json or a folder of files, not .%s", format)
	}
	if len(o.Partition) == 1 && !o.Given("reference") {
		return 0, cli.Usagef(againstExample, "one --partition alone has nothing to be compared with: give --reference, or a second --partition")
	}
	return gamma, nil
}

// sweepCategories are those of flags that only a sweep looks at.
var sweepCategories = []string{
	clustering.SweepCategory, clustering.DemandCategory, clustering.StartCategory, clustering.HSACategory, clustering.TTWACategory, sharing.Category,
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

// against holds two maps against each other.
func (p *mapPair) against(in *study.Study, gamma float64) againstJSON {
	j := againstJSON{
		agreementJSON: p.agreementJSON(), Partition: figuresOfMap(p.a, in), Reference: figuresOfMap(p.b, in),
		MovedAreas: p.moved(in, gamma), Matches: p.matches(), Words: p.words(in), Resolution: gamma,
	}
	j.InsideShare, j.MinLI = j.Partition.InsideShare, j.Partition.MinLocalisation
	j.RefInsideShare, j.RefMinLI = j.Reference.InsideShare, j.Reference.MinLocalisation
	var things []int32
	for _, m := range compare.MovedThings(p.la, p.lb) {
		things = append(things, m.Thing)
	}
	patients, people := p.sum(in, things)
	if in.Matrix != nil {
		j.MovedPatients, j.MovedLower, j.MovedUpper = stage.Nullable(patients.Published), stage.Nullable(patients.Lower), stage.Nullable(patients.Upper)
	}
	if in.Population != nil {
		j.MovedPeople = stage.Nullable(people)
	}
	return j
}

// withReference holds the partition against the reference.
func (o *Options) withReference(env *cli.Env, in *study.Study, gamma float64) error {
	p := newMapPair(in.Given[0], in.Reference, in)
	j := p.against(in, gamma)
	if o.Out != "" {
		if err := o.writeAgainst(env, p, in, j); err != nil {
			return err
		}
	}
	if o.JSON {
		return stage.WriteJSON(env.Stdout, j)
	}
	if o.Out == "-" {
		return nil
	}
	j.say(env.Stdout, p)
	return nil
}

// movedBetween is the number of patients moved, for people: with its bounds where
// it is not known.
func (j *againstJSON) movedBetween() string {
	lower, upper := words.Thousands(int(math.Round(*j.MovedLower))), words.Thousands(int(math.Round(*j.MovedUpper)))
	if *j.MovedLower == *j.MovedUpper {
		return upper + " patients"
	}
	return lower + " to " + upper + " patients"
}

// say prints the comparison.
func (j *againstJSON) say(w io.Writer, p *mapPair) {
	sayMaps(w, []mapFigures{j.Partition, j.Reference})
	fmt.Fprintf(w, "\nagreement over %s: ARI %s, AMI %s, NMI %s, VI %s nats\n", words.Counted(p.agreement.Compared, "area"),
		shortNumber(p.agreement.ARI), shortNumber(p.agreement.AMI), shortNumber(p.agreement.NMI), shortNumber(p.agreement.VI))
	line := fmt.Sprintf("%s outside the matched group", words.Counted(j.Moved, "area"))
	if j.MovedPatients != nil {
		line += ", with " + j.movedBetween()
	}
	if j.MovedPeople != nil {
		line += fmt.Sprintf(" and %s people", words.Thousands(int(math.Round(*j.MovedPeople))))
	}
	fmt.Fprintln(w, line)
	if n := len(j.Unmatched); n > 0 {
		fmt.Fprintf(w, "%s in one of the two only: %s\n", words.Counted(n, "code"), strings.Join(j.Unmatched, ", "))
	}
	fmt.Fprintln(w)
	for _, sentence := range j.Words {
		fmt.Fprintln(w, sentence)
	}
}

// writeAgainst writes crosstab.csv, moved.csv, words.txt and comparison.json
// into a folder; or the cross-table alone where --out is a .csv file or -.
func (o *Options) writeAgainst(env *cli.Env, p *mapPair, in *study.Study, j againstJSON) error {
	crosstab := func(w io.Writer) error { return csv.Write(w, p.crossTable(in)) }
	comparison := func(w io.Writer) error { return stage.WriteJSON(w, j) }
	switch format := stage.Format(o.Out, ""); {
	case format == "csv", o.Out == "-":
		return stage.WriteOut(env.Stdout, o.Out, crosstab)
	case format == "json":
		return stage.WriteOut(env.Stdout, o.Out, comparison)
	}
	return o.writeFolder(env, in,
		tables.CSV("crosstab.csv", p.crossTable(in)),
		tables.CSV("moved.csv", movedTable(j.MovedAreas)),
		stage.File{Name: "words.txt", Write: func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Join(j.Words, "\n")+"\n")
			return err
		}},
		stage.File{Name: "comparison.json", Write: comparison})
}

// writeFolder writes the files of a comparison and their provenance.
func (o *Options) writeFolder(env *cli.Env, in *study.Study, files ...stage.File) error {
	var s stage.Files
	defer s.Discard()
	if err := o.workbook(in).Stage(&s, o.Out, files...); err != nil {
		return err
	}
	if err := s.AddProvenanceBeside(o.Out, in.Provenance(&o.Line, "given", nil)); err != nil {
		return err
	}
	return s.CommitOver(env.Log, o.Command(), o.Out)
}
