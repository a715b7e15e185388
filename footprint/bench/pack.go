package bench

import (
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
)

// format is the first byte of a packed case.
const format = 3

// Pack writes a case as bytes, small before and after compression: flows are
// whole numbers by row, providers as the steps from one to the next.
func (c *Case) Pack() []byte {
	w := &packer{b: []byte{format}}
	w.text(c.Version)
	w.text(c.NameMark)
	w.text(c.hash())
	w.matrix(c.Matrix)
	w.texts(c.AreaNames)
	w.texts(c.ProviderNames)
	w.numbers(c.Population)
	w.flag(c.Neighbours != nil)
	if c.Neighbours != nil {
		for _, near := range c.Neighbours {
			w.rising(near)
		}
	}
	w.demands(&c.Demands)
	w.partition(&c.Start)
	w.texts(c.Names)
	w.flag(c.Reference != nil)
	if c.Reference != nil {
		w.partition(c.Reference)
		w.texts(c.ReferenceNames)
	}
	w.value(reflect.ValueOf(c.Scoring))
	return w.b
}

// Unpack reads what Pack wrote.
func Unpack(b []byte) (c *Case, err error) {
	defer func() {
		if p := recover(); p != nil {
			stop, ok := p.(unpackError)
			if !ok {
				panic(p)
			}
			c, err = nil, stop.error
		}
	}()
	r := &unpacker{b: b}
	if r.byte() != format {
		r.fail("it is not the data of a workbench")
	}
	c = &Case{Version: r.text(), NameMark: r.text(), FlowSHA256: r.text()}
	c.Matrix = r.matrix()
	areas, providers := len(c.Matrix.Areas()), len(c.Matrix.Providers())
	if c.Matrix.OneMode() {
		providers = 0
	}
	c.AreaNames, c.ProviderNames, c.Population = r.texts(), r.texts(), r.numbers()
	if r.flag() {
		c.Neighbours = make(Neighbours, areas)
		for a := range c.Neighbours {
			c.Neighbours[a] = r.rising(nil, areas)
		}
	}
	r.demands(&c.Demands, areas+providers)
	c.Start, c.Names = r.partition(areas, providers), r.texts()
	if r.flag() {
		p := r.partition(areas, providers)
		c.Reference, c.ReferenceNames = &p, r.texts()
	}
	r.value(reflect.ValueOf(&c.Scoring).Elem())
	if len(c.AreaNames) != areas || len(c.ProviderNames) != providers || c.Population != nil && len(c.Population) != areas {
		r.fail("its lists do not fit the flows")
	}
	return c, nil
}

// hash is that of the flows, which costs as much as reading them: it is computed
// once, when the case is packed.
func (c *Case) hash() string {
	if c.FlowSHA256 == "" {
		c.FlowSHA256 = c.Matrix.SHA256()
	}
	return c.FlowSHA256
}

type packer struct{ b []byte }

func (w *packer) number(n int)   { w.b = binary.AppendUvarint(w.b, uint64(n)) }
func (w *packer) real(x float64) { w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(x)) }
func (w *packer) text(s string)  { w.number(len(s)); w.b = append(w.b, s...) }
func (w *packer) labels(list []int32) {
	for _, f := range list {
		w.number(int(f) + 1)
	}
}

func (w *packer) flag(on bool) {
	if on {
		w.number(1)
	} else {
		w.number(0)
	}
}

// texts writes a list, nil or not.
func (w *packer) texts(list []string) {
	w.flag(list != nil)
	if list == nil {
		return
	}
	w.number(len(list))
	for _, s := range list {
		w.text(s)
	}
}

// numbers writes a list of numbers, most of which are whole; nil or not.
func (w *packer) numbers(list []float64) {
	w.flag(list != nil)
	if list == nil {
		return
	}
	w.number(len(list))
	for _, x := range list {
		w.amount(x)
	}
}

// whole is the largest whole number that is written as one.
const whole = 1 << 50

