package study

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/ingest"
	"stpmap/data/published"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// flows reads --flows into the matrix.
func (l *loader) flows() error {
	if len(l.Flows.Flows) == 0 {
		return nil
	}
	opts, err := l.flowOptions()
	if err != nil {
		return err
	}
	shares, err := l.Reading.Shares(l.ctx, l.try("--share-column proportion --totals totals.csv"), func(name string, read func(io.Reader) error) error {
		return l.read("totals", name, read)
	})
	if err != nil {
		return err
	}
	opts = append(opts, data.Shares(shares))
	b := l.builder()
	names, err := expandFlows(l.Flows.Flows)
	if err != nil {
		return err
	}
	if err := l.flowFiles(names, b, opts); err != nil {
		return err
	}
	m, rep, err := b.Build()
	if err != nil {
		return cli.Inputf("flows: %v", err)
	}
	if l.Yearly {
		rep.Rows, rep.DuplicatePairs = l.yearRows, l.yearRepeats
	}
	l.admit(m, rep)
	if m, err = l.dropRepeats(l.in.Matrix); err != nil {
		return err
	}
	if l.faults.Len() == 0 && m.Len() == 0 {
		return &fault.Error{File: strings.Join(names, ", "), Err: errors.New("no patients in the flows: every count is 0 or missing")}
	}
	l.noteFlows()
	return nil
}

// flowFiles adds the flows of all names; as years where that is asked for.
func (l *loader) flowFiles(names []string, b *flow.Builder, opts []table.Option) error {
	if l.Yearly {
		return l.flowYears(names, b, opts)
	}
	for _, name := range names {
		if err := l.fault(l.flowFile(name, b, opts)); err != nil {
			return err
		}
	}
	return nil
}

// flowOptions are the reader's options that the flags ask for.
func (l *loader) flowOptions() ([]table.Option, error) {
	opts := []table.Option{data.Columns(l.AreaColumn, l.ProviderColumn, l.CountColumn)}
	for _, w := range l.Where {
		o, err := table.ParseWhere(w)
		if err != nil {
			return nil, cli.Usagef(l.try("--where year=2018"), "--where: %w", err)
		}
		opts = append(opts, o)
	}
	if len(l.Suppressed) > 0 {
		s, err := table.ParseSuppression(l.Suppressed...)
		if err != nil {
			return nil, cli.Usagef(l.try("--suppressed '*=1:4'"), "--suppressed: %w", err)
		}
		opts = append(opts, table.Suppressed(s))
	}
	decimal, err := DecimalMark(l.Decimal)
	if err != nil {
		return nil, err
	}
	return append(opts, table.SkipMissing(l.SkipMissing), table.Decimal(decimal)), nil
}

// flowFile adds the flows of one name.
func (l *loader) flowFile(name string, b *flow.Builder, opts []table.Option) error {
	if done, err := l.ingested(name, b, opts); done || err != nil {
		return err
	}
	return l.read("flows", name, func(r io.Reader) error {
		twin := l.twins.Reader(r)
		rep, published, err := published.ReadFlows(l.ctx, cli.InputName(name), twin, b, importer.Options{IgnoreTotals: l.IgnoreTotals}, opts...)
		if published != nil {
			l.note(ImportNotes(&published.Report, l.known())...)
			l.note(codeNotes(&rep)...)
		} else {
			l.note(plainNotes(&rep, l.known())...)
		}
		all := &l.in.FlowReport
		all.Rows += rep.Rows
		all.Added += rep.Added
		all.Absent += rep.Absent
		all.Filtered += rep.Filtered
		all.SuppressedRows += rep.SuppressedRows
		if err != nil {
			return err
		}
		l.in.understand(FlowsUnderstood(name, &rep, published).Known(l.known()))
		return l.twins.Check(cli.InputName(name), twin)
	})
}

// exactTo is the number up to which floating point holds every whole number.
const exactTo = 1 << 53

