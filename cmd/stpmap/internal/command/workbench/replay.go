package workbench

import (
	"context"
	"fmt"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/bench"
)

// Replay is replay.
var Replay = &cli.Command{
	Name:    "replay",
	Usage:   "the partition that a saved session of the workbench ends with",
	Example: "stpmap replay --session session.jsonl -o partition.csv",
	Needs:   []string{"session"},
	New:     func() cli.Job { return &ReplayOptions{} },
	Description: `The session's file begins with the map that the page began with, and has a line
for each step: what moved, what was locked, and what a re-clustering gave. The
partition is the page's own, byte for byte. No flows are needed.`,
}

// ReplayOptions are the flags of replay.
type ReplayOptions struct {
	cli.Line
	Session string `flag:"session"`
	Out     string `flag:"out"`
}

// Run writes the partition.
func (o *ReplayOptions) Run(_ context.Context, env *cli.Env) error {
	text, err := readAll(env, o.Session)
	if err != nil {
		return err
	}
	s, err := bench.ReadSession(shown(o.Session), strings.NewReader(text))
	if err != nil {
		return err
	}
	if err := s.Replay(shown(o.Session)); err != nil {
		return err
	}
	if err := stage.WriteOut(env.Stdout, o.Out, s.Book.WritePartition); err != nil {
		return err
	}
	env.Log.Info(fmt.Sprintf("%s; %s", words.Counted(len(s.Records), "step"), words.Counted(len(s.Book.Places), "place")))
	return nil
}
