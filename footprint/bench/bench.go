package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/leiden"
)

// Bench is a case that is worked on.
type Bench struct {
	*Case
	Book *Book

	session    *Session
	live       *footprint.Live
	demands    footprint.Constraints
	searcher   *leiden.Engine    // nil until something is clustered
	joined     map[int32][]int32 // by place: all that must be with it, itself included
	naming     *footprint.Naming
	namedFresh bool // naming is of other ids than the start's
	began      Summary
	against    *Summary   // nil without a reference
	rated      *AllScores // of the start and the reference; nil until asked for
}

// New opens a bench at the case's start.
func New(c *Case) *Bench {
	b := &Bench{Case: c, demands: c.Constraints(), joined: map[int32][]int32{}}
	b.Book = NewBook(c.Places(), len(c.Matrix.Areas()), c.Start.IDs, slices.Concat(c.Start.Areas, c.Start.Providers))
	b.session = NewSession(c.Version, c.hash(), b.Book)
	b.setJoined()
	b.setNames()
	b.live = footprint.NewLive(c.Matrix, c.Start, c.Population, c.adjacency())
	b.began = b.Summary()
	if c.Reference != nil {
		ms := footprint.Measure(c.Matrix, *c.Reference, c.Population, c.adjacency())
		s := summaryOf(ms, footprint.Unmet(c.Matrix, *c.Reference, ms, b.demands))
		b.against = &s
	}
	return b
}

// setJoined notes which places must share a footprint, directly or in a chain.
func (b *Bench) setJoined() {
	for _, g := range b.demands.Joined() {
		all := slices.Clone(g)
		for _, v := range g {
			all = append(all, b.joined[v]...)
		}
		slices.Sort(all)
		all = slices.Compact(all)
		for _, v := range all {
			b.joined[v] = all
		}
	}
}

