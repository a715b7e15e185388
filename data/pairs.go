package data

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/parquet-go/parquet-go"

	"stpmap/flow"
)

// Pair is how many records an area and a provider have in common.
type Pair struct {
	Area, Provider int32 // index Pairs.Areas and Pairs.Providers
	Count          float64
}

// Pairs are records counted by area and provider.
type Pairs struct {
	Areas, Providers []string // sorted
	List             []Pair   // sorted by area, then provider; a count may be 0
}

// Total is the sum of all counts. It is exact where they are whole numbers and
// come to less than 2^53.
func (p *Pairs) Total() float64 {
	sum := 0.0
	for i := range p.List {
		sum += p.List[i].Count
	}
	return sum
}

// SumOfSquares is the sum of all counts' squares, which tells apart two
// results that have the same total.
func (p *Pairs) SumOfSquares() float64 {
	sum := 0.0
	for i := range p.List {
		sum += p.List[i].Count * p.List[i].Count
	}
	return sum
}

// AddTo adds the pairs to a builder.
func (p *Pairs) AddTo(b *flow.Builder) error {
	areas, providers := make([]int32, len(p.Areas)), make([]int32, len(p.Providers))
	for i, code := range p.Areas {
		areas[i] = b.Area(code)
	}
	for i, code := range p.Providers {
		providers[i] = b.Provider(code)
	}
	for _, one := range p.List {
		if err := b.AddPair(areas[one.Area], providers[one.Provider], flow.Exactly(one.Count)); err != nil {
			return err
		}
	}
	return nil
}

// WriteCSV writes the pairs under the canonical headings area, provider and
// count.
func (p *Pairs) WriteCSV(w io.Writer) error {
	bw := bufio.NewWriterSize(w, 1<<18)
	_, _ = bw.WriteString("area,provider,count\n")
	areas, providers := quoteAll(p.Areas), quoteAll(p.Providers)
	line := make([]byte, 0, 256)
	for _, one := range p.List {
		line = append(line[:0], areas[one.Area]...)
		line = append(line, ',')
		line = append(line, providers[one.Provider]...)
		line = append(line, ',')
		line = flow.AppendNumber(line, one.Count)
		line = append(line, '\n')
		_, _ = bw.Write(line)
	}
	return bw.Flush()
}

// WriteParquet writes the pairs as a Parquet file with the columns area,
// provider and count: a whole number where all of them are, or a double.
func (p *Pairs) WriteParquet(w io.Writer) error {
	for i := range p.List {
		if n := p.List[i].Count; n != math.Trunc(n) {
			return writeParquet(w, p, func(area, provider string, n float64) parquetDecimalPair {
				return parquetDecimalPair{area, provider, n}
			})
		}
	}
	return writeParquet(w, p, func(area, provider string, n float64) parquetPair {
		return parquetPair{area, provider, int64(n)}
	})
}

type parquetPair struct {
	Area     string `parquet:"area,dict"`
	Provider string `parquet:"provider,dict"`
	Count    int64  `parquet:"count,delta"`
}

type parquetDecimalPair struct {
	Area     string  `parquet:"area,dict"`
	Provider string  `parquet:"provider,dict"`
	Count    float64 `parquet:"count"`
}

func writeParquet[T any](w io.Writer, p *Pairs, row func(area, provider string, n float64) T) error {
	// No version of ours in it: the same pairs are the same bytes.
	pw := parquet.NewGenericWriter[T](w, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("stpmap", "", ""), parquet.MaxRowsPerRowGroup(1<<20))
	batch := make([]T, 0, 4096)
	for i, one := range p.List {
		batch = append(batch, row(p.Areas[one.Area], p.Providers[one.Provider], one.Count))
		if len(batch) == cap(batch) || i == len(p.List)-1 {
			if _, err := pw.Write(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return pw.Close()
}

// quoteAll quotes the codes that need it in CSV.
func quoteAll(codes []string) []string {
	out := codes
	for i, c := range codes {
		if strings.ContainsAny(c, ",\"\r\n") || strings.TrimSpace(c) != c {
			if &out[0] == &codes[0] {
				out = slices.Clone(codes)
			}
			out[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
	}
	return out
}

// ErrMemory says that there are more distinct pairs than the memory allowed
// holds.
var ErrMemory = errors.New("more distinct pairs than --max-memory holds")

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
}

const (
	shardBits   = 6
	tallyShards = 1 << shardBits
	batchLen    = 128
)

type sharedCodes struct {
	mu   sync.Mutex
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
	c.ids[s] = id
	c.list = append(c.list, s)
	return id
}

type shard struct {
	mu    sync.Mutex
	slots []slot
	used  int
	// parts holds the part of a count after the point, in units of 1e-12, of
	// pairs that have one: sums of whole units are exact in any order.
	parts map[uint64]int64
}

// slot is a pair and its count so far; key 0 is free.
type slot struct {
	key uint64 // (area << 32 | provider) + 1
	n   int64
}

const partUnits int64 = 1e12

func newTally(maxMemory int64) *tally {
	t := &tally{areas: sharedCodes{ids: map[string]int32{}}, providers: sharedCodes{ids: map[string]int32{}}}
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
}

// localCodes is one worker's copy of the numbers of the codes it has met.
type localCodes struct {
	shared *sharedCodes
	ids    codeIndex
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
func (c *localCodes) find(code []byte) (int32, bool) { return c.ids.find(code) }

// add gives a new code its number.
func (c *localCodes) add(code []byte) int32 {
	id := c.shared.id(code)
	c.ids.add(code, id)
	return id
}

func hashPair(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 }

// add counts n records of a pair.
func (c *pairCounter) add(area, provider int32, n int64) error {
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

// close puts what is left into the tally.
func (c *pairCounter) close() error {
	for s := range c.batch {
		if err := c.tally.put(s, c.batch[s]); err != nil {
			return err
		}
		c.batch[s] = nil
	}
	for key, part := range c.parts {
		s := &c.tally.shards[hashPair(key)>>(64-shardBits)]
		s.mu.Lock()
		if s.parts == nil {
			s.parts = map[uint64]int64{}
		}
		s.parts[key] += part
		s.mu.Unlock()
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
	added := int64(n-len(sh.slots)) * size
	if now := t.bytes.Add(added); now > t.limit.Load() {
		return fmt.Errorf("%w (%d MiB): about %d pairs so far; raise it, or let an engine do the counting where the rows live (--from postgres://…, or stpmap sql)", ErrMemory, t.limit.Load()>>20, now/size*5/8)
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

// take gives the pairs, sorted, and empties the tally.
func (t *tally) take() *Pairs {
	areaRank, areas := sortedCodes(t.areas.list)
	provRank, providers := sortedCodes(t.providers.list)
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
			count := float64(e.n + part/partUnits)
			if part %= partUnits; part != 0 {
				count += float64(part) / float64(partUnits)
			}
			list = append(list, Pair{areaRank[key>>32], provRank[uint32(key)], count})
		}
		sh.slots, sh.parts = nil, nil
	}
	tmp := make([]Pair, len(list))
	countingSort(list, tmp, len(providers), func(p *Pair) int32 { return p.Provider })
	countingSort(tmp, list, len(areas), func(p *Pair) int32 { return p.Area })
	return &Pairs{Areas: areas, Providers: providers, List: list}
}

// sortedCodes gives the place of each code in sorted order, and that order.
func sortedCodes(codes []string) ([]int32, []string) {
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
