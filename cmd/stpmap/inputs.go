package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/urfave/cli/v2"

	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	publishedpkg "stpmap/data/published"
	tablepkg "stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
	"stpmap/footprint"
	"stpmap/render/boundary"
)

// needs says what a command cannot do without, beyond what its flags name.
type needs struct {
	partition  bool // --partition
	silent     bool // the notes are the result: say none of them beside it
	provenance bool // the hash of every input
}

// inputs is everything that was read, joined by code. Slices by area and by
// provider follow the matrix's indices.
type inputs struct {
	matrix       *flow.Matrix
	matrixReport flow.Report
	flowReport   data.FlowReport // of all flow files together
	moreFaults   int

	boundaries *boundary.Set
	adjacency  footprint.Adjacency // nil without boundaries

	areaNames     []string
	providerNames []string
	providerTypes []string  // "" where not known; nil without --providers
	listed        []string  // codes of --providers, with flow or without
	population    []float64 // NaN where not known; nil if known for none
	points        []orb.Point
	areaPoints    []orb.Point        // given with --area-points; NaN where not known
	places        []data.Provider    // of --providers, where there are no flows
	people        map[string]float64 // of --population, where there are no flows
	otherCodes    []string           // of providers in the table that have no flow
	volumes       map[string]float64 // patients of every code before --successors; nil without

	together, apart [][]int32
	start           *footprint.Partition
	fixed           []bool
	keepIDs         bool // footprints keep the ids of start

	given     []*namedPartition // --partition
	reference *namedPartition   // --reference; nil if not given

	understood []understood // what was made of every input
	files      []inputFile
	notes      []string // what a person should know of the inputs, in sentences
	sources    []string
	sample     fs.FS  // of a demo, to be written with its result
	notice     string // what every output of synthetic data says
}

// load reads what the flags name from disk.
func (env *environment) load(ctx context.Context, c *cli.Context, n needs) (*inputs, error) {
	return env.loadFrom(ctx, c, filesOnDisk{stdin: env.stdin}, n)
}

// loadFrom reads all inputs and joins them. On faults it still returns what
// could be read, for a report.
func (env *environment) loadFrom(ctx context.Context, c *cli.Context, files fileSource, n needs) (*inputs, error) {
	in := &inputs{notice: files.notice(), keepIDs: c.Bool("keep-ids")}
	l := &loader{ctx: ctx, c: c, files: files, in: in, provenance: n.provenance}
	if c.Command.Name != "validate" { // which names them to say why codes do not join
		var err error
		if l.successors, err = env.successorsOf(c); err != nil {
			return in, err
		}
	}
	for _, step := range []func() error{l.flows, l.merge, l.boundaries, l.areaPoints, l.providers, l.population, l.nobody, l.groups, l.partitions} {
		if err := step(); err != nil {
			if f := l.fault(err); f != nil {
				return in, f
			}
		}
	}
	if err := l.faults.Err(); err != nil {
		in.moreFaults = l.faults.More
		return in, err
	}
	if !n.silent {
		for _, u := range in.understood {
			env.log.Info(u.String())
		}
		for _, note := range in.notes {
			env.log.Info(note)
		}
	}
	return in, nil
}

type loader struct {
	ctx    context.Context
	c      *cli.Context
	files  fileSource
	in     *inputs
	faults tablepkg.Faults
	// provenance says that the hash of boundaries is wanted, which costs a
	// second reading of what may be a large file.
	provenance bool
	twins      tablepkg.Twins
	successors *codebook.Successors // of --successors; nil for none
}

// fault collects what is the input's fault and gives back what is not.
func (l *loader) fault(err error) error {
	var many *fault.List
	var one *fault.Error
	switch {
	case errors.As(err, &many):
		l.faults.Join(many)
	case errors.As(err, &one):
		l.faults.Add(one)
	default:
		return err
	}
	return nil
}

