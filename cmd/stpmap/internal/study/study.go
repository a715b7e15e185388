package study

import (
	"cmp"
	"context"
	"errors"
	"io"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
	"stpmap/flow/wholefile"
	"stpmap/footprint"
	"stpmap/render/boundary"
)

// Study is everything that was read, joined by code. Slices by area and by
// provider follow the matrix's indices.
type Study struct {
	Matrix       *flow.Matrix // nil without flows
	MatrixReport flow.Report
	Alone        bool            // there are no flows: Matrix has the boundaries' areas, each with one patient
	FlowReport   data.FlowReport // of all flow files together
	Years        []Year          // of Request.Yearly, in the order of the files
	MoreFaults   int             // beyond those that are spelled out

	Boundaries *boundary.Set
	Adjacency  footprint.Adjacency // nil without boundaries
	Land       *footprint.Land     // the same, with the pieces of land; nil without flows too

	AreaNames     []string
	ProviderNames []string
	ProviderTypes []string  // "" where not known; nil without --providers
	Listed        []string  // codes of --providers, with flow or without
	Population    []float64 // NaN where not known; nil if known for none
	Points        []orb.Point
	AreaPoints    []orb.Point        // given with --area-points; NaN where not known
	Places        []data.Provider    // of --providers, where there are no flows
	People        map[string]float64 // of --population, where there are no flows
	OtherCodes    []string           // of providers in the table that have no flow

	Minutes     []float64                  // of --times, by area and then provider; NaN where there is none
	MoreMinutes map[string]map[int]float64 // of providers without flow, by code and area
	Layers      [][]int32                  // of --lookup: the larger unit of each area, −1 for none

	Together, Apart [][]int32
	KeepWhole       []footprint.Unit  // of --keep-whole, by name
	GivenNames      map[string]string // of --names, by id or member; nil without
	Referral        *flow.Matrix      // of --referral-flows; nil without
	Start           *footprint.Partition
	Fixed           []bool
	KeepIDs         bool // footprints keep the ids of Start

	Given     []*NamedPartition // --partition
	Reference *NamedPartition   // --reference; nil if not given

	Understood []stage.Understood // what was made of every input

	Files   []stage.Input
	Notes   []string // what a person should know of the inputs, in sentences
	Sources []string // to print on maps
	Notice  string   // what every output of synthetic data says
	Publish bool     // provenance has no hashes of input files

	successors *codebook.Successors // of --successors; nil for none
	volumes    map[string]float64   // patients of every code before successors; nil without
}

// loader reads one study.
type loader struct {
	*Request
	ctx    context.Context
	in     *Study
	faults fault.List
	twins  table.Twins

	yearRows, yearRepeats int // of Request.Yearly: rows read, and those that repeat a pair of their year
}

func (r Request) loader(ctx context.Context, in *Study) *loader {
	return &loader{Request: &r, ctx: ctx, in: in}
}

// Read reads all inputs and joins them. On faults it still returns what could
// be read, for a report.
func (r Request) Read(ctx context.Context, env *cli.Env) (*Study, error) {
	in := &Study{Notice: r.Source.Notice(), KeepIDs: r.KeepIDs, Publish: r.Publish}
	l := r.loader(ctx, in)
	if err := l.successors(); err != nil {
		return in, err
	}
	if err := l.steps(l.flows, l.succeed, l.boundaries, l.areaPoints, l.ground, l.providers, l.meeting, l.population, l.nobody, l.groups, l.units, l.names, l.boards, l.sayBorders, l.referral, l.partitions, l.times, l.lookups); err != nil {
		in.MoreFaults = l.faults.More
		return in, err
	}
	if !r.Silent {
		in.Say(env)
	}
	return in, nil
}

