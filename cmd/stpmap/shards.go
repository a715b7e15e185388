package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/footprint/sweep"
)

// sharing is what the flags say of sharing out tasks among machines.
type sharing struct {
	shard, shards int // 0 of 0 where not asked
	merge, resume bool
	parts         []string
}

// shardFlags are those of a command whose tasks, such as "draws", may be
// shared out.
func shardFlags(tasks string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "shard", Usage: "do only part `I/N` of the " + tasks + ", such as 3/16, and keep it in the folder --out"},
		&cli.BoolFlag{Name: "merge", Usage: "join the " + tasks + " that --shard kept in the places that --part names"},
		&cli.StringSliceFlag{Name: "part", Usage: "`FILE` or folder with " + tasks + " to merge (repeatable)"},
	}
}

func resumeFlag() cli.Flag {
	return &cli.BoolFlag{Name: "resume", Usage: "go on with an interrupted --shard in --out"}
}

// sharingFromFlags reads the flags; part and whole are commands that would
// work.
func sharingFromFlags(c *cli.Context, part, whole string) (s sharing, err error) {
	s.merge, s.resume, s.parts = c.Bool("merge"), c.Bool("resume"), c.StringSlice("part")
	if text := c.String("shard"); text != "" {
		if s.shard, s.shards, err = parseShard(text); err != nil {
			return s, usagef(part, "--shard: %w", err)
		}
	}
	switch {
	case s.shards > 0 && s.merge:
		return s, usagef(whole, "--shard does a part and --merge joins parts: give one of them")
	case s.merge && s.resume:
		return s, usagef(whole, "--merge has nothing to resume")
	case len(s.parts) > 0 && !s.merge:
		return s, usagef(whole, "--part goes with --merge")
	}
	return s, nil
}

// checkParts refuses what cannot be where --out is the result and not the
// folder of the parts.
func (s sharing) checkParts(c *cli.Context, part, whole string) error {
	out := c.String("out")
	switch {
	case s.shards > 0 && (out == "" || out == "-"):
		return usagef(part, "--shard needs --out: the folder for its part")
	case s.shards > 0 && c.Bool("json"):
		return usagef(part, "--shard gives a part, which --json cannot tell of")
	case s.resume && s.shards == 0:
		return usagef(part, "--resume goes with --shard")
	case s.merge && len(s.parts) == 0:
		return usagef(whole, "--merge needs --part: the files or folders that --shard wrote")
	}
	return nil
}

const shardSuffix = ".runs"

// shardPrefix begins the names of shards, so that those of one kind are told
// from the others in a folder.
func shardPrefix(kind sweep.LogKind) string {
	if kind == sweep.SweepLog {
		return "shard-"
	}
	return string(kind) + "-"
}

func shardLog(kind sweep.LogKind, shard, shards int) string {
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
	return name != sweepLog && !isShard(sweep.BootstrapLog, name) && !isShard(sweep.DrawLog, name)
}

// hostSalt identifies where providers lie, if one of the methods looks at it.
func hostSalt(in *inputs, methods ...string) string {
	hosts := in.hosts()
	if hosts == nil || !slices.Contains(methods, "ttwa") && !slices.Contains(methods, "hsa") {
		return ""
	}
	sum := sha256.Sum256(fmt.Append(nil, hosts))
	return " " + hex.EncodeToString(sum[:8])
}

// sharedWork does the tasks of the given numbers, and hands on what each gives,
// one at a time.
type sharedWork func(todo []int, done func(task int, label []int32) error) error

// runShard does one shard and says where it is.
func (env *environment) runShard(ctx context.Context, s sharing, log sweep.RunLog, runs *sweep.Runs, folder string, work sharedWork) error {
	log.Shard, log.Shards = s.shard, s.shards
	name := filepath.Join(folder, shardLog(log.Kind, s.shard, s.shards))
	if err := env.runLogged(ctx, log, runs, name, s.resume, work); err != nil {
		return err
	}
	env.saidShard(log, name, folder)
	return nil
}

