package sharing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/sweep"
)

// Category is that of the flags that share out runs, as help shows it.
const Category = "Several machines"

// Flags are those of a command whose runs may be joined from parts.
type Flags struct {
	Merge bool     `flag:"merge"`
	Part  []string `flag:"part"`
}

// Sharing says which part of the runs to make, or where their parts are. The
// zero value makes all.
type Sharing struct {
	Shard, Shards int // part Shard of Shards; 0 of 0 where not asked
	Merge, Resume bool
	Parts         []string // files and folders to merge
}

// Examples are command lines that would work: one that makes a part, and one
// that merges parts.
type Examples struct{ Part, Whole string }

// Read reads the flags, shard as 3/16, and refuses what contradicts itself.
func Read(shard string, resume bool, f Flags, try Examples) (s Sharing, err error) {
	s.Merge, s.Resume, s.Parts = f.Merge, resume, f.Part
	if shard != "" {
		if s.Shard, s.Shards, err = parseShard(shard); err != nil {
			return s, cli.Usagef(try.Part, "--shard: %w", err)
		}
	}
	switch {
	case s.Shards > 0 && s.Merge:
		return s, cli.Usagef(try.Whole, "--shard does a part and --merge joins parts: give one of them")
	case s.Merge && s.Resume:
		return s, cli.Usagef(try.Whole, "--merge has nothing to resume")
	case len(s.Parts) > 0 && !s.Merge:
		return s, cli.Usagef(try.Whole, "--part goes with --merge")
	}
	return s, nil
}

// Check refuses what cannot be where --out is the result and not the folder of
// the parts.
func (s Sharing) Check(out string, json bool, try Examples) error {
	switch {
	case s.Shards > 0 && (out == "" || out == "-"):
		return cli.Usagef(try.Part, "--shard needs --out: the folder for its part")
	case s.Shards > 0 && json:
		return cli.Usagef(try.Part, "--shard makes a part, which --json has nothing to say about")
	case s.Resume && s.Shards == 0:
		return cli.Usagef(try.Part, "--resume goes with --shard")
	case s.Merge && len(s.Parts) == 0:
		return cli.Usagef(try.Whole, "--merge needs --part: the files or folders that --shard wrote")
	}
	return nil
}

// parseShard reads i/n, as 3/16.
func parseShard(text string) (shard, shards int, err error) {
	a, b, ok := strings.Cut(text, "/")
	shard, e1 := strconv.Atoi(a)
	shards, e2 := strconv.Atoi(b)
	if !ok || e1 != nil || e2 != nil || shards < 1 || shard < 1 || shard > shards {
		return 0, 0, fmt.Errorf("want i/n with i from 1 to n, such as 3/16, got %q", text)
	}
	return shard, shards, nil
}

// SweepLog keeps the runs of a whole sweep while it goes on.
const SweepLog = "sweep.runs"

const shardSuffix = ".runs"

// shardPrefix begins the names of shards, so that those of one kind are told
// from the others in a folder.
func shardPrefix(kind sweep.LogKind) string {
	if kind == sweep.SweepLog {
		return "shard-"
	}
	return string(kind) + "-"
}

// PartName is the name of a part in its folder.
func PartName(kind sweep.LogKind, shard, shards int) string {
	return fmt.Sprintf("%s%0*d-of-%d%s", shardPrefix(kind), len(fmt.Sprint(shards)), shard, shards, shardSuffix)
}

// isShard reports whether a name in a folder is that of a shard. A sweep's may
// have any name but that of another kind or of a whole sweep.
func isShard(kind sweep.LogKind, name string) bool {
	if filepath.Ext(name) != shardSuffix || name[0] == '.' {
		return false
	}
	if kind != sweep.SweepLog {
		return strings.HasPrefix(name, shardPrefix(kind))
	}
	return name != SweepLog && !isShard(sweep.BootstrapLog, name) && !isShard(sweep.DrawLog, name) && !isShard(sweep.EnsembleLog, name)
}

// Work does the tasks of the given numbers, and hands on what each gives,
// one at a time.
type Work func(todo []int, done func(task int, label []int32) error) error

// Run makes one part and says where it is.
func (s Sharing) Run(ctx context.Context, env *cli.Env, log sweep.RunLog, runs *sweep.Runs, folder string, work Work) error {
	log.Shard, log.Shards = s.Shard, s.Shards
	name := filepath.Join(folder, PartName(log.Kind, s.Shard, s.Shards))
	if err := Logged(ctx, env, log, runs, name, s.Resume, work); err != nil {
		return err
	}
	Said(env, log, name, folder)
	return nil
}

// Said says where a shard is and what comes next.
func Said(env *cli.Env, log sweep.RunLog, name, folder string) {
	joins := "--merge in place of --shard joins them"
	if log.Kind != sweep.SweepLog {
		joins = "--merge and --part " + folder + " in place of --shard joins them"
	}
	env.Log.Info(fmt.Sprintf("shard %d of %d is in %s; when all are there, the same command with %s", log.Shard, log.Shards, name, joins))
}

