package ensemble

import (
	"context"
	"slices"
	"sync"

	"stpmap/footprint"
	"stpmap/footprint/internal/work"
)

// Defaults of a Sampling.
const (
	DefaultSamples = 10_000
	DefaultChains  = 4
)

// Sampling is chains of maps drawn from a space. A kept map is a function of the
// chain, of its number, and of the map kept before it, so that a chain goes on
// after any kept map and nothing hangs on how many chains run at once.
type Sampling struct {
	Space   *Space
	Samples int // kept maps of all chains together
	Chains  int
	Thin    int    // proposals from one kept map to the next; 0 leaves it to AutoThin
	Seed    uint64 // same seed and space, same maps
	Jobs    int    // chains at once; 0 is as many as processors
	// Starts are maps by area for the first chains to begin at, nil for none;
	// further chains begin at maps that random trees give. A map that breaks a
	// demand is mended.
	Starts   [][]int32
	Progress footprint.Progress
}

// Numbers beside the areas in a record.
const (
	takenMerges = iota // merge-splits that were taken since the map before
	takenFlips         // flips that were taken
	extra              // how many numbers there are
)

// Nodes is how many numbers a record has: a part for each area, and the counts
// of proposals that were taken.
func (s *Sampling) Nodes() int { return s.Space.Areas + extra }

// Labels are the areas' parts in a record.
func (s *Sampling) Labels(record []int32) []int32 { return record[:s.Space.Areas] }

// Taken counts the proposals that were taken before a record.
func (s *Sampling) Taken(record []int32) int {
	return int(record[s.Space.Areas+takenMerges]) + int(record[s.Space.Areas+takenFlips])
}

// AutoThin is the number of proposals between two kept maps: enough that each
// part is redrawn some times.
func (s *Space) AutoThin() int { return 25 * s.Demands.Footprints }

// Steps is the number of proposals between two kept maps.
func (s *Sampling) Steps() int {
	if s.Thin > 0 {
		return s.Thin
	}
	return s.Space.AutoThin()
}

// Warmup is how many spans of Steps a chain walks before its first kept map.
func (s *Sampling) Warmup() int { return max(20, s.Samples/s.Chains/10) }

// Run draws the kept maps that todo lists, task i·Chains + c being map i of chain
// c, and hands each record on, one at a time. had gives the record of an
// earlier task. The error is a *footprint.InfeasibleError where no map was found
// to begin with.
func (s *Sampling) Run(ctx context.Context, todo []int, had func(task int) []int32, done func(task int, record []int32) error) error {
	byChain := make([][]int, s.Chains)
	for _, t := range todo {
		byChain[t%s.Chains] = append(byChain[t%s.Chains], t)
	}
	p := &printing{done: done, progress: s.Progress}
	if s.Progress != nil {
		s.Progress.Stage("drawing maps", len(todo))
	}
	return work.Each(ctx, s.Jobs, s.Chains, nil, "", func() func(int) error {
		c := newChain(s.Space)
		return func(chain int) error { return s.walk(ctx, c, byChain[chain], had, p) }
	})
}

// printing hands records on, one at a time.
type printing struct {
	sync.Mutex
	done     func(task int, record []int32) error
	progress footprint.Progress
	count    int
}

func (p *printing) put(task int, record []int32) error {
	p.Lock()
	defer p.Unlock()
	if p.count++; p.progress != nil {
		p.progress.Step(p.count)
	}
	return p.done(task, record)
}

// walk draws the missing maps of one chain.
func (s *Sampling) walk(ctx context.Context, c *chain, todo []int, had func(task int) []int32, p *printing) error {
	for i, task := range todo {
		if i == 0 || todo[i-1] != task-s.Chains {
			if err := s.seat(ctx, c, task, had); err != nil {
				return err
			}
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := p.put(task, s.draw(c, task)); err != nil {
			return err
		}
	}
	return nil
}

// seat puts a chain at the map before a task: the one kept, or the start.
func (s *Sampling) seat(ctx context.Context, c *chain, task int, had func(task int) []int32) error {
	if task >= s.Chains {
		c.set(s.Space.contract(s.Labels(had(task - s.Chains))))
		return nil
	}
	c.stream(s.Seed, uint64(task)<<40)
	var given []int32
	if task < len(s.Starts) && s.Starts[task] != nil {
		given = s.Space.contract(s.Starts[task])
	}
	if err := c.begin(ctx, given); err != nil {
		return err
	}
	for range s.Warmup() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.walk(s.Steps())
	}
	return nil
}

// draw walks to the next kept map. The chain is set anew from its labels, so that
// it is where a resumed chain would be.
func (s *Sampling) draw(c *chain, task int) []int32 {
	label := slices.Clone(c.label)
	canonical(label)
	c.set(label)
	c.stream(s.Seed, uint64(task%s.Chains)<<40|uint64(task/s.Chains+1))
	c.merged, c.flipped = 0, 0
	c.walk(s.Steps())
	record := make([]int32, s.Nodes())
	s.Space.expand(c.label, record)
	canonical(s.Labels(record))
	record[s.Space.Areas+takenMerges], record[s.Space.Areas+takenFlips] = int32(c.merged), int32(c.flipped)
	return record
}

// walk makes a number of proposals, half of them merge-splits and half flips.
func (c *chain) walk(steps int) {
	if c.cut == 0 {
		return
	}
	for range steps {
		c.step()
	}
}

// step makes one proposal.
func (c *chain) step() {
	if c.rng.Uint32()&1 == 0 {
		if c.mergeSplit() {
			c.merged++
		}
	} else if c.flip() {
		c.flipped++
	}
}

// contract gives units the parts of their first areas.
func (s *Space) contract(area []int32) []int32 {
	unit := make([]int32, s.units)
	for u, a := range s.first {
		unit[u] = area[a]
	}
	return unit
}
