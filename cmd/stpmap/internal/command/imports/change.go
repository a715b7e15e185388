package imports

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
)

// importing is one run of the command.
type importing struct {
	*Options
	ctx     context.Context
	env     *cli.Env
	options importer.Options
	lists   codebook.References
	weights map[string]float64 // people by area; nil without --weights
}

// say says a sentence to a person.
func (im *importing) say(format string, args ...any) { im.env.Log.Info(fmt.Sprintf(format, args...)) }

// references reads the files that help with the one to import.
func (im *importing) references() (err error) {
	if im.lists, err = im.Lists.Read(im.ctx, im.env); err != nil {
		return err
	}
	if im.lists.Organisations != nil {
		im.options.Names, _ = codebook.NamesToCodes(im.lists.Organisations)
	}
	if im.lists.Successors != nil {
		for _, rule := range im.Successor {
			if err := im.lists.Successors.Rule(rule); err != nil {
				return cli.Usagef(works+" --successors succ.csv --successor RW6=RM3", "--successor: %w", err)
			}
		}
	}
	if im.Weights != "" {
		if err := im.readWeights(); err != nil {
			return err
		}
	}
	if im.Beds != "" {
		out, err := readOne(im.ctx, im.env, "kh03", im.Beds)
		if err != nil {
			return err
		}
		im.options.Beds = out.Figures
	}
	return nil
}

func (im *importing) readWeights() error {
	var people []data.Population
	err := tables(im.env, "weights")(im.Weights, func(r io.Reader) (err error) {
		people, _, err = data.ReadPopulation(im.ctx, cli.InputName(im.Weights), r)
		return err
	})
	if err != nil {
		return err
	}
	im.weights = make(map[string]float64, len(people))
	for _, p := range people {
		im.weights[p.Area] = p.People
	}
	return nil
}

// change does with the flows what the flags ask for beyond reading them.
func (im *importing) change(out *importer.Result) error {
	if len(out.Flows) > 0 && (out.Format.Name == "long" || out.Format.Name == "matrix") {
		kept, found := codebook.RepeatsOf(out.Flows)
		out.Flows = kept
		for _, r := range found {
			im.say("%s", r)
		}
	}
	if im.SitesToTrusts {
		var moved int
		out.Flows, moved = codebook.SitesToTrusts(out.Flows)
		im.say("%s counted with their trusts", words.Counted(moved, "site"))
	}
	if im.lists.Successors != nil {
		if err := im.succeed(out); err != nil {
			return err
		}
	}
	if len(im.Type) > 0 {
		im.filter(out)
	}
	if im.lists.Lookup != nil {
		if err := im.regroup(out); err != nil {
			return err
		}
	}
	if im.Outside == "drop" {
		var left []codebook.CodeUse
		out.Flows, left = codebook.DropOutside(out.Flows)
		for _, l := range left {
			im.say("left out: %s, %s", l.Code, words.Patients(l.Patients))
		}
	}
	if im.Postcodes != "" && len(out.Organisations) > 0 {
		return im.locate(out)
	}
	return nil
}

// succeed brings codes to their successors.
func (im *importing) succeed(out *importer.Result) error {
	if len(out.Figures) > 0 {
		return im.succeedFigures(out)
	}
	before := printed(out.Flows)
	flows, moves, err := im.lists.Successors.Flows(out.Flows, im.AsAt, im.SuccessorsOfAreas)
	if err != nil {
		return study.SuccessorFault(im.Lists.Successors, err)
	}
	out.Flows = flows
	for _, m := range moves {
		im.say("%s: %s", m, words.Patients(m.Patients))
	}
	im.say("successors: %s before, %s after", words.Patients(before), words.Patients(printed(flows)))
	if !im.SuccessorsOfAreas {
		for _, note := range study.ClosedAreas(im.lists.Successors.Closed(areasOf(out), im.AsAt)) {
			im.env.Log.Info(note)
		}
	}
	return nil
}

// succeedFigures brings figures to the organisations that took over.
func (im *importing) succeedFigures(out *importer.Result) error {
	figures, rep, err := im.lists.Successors.Figures(out.Figures, im.AsAt)
	if err != nil {
		return study.SuccessorFault(im.Lists.Successors, err)
	}
	out.Figures = figures
	for _, line := range rep.Sentences() {
		im.env.Log.Info(line)
	}
	return nil
}