// saidShard says where a shard is and what comes next.
func (env *environment) saidShard(log sweep.RunLog, name, folder string) {
	joins := "--merge in place of --shard joins them"
	if log.Kind != sweep.SweepLog {
		joins = "--merge and --part " + folder + " in place of --shard joins them"
	}
	env.log.Info(fmt.Sprintf("shard %d of %d is in %s; when all are there, the same command with %s", log.Shard, log.Shards, name, joins))
}

// runLogged does what is missing of a shard, keeping every run in a log. With
// resume, runs that the log holds are not done again.
func (env *environment) runLogged(ctx context.Context, log sweep.RunLog, runs *sweep.Runs, name string, resume bool, work sharedWork) error {
	log.Name = name
	if resume {
		complete, err := readLog(name, log, runs)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			env.log.Info("nothing to resume in " + filepath.Dir(name) + ": starting anew")
		case err != nil:
			return err
		case complete:
			return nil
		}
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	todo := runs.Missing(log.Shard, log.Shards)
	all := (log.Tasks + log.Shards - log.Shard) / log.Shards
	if done := all - len(todo); done > 0 {
		env.log.Info(fmt.Sprintf("%s of %s are there already", thousands(done), counted(all, "run")))
	}
	f, w, err := newLog(name, log, runs, todo)
	if err != nil {
		return err
	}
	left := len(todo)
	err = work(todo, func(task int, label []int32) error {
		left--
		return errors.Join(runs.Put(task, label), w.Write(task, label))
	})
	if err == nil {
		err = w.End()
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		if ctx.Err() != nil {
			return &keptError{done: all - left, all: all, cause: err}
		}
		return err
	}
	return nil
}

// newLog begins a log with the runs that are done already; an older log is
// replaced only when they are in the new one.
func newLog(name string, log sweep.RunLog, runs *sweep.Runs, todo []int) (*os.File, *sweep.RunLogWriter, error) {
	var aside staging
	defer aside.discard()
	f, err := aside.temp(name)
	if err != nil {
		return nil, nil, err
	}
	fail := func(err error) (*os.File, *sweep.RunLogWriter, error) {
		return nil, nil, errors.Join(err, f.Close())
	}
	w, err := sweep.NewRunLogWriter(f, log)
	if err != nil {
		return fail(err)
	}
	for t := log.Shard - 1; t < log.Tasks; t += log.Shards {
		if label := runs.Labels(t); label != nil {
			if err := w.Write(t, label); err != nil {
				return fail(err)
			}
		}
	}
	if err := aside.commit(); err != nil {
		return fail(err)
	}
	return f, w, nil
}

func readLog(name string, want sweep.RunLog, runs *sweep.Runs) (complete bool, err error) {
	_, complete, err = readAnyLog(name, want, runs)
	return complete, err
}

func readAnyLog(name string, want sweep.RunLog, runs *sweep.Runs) (got sweep.RunLog, complete bool, err error) {
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
		return inputf("%v", bad)
	}
	return err
}

// mergeShards reads every log of the given files and folders into runs.
func mergeShards(places []string, want sweep.RunLog, runs *sweep.Runs) error {
	var names []string
	for _, place := range places {
		info, err := os.Stat(place)
		if errors.Is(err, fs.ErrNotExist) {
			return inputf("%s: no such file or folder", place)
		}
		if err != nil {
			return err
		}
		if !info.IsDir() {
			names = append(names, place)
			continue
		}
		entries, err := os.ReadDir(place)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if isShard(want.Kind, e.Name()) {
				names = append(names, filepath.Join(place, e.Name()))
			}
		}
	}
	slices.Sort(names)
	want.Shards = 0
	logs, complete := make([]sweep.RunLog, len(names)), make([]bool, len(names))
	for i, name := range names {
		var err error
		if logs[i], complete[i], err = readAnyLog(name, want, runs); err != nil {
			return err
		}
	}
	return logFault(sweep.MergeRunLogs(logs, complete))
}
