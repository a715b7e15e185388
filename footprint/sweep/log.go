package sweep

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strconv"
	"strings"
)

// A log of runs is text. Its first line names the sweep and the shard, then
// comes a line a run, in any order:
//
//	stpmap-runs 1 FINGERPRINT shard 3/16 tasks 800 nodes 346
//	17 BASE64 CRC32
//
// and at last "end". Logs of another kind than a sweep's begin with its name in
// place of "runs". A log that was cut off lacks its end, and perhaps half a
// line before it.

// LogKind says what the numbers of a log are.
type LogKind string

// The kinds of logs.
const (
	SweepLog     LogKind = ""          // labels from 0 in the order in which they appear
	BootstrapLog LogKind = "bootstrap" // labels as the run numbered them; none where it could not meet its demands
	DrawLog      LogKind = "draws"     // ranks of footprints
	EnsembleLog  LogKind = "ensemble"  // a map drawn at random, with numbers of any size after its labels
)

func (k LogKind) word() string {
	if k == SweepLog {
		return "runs"
	}
	return string(k)
}

// another says what a log of other parameters is of.
func (k LogKind) another() string {
	switch k {
	case BootstrapLog:
		return "is of another bootstrap: its flows, population, method, number of runs, seed, demands or version differ"
	case EnsembleLog:
		return "is of another ensemble: its areas, flows, population, demands, measure, samples, seed or version differ"
	case DrawLog:
		return "is of other draws: its flows, partition, figures, definitions, options, seed or version differ"
	}
	return "is of another sweep: its flows, settings, seeds, demands or version differ"
}

// RunLog names what a log of runs holds.
type RunLog struct {
	Name        string // for messages: the file's name
	Kind        LogKind
	Fingerprint string // Sweep.Fingerprint, or what takes its place
	Shard       int    // from 1
	Shards      int
	Tasks       int // of all shards together
	Nodes       int // numbers that a task gives: areas and providers, or footprints
}

// header is the log's first line.
func (l RunLog) header() string {
	return fmt.Sprintf("stpmap-%s 1 %s shard %d/%d tasks %d nodes %d\n", l.Kind.word(), l.Fingerprint, l.Shard, l.Shards, l.Tasks, l.Nodes)
}

// RunLogWriter writes a log of runs; each run is handed on in one Write, so
// that what an interruption leaves can be read again.
type RunLogWriter struct {
	w   io.Writer
	buf []byte
}

// NewRunLogWriter begins a log.
func NewRunLogWriter(w io.Writer, l RunLog) (*RunLogWriter, error) {
	_, err := io.WriteString(w, l.header())
	return &RunLogWriter{w: w}, err
}

// Write adds the result of a task.
func (l *RunLogWriter) Write(task int, label []int32) error {
	l.buf = fmt.Appendf(l.buf[:0], "%d ", task)
	l.buf = base64.StdEncoding.AppendEncode(l.buf, encodeLabels(label))
	l.buf = fmt.Appendf(l.buf, " %08x\n", crc32.ChecksumIEEE(l.buf))
	_, err := l.w.Write(l.buf)
	return err
}

// End closes the log: the shard is complete.
func (l *RunLogWriter) End() error {
	_, err := io.WriteString(l.w, "end\n")
	return err
}

// RunLogError is a log of runs that cannot be used, and why.
type RunLogError struct {
	Name   string
	Shard  int // 0 where it is not known
	Reason string
}

// Error implements error.
func (e *RunLogError) Error() string {
	where := e.Name
	if where != "" {
		where += ": "
	}
	return where + e.Reason
}

// ReadRunLog reads a log and puts its runs into runs, where that is not nil.
// complete is false for a log that was cut off, whose last line is left out if
// it is damaged. want says what the log must be of; a Shards of 0 takes any
// shard. The error is a *RunLogError unless reading itself fails.
func ReadRunLog(r io.Reader, want RunLog, runs *Runs) (got RunLog, complete bool, err error) {
	l := &logReader{in: bufio.NewReaderSize(r, 1<<16), want: want, got: RunLog{Name: want.Name}}
	if err := l.heading(); err != nil {
		return l.got, false, err
	}
	for n := 2; ; n++ {
		line, err := l.in.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return l.got, false, nil // a half line is the mark of an interruption
		}
		if err != nil {
			return l.got, false, err
		}
		if line == "end\n" {
			if _, err := l.in.ReadByte(); !errors.Is(err, io.EOF) {
				return l.got, false, l.bad("line %d: text after the end", n+1)
			}
			return l.got, true, nil
		}
		if err := l.run(n, strings.TrimSuffix(line, "\n"), runs); err != nil {
			return l.got, false, err
		}
	}
}

