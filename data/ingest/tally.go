package ingest

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"stpmap/data/internal/intern"
)

// ErrMemory says that there are more distinct pairs and codes than the memory allowed
// holds.
var ErrMemory = errors.New("more distinct pairs and codes than --max-memory holds")

// ErrCountRange says that a count or a sum of counts is past what is exact.
var ErrCountRange = errors.New("count past 9,007,199,254,740,992")

const maxWhole = 1 << 53

// tally counts pairs from several goroutines at once. Codes get numbers in
// the order of arrival, which nothing may depend on: take sorts them.
//
// The pairs are spread over shards, each an open-addressing table of its own
// under a lock, which a worker fills a batch at a time: a shard is small enough
// to stay in the processor's cache while a batch goes in.
type tally struct {
	areas, providers sharedCodes
	shards           [tallyShards]shard
	bytes, limit     atomic.Int64
	rows             settledRows
	slots            atomic.Int64 // of all shards
}

const (
	shardBits   = 6
	tallyShards = 1 << shardBits
	batchLen    = 128
)

type sharedCodes struct {
	mu   sync.Mutex
	size *atomic.Int64 // of the tally
	ids  map[string]int32
	list []string
}

func (c *sharedCodes) id(code []byte) int32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id, ok := c.ids[string(code)]; ok {
		return id
	}
	id := int32(len(c.list))
	s := string(code)
	c.size.Add(int64(len(s)) + codeBytes)
	c.ids[s] = id
	c.list = append(c.list, s)
	return id
}

func (c *sharedCodes) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.list)
}

// codeBytes is about what a code takes beside its text: in the map, in the list,
// and in the sorted list of the result.
const codeBytes = 96

type shard struct {
	mu    sync.Mutex
	slots []slot
	used  int
	// parts holds the part of a count after the point, in units of 1e-12, of
	// pairs that have one: sums of whole units are exact in any order.
	parts map[uint64]int64
	dots  map[uint64]int64 // see pairCounter.dots
}

// slot is a pair and its count so far; key 0 is free.
type slot struct {
	key uint64 // (area << 32 | provider) + 1
	n   int64
}

const partUnits int64 = 1e12

func newTally(maxMemory int64) *tally {
	t := &tally{areas: sharedCodes{ids: map[string]int32{}}, providers: sharedCodes{ids: map[string]int32{}}}
	t.areas.size, t.providers.size = &t.bytes, &t.bytes
	if maxMemory <= 0 {
		maxMemory = math.MaxInt64
	}
	t.limit.Store(maxMemory)
	return t
}

// pairCounter is one worker's way into a tally. Close it at the end.
type pairCounter struct {
	tally            *tally
	areas, providers localCodes
	batch            [tallyShards][]slot
	parts            map[uint64]int64
	dots             map[uint64]int64 // thousandths of counts like 1.234, whose points may part thousands
	settled          settled
}

// localCodes is one worker's copy of the numbers of the codes it has met.
type localCodes struct {
	shared *sharedCodes
	ids    intern.Index
	odd    map[string]*oddPlace // codes that are no plain places
	grew   bool                 // since the last look at the memory
}

func (t *tally) counter() *pairCounter {
	c := &pairCounter{tally: t, areas: localCodes{shared: &t.areas}, providers: localCodes{shared: &t.providers}}
	back := make([]slot, tallyShards*batchLen)
	for i := range c.batch {
		c.batch[i] = back[i*batchLen : i*batchLen : (i+1)*batchLen]
	}
	return c
}

// find gives the number of a code that was met before.
func (c *localCodes) find(code []byte) (int32, bool) { return c.ids.Find(code) }

// add gives a new code its number.
func (c *localCodes) add(code []byte) int32 {
	id := c.shared.id(code)
	c.ids.Add(code, id)
	c.shared.size.Add(int64(len(code)) + codeBytes)
	c.grew = true
	return id
}

func hashPair(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 }

// add counts n records of a pair.
func (c *pairCounter) add(area, provider int32, n int64) error {
	if c.areas.grew || c.providers.grew {
		c.areas.grew, c.providers.grew = false, false
		if now := c.tally.bytes.Load(); now > c.tally.limit.Load() {
			return c.tally.full()
		}
	}
	key := (uint64(uint32(area))<<32 | uint64(uint32(provider))) + 1
	s := hashPair(key) >> (64 - shardBits)
	b := append(c.batch[s], slot{key, n})
	if len(b) < batchLen {
		c.batch[s] = b
		return nil
	}
	err := c.tally.put(int(s), b)
	c.batch[s] = b[:0]
	return err
}

// addPart counts the part of a count after its point, in units of 1e-12.
func (c *pairCounter) addPart(area, provider int32, part int64) error {
	if c.parts == nil {
		c.parts = map[uint64]int64{}
	}
	key := (uint64(uint32(area))<<32 | uint64(uint32(provider))) + 1
	part += c.parts[key]
	c.parts[key] = part % partUnits
	if part < partUnits {
		return nil
	}
	return c.add(area, provider, part/partUnits)
}

// addDotted counts the thousandths of a count whose points may part thousands.
func (c *pairCounter) addDotted(area, provider int32, thousandths int64) error {
	if c.dots == nil {
		c.dots = map[uint64]int64{}
	}
	c.dots[(uint64(uint32(area))<<32|uint64(uint32(provider)))+1] += thousandths
	return c.add(area, provider, 0)
}