// With lists some places and all that must be with them.
func (b *Bench) With(nodes []int32) []int32 {
	all := slices.Clone(nodes)
	for _, v := range nodes {
		all = append(all, b.joined[v]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Do does what a record asks and gives the places that changed; whole says that
// the footprints themselves did. A re-clustering, a mending and a move are worked
// out first: what came out goes into the log.
func (b *Bench) Do(r Record) (nodes []int32, whole bool, err error) {
	switch r.Op {
	case OpMove, OpLock, OpUnlock:
		err = b.widen(&r)
	case OpRecluster:
		err = b.recluster(&r)
	case OpMend:
		err = b.mend(&r)
	case OpAdd:
		r.Footprint = b.freeID()
	}
	if err != nil {
		return nil, false, err
	}
	return b.Replay(r)
}

// Replay does what a record of a session says, without working it out again.
func (b *Bench) Replay(r Record) (nodes []int32, whole bool, err error) {
	if nodes, whole, err = b.Book.Apply(r); err != nil {
		return nodes, whole, err
	}
	b.setNames()
	if whole {
		b.live.Set(b.partition(b.Book.IDs, b.Book.Label))
		return nodes, whole, nil
	}
	to := make([]int32, len(nodes))
	for i, v := range nodes {
		to[i] = b.Book.Label[v]
	}
	b.live.Move(nodes, to)
	return nodes, whole, nil
}

// widen adds what must move, or be locked, with the places of a record. The
// places of a footprint that is named alone are meant by its lock.
func (b *Bench) widen(r *Record) error {
	nodes, err := b.Book.Nodes(*r)
	if err != nil {
		return err
	}
	if r.Op != OpMove && r.Footprint != "" {
		f, err := b.Book.Footprint(r.Footprint)
		if err != nil {
			return err
		}
		nodes = append(nodes, b.Book.Members(f)...)
		r.Footprint = ""
	}
	if len(nodes) == 0 && r.Op == OpMove {
		return errors.New("nothing to move: name an area or a provider")
	}
	r.Areas, r.Providers = b.Book.Named(b.With(nodes))
	return nil
}

// freeID is the first id that no footprint has.
func (b *Bench) freeID() string {
	for i := 1; ; i++ {
		if id := footprint.ID(i, len(b.Book.IDs)+1); !slices.Contains(b.Book.IDs, id) {
			return id
		}
	}
}

// engine is the clustering of these flows. It is made when it is first asked for:
// a page that opens need not wait for it.
func (b *Bench) engine() (_ *leiden.Engine, err error) {
	if b.searcher == nil {
		b.searcher, err = leiden.NewEngine(b.Matrix, b.Demands.Quality)
	}
	return b.searcher, err
}

// recluster clusters what is not locked again, as cluster does with the same
// flows, demands, number or resolution, and seed.
func (b *Bench) recluster(r *Record) error {
	switch {
	case r.Footprints > 0 && r.Resolution > 0:
		return errors.New("a number of footprints and a resolution contradict each other: give one of them")
	case r.Footprints < 0:
		return fmt.Errorf("the number of footprints must be at least 1, got %d", r.Footprints)
	case r.Footprints == 0 && r.Resolution == 0:
		r.Footprints = b.held()
	}
	if r.Resolution != 0 {
		if _, err := footprint.Gamma(r.Resolution); err != nil {
			return err
		}
	}
	cs := b.demands
	cs.Footprints = r.Footprints
	if slices.Contains(b.Book.Locked, true) {
		start := b.live.Partition
		cs.Start, cs.Fixed = &start, b.Book.Locked
	}
	engine, err := b.engine()
	if err != nil {
		return err
	}
	p, err := engine.Leiden(context.Background(), leiden.Leiden{
		Resolution: r.Resolution, Quality: b.Demands.Quality, Seed: r.Seed, Restarts: max(1, b.Demands.Restarts),
		Effort: b.Demands.Effort, Constraints: cs,
	})
	if err != nil {
		return err
	}
	r.Areas, r.Providers = nil, nil
	r.IDs, r.Label = p.IDs, slices.Concat(p.Areas, p.Providers)
	return nil
}

// warm searches and keeps nothing: a browser makes what has run faster. First it
// clusters freely, then as recluster does with a place locked.
func (b *Bench) warm(i int) error {
	engine, err := b.engine()
	if err != nil {
		return err
	}
	ctx, held := context.Background(), slices.IndexFunc(b.Book.Label, func(f int32) bool { return f >= 0 })
	if i == 0 || held < 0 || len(b.unmet()) > 0 {
		_, err = engine.Run(ctx, 1, 1)
		return err
	}
	cs, start := b.demands, b.live.Partition
	cs.Start, cs.Fixed = &start, make([]bool, len(b.Book.Label))
	cs.Fixed[held] = true
	if i%2 == 0 {
		cs.Footprints = b.held()
	}
	_, err = engine.Leiden(ctx, leiden.Leiden{Quality: b.Demands.Quality, Seed: uint64(i), Constraints: cs})
	return err
}

// held is the number of footprints that have members.
func (b *Bench) held() (n int) {
	for i := range b.live.Measures.ByFootprint {
		if fm := &b.live.Measures.ByFootprint[i]; fm.Areas+fm.Providers > 0 {
			n++
		}
	}
	return n
}

// Log lists all records so far.
func (b *Bench) Log() []Record { return b.Book.log }

// SessionText is the session as a file.
func (b *Bench) SessionText() string {
	var out bytes.Buffer
	_ = b.session.Write(&out, b.Book.log) // a buffer takes all
	return out.String()
}

// PartitionText is the map as partition.csv.
func (b *Bench) PartitionText() string {
	var out bytes.Buffer
	_ = b.Book.WritePartition(&out) // a buffer takes all
	return out.String()
}

// ErrOther says that a session began with another map, or with other flows.
var ErrOther = errors.New("the session began with another map or other flows")

// Continue does again what a session says; it must begin as this bench did. On
// an error the bench is at the record before.
func (b *Bench) Continue(s *Session) error {
	mine := b.session.Book
	if s.FlowSHA256 != b.session.FlowSHA256 || !slices.Equal(s.Book.IDs, mine.IDs) || !slices.Equal(s.Book.Label, mine.Label) || len(s.Book.Places) != len(mine.Places) {
		return ErrOther
	}
	for v, p := range s.Book.Places {
		if q := mine.Places[v]; p.Kind != q.Kind || p.Code != q.Code {
			return ErrOther
		}
	}
	for i, r := range s.Records {
		if _, _, err := b.Replay(r); err != nil {
			return fmt.Errorf("line %d of the session: %w", s.Lines[i], err)
		}
	}
	return nil
}