// ReadPlaces reads what lies where, without flows; partitions are for
// Memberships to read.
func (r Request) ReadPlaces(ctx context.Context) (*Study, error) {
	in := &Study{}
	for _, step := range []func(*loader) error{(*loader).boundaries, (*loader).areaPoints, (*loader).ground, (*loader).providers, (*loader).meeting, (*loader).population, (*loader).names} {
		l := r.loader(ctx, in)
		if err := l.steps(func() error { return step(l) }); err != nil {
			return in, err
		}
	}
	return in, nil
}

// steps reads one input after the other. The faults of all are in the error;
// what is no fault of an input ends it.
func (l *loader) steps(steps ...func() error) error {
	for _, step := range steps {
		if err := l.fault(step()); err != nil {
			return err
		}
	}
	return l.faults.Err()
}

// Say says the notes to a person.
func (in *Study) Say(env *cli.Env) {
	for _, u := range in.Understood {
		env.Log.Info(u.String())
	}
	for _, note := range in.Notes {
		env.Log.Info(note)
	}
}

// note adds sentences for a person.
func (l *loader) note(notes ...string) { l.in.Notes = append(l.in.Notes, notes...) }

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
	f, err := l.Source.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := stage.NewHashing(f)
	unpacked, err := unpack(role, name, h)
	if err != nil {
		return err
	}
	defer unpacked.Close()
	if err := read(unpacked); err != nil {
		return cmp.Or(wholefile.Changed(f), err) // a file that changed is no fault of the input
	}
	if _, err := io.Copy(io.Discard, h); err != nil {
		return err
	}
	l.keep(h.Input(role, cli.InputName(name)))
	return nil
}

// Hashed opens a file that a command reads by itself, hands it over, and keeps
// its hash for the provenance.
func (in *Study) Hashed(files Source, role, name string, read func(r io.Reader) error) error {
	l := Request{Source: files}.loader(context.Background(), in)
	return l.read(role, name, read)
}

// keep keeps an input that was read.
func (l *loader) keep(f stage.Input) { l.in.Files = append(l.in.Files, f) }

// byName watches files while read opens them by their names, and keeps their
// hashes where that is asked for: they are of what was read.
func (l *loader) byName(role string, hashes bool, names []string, read func() error) error {
	watched := make([]io.ReadCloser, len(names))
	for i, name := range names {
		var err error
		if watched[i], err = l.Source.Open(name); err != nil {
			return err
		}
		defer watched[i].Close()
	}
	err := read()
	for _, f := range watched {
		if changed := wholefile.Changed(f); changed != nil {
			return changed // and no fault of the input
		}
	}
	if err != nil || !hashes {
		return err
	}
	for i, name := range names {
		if err := l.hash(role, name, watched[i]); err != nil {
			return err
		}
	}
	return nil
}

// hash keeps the hash of an input that was read by another way.
func (l *loader) hash(role, name string, f io.Reader) error {
	h := stage.NewHashing(f)
	if _, err := io.Copy(io.Discard, h); err != nil {
		return err
	}
	l.keep(h.Input(role, cli.InputName(name)))
	return nil
}

// Provenance fills in what the inputs and the command line say of a result.
func (in *Study) Provenance(line *cli.Line, method string, notes []string) *stage.Provenance {
	p := &stage.Provenance{
		Keep: stage.StaysHere, Tool: "stpmap", Version: cli.Version, Notice: in.Notice, Command: line.Command(), Parameters: line.Parameters(), Method: method,
		Inputs: in.Files, Understood: byBaseName(in.Understood), Notes: append(append([]string{}, in.Notes...), notes...),
	}
	if p.Inputs == nil {
		p.Inputs = []stage.Input{}
	}
	if in.Publish {
		p.Publish()
	}
	if m := in.Matrix; m != nil && !in.Alone {
		total := m.Total()
		p.FlowSHA256 = m.SHA256()
		p.FlowFigures = &stage.FlowFigures{
			Rows: in.FlowReport.Rows, Areas: len(m.Areas()), Providers: len(m.Providers()),
			Patients: total.Published, Lower: total.Lower, Upper: total.Upper, Suppressed: in.MatrixReport.SuppressedCells,
		}
	}
	return p
}
