package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"stpmap/footprint/score"
	"stpmap/footprint/sweep"
)

// scoreSharing reads how the draws of a score are shared out.
func scoreSharing(c *cli.Context) (sharing, error) {
	const (
		part  = "stpmap score … --draws 1000000 --shard 3/16 -o parts"
		whole = "stpmap score … --draws 1000000 --merge --part parts -o scores"
	)
	s, err := sharingFromFlags(c, part, whole)
	if err != nil {
		return s, err
	}
	if (s.shards > 0 || s.merge) && c.Int("draws") == 0 {
		return s, usagef(part, "--draws 0 leaves nothing to share out")
	}
	return s, s.checkParts(c, part, whole)
}

// drawLog is what the shards of a score's draws go by.
func drawLog(in *inputs, d score.Draws) sweep.RunLog {
	sum := sha256.Sum256([]byte(version + " " + in.matrix.SHA256() + " " + d.Fingerprint))
	return sweep.RunLog{
		Kind: sweep.DrawLog, Fingerprint: hex.EncodeToString(sum[:]), Shard: 1, Shards: 1, Tasks: d.Total, Nodes: d.Footprints,
	}
}

// writeDraws keeps a part of the draws in a folder.
func (env *environment) writeDraws(folder string, in *inputs, res *score.Result, share sharing) error {
	d := res.Draws
	if d == nil {
		return inputf("no footprint has enough figures to be rated: there is no rank to draw")
	}
	log := drawLog(in, *d)
	log.Shard, log.Shards = share.shard, share.shards
	name := filepath.Join(folder, shardLog(log.Kind, share.shard, share.shards))
	err := env.writeOut(name, func(w io.Writer) error {
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
	env.saidShard(log, name, folder)
	return nil
}

// mergeDraws reads all draws from the shards that others made.
func mergeDraws(in *inputs, want score.Draws, parts []string) ([]int32, error) {
	log := drawLog(in, want)
	runs := sweep.NewRuns(log.Tasks)
	if err := mergeShards(parts, log, runs); err != nil {
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