// noteFlows says what was left out of the flows, and what is not exact in them.
func (l *loader) noteFlows() {
	if l.in.Matrix.Total().Upper > exactTo {
		l.note("warning: the counts add up to more than 9,007,199,254,740,992: above that number they are not exact to one patient")
	}
	if n := l.in.FlowReport.Absent; n > 0 {
		l.note(words.Counted(n, "row") + " without a count left out")
	}
	if n := l.in.FlowReport.Filtered; n > 0 {
		l.note(words.Counted(n, "row") + " left out by --where")
	}
	if codes := l.in.MatrixReport.AreasWithoutFlow; len(codes) > 0 {
		l.note(fmt.Sprintf("%s with zeros only left out: %s", words.Counted(len(codes), "area"), words.Few(codes)))
	}
	if codes := l.in.MatrixReport.ProvidersWithoutFlow; len(codes) > 0 {
		l.note(fmt.Sprintf("%s with zeros only left out: %s", words.Counted(len(codes), "provider"), words.Few(codes)))
	}
}

// expandFlows resolves the patterns among the names of --flows, in the order of
// their names.
func expandFlows(names []string) ([]string, error) {
	var all []string
	for _, name := range names {
		_, err := os.Stat(name)
		if err == nil || ingest.IsEngine(name) || !strings.ContainsAny(name, "*?[") {
			all = append(all, name)
			continue
		}
		found, err := filepath.Glob(name)
		if err != nil || len(found) == 0 {
			return nil, &fault.Error{File: name, Err: errors.New("no file has such a name")}
		}
		all = append(all, found...)
	}
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] && !ingest.IsEngine(sorted[i]) {
			return nil, &fault.Error{File: sorted[i], Err: errors.New("given twice, and would be counted twice")}
		}
	}
	return all, nil
}

// engineExample is a line that counts with an engine.
const engineExample = "stpmap cluster --flows postgres://analyst@host/db --table records --area-column lsoa --provider-column procode"

// ingested adds flows that are no text table: a Parquet file of pairs, or what
// an engine counts. It reports false for what is neither.
func (l *loader) ingested(name string, b *flow.Builder, opts []table.Option) (bool, error) {
	if !l.onDisk() {
		return false, nil
	}
	if ingest.IsEngine(name) {
		return true, l.engine(name, b, opts)
	}
	parquet, err := isParquet(name)
	if !parquet {
		return false, err
	}
	err = l.byName("flows", true, []string{name}, func() error {
		_, _, err := l.ingest(name, b, ingest.Options{Table: opts, OfPairs: true})
		return err
	})
	if err != nil {
		return true, err
	}
	return true, l.twin(name)
}

// twin refuses the last file that was read where another has the same content.
func (l *loader) twin(name string) error {
	last := len(l.in.Files) - 1
	for _, f := range l.in.Files[:last] {
		if f.SHA256 == l.in.Files[last].SHA256 {
			return &fault.Error{File: name, Err: fmt.Errorf("the same content as %s, which %w", f.Name, table.ErrTwice)}
		}
	}
	return nil
}

// onDisk reports whether names are of the user's files.
func (l *loader) onDisk() bool {
	_, ok := l.Source.(Disk)
	return ok
}

// isParquet reports whether a file is Parquet, by its content. A file that
// cannot be opened is none: whoever reads it next says why.
func isParquet(name string) (bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return false, nil
	}
	head := make([]byte, 16)
	n, _ := f.ReadAt(head, 0)
	if table.Sniff(head[:n]) != table.Parquet {
		return false, f.Close()
	}
	return true, f.Close()
}

