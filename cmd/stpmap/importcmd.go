package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	publishedpkg "stpmap/data/published"
	tablepkg "stpmap/data/table"
	"stpmap/flow"
)

func importCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "import",
		Usage: "turn a published file into the canonical table",
		Description: `Example:

  stpmap import --format rtt --in 20260630-RTT-June-2026-full-extract.zip -o flows.csv

The heading tells the format where --format is left out; --list names them all.
Text, gzip, zip archives of CSV, xlsx and ods are read. What a file holds more
than once (totals, subsets, all besides men and women) is counted once, and
published totals are held against their rows.

  stpmap import --in 2018-09-AE.csv --in 2018-10-AE.csv --by quarter -o ae.csv
  stpmap import --in rtt.csv --as indicators -o waits.csv
  stpmap import --in gp-reg-pat-prac-lsoa-all.csv --as population --lookup lsoa_ccg.csv --from lsoa --to ccg -o population.csv
  stpmap import --in flows.csv --successors succ.csv --successor RW6=RM3 --as-at 2022-04-01 -o flows_2022.csv`,
		Flags: join(readingFlags(), successorFlags(), []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "`NAME` of the published format (default: told by the heading)"},
			&cli.BoolFlag{Name: "list", Usage: "list the formats and end"},
			&cli.StringSliceFlag{Name: "in", Usage: "`FILE` to read (repeatable: months of a year are taken together); - is standard input"},
			outFlag("`FILE` for the table; - is standard output"),
			&cli.StringFlag{Name: "as", Usage: "`flows|indicators|organisations|successors|lookup|points|population`, where a file can be several"},
			&cli.StringSliceFlag{Name: "part", Usage: "rtt: `PART` of the return to count, such as Part_2 (repeatable; default: Part_1A and Part_1B for flows, Part_2 for indicators)"},
			&cli.StringFlag{Name: "level", Usage: "indicators by `provider|commissioner` where a file has both (default provider)"},
			&cli.StringFlag{Name: "period", Usage: "keep one `PERIOD`, such as 2018-09, \"2018/19 Q2\" or 2018/19"},
			&cli.StringFlag{Name: "by", Usage: "add periods up to a `quarter|year` (financial)"},
			&cli.StringFlag{Name: "sheet", Usage: "`NAME` of the sheet of a workbook"},
			&cli.StringSliceFlag{Name: "where", Usage: "keep only rows with `COLUMN=VALUE` (repeatable)"},
			&cli.StringSliceFlag{Name: "suppressed", Usage: "read `MARK=LOWER:UPPER` as a suppressed count (repeatable), such as '*=1:4'"},
			&cli.BoolFlag{Name: "ignore-totals", Usage: "take tables whose rows do not add up to the published totals; the rows count"},
			&cli.StringFlag{Name: "area-column", Usage: "`HEADING` of the area's code in the flows"},
			&cli.StringFlag{Name: "provider-column", Usage: "`HEADING` of the provider's code in the flows"},
			&cli.StringFlag{Name: "count-column", Usage: "`HEADING` of the number of patients in the flows"},
			&cli.StringSliceFlag{Name: "indicator", Usage: "another name for an indicator, `ID=NAME` (repeatable), such as 92848=dementia"},
			&cli.StringFlag{Name: "organisations", Usage: "`FILE` of the Organisation Data Service (etr, …): codes for names, and types of providers"},
			&cli.StringSliceFlag{Name: "type", Usage: "keep only providers of this `TYPE` (repeatable): acute, specialist, mental health, community, ambulance, independent"},
			&cli.BoolFlag{Name: "sites-to-trusts", Usage: "count sites with their trusts (R0A02 with R0A)"},
			&cli.StringFlag{Name: "lookup", Usage: "`FILE` that says which areas lie in which"},
			&cli.StringFlag{Name: "from", Usage: "`COLUMN` of the lookup with the areas of the flows (default: the one that has them)"},
			&cli.StringFlag{Name: "to", Usage: "`COLUMN` of the lookup with the areas wanted"},
			&cli.StringFlag{Name: "fit", Value: "best", Usage: "`best|split`: an area in several others goes to the one with most of it, or is parted"},
			&cli.StringFlag{Name: "weights", Usage: "`FILE` of people by area that areas are parted by (default: numbers of rows of the lookup)"},
			&cli.StringFlag{Name: "outside", Value: "keep", Usage: "`keep|drop` areas outside England and places that the table does not name; counted either way"},
			&cli.StringFlag{Name: "beds", Usage: "dtoc: `FILE` of KH03, for the share of occupied bed days"},
			&cli.StringFlag{Name: "postcodes", Usage: "organisations: postcode directory `FILE`, for longitude and latitude"},
		}),
	}, nil, env.importAction)
}