// read opens a table, hands it over unpacked, and keeps its hash.
func (l *loader) read(role, name string, read func(r io.Reader) error) error {
	f, err := l.files.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := newHashing(f)
	unpacked, err := unpackTable(role, name, h)
	if err != nil {
		return err
	}
	defer unpacked.Close()
	if err := read(unpacked); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, h); err != nil {
		return err
	}
	l.keep(role, name, h)
	return nil
}

func (l *loader) flows() error {
	c := l.c
	names := l.files.resolve(c, "flows")
	if len(names) == 0 {
		return nil
	}
	opts, err := flowOptions(c)
	if err != nil {
		return err
	}
	shares, err := sharesOf(c)
	if err != nil {
		return err
	}
	opts = append(opts, data.Shares(shares))
	b := flow.NewBuilder()
	if c.Bool("one-mode") {
		b = flow.NewOneModeBuilder()
	}
	if names, err = expandFlows(names); err != nil {
		return err
	}
	for _, name := range names {
		if done, err := l.ingested(name, b); done || err != nil {
			if f := l.fault(err); f != nil {
				return f
			}
			continue
		}
		err := l.read("flows", name, func(r io.Reader) error {
			twin := l.twins.Reader(r)
			rep, published, err := publishedpkg.ReadFlows(l.ctx, displayName(name), twin, b, importer.Options{IgnoreTotals: c.Bool("ignore-totals")}, opts...)
			if published != nil {
				l.in.notes = append(l.in.notes, importNotes(&published.Report)...)
				l.in.notes = append(l.in.notes, codeNotes(&rep)...)
			} else {
				l.in.notes = append(l.in.notes, plainNotes(&rep)...)
			}
			in := &l.in.flowReport
			in.Rows += rep.Rows
			in.Added += rep.Added
			in.Absent += rep.Absent
			in.Filtered += rep.Filtered
			in.SuppressedRows += rep.SuppressedRows
			if err != nil {
				return err
			}
			l.in.understand(flowsUnderstood(name, &rep, published))
			return l.twins.Check(displayName(name), twin)
		})
		if err != nil {
			if f := l.fault(err); f != nil {
				return f
			}
		}
	}
	m, rep, err := b.Build()
	if err != nil {
		return inputf("flows: %v", err)
	}
	l.in.matrix, l.in.matrixReport = m, rep
	if m, err = l.dropRepeats(m); err != nil {
		return err
	}
	if l.faults.Len() == 0 && m.Len() == 0 {
		return &tablepkg.InputError{File: strings.Join(names, ", "), Err: errors.New("no patients in the flows: every count is 0 or missing")}
	}
	if n := l.in.flowReport.Absent; n > 0 {
		l.in.notes = append(l.in.notes, fmt.Sprintf("%s without a count left out", counted(n, "row")))
	}
	if n := l.in.flowReport.Filtered; n > 0 {
		l.in.notes = append(l.in.notes, fmt.Sprintf("%s left out by --where", counted(n, "row")))
	}
	if codes := rep.AreasWithoutFlow; len(codes) > 0 {
		l.in.notes = append(l.in.notes, fmt.Sprintf("%s with zeros only left out: %s", counted(len(codes), "area"), firstFew(codes)))
	}
	if codes := rep.ProvidersWithoutFlow; len(codes) > 0 {
		l.in.notes = append(l.in.notes, fmt.Sprintf("%s with zeros only left out: %s", counted(len(codes), "provider"), firstFew(codes)))
	}
	return nil
}

func displayName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