// printed is the number of patients that flows print.
func printed(flows []data.Record) (n float64) {
	for _, r := range flows {
		n += r.Count.Published
	}
	return n
}

// filter keeps the providers of some types.
func (im *importing) filter(out *importer.Result) {
	names := map[string]string{}
	for _, o := range im.lists.Organisations {
		names[o.Code] = o.Name
	}
	var left []codebook.CodeUse
	out.Flows, left = codebook.FilterProviders(out.Flows, func(code string) bool {
		return slices.Contains(im.Type, string(codebook.TypeOf(codebook.TrustOf(code), names[codebook.TrustOf(code)])))
	})
	n := 0.0
	for _, l := range left {
		n += l.Patients
	}
	im.say("left out by --type: %s, %s", words.Counted(len(left), "provider"), words.Patients(n))
}

// locate gives organisations the points of their postcodes.
func (im *importing) locate(out *importer.Result) error {
	want := map[string]bool{}
	for _, o := range out.Organisations {
		want[codebook.PostcodeKey(o.Postcode)] = true
	}
	codes, err := read(im.ctx, im.env, "postcodes", []string{im.Postcodes}, importer.Options{Postcodes: want})
	if err != nil {
		return err
	}
	var missing []string
	out.Points, missing = codebook.Locate(out.Organisations, codes.Points)
	if len(missing) > 0 {
		im.say("%s %s no point: %s", words.Counted(len(missing), "organisation"), words.Has(len(missing)), words.Few(missing))
	}
	return nil
}

// regroup brings areas to those of another geography.
func (im *importing) regroup(out *importer.Result) error {
	codes := areasOf(out)
	if len(codes) == 0 {
		return nil
	}
	from, err := im.column(im.From, codes)
	if err != nil {
		return err
	}
	by := ""
	if im.weights != nil {
		column, n := im.lists.Lookup.Holding(slices.Sorted(maps.Keys(im.weights)))
		if n == 0 {
			return cli.Inputf("%s has none of the areas of %s", im.Lookup, im.Weights)
		}
		by = column.Heading
	}
	m, err := im.lists.Lookup.Map(from, im.To, by, im.weights)
	if err != nil {
		return cli.Inputf("%s: %v", im.Lookup, err)
	}
	fit := codebook.BestFit
	if im.Fit == "split" {
		fit = codebook.Split
	}
	var rep codebook.Regrouping
	if out.Populations != nil {
		out.Populations, rep = m.RegroupPopulation(out.Populations, fit)
	} else {
		out.Flows, rep = m.Regroup(out.Flows, fit)
	}
	if rep.Areas == 0 {
		return cli.Inputf("column %s of %s has none of the areas, such as %s", from, im.Lookup, codes[0])
	}
	im.say("%s brought from %s to %s; %d in several", words.Counted(rep.Areas, "area"), m.From, m.To, rep.Parted)
	im.sayKept(rep)
	return nil
}

// areasOf are the codes of areas, sorted.
func areasOf(out *importer.Result) (codes []string) {
	for _, r := range out.Flows {
		codes = append(codes, r.Area)
	}
	for _, p := range out.Populations {
		codes = append(codes, p.Area)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// column is the heading of the lookup's column with some codes, unless it is
// given.
func (im *importing) column(given string, codes []string) (string, error) {
	if given != "" {
		return given, nil
	}
	column, n := im.lists.Lookup.Holding(codes)
	if n == 0 {
		return "", cli.Inputf("%s has none of the areas, such as %s", im.Lookup, codes[0])
	}
	return column.Heading, nil
}

// sayKept says which areas stayed as they were.
func (im *importing) sayKept(rep codebook.Regrouping) {
	for _, o := range rep.Outside {
		im.say("%s: %s kept as they are, %s", o.Kind, words.Counted(len(o.Codes), "area"), words.Patients(o.Patients.Value))
	}
	if len(rep.Unmatched) == 0 {
		return
	}
	n := 0.0
	var names []string
	for _, u := range rep.Unmatched {
		n += u.Patients.Value
		names = append(names, u.Code)
	}
	im.say("not in the lookup, kept as they are: %s, %s: %s", words.Counted(len(names), "area"), words.Patients(n), words.Few(names))
}
