package bench

import (
	"errors"
	"fmt"
	"slices"

	"stpmap/footprint"
)

// Place is an area or a provider.
type Place struct{ Kind, Code, Name string }

// Kinds of places.
const (
	Area     = "area"
	Provider = "provider"
)

// Book keeps a map that is changed by hand: where places lie, which are locked,
// and what was done. It knows no flows, so that a session can be replayed
// anywhere.
type Book struct {
	Places  []Place // areas first, each kind by code
	Areas   int     // how many of them are areas
	IDs     []string
	Label   []int32 // footprint of each place; footprint.Unplaced for none
	Locked  []bool
	Options []Option

	index        map[Place]int32 // by kind and code
	done, undone []change
	log          []Record
}

// Option is a map that was kept under a name.
type Option struct {
	Name  string
	IDs   []string
	Label []int32
}

// change is what one step did, to be undone and done again.
type change struct {
	nodes         []int32
	was, is       []int32
	wasIDs, isIDs []string // nil where the footprints stay
	locked        []int32  // places whose lock changed
	lockedOn      bool
	stroke        int  // of the brush; 0 for none
	renumbered    bool // a re-clustering or an option: ids do not mean what they meant
}

// NewBook opens a book at a map. It copies what may change.
func NewBook(places []Place, areas int, ids []string, label []int32) *Book {
	b := &Book{
		Places: places, Areas: areas, IDs: slices.Clone(ids), Label: slices.Clone(label),
		Locked: make([]bool, len(places)), index: make(map[Place]int32, len(places)),
	}
	for v, p := range places {
		b.index[Place{Kind: p.Kind, Code: p.Code}] = int32(v)
	}
	return b
}

// Find is the number of a place; without a kind, an area goes before a provider
// of the same code.
func (b *Book) Find(kind, code string) (int32, error) {
	for _, k := range []string{Area, Provider} {
		if kind != "" && kind != k {
			continue
		}
		if v, ok := b.index[Place{Kind: k, Code: code}]; ok {
			return v, nil
		}
	}
	return 0, fmt.Errorf("no %s %q in this map", word(kind), code)
}

func word(kind string) string {
	if kind == "" {
		return "area or provider"
	}
	return kind
}

// Footprint is the number of a footprint.
func (b *Book) Footprint(id string) (int32, error) {
	if f := slices.Index(b.IDs, id); f >= 0 {
		return int32(f), nil
	}
	return 0, fmt.Errorf("no footprint %q in this map", id)
}

// Members are the places of a footprint, rising.
func (b *Book) Members(f int32) (nodes []int32) {
	for v, g := range b.Label {
		if g == f {
			nodes = append(nodes, int32(v))
		}
	}
	return nodes
}

// Named makes the lists of codes of some places, as a Record has them.
func (b *Book) Named(nodes []int32) (areas, providers []string) {
	for _, v := range nodes {
		if p := b.Places[v]; p.Kind == Area {
			areas = append(areas, p.Code)
		} else {
			providers = append(providers, p.Code)
		}
	}
	return areas, providers
}

// Nodes are the places of a Record.
func (b *Book) Nodes(r Record) ([]int32, error) {
	var nodes []int32
	for _, list := range []struct {
		kind  string
		codes []string
	}{{Area, r.Areas}, {Provider, r.Providers}} {
		for _, code := range list.codes {
			v, err := b.Find(list.kind, code)
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, v)
		}
	}
	slices.Sort(nodes)
	return slices.Compact(nodes), nil
}

// CanUndo and CanRedo say whether there is a step to undo, or to do again.
func (b *Book) CanUndo() bool { return len(b.done) > 0 }

// CanRedo says whether an undone step can be done again.
func (b *Book) CanRedo() bool { return len(b.undone) > 0 }

// ErrNothing says that there is no step to undo, or none to do again.
var ErrNothing = errors.New("there is nothing to undo or to do again")

// Apply does what a record says and keeps it in the log. It gives the places
// whose footprint changed; whole says that the footprints themselves did. On an
// error the map is as before.
func (b *Book) Apply(r Record) (nodes []int32, whole bool, err error) {
	c, err := b.change(r)
	if err != nil {
		return nil, false, err
	}
	switch r.Op {
	case OpUndo:
		b.done, b.undone = b.done[:len(b.done)-1], append(b.undone, c.reverse())
	case OpRedo:
		b.undone, b.done = b.undone[:len(b.undone)-1], append(b.done, c)
	case OpOption:
		b.keep(r.Name)
	default:
		b.push(c)
	}
	b.enact(c)
	b.log = append(b.log, r)
	return c.nodes, c.isIDs != nil, nil
}

// push puts a change on the steps to undo: with the last one, where the two are
// of one stroke.
func (b *Book) push(c change) {
	if c.empty() {
		return
	}
	if n := len(b.done); c.stroke > 0 && n > 0 && b.undone == nil && b.done[n-1].stroke == c.stroke {
		last := &b.done[n-1]
		last.nodes, last.was, last.is = append(last.nodes, c.nodes...), append(last.was, c.was...), append(last.is, c.is...)
		return
	}
	b.done, b.undone = append(b.done, c), nil
}