// flowOptions are the reader's options that the flags ask for.
func flowOptions(c *cli.Context) ([]tablepkg.Option, error) {
	opts := []tablepkg.Option{data.Columns(c.String("area-column"), c.String("provider-column"), c.String("count-column"))}
	for _, w := range c.StringSlice("where") {
		o, err := tablepkg.ParseWhere(w)
		if err != nil {
			return nil, usagef("stpmap "+c.Command.Name+" --where year=2018", "--where: %w", err)
		}
		opts = append(opts, o)
	}
	if marks := c.StringSlice("suppressed"); len(marks) > 0 {
		s, err := tablepkg.ParseSuppression(marks...)
		if err != nil {
			return nil, usagef("stpmap "+c.Command.Name+" --suppressed '*=1:4'", "--suppressed: %w", err)
		}
		opts = append(opts, tablepkg.Suppressed(s))
	}
	decimal, err := decimalOf(c)
	if err != nil {
		return nil, err
	}
	return append(opts, tablepkg.SkipMissing(c.Bool("skip-missing")), tablepkg.Decimal(decimal)), nil
}

func (l *loader) boundaries() error {
	names := l.files.resolve(l.c, "boundaries")
	if len(names) == 0 {
		return nil
	}
	name := names[0]
	o := boundary.Options{
		CodeProperty: l.c.String("boundary-code"), NameProperty: l.c.String("boundary-name"),
		Snap: l.c.Float64("snap"), Clean: l.c.Bool("clean"),
	}
	if _, onDisk := l.files.(filesOnDisk); onDisk && streamed(name) {
		b, err := l.streamBoundaries(name, o)
		if err != nil {
			return err
		}
		return l.join(displayName(name), b)
	}
	b, err := l.files.boundaries(l.ctx, name, o)
	if err != nil {
		return err
	}
	if l.provenance {
		if err := l.hash("boundaries", name); err != nil {
			return err
		}
	}
	return l.join(name, b)
}

// join holds the boundaries from a file against the flows.
func (l *loader) join(name string, b *boundary.Set) error {
	in := l.in
	in.boundaries = b
	if !b.Approximate() {
		in.understand(boundariesUnderstood(name, b))
	}
	in.notes = append(in.notes, b.Notices()...)
	if in.matrix == nil {
		return nil
	}
	in.adjacency = b.Adjacency(in.matrix.Areas())
	names, people := b.Names(), b.Populations()
	in.areaNames = make([]string, len(in.matrix.Areas()))
	for a, code := range in.matrix.Areas() {
		if i, ok := b.Index(code); ok {
			in.areaNames[a] = names[i]
			if people != nil && !math.IsNaN(people[i]) {
				in.setPopulation(a, people[i])
			}
		}
	}
	joined := len(in.matrix.Areas()) - len(in.areasWithoutBoundary())
	if joined == 0 && in.matrix.Len() > 0 {
		return &tablepkg.InputError{File: name, Err: fmt.Errorf("no code of the boundaries (such as %s) is an area of the flows (such as %s): is it another vintage, or another kind of code? --boundary-code names the property that holds it",
			example(b.Codes()), example(in.matrix.Areas()))}
	}
	if missing := in.areasWithoutBoundary(); len(missing) > 0 {
		in.notes = append(in.notes, fmt.Sprintf("%s of the flows %s no polygon: %s", counted(len(missing), "area"), has(len(missing)), firstFew(missing)))
	}
	if missing := in.boundariesWithoutFlow(); len(missing) > 0 {
		in.notes = append(in.notes, fmt.Sprintf("%s of the boundaries %s no flow, and belong to no footprint: %s", counted(len(missing), "polygon"), has(len(missing)), firstFew(missing)))
	}
	return nil
}

func example(codes []string) string {
	if len(codes) == 0 {
		return "none"
	}
	return codes[0]
}

func (in *inputs) setPopulation(area int, people float64) {
	if in.population == nil {
		in.population = make([]float64, len(in.matrix.Areas()))
		for i := range in.population {
			in.population[i] = math.NaN()
		}
	}
	in.population[area] = people
}