// engine adds what an engine counts.
func (l *loader) engine(name string, b *flow.Builder, opts []table.Option) error {
	query, err := ReadQuery(l.Source, l.QueryFile, l.Table, engineExample)
	if err != nil {
		return err
	}
	if l.AreaColumn == "" || l.ProviderColumn == "" {
		return cli.Usagef(engineExample, "an engine needs --area-column and --provider-column")
	}
	o := ingest.Options{Table: opts}
	o.Engine.Table, o.Engine.Query = l.Table, query
	pairs, rep, err := l.ingest(name, b, o)
	if err != nil {
		return err
	}
	l.keep(stage.Input{Role: "flows", Name: rep.Sources[0]})
	what := words.Counted(rep.Counted, "record")
	if l.door().SuppressBelow > 0 { // a record is a patient: their number tells what the door hides
		what = words.Counted(pairs, "pair")
	}
	l.note(fmt.Sprintf("%s counted %s", rep.Sources[0], what))
	return nil
}

// ingest counts records, or adds up pairs, into the flows; n is the number of
// pairs.
func (l *loader) ingest(name string, b *flow.Builder, o ingest.Options) (n int, rep ingest.Report, err error) {
	o.Jobs, o.SkipMissing = runtime.GOMAXPROCS(0), l.SkipMissing
	pairs, rep, err := ingest.Count(l.ctx, []string{name}, nil, o)
	all := &l.in.FlowReport
	rows, added := int(rep.Rows), int(rep.Counted)
	if !o.OfPairs && l.door().SuppressBelow > 0 && err == nil {
		rows, added = len(pairs.List), len(pairs.List)
	}
	all.Rows += rows
	all.Added += added
	all.Absent += int(rep.Absent)
	all.Filtered += int(rep.Filtered)
	for _, left := range rep.Omitted {
		l.note(left.Sentence(l.known()))
	}
	if err != nil {
		return 0, rep, IngestFault(err, engineExample)
	}
	l.in.understand(IngestUnderstood("flows", name, &rep).Known(l.known()))
	return len(pairs.List), rep, pairs.AddTo(b)
}

// maxQuery is how many bytes a query may have.
const maxQuery = 1 << 20

// ReadQuery reads --query-file, "" for none, from files; table is --table, which
// it stands in for. try is a line that would work.
func ReadQuery(files Source, name, table, try string) (string, error) {
	if name == "" {
		return "", nil
	}
	if table != "" {
		return "", cli.Usagef(try, "--table and --query-file contradict each other: give one of them")
	}
	f, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxQuery+1))
	if err == nil && len(text) > maxQuery {
		err = cli.Inputf("%s: a query of more than 1 MiB", cli.InputName(name))
	}
	return string(text), err
}

// IngestFault chooses the exit status for what went wrong in counting. try is a
// line that would work.
func IngestFault(err error, try string) error {
	var path *fs.PathError
	var bad *fault.Error
	var faults *fault.List
	switch {
	case errors.As(err, &bad), errors.As(err, &faults):
		return err
	case errors.Is(err, ingest.ErrSource):
		return cli.Usagef(try, "%w", err)
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist):
		return cli.Unreadable(path.Path, err)
	case errors.Is(err, ingest.ErrMemory):
		return cli.Inputf("%v", err)
	}
	return err
}

// ImportNotes are what a person should know of a published file that was read,
// in sentences. Sums of counts that were not protected are said only where exact.
func ImportNotes(rep *importer.Report, exact bool) []string {
	const most = 5 // differences to spell out
	var notes []string
	say := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	say("read as %s: %s, %s used", strings.Join(rep.Layouts, " and "), words.Counted(rep.Rows, "row"), words.Thousands(rep.Used))
	for _, l := range rep.LeftOut {
		say("%s left out: %s", words.Counted(l.Rows, "row"), l.Reason)
	}
	if rep.Suppressed > 0 {
		say("%s known only within bounds", words.Counted(rep.Suppressed, "cell"))
	}
	for _, o := range rep.Outside {
		n := ""
		if exact {
			n = words.Patients(o.Patients.Value) + ", "
		}
		say("%s: %s, %sunder %s", o.Kind, words.Counted(len(o.Codes), "code"), n, words.Few(o.Codes))
	}
	for i, d := range rep.Differences {
		if i == most {
			say("and %d more differences", len(rep.Differences)-i)
			break
		}
		say("taken all the same: %v", d)
	}
	return append(notes, rep.Notes...)
}
