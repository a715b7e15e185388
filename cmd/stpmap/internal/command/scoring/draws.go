package scoring

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint/score"
	"stpmap/footprint/sweep"
)

// scoreExample begins a line that would work.
const scoreExample = "stpmap score --flows flows.csv --partition partition.csv --indicators indicators.csv --draws 1000000 "

// ReadSharing reads how the draws of a score are shared out. out and json are
// the flags of that name.
func (f *Flags) ReadSharing(shard string, s sharing.Flags, out string, json bool) (sharing.Sharing, error) {
	try := sharing.Examples{
		Part:  scoreExample + "--shard 3/16 -o parts",
		Whole: scoreExample + "--merge --part parts -o scores",
	}
	share, err := sharing.Read(shard, false, s, try)
	if err != nil {
		return share, err
	}
	if (share.Shards > 0 || share.Merge) && f.Draws == 0 {
		return share, cli.Usagef(try.Part, "--draws 0 leaves nothing to share out")
	}
	return share, share.Check(out, json, try)
}

// drawLog is what the shards of a score's draws go by.
func drawLog(in *study.Study, d score.Draws) sweep.RunLog {
	sum := sha256.Sum256([]byte(cli.Version + " " + in.Matrix.SHA256() + " " + d.Fingerprint))
	return sweep.RunLog{
		Kind: sweep.DrawLog, Fingerprint: hex.EncodeToString(sum[:]), Shard: 1, Shards: 1, Tasks: d.Total, Nodes: d.Footprints,
	}
}

// WriteDraws keeps a part of the draws in a folder.
func WriteDraws(env *cli.Env, folder string, in *study.Study, res *score.Result, share sharing.Sharing) error {
	d := res.Draws
	if d == nil {
		return cli.Inputf("no footprint has enough figures to be rated: there is no rank to draw")
	}
	log := drawLog(in, *d)
	log.Shard, log.Shards = share.Shard, share.Shards
	name := filepath.Join(folder, sharing.PartName(log.Kind, share.Shard, share.Shards))
	err := stage.WriteOut(env.Stdout, name, func(w io.Writer) error {
		l, err := sweep.NewRunLogWriter(w, log)
		if err != nil {
			return err
		}
		for k, i := range d.Numbers {
			if err := l.Write(i, d.Ranks[k*d.Footprints:(k+1)*d.Footprints]); err != nil {
				return err
			}
		}
		return l.End()
	})
	if err != nil {
		return err
	}
	sharing.Said(env, log, name, folder)
	return nil
}

// mergeDraws reads all draws from the shards that others made.
func mergeDraws(in *study.Study, want score.Draws, parts []string) ([]int32, error) {
	log := drawLog(in, want)
	runs := sweep.NewRuns(log.Tasks)
	if err := sharing.Merge(parts, log, runs); err != nil {
		return nil, err
	}
	ranks := make([]int32, 0, want.Total*want.Footprints)
	for i := range want.Total {
		ranks = append(ranks, runs.Labels(i)...)
	}
	if len(ranks) != cap(ranks) {
		return nil, fmt.Errorf("%d ranks for %d draws of %d footprints", len(ranks), want.Total, want.Footprints)
	}
	return ranks, nil
}