func (l *loader) providers() error {
	names := l.files.resolve(l.c, "providers")
	if len(names) == 0 {
		return nil
	}
	return l.read("providers", names[0], func(r io.Reader) error {
		table, rep, err := data.ReadProviders(l.ctx, displayName(names[0]), r)
		if err != nil {
			return err
		}
		in := l.in
		in.understand(tableUnderstood("providers", names[0], &rep))
		in.notes = append(in.notes, rep.Notes...)
		if in.matrix == nil {
			in.places = table.List
			return nil
		}
		in.providerNames = make([]string, len(in.matrix.Providers()))
		in.providerTypes = make([]string, len(in.matrix.Providers()))
		in.points = make([]orb.Point, len(in.matrix.Providers()))
		for j := range in.points {
			in.points[j] = orb.Point{math.NaN(), math.NaN()}
		}
		for _, p := range table.List {
			in.listed = append(in.listed, p.Code)
			j, ok := in.matrix.ProviderIndex(p.Code)
			if !ok {
				in.otherCodes = append(in.otherCodes, p.Code)
				continue
			}
			in.providerNames[j], in.providerTypes[j] = p.Name, p.Type
			if p.HasPoint {
				in.points[j] = orb.Point{p.Lon, p.Lat}
			}
		}
		if err := in.dropFar(displayName(names[0])); err != nil {
			return err
		}
		if missing := in.providersWithoutLocation(); len(missing) > 0 {
			in.notes = append(in.notes, fmt.Sprintf("%s of the flows %s no location: %s", counted(len(missing), "provider"), has(len(missing)), firstFew(missing)))
		}
		return nil
	})
}

func (l *loader) population() error {
	names := l.files.resolve(l.c, "population")
	if len(names) == 0 {
		return nil
	}
	decimal, err := decimalOf(l.c)
	if err != nil {
		return err
	}
	return l.read("population", names[0], func(r io.Reader) error {
		list, rep, err := data.ReadPopulation(l.ctx, displayName(names[0]), r, tablepkg.Decimal(decimal))
		if err != nil {
			return err
		}
		l.in.understand(tableUnderstood("population", names[0], &rep))
		l.in.notes = append(l.in.notes, rep.Notes...)
		if l.in.matrix == nil {
			l.in.people = map[string]float64{}
			for _, p := range list {
				l.in.people[p.Area] = p.People
			}
			return nil
		}
		for _, p := range list {
			if a, ok := l.in.matrix.AreaIndex(p.Area); ok {
				l.in.setPopulation(a, p.People)
			}
		}
		if err := l.nobody(); err != nil {
			return err
		}
		if missing := l.in.areasWithoutPopulation(); len(missing) > 0 {
			l.in.notes = append(l.in.notes, fmt.Sprintf("the population of %s is not known: %s", counted(len(missing), "area"), firstFew(missing)))
		}
		return nil
	})
}

// node finds an area's or a provider's node by code: areas first.
func (in *inputs) node(code string) (int32, bool) {
	if a, ok := in.matrix.AreaIndex(code); ok {
		return int32(a), true
	}
	if !in.matrix.OneMode() {
		if j, ok := in.matrix.ProviderIndex(code); ok {
			return int32(len(in.matrix.Areas()) + j), true
		}
	}
	return 0, false
}

// groups reads --together, --apart and --fix.
func (l *loader) groups() error {
	if l.in.matrix == nil {
		return nil
	}
	for _, f := range []struct {
		flag string
		into *[][]int32
	}{{"together", &l.in.together}, {"apart", &l.in.apart}, {"fix", nil}} {
		name := l.c.String(f.flag)
		if name == "" {
			continue
		}
		err := l.read(f.flag, name, func(r io.Reader) error {
			groups, err := data.ReadCodeGroups(l.ctx, name, r)
			if err != nil {
				return err
			}
			var faults tablepkg.Faults
			for _, g := range groups {
				var nodes []int32
				for i, code := range g.Codes {
					v, ok := l.in.node(code)
					if !ok {
						faults.Add(&tablepkg.InputError{File: name, Line: g.Line, Column: g.Columns[i], Err: fmt.Errorf("%w: %q is neither an area nor a provider of the flows", tablepkg.ErrUnknownCode, code)})
						continue
					}
					nodes = append(nodes, v)
				}
				if f.into == nil {
					if l.in.fixed == nil {
						l.in.fixed = make([]bool, len(l.in.matrix.Areas())+len(l.in.matrix.Providers()))
					}
					for _, v := range nodes {
						l.in.fixed[v] = true
					}
				} else {
					*f.into = append(*f.into, nodes)
				}
			}
			return faults.Err()
		})
		if err != nil {
			if e := l.fault(err); e != nil {
				return e
			}
		}
	}
	return l.contradiction()
}