// close puts what is left into the tally.
func (c *pairCounter) close() error {
	for s := range c.batch {
		if err := c.tally.put(s, c.batch[s]); err != nil {
			return err
		}
		c.batch[s] = nil
	}
	c.tally.addTo(c.parts, func(sh *shard) *map[uint64]int64 { return &sh.parts })
	c.tally.addTo(c.dots, func(sh *shard) *map[uint64]int64 { return &sh.dots })
	c.tally.rows.join(&c.settled)
	return nil
}

// addTo adds a worker's numbers by pair to those of the shards.
func (t *tally) addTo(numbers map[uint64]int64, of func(sh *shard) *map[uint64]int64) {
	for key, n := range numbers {
		sh := &t.shards[hashPair(key)>>(64-shardBits)]
		sh.mu.Lock()
		m := of(sh)
		if *m == nil {
			*m = map[uint64]int64{}
		}
		(*m)[key] += n
		sh.mu.Unlock()
	}
}

// settleDots adds the counts whose points may part thousands, now that their
// meaning is known.
func (t *tally) settleDots(thousands bool) error {
	for s := range t.shards {
		sh := &t.shards[s]
		for i := range sh.slots {
			e := &sh.slots[i]
			n := sh.dots[e.key]
			if e.key == 0 || n == 0 {
				continue
			}
			if !thousands {
				if sh.parts == nil {
					sh.parts = map[uint64]int64{}
				}
				sh.parts[e.key] += n % 1000 * (partUnits / 1000)
				n /= 1000
			}
			if e.n += n; e.n > maxWhole {
				return fmt.Errorf("%w in one pair", ErrCountRange)
			}
		}
		sh.dots = nil
	}
	return nil
}

// put adds a batch to a shard.
func (t *tally) put(s int, batch []slot) error {
	sh := &t.shards[s]
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for _, b := range batch {
		if sh.used*4 >= len(sh.slots)*3 {
			if err := t.grow(sh); err != nil {
				return err
			}
		}
		slots := sh.slots
		mask := uint64(len(slots) - 1)
		i := hashPair(b.key) >> (64 - shardBits - bits.Len64(mask)) & mask
		for slots[i].key != b.key {
			if slots[i].key == 0 {
				slots[i].key = b.key
				sh.used++
				break
			}
			i = (i + 1) & mask
		}
		if slots[i].n += b.n; slots[i].n > maxWhole {
			return fmt.Errorf("%w in one pair", ErrCountRange)
		}
	}
	return nil
}

// grow doubles a shard, within the memory allowed.
func (t *tally) grow(sh *shard) error {
	n := max(2*len(sh.slots), 256)
	const size = 16
	t.slots.Add(int64(n - len(sh.slots)))
	added := int64(n-len(sh.slots)) * size
	if now := t.bytes.Add(added); now > t.limit.Load() {
		return t.full()
	}
	old := sh.slots
	sh.slots = make([]slot, n)
	mask := uint64(n - 1)
	for _, s := range old {
		if s.key == 0 {
			continue
		}
		i := hashPair(s.key) >> (64 - shardBits - bits.Len64(mask)) & mask
		for sh.slots[i].key != 0 {
			i = (i + 1) & mask
		}
		sh.slots[i] = s
	}
	return nil
}

// full says that the memory allowed is taken, by pairs and by codes.
func (t *tally) full() error {
	return fmt.Errorf("%w (%.1f MB): %d codes and about %d pairs so far; raise it, or let an engine do the counting where the rows live (--from postgres://…, or stpmap sql)", ErrMemory, float64(t.limit.Load())/1e6, t.areas.len()+t.providers.len(), t.slots.Load()*5/8)
}

// take gives the pairs, sorted, and empties the tally.
func (t *tally) take() *Pairs {
	areaRank, areas := SortedCodes(t.areas.list)
	provRank, providers := SortedCodes(t.providers.list)
	n := 0
	for s := range t.shards {
		n += t.shards[s].used
	}
	list := make([]Pair, 0, n)
	for s := range t.shards {
		sh := &t.shards[s]
		for _, e := range sh.slots {
			if e.key == 0 {
				continue
			}
			key := e.key - 1
			part := sh.parts[e.key]
			list = append(list, Pair{areaRank[key>>32], provRank[uint32(key)], countOf(e.n+part/partUnits, part%partUnits)})
		}
		sh.slots, sh.parts = nil, nil
	}
	tmp := make([]Pair, len(list))
	countingSort(list, tmp, len(providers), func(p *Pair) int32 { return p.Provider })
	countingSort(tmp, list, len(areas), func(p *Pair) int32 { return p.Area })
	return &Pairs{Areas: areas, Providers: providers, List: list}
}

// countOf is the number nearest to a whole part and units of 1e-12.
func countOf(whole, part int64) float64 {
	if part == 0 {
		return float64(whole)
	}
	x, _ := strconv.ParseFloat(fmt.Sprintf("%d.%012d", whole, part), 64)
	return x
}

// SortedCodes gives the place of each code in sorted order, and that order.
func SortedCodes(codes []string) ([]int32, []string) {
	sorted := slices.Clone(codes)
	slices.Sort(sorted)
	rank := make([]int32, len(codes))
	for i, c := range codes {
		at, _ := slices.BinarySearch(sorted, c)
		rank[i] = int32(at)
	}
	return rank, sorted
}

// countingSort writes from to to in the order of its keys, each from 0 to n−1,
// and keeps the order of equal keys. The two slices have the same length and
// share no memory.
func countingSort(from, to []Pair, n int, key func(*Pair) int32) {
	start := make([]int, n+1)
	for i := range from {
		start[key(&from[i])+1]++
	}
	for i := range n {
		start[i+1] += start[i]
	}
	for i := range from {
		k := key(&from[i])
		to[start[k]] = from[i]
		start[k]++
	}
}