// amount writes a number, in few bytes where it is whole: 2n, or 1 and the bits.
func (w *packer) amount(x float64) {
	if x >= 0 && x <= whole && x == math.Trunc(x) && !(x == 0 && math.Signbit(x)) {
		w.number(int(x) << 1)
		return
	}
	w.number(1)
	w.real(x)
}

// rising writes a rising list of indices as steps.
func (w *packer) rising(list []int32) {
	w.number(len(list))
	last := int32(0)
	for _, v := range list {
		w.number(int(v - last))
		last = v
	}
}

// matrix writes flows: a cell is 2n for a published whole number n, else 1 and
// more for one of the few other counts, such as "<5".
func (w *packer) matrix(m *flow.Matrix) {
	w.flag(m.OneMode())
	w.texts(m.Areas())
	if !m.OneMode() {
		w.texts(m.Providers())
	}
	w.number(m.Len())
	others := othersOf(m)
	w.number(len(others))
	for _, c := range others {
		w.real(c.Value)
		w.real(c.Published)
		w.real(c.Lower)
		w.real(c.Upper)
	}
	place := make(map[flow.Count]int, len(others))
	for i, c := range others {
		place[c] = i
	}
	for a := range m.Areas() {
		ps, _ := m.Row(a)
		w.rising(ps)
		for i := range ps {
			c := m.Cell(m.RowOffset(a) + i)
			if plain(c) {
				w.number(int(c.Value) << 1)
			} else {
				w.number(place[c]<<1 | 1)
			}
		}
	}
}

// plain says whether a count is a published whole number.
func plain(c flow.Count) bool {
	return c == flow.Exactly(c.Value) && c.Value == math.Trunc(c.Value) && c.Value <= whole
}

// othersOf lists the distinct counts that are not plain, in the order of cells.
func othersOf(m *flow.Matrix) (list []flow.Count) {
	seen := map[flow.Count]bool{}
	for k := range m.Len() {
		if c := m.Cell(k); !plain(c) && !seen[c] {
			seen[c] = true
			list = append(list, c)
		}
	}
	return list
}

func (w *packer) demands(d *Demands) {
	w.number(d.Footprints)
	for _, on := range []bool{d.Contiguous, d.AllowSingleKind, d.AllowDegenerate, d.CountedProviders != nil} {
		w.flag(on)
	}
	for _, x := range []float64{d.MinPopulation, d.MaxPopulation, d.MinLocalisation, d.MaxShare} {
		w.amount(x)
	}
	for _, n := range []int{d.MinProviders, int(d.Quality), d.Restarts, d.Effort, len(d.CountedProviders)} {
		w.number(n)
	}
	for _, on := range d.CountedProviders {
		w.flag(on)
	}
	for _, groups := range [][][]int32{d.Together, d.Apart} {
		w.number(len(groups))
		for _, g := range groups {
			w.number(len(g))
			w.labels(g)
		}
	}
	w.number(len(d.KeepWhole))
	for _, u := range d.KeepWhole {
		w.text(u.Name)
		w.number(len(u.Areas))
		w.labels(u.Areas)
	}
}

func (w *packer) partition(p *footprint.Partition) {
	w.texts(p.IDs)
	w.labels(p.Areas)
	w.labels(p.Providers)
}

type unpackError struct{ error }

// unpacker reads; what is wrong is a panic that Unpack catches.
type unpacker struct{ b []byte }

func (r *unpacker) fail(why string) {
	panic(unpackError{errors.New("the page's data are damaged: " + why)})
}

func (r *unpacker) byte() byte { return r.take(1)[0] }

func (r *unpacker) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.fail("they end too early")
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *unpacker) number() int {
	x, n := binary.Uvarint(r.b)
	if n <= 0 || x > math.MaxInt64 {
		r.fail("a number is not one")
	}
	r.b = r.b[n:]
	return int(x)
}

// size is a number of things of at least one byte each.
func (r *unpacker) size() int {
	n := r.number()
	if n > len(r.b) {
		r.fail("a list is longer than the data")
	}
	return n
}