// contradiction is --together against --apart: two nodes that groups of the one
// join, directly or in a chain, and a group of the other parts.
func (l *loader) contradiction() error {
	m, parent := l.in.matrix, map[int32]int32{}
	root := func(v int32) int32 {
		for {
			p, ok := parent[v]
			if !ok {
				return v
			}
			v = p
		}
	}
	for _, g := range l.in.together {
		for _, v := range g[min(1, len(g)):] {
			if a, b := root(g[0]), root(v); a != b {
				parent[b] = a
			}
		}
	}
	code := func(v int32) string {
		if a := len(m.Areas()); int(v) >= a {
			return m.Providers()[int(v)-a]
		}
		return m.Areas()[v]
	}
	for _, g := range l.in.apart {
		first := map[int32]int32{}
		for _, v := range g {
			u, ok := first[root(v)]
			if ok && u != v {
				return usagef("stpmap "+l.c.Command.Name+" --flows flows.csv --together pairs.csv", "--together (%s) keeps %s and %s in one footprint, and --apart (%s) in different ones: take them out of one of the two files",
					displayName(l.c.String("together")), code(u), code(v), displayName(l.c.String("apart")))
			}
			if !ok {
				first[root(v)] = v
			}
		}
	}
	return nil
}

func (in *inputs) areasWithoutBoundary() (codes []string) {
	if in.boundaries == nil {
		return nil
	}
	for _, code := range in.matrix.Areas() {
		if _, ok := in.boundaries.Index(code); !ok {
			codes = append(codes, code)
		}
	}
	return codes
}

func (in *inputs) boundariesWithoutFlow() (codes []string) {
	for _, code := range in.boundaries.Codes() {
		if _, ok := in.matrix.AreaIndex(code); !ok {
			codes = append(codes, code)
		}
	}
	return codes
}

func (in *inputs) providersWithoutLocation() (codes []string) {
	if in.matrix.OneMode() {
		return nil
	}
	for j, code := range in.matrix.Providers() {
		if in.points == nil || math.IsNaN(in.points[j][0]) {
			codes = append(codes, code)
		}
	}
	return codes
}

func (in *inputs) areasWithoutPopulation() (codes []string) {
	if in.population == nil {
		return slices.Clone(in.matrix.Areas())
	}
	for a, n := range in.population {
		if math.IsNaN(n) {
			codes = append(codes, in.matrix.Areas()[a])
		}
	}
	return codes
}

// numberingPopulation is the people of each area, 0 where not known; nil where
// they are known for none, so that patients take their place.
func (in *inputs) numberingPopulation() []float64 {
	if in.population == nil {
		return nil
	}
	people := slices.Clone(in.population)
	for i, n := range people {
		if math.IsNaN(n) {
			people[i] = 0
		}
	}
	return people
}

// hosts finds the area in which each provider lies by its point, negative where
// none does; nil without boundaries and points.
func (in *inputs) hosts() []int32 {
	if in.boundaries == nil || in.points == nil {
		return nil
	}
	hosts := make([]int32, len(in.points))
	located := in.boundaries.Locate(in.points)
	for j, i := range located {
		hosts[j] = -1
		if i < 0 {
			continue
		}
		if a, ok := in.matrix.AreaIndex(in.boundaries.Codes()[i]); ok {
			hosts[j] = int32(a)
		}
	}
	return hosts
}