// logReader reads a log that must be of what is wanted.
type logReader struct {
	in        *bufio.Reader
	want, got RunLog
}

func (l *logReader) bad(format string, args ...any) error {
	return &RunLogError{Name: l.want.Name, Shard: l.got.Shard, Reason: fmt.Sprintf(format, args...)}
}

// heading reads the first line.
func (l *logReader) heading() error {
	line, err := l.in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	got, want, kind := &l.got, &l.want, ""
	n, _ := fmt.Sscanf(line, "stpmap-%s 1 %s shard %d/%d tasks %d nodes %d\n", &kind, &got.Fingerprint, &got.Shard, &got.Shards, &got.Tasks, &got.Nodes)
	switch {
	case n != 6:
		got.Shard = 0
		return l.bad("not a log of runs")
	case got.Shard < 1 || got.Shard > got.Shards:
		return l.bad("there is no shard %d of %d", got.Shard, got.Shards)
	case kind != want.Kind.word() || got.Fingerprint != want.Fingerprint || got.Tasks != want.Tasks || got.Nodes != want.Nodes:
		return l.bad("shard %d of %d %s", got.Shard, got.Shards, want.Kind.another())
	}
	got.Kind = want.Kind
	if want.Shards > 0 && (got.Shard != want.Shard || got.Shards != want.Shards) {
		return l.bad("holds shard %d of %d, not %d of %d", got.Shard, got.Shards, want.Shard, want.Shards)
	}
	return nil
}

// run reads a line with a run.
func (l *logReader) run(n int, line string, runs *Runs) error {
	task, label, ok := parseRun(line, l.got.Kind, l.got.Nodes)
	if !ok || task < 0 || task >= l.got.Tasks || task%l.got.Shards != l.got.Shard-1 {
		return l.bad("line %d is damaged", n)
	}
	if runs == nil {
		return nil
	}
	if err := runs.Put(task, label); err != nil {
		return l.bad("line %d: %v", n, err)
	}
	return nil
}

// parseRun takes a line with a run apart.
func parseRun(line string, kind LogKind, nodes int) (task int, label []int32, ok bool) {
	end := strings.LastIndexByte(line, ' ')
	if end < 0 || fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(line[:end]))) != line[end+1:] {
		return 0, nil, false
	}
	number, packed, _ := strings.Cut(line[:end], " ")
	task, err := strconv.Atoi(number)
	if err != nil {
		return 0, nil, false
	}
	b, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return 0, nil, false
	}
	if kind == BootstrapLog && len(b) == 0 {
		return task, []int32{}, true
	}
	if kind == EnsembleLog {
		label, ok = decodeNumbers(b, nodes, math.MaxInt32, false)
		return task, label, ok
	}
	label, ok = decodeLabels(b, nodes, kind == SweepLog)
	return task, label, ok
}

// MergeRunLogs checks that logs are the shards of one sweep, each there once
// and complete. The error is a *RunLogError that names the shard.
func MergeRunLogs(logs []RunLog, complete []bool) error {
	if len(logs) == 0 {
		return &RunLogError{Reason: "no shard to merge"}
	}
	shards := logs[0].Shards
	have := make([]string, shards+1)
	seen := make([]bool, shards+1)
	for i, l := range logs {
		switch {
		case l.Shards != shards:
			return &RunLogError{l.Name, l.Shard, fmt.Sprintf("shard %d of %d does not belong with shard %d of %d in %s", l.Shard, l.Shards, logs[0].Shard, shards, logs[0].Name)}
		case seen[l.Shard]:
			return &RunLogError{l.Name, l.Shard, fmt.Sprintf("shard %d of %d is there twice: in %s too", l.Shard, shards, have[l.Shard])}
		case !complete[i]:
			return &RunLogError{l.Name, l.Shard, fmt.Sprintf("shard %d of %d is not complete: run it again with --resume", l.Shard, shards)}
		}
		have[l.Shard], seen[l.Shard] = l.Name, true
	}
	var missing []string
	first := 0
	for k := 1; k <= shards; k++ {
		if !seen[k] {
			missing = append(missing, fmt.Sprint(k))
			if first == 0 {
				first = k
			}
		}
	}
	if len(missing) == 1 {
		return &RunLogError{"", first, fmt.Sprintf("shard %d of %d is missing", first, shards)}
	}
	if len(missing) > 1 {
		return &RunLogError{"", first, fmt.Sprintf("shards %s of %d are missing", strings.Join(missing, ", "), shards)}
	}
	return nil
}