func (r *unpacker) real() float64 { return math.Float64frombits(binary.LittleEndian.Uint64(r.take(8))) }
func (r *unpacker) flag() bool    { return r.number() == 1 }
func (r *unpacker) text() string  { return string(r.take(r.number())) }

func (r *unpacker) texts() []string {
	if !r.flag() {
		return nil
	}
	list := make([]string, r.size())
	for i := range list {
		list[i] = r.text()
	}
	return list
}

func (r *unpacker) numbers() []float64 {
	if !r.flag() {
		return nil
	}
	list := make([]float64, r.size())
	for i := range list {
		list[i] = r.amount()
	}
	return list
}

func (r *unpacker) amount() float64 {
	if n := r.number(); n != 1 {
		return float64(n >> 1)
	}
	return r.real()
}

// rising adds a rising list of indices under below to list.
func (r *unpacker) rising(list []int32, below int) []int32 {
	n, last := r.size(), 0
	list = slices.Grow(list, n)
	for range n {
		if last += r.number(); last >= below || last < 0 {
			r.fail("an index is out of range")
		}
		list = append(list, int32(last))
	}
	return list
}

// labels reads n indices from −1 to below − 1.
func (r *unpacker) labels(n, below int) []int32 {
	list := make([]int32, n)
	for i := range list {
		f := r.number() - 1
		if f >= below {
			r.fail("an index is out of range")
		}
		list[i] = int32(f)
	}
	return list
}

func (r *unpacker) matrix() *flow.Matrix {
	oneMode := r.flag()
	areas := r.texts()
	var providers []string // nil in one mode
	columns := len(areas)
	if !oneMode {
		providers = r.texts()
		columns = len(providers)
	}
	pairs := r.size()
	others := make([]flow.Count, r.size())
	for i := range others {
		others[i] = flow.Count{Value: r.real(), Published: r.real(), Lower: r.real(), Upper: r.real()}
	}
	var row []int32
	var counts []flow.Count
	m, err := flow.Assemble(areas, providers, pairs, func(int) ([]int32, []flow.Count) {
		row = r.rising(row[:0], columns)
		counts = counts[:0]
		for range row {
			n := r.number()
			c := flow.Exactly(float64(n >> 1))
			if n&1 == 1 {
				if n>>1 >= len(others) {
					r.fail("a count is out of range")
				}
				c = others[n>>1]
			}
			counts = append(counts, c)
		}
		return row, counts
	})
	if err != nil {
		r.fail(err.Error())
	}
	return m
}

func (r *unpacker) demands(d *Demands, nodes int) {
	d.Footprints = r.number()
	d.Contiguous, d.AllowSingleKind, d.AllowDegenerate = r.flag(), r.flag(), r.flag()
	counted := r.flag()
	for _, x := range []*float64{&d.MinPopulation, &d.MaxPopulation, &d.MinLocalisation, &d.MaxShare} {
		*x = r.amount()
	}
	d.MinProviders, d.Quality, d.Restarts, d.Effort = r.number(), footprint.Quality(r.number()), r.number(), r.number()
	if n := r.size(); counted {
		d.CountedProviders = make([]bool, n)
		for j := range d.CountedProviders {
			d.CountedProviders[j] = r.flag()
		}
	}
	for _, groups := range []*[][]int32{&d.Together, &d.Apart} {
		for range r.size() {
			*groups = append(*groups, r.labels(r.size(), nodes))
		}
	}
	for range r.size() {
		d.KeepWhole = append(d.KeepWhole, footprint.Unit{Name: r.text(), Areas: r.labels(r.size(), nodes)})
	}
}

func (r *unpacker) partition(areas, providers int) (p footprint.Partition) {
	p.IDs = r.texts()
	p.Areas = r.labels(areas, len(p.IDs))
	if p.Providers = r.labels(providers, len(p.IDs)); providers == 0 {
		p.Providers = nil
	}
	return p
}