func (env *environment) importAction(c *cli.Context) error {
	if c.Bool("list") {
		for _, f := range publishedpkg.Formats() {
			kinds := make([]string, len(f.Kinds))
			for i, k := range f.Kinds {
				kinds[i] = string(k)
			}
			fmt.Fprintf(env.stdout, "%-15s %s (%s)\n", f.Name, f.Title, strings.Join(kinds, ", "))
		}
		return nil
	}
	if len(c.StringSlice("in")) == 0 {
		return usagef("stpmap import --format rtt --in extract.csv -o flows.csv", "missing flag --in")
	}
	opts, err := importOptions(c)
	if err != nil {
		return err
	}
	im := &importing{env: env, c: c, opts: opts}
	if err := im.references(); err != nil {
		return err
	}
	out, err := im.read(c.String("format"), c.StringSlice("in"), im.opts)
	if err != nil {
		if errors.Is(err, importer.ErrUnknownFormat) {
			return usagef("stpmap import --list", "%w", err)
		}
		return err
	}
	for i := range out.Report.Plain {
		env.log.Info(flowsUnderstood(out.Report.Plain[i].File, &out.Report.Plain[i], nil).String())
	}
	for _, note := range importNotes(&out.Report) {
		env.log.Info(note)
	}
	if err := im.change(out); err != nil {
		return err
	}
	return env.writeOut(c.String("out"), func(w io.Writer) error { return im.write(w, out) })
}

// importOptions are what the flags choose of a file.
func importOptions(c *cli.Context) (importer.Options, error) {
	o := importer.Options{
		Kind: importer.Kind(c.String("as")), Parts: c.StringSlice("part"), Level: c.String("level"),
		Period: c.String("period"), By: c.String("by"), Sheet: c.String("sheet"), IgnoreTotals: c.Bool("ignore-totals"),
		Area: c.String("area-column"), Provider: c.String("provider-column"), Count: c.String("count-column"),
	}
	hint := "stpmap import --help"
	for _, f := range []struct {
		flag  string
		value string
		known []string
	}{
		{"as", c.String("as"), []string{"", "flows", "indicators", "organisations", "successors", "lookup", "points", "population"}},
		{"level", o.Level, []string{"", "provider", "commissioner", "area"}},
		{"by", o.By, []string{"", "quarter", "year"}},
		{"fit", c.String("fit"), []string{"best", "split"}},
		{"outside", c.String("outside"), []string{"keep", "drop"}},
	} {
		if !slices.Contains(f.known, f.value) {
			return o, usagef(hint, "--%s is %q: it is one of %s", f.flag, f.value, strings.TrimPrefix(strings.Join(f.known, ", "), ", "))
		}
	}
	if o.Period != "" {
		if p, ok := calendar.Period(o.Period); ok {
			o.Period = p
		}
	}
	for _, w := range c.StringSlice("where") {
		column, value, ok := strings.Cut(w, "=")
		if !ok || strings.TrimSpace(column) == "" {
			return o, usagef("stpmap import --where year=2018", "--where: %w: %q", tablepkg.ErrWhere, w)
		}
		o.Where = append(o.Where, importer.Condition{Column: strings.TrimSpace(column), Value: strings.TrimSpace(value)})
	}
	marks, err := tablepkg.ParseSuppression(c.StringSlice("suppressed")...)
	if err != nil {
		return o, usagef("stpmap import --suppressed '*=1:4'", "--suppressed: %w", err)
	}
	o.Suppressed = marks
	o.SkipMissing = c.Bool("skip-missing")
	if o.Decimal, err = decimalOf(c); err != nil {
		return o, err
	}
	if o.Shares, err = sharesOf(c); err != nil {
		return o, err
	}
	for _, w := range c.StringSlice("indicator") {
		id, name, ok := strings.Cut(w, "=")
		if !ok || id == "" || name == "" {
			return o, usagef("stpmap import --indicator 92848=dementia", "--indicator: %q is not ID=NAME", w)
		}
		if o.Indicators == nil {
			o.Indicators = map[string]string{}
		}
		o.Indicators[id] = name
	}
	if c.String("lookup") != "" && c.String("to") == "" {
		return o, usagef("stpmap import --lookup lsoa_ccg.csv --to ccg", "--lookup needs --to, the column with the areas wanted")
	}
	if c.String("lookup") == "" && (c.IsSet("to") || c.IsSet("from") || c.IsSet("weights")) {
		return o, usagef("stpmap import --lookup lsoa_ccg.csv --to ccg", "--from, --to and --weights need --lookup")
	}
	return o, nil
}