// change works out what a record changes.
func (b *Book) change(r Record) (c change, err error) {
	switch r.Op {
	case OpMove:
		return b.move(r)
	case OpLock, OpUnlock:
		return b.lock(r)
	case OpAdd:
		if r.Footprint == "" || slices.Contains(b.IDs, r.Footprint) {
			return c, fmt.Errorf("a new footprint cannot be called %q", r.Footprint)
		}
		return change{wasIDs: b.IDs, isIDs: append(slices.Clone(b.IDs), r.Footprint)}, nil
	case OpRecluster:
		c, err = b.replace(r.IDs, r.Label)
		c.renumbered = true
		return c, err
	case OpMend:
		return b.replace(r.IDs, r.Label)
	case OpRestore:
		i := slices.IndexFunc(b.Options, func(o Option) bool { return o.Name == r.Name })
		if i < 0 {
			return c, fmt.Errorf("no option %q was kept", r.Name)
		}
		c, err = b.replace(b.Options[i].IDs, b.Options[i].Label)
		c.renumbered = true
		return c, err
	case OpOption:
		if r.Name == "" {
			return c, errors.New("an option needs a name")
		}
		return c, nil
	case OpUndo:
		if len(b.done) == 0 {
			return c, ErrNothing
		}
		return b.done[len(b.done)-1].reverse(), nil
	case OpRedo:
		if len(b.undone) == 0 {
			return c, ErrNothing
		}
		return b.undone[len(b.undone)-1], nil
	}
	return c, fmt.Errorf("unknown operation %q", r.Op)
}

func (b *Book) move(r Record) (c change, err error) {
	nodes, err := b.Nodes(r)
	if err != nil {
		return c, err
	}
	to := int32(footprint.Unplaced)
	if r.Footprint != "" {
		if to, err = b.Footprint(r.Footprint); err != nil {
			return c, err
		}
	}
	c.stroke = r.Stroke
	for _, v := range nodes {
		if b.Label[v] == to {
			continue
		}
		if b.Locked[v] {
			return c, fmt.Errorf("%s %s is locked: unlock it first", b.Places[v].Kind, b.Places[v].Code)
		}
		c.nodes, c.was, c.is = append(c.nodes, v), append(c.was, b.Label[v]), append(c.is, to)
	}
	return c, nil
}

func (b *Book) lock(r Record) (c change, err error) {
	nodes, err := b.Nodes(r)
	if err != nil {
		return c, err
	}
	c.lockedOn = r.Op == OpLock
	for _, v := range nodes {
		if b.Locked[v] != c.lockedOn {
			c.locked = append(c.locked, v)
		}
	}
	return c, nil
}

// replace changes to a whole map.
func (b *Book) replace(ids []string, label []int32) (c change, err error) {
	if len(label) != len(b.Label) {
		return c, fmt.Errorf("a map of %d places, where there are %d", len(label), len(b.Label))
	}
	for _, f := range label {
		if f < footprint.Unplaced || int(f) >= len(ids) {
			return c, fmt.Errorf("footprint number %d, where there are %d", f, len(ids))
		}
	}
	if !slices.Equal(ids, b.IDs) {
		c.wasIDs, c.isIDs = b.IDs, slices.Clone(ids)
	}
	for v, to := range label {
		if was := b.Label[v]; was != to || c.isIDs != nil {
			c.nodes, c.was, c.is = append(c.nodes, int32(v)), append(c.was, was), append(c.is, to)
		}
	}
	return c, nil
}

// keep keeps the map under a name; one of that name goes.
func (b *Book) keep(name string) {
	o := Option{Name: name, IDs: slices.Clone(b.IDs), Label: slices.Clone(b.Label)}
	if i := slices.IndexFunc(b.Options, func(o Option) bool { return o.Name == name }); i >= 0 {
		b.Options[i] = o
		return
	}
	b.Options = append(b.Options, o)
}

// enact makes a change.
func (b *Book) enact(c change) {
	for i, v := range c.nodes {
		b.Label[v] = c.is[i]
	}
	if c.isIDs != nil {
		b.IDs = slices.Clone(c.isIDs)
	}
	for _, v := range c.locked {
		b.Locked[v] = c.lockedOn
	}
}

func (c change) empty() bool { return len(c.nodes) == 0 && len(c.locked) == 0 && c.isIDs == nil }

// reverse is the change back: of a place that moved twice, the last move first.
func (c change) reverse() change {
	c.nodes, c.was, c.is = slices.Clone(c.nodes), slices.Clone(c.is), slices.Clone(c.was)
	for _, list := range [][]int32{c.nodes, c.was, c.is} {
		slices.Reverse(list)
	}
	c.wasIDs, c.isIDs = c.isIDs, c.wasIDs
	c.lockedOn = !c.lockedOn
	return c
}