// Logged does what is missing of a part, keeping every run in the log called
// name. With resume, runs that the log holds are not done again.
func Logged(ctx context.Context, env *cli.Env, log sweep.RunLog, runs *sweep.Runs, name string, resume bool, work Work) error {
	log.Name = name
	if resume {
		complete, err := resumed(env, name, log, runs)
		if err != nil || complete {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	todo := runs.Missing(log.Shard, log.Shards)
	all := (log.Tasks + log.Shards - log.Shard) / log.Shards
	if done := all - len(todo); done > 0 {
		env.Log.Info(fmt.Sprintf("%s of %s are there already", words.Thousands(done), words.Counted(all, "run")))
	}
	left, err := write(name, log, runs, todo, work)
	if err != nil && ctx.Err() != nil {
		return &cli.KeptError{Done: all - left, All: all, Cause: err}
	}
	return err
}

// resumed reads the runs that a log holds; complete says that it is whole.
func resumed(env *cli.Env, name string, log sweep.RunLog, runs *sweep.Runs) (complete bool, err error) {
	_, complete, err = readLog(name, log, runs)
	if errors.Is(err, fs.ErrNotExist) {
		env.Log.Info("nothing to resume in " + filepath.Dir(name) + ": starting anew")
		return false, nil
	}
	return complete, err
}

// write does what is to do and keeps it in a log; left is what is still to do.
func write(name string, log sweep.RunLog, runs *sweep.Runs, todo []int, work Work) (left int, err error) {
	left = len(todo)
	f, w, err := newLog(name, log, runs)
	if err != nil {
		return left, err
	}
	err = work(todo, func(task int, label []int32) error {
		left--
		return errors.Join(runs.Put(task, label), w.Write(task, label))
	})
	if err == nil {
		err = w.End()
	}
	return left, errors.Join(err, f.Sync(), f.Close())
}

// Forget deletes the log of runs whose result is complete. The result holds
// whether or not the log can go, so a failure is a warning and no error.
func Forget(env *cli.Env, name string) {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		env.Log.Warn("the result is complete, but its log could not be deleted: " + err.Error())
	}
}

// logFile is a log that goes on under another name: a system may not rename a
// file that is open.
type logFile struct{ *os.File }

// newLog begins a log with the runs that are done already; an older log is
// replaced only when they are in the new one.
func newLog(name string, log sweep.RunLog, runs *sweep.Runs) (*logFile, *sweep.RunLogWriter, error) {
	var aside stage.Files
	defer aside.Discard()
	part, err := aside.Open(name)
	if err != nil {
		return nil, nil, err
	}
	f := &logFile{part}
	w, err := begun(f, log, runs)
	if err := errors.Join(err, part.Close()); err != nil {
		return nil, nil, err
	}
	if err := aside.Commit(); err != nil {
		return nil, nil, err
	}
	f.File, err = os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	return f, w, err
}

// begun writes the head of a log and the runs that are done.
func begun(f *logFile, log sweep.RunLog, runs *sweep.Runs) (*sweep.RunLogWriter, error) {
	w, err := sweep.NewRunLogWriter(f, log)
	if err != nil {
		return nil, err
	}
	for t := log.Shard - 1; t < log.Tasks; t += log.Shards {
		if label := runs.Labels(t); label != nil {
			if err := w.Write(t, label); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

// readLog reads a log of runs into runs.
func readLog(name string, want sweep.RunLog, runs *sweep.Runs) (got sweep.RunLog, complete bool, err error) {
	f, err := os.Open(name)
	if err != nil {
		return got, false, err
	}
	defer f.Close()
	want.Name = name
	got, complete, err = sweep.ReadRunLog(f, want, runs)
	return got, complete, logFault(err)
}

// logFault makes a log that does not fit the input's fault.
func logFault(err error) error {
	var bad *sweep.RunLogError
	if errors.As(err, &bad) {
		return cli.Inputf("%v", bad)
	}
	return err
}

// Merge reads every log of the given files and folders into runs.
func Merge(places []string, want sweep.RunLog, runs *sweep.Runs) error {
	var names []string
	for _, place := range places {
		found, err := logsIn(place, want.Kind)
		if err != nil {
			return err
		}
		names = append(names, found...)
	}
	slices.Sort(names)
	want.Shards = 0
	logs, complete := make([]sweep.RunLog, len(names)), make([]bool, len(names))
	for i, name := range names {
		var err error
		if logs[i], complete[i], err = readLog(name, want, runs); err != nil {
			return err
		}
	}
	return logFault(sweep.MergeRunLogs(logs, complete))
}

// logsIn are the logs that a place stands for: itself, or those of one kind in
// a folder.
func logsIn(place string, kind sweep.LogKind) ([]string, error) {
	info, err := os.Stat(place)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, cli.Inputf("%s: no such file or folder", place)
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{place}, nil
	}
	entries, err := os.ReadDir(place)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if isShard(kind, e.Name()) {
			names = append(names, filepath.Join(place, e.Name()))
		}
	}
	return names, nil
}