// importing is one run of the command.
type importing struct {
	env        *environment
	c          *cli.Context
	opts       importer.Options
	orgs       []codebook.Organisation
	successors *codebook.Successors
	lookup     *codebook.Lookup
	weights    map[string]float64
}

// read imports files from disk.
func (im *importing) read(format string, names []string, opts importer.Options) (*importer.Result, error) {
	var inputs []importer.Input
	for _, name := range names {
		if name == "-" {
			inputs = append(inputs, importer.Input{Name: displayName(name), R: im.env.stdin})
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			return nil, unreadable(name, err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, &tablepkg.InputError{File: name, Err: errors.New("is a folder, not a file")}
		}
		inputs = append(inputs, importer.Input{Name: name, R: f})
	}
	return publishedpkg.Import(im.c.Context, format, inputs, opts)
}

// references reads the files that help with the one to import.
func (im *importing) references() error {
	c := im.c
	if name := c.String("organisations"); name != "" {
		out, err := im.read("ods", []string{name}, importer.Options{})
		if err != nil {
			return err
		}
		im.orgs = out.Organisations
		codes, shared := codebook.NamesToCodes(im.orgs)
		im.opts.Names = codes
		if len(shared) > 0 {
			im.env.log.Info(fmt.Sprintf("%s of --organisations %s several codes, and stand for none: %s", counted(len(shared), "name"), has(len(shared)), firstFew(shared)))
		}
	}
	var err error
	if im.successors, err = im.env.successorsOf(c); err != nil {
		return err
	}
	if name := c.String("lookup"); name != "" {
		out, err := im.read("lookup", []string{name}, importer.Options{})
		if err != nil {
			return err
		}
		im.lookup = out.Lookup
	}
	if name := c.String("weights"); name != "" {
		r, err := tablepkg.Open(name)
		if err != nil {
			return unreadable(name, err)
		}
		defer r.Close()
		people, _, err := data.ReadPopulation(c.Context, name, r)
		if err != nil {
			return err
		}
		im.weights = make(map[string]float64, len(people))
		for _, p := range people {
			im.weights[p.Area] = p.People
		}
	}
	if name := c.String("beds"); name != "" {
		out, err := im.read("kh03", []string{name}, importer.Options{})
		if err != nil {
			return err
		}
		im.opts.Beds = out.Figures
	}
	return nil
}

// change does with the flows what the flags ask for beyond reading them.
func (im *importing) change(out *importer.Result) error {
	c, log := im.c, im.env.log
	if len(out.Flows) > 0 && (out.Format.Name == "long" || out.Format.Name == "matrix") {
		kept, found := codebook.RepeatsOf(out.Flows)
		out.Flows = kept
		for _, r := range found {
			log.Info(r.String())
		}
	}
	if c.Bool("sites-to-trusts") {
		var moved int
		out.Flows, moved = codebook.SitesToTrusts(out.Flows)
		log.Info(fmt.Sprintf("%s counted with their trusts", counted(moved, "site")))
	}
	if im.successors != nil {
		if err := im.merge(out); err != nil {
			return err
		}
	}
	if types := c.StringSlice("type"); len(types) > 0 {
		names := map[string]string{}
		for _, o := range im.orgs {
			names[o.Code] = o.Name
		}
		var left []codebook.CodeUse
		out.Flows, left = codebook.FilterProviders(out.Flows, func(code string) bool {
			return slices.Contains(types, string(codebook.TypeOf(codebook.TrustOf(code), names[codebook.TrustOf(code)])))
		})
		n := 0.0
		for _, l := range left {
			n += l.Patients
		}
		log.Info(fmt.Sprintf("left out by --type: %s, %s", counted(len(left), "provider"), patients(n)))
	}
	if im.lookup != nil {
		if err := im.regroup(out); err != nil {
			return err
		}
	}
	if c.String("outside") == "drop" {
		var left []codebook.CodeUse
		out.Flows, left = codebook.DropOutside(out.Flows)
		for _, l := range left {
			log.Info(fmt.Sprintf("left out: %s, %s", l.Code, patients(l.Patients)))
		}
	}
	if name := c.String("postcodes"); name != "" && len(out.Organisations) > 0 {
		want := map[string]bool{}
		for _, o := range out.Organisations {
			want[codebook.PostcodeKey(o.Postcode)] = true
		}
		codes, err := im.read("postcodes", []string{name}, importer.Options{Postcodes: want})
		if err != nil {
			return err
		}
		var missing []string
		out.Points, missing = codebook.Locate(out.Organisations, codes.Points)
		if len(missing) > 0 {
			log.Info(fmt.Sprintf("%s %s no point: %s", counted(len(missing), "organisation"), has(len(missing)), firstFew(missing)))
		}
	}
	return nil
}

// merge brings flows, or figures, to the organisations that took over.
func (im *importing) merge(out *importer.Result) error {
	c, log := im.c, im.env.log
	day := c.String("as-at")
	if len(out.Figures) > 0 {
		figures, rep, err := im.successors.Figures(out.Figures, day)
		if err != nil {
			return successorFault(c, err)
		}
		out.Figures = figures
		for _, line := range rep.Sentences() {
			log.Info(line)
		}
		return nil
	}
	before := printedPatients(out.Flows)
	flows, moves, err := im.successors.Flows(out.Flows, day, c.Bool("successors-of-areas"))
	if err != nil {
		return successorFault(c, err)
	}
	out.Flows = flows
	for _, m := range moves {
		log.Info(fmt.Sprintf("%s: %s", m, patients(m.Patients)))
	}
	log.Info(fmt.Sprintf("successors: %s before, %s after", patients(before), patients(printedPatients(flows))))
	if codes := im.successors.Closed(areasOf(flows), day); len(codes) > 0 && !c.Bool("successors-of-areas") {
		log.Info(fmt.Sprintf("%s of the flows %s a successor, and %s left as they are (%s): --successors-of-areas brings them there", counted(len(codes), "area"), has(len(codes)), are(len(codes)), firstFew(codes)))
	}
	return nil
}

// printedPatients is the number of patients that flows print.
func printedPatients(flows []data.Record) float64 {
	n := 0.0
	for _, r := range flows {
		n += r.Count.Published
	}
	return n
}

// areasOf are the areas of flows, each once, sorted.
func areasOf(flows []data.Record) []string {
	var codes []string
	for _, r := range flows {
		codes = append(codes, r.Area)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// regroup brings areas to those of another geography.
func (im *importing) regroup(out *importer.Result) error {
	c, log := im.c, im.env.log
	var codes []string
	for _, r := range out.Flows {
		codes = append(codes, r.Area)
	}
	for _, p := range out.Populations {
		codes = append(codes, p.Area)
	}
	if len(codes) == 0 {
		return nil
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	from := c.String("from")
	if from == "" {
		column, n := im.lookup.Holding(codes)
		if n == 0 {
			return inputf("%s has none of the areas, such as %s", c.String("lookup"), codes[0])
		}
		from = column.Heading
	}
	by := ""
	if im.weights != nil {
		weighed := make([]string, 0, len(im.weights))
		for code := range im.weights {
			weighed = append(weighed, code)
		}
		slices.Sort(weighed)
		column, n := im.lookup.Holding(weighed)
		if n == 0 {
			return inputf("%s has none of the areas of %s", c.String("lookup"), c.String("weights"))
		}
		by = column.Heading
	}
	m, err := im.lookup.Map(from, c.String("to"), by, im.weights)
	if err != nil {
		return inputf("%s: %v", c.String("lookup"), err)
	}
	fit := codebook.BestFit
	if c.String("fit") == "split" {
		fit = codebook.Split
	}
	var rep codebook.Regrouping
	if out.Populations != nil {
		out.Populations, rep = m.RegroupPopulation(out.Populations, fit)
	} else {
		out.Flows, rep = m.Regroup(out.Flows, fit)
	}
	if rep.Areas == 0 {
		return inputf("column %s of %s has none of the areas, such as %s", from, c.String("lookup"), codes[0])
	}
	log.Info(fmt.Sprintf("%s brought from %s to %s; %d in several", counted(rep.Areas, "area"), m.From, m.To, rep.Parted))
	for _, o := range rep.Outside {
		log.Info(fmt.Sprintf("%s: %s kept as they are, %s", o.Kind, counted(len(o.Codes), "area"), patients(o.Patients.Value)))
	}
	if len(rep.Unmatched) > 0 {
		n := 0.0
		var names []string
		for _, u := range rep.Unmatched {
			n += u.Patients.Value
			names = append(names, u.Code)
		}
		log.Info(fmt.Sprintf("not in the lookup, kept as they are: %s, %s: %s", counted(len(names), "area"), patients(n), firstFew(names)))
	}
	return nil
}

// write writes the table of the kind that was read.
func (im *importing) write(w io.Writer, out *importer.Result) error {
	switch out.Kind {
	case importer.FlowTable:
		mark, err := data.WriteFlows(w, out.Flows)
		if err != nil {
			if errors.Is(err, data.ErrBounds) {
				return inputf("%v", err)
			}
			return err
		}
		if mark != "" {
			im.env.log.Info(fmt.Sprintf("read the table with --suppressed '%s'", mark))
		}
		n := 0.0
		for _, r := range out.Flows {
			n += r.Count.Published
		}
		im.env.log.Info(fmt.Sprintf("%s: %s", counted(len(out.Flows), "row"), patients(n)))
		return nil
	case importer.IndicatorTable:
		return data.WriteFigures(w, out.Figures)
	case importer.OrganisationTable:
		return codebook.WriteOrganisations(w, out.Organisations, out.Points)
	case importer.SuccessorTable:
		return codebook.WriteSuccessors(w, out.Successors)
	case importer.LookupTable:
		return codebook.WriteLookup(w, out.Lookup)
	case importer.PopulationTable:
		return data.WritePopulations(w, out.Populations)
	}
	return codebook.WritePoints(w, out.Points)
}

// importNotes are what a person should know of an import, in sentences.
func importNotes(rep *importer.Report) []string {
	var notes []string
	say := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	say("read as %s: %s, %s used", strings.Join(rep.Layouts, " and "), counted(rep.Rows, "row"), thousands(rep.Used))
	for _, l := range rep.LeftOut {
		say("%s left out: %s", counted(l.Rows, "row"), l.Reason)
	}
	if rep.Suppressed > 0 {
		say("%s known only within bounds", counted(rep.Suppressed, "cell"))
	}
	for _, o := range rep.Outside {
		say("%s: %s, %s, under %s", o.Kind, counted(len(o.Codes), "code"), patients(o.Patients.Value), firstFew(o.Codes))
	}
	for i, d := range rep.Differences {
		if i == 5 {
			say("and %d more differences", len(rep.Differences)-i)
			break
		}
		say("taken all the same: %v", d)
	}
	return append(notes, rep.Notes...)
}

// patients is a number of patients for people; small ones are not said.
func patients(n float64) string {
	if n < 10 {
		return "fewer than 10 patients"
	}
	return string(flow.AppendNumber(nil, n)) + " patients"
}

// unpackTable unpacks a table. Archives and workbooks of flows and indicators
// stay as they are: data.ReadPublishedFlows and its like open them.
func unpackTable(role, name string, r io.Reader) (io.ReadCloser, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(16)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if tablepkg.Sniff(head) == tablepkg.Zip && (role == "flows" || role == "indicators") {
		return io.NopCloser(br), nil
	}
	return tablepkg.Decompress(name, br)
}
