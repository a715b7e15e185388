package ensemble

import (
	"context"
	"math/big"
	"math/bits"

	"stpmap/footprint"
)

// Limits of an enumeration.
const (
	MostUnits  = 64         // areas, or groups of them that must be together
	MostListed = 2_000_000  // maps that are listed one by one
	mostSets   = 40_000_000 // connected sets that are looked at
)

// Exact is the number of maps that the rules allow.
type Exact struct {
	Maps *big.Int
	// Trees counts each map as often as the product of its parts' numbers of
	// spanning trees.
	Trees *big.Int
}

// enumeration lists maps part by part, each part with the first unit that is
// left, as sets of bits.
type enumeration struct {
	s     *Space
	ctx   context.Context
	near  [MostUnits]uint64 // neighbours of each unit
	trees map[uint64]*big.Int
	memo  map[rest]Exact
	parts []uint64
	each  func(parts []uint64) error
	looks int
}

// rest is what is left of the units, and the number of parts to make of it.
type rest struct {
	units uint64
	parts int
}

// Count counts the maps that the rules allow, exactly. Demands beyond pieces and
// people make it list them all. The error is a *footprint.InfeasibleError where
// there are too many units or sets to look at.
func (s *Space) Count(ctx context.Context) (Exact, error) {
	e, err := s.enumeration(ctx)
	if err != nil {
		return Exact{}, err
	}
	if s.plain() {
		return e.count(rest{e.all(), s.Demands.Footprints})
	}
	x := Exact{new(big.Int), new(big.Int)}
	err = s.List(ctx, func(_ []int32, trees *big.Int) error {
		x.Maps.Add(x.Maps, one)
		x.Trees.Add(x.Trees, trees)
		return nil
	})
	return x, err
}

var one = big.NewInt(1)

// plain says whether there are no demands beyond pieces and people.
func (s *Space) plain() bool {
	return s.flows == nil && s.Within == 0 && len(s.groups.together)+len(s.groups.apart) == 0
}

// List hands on every map that the rules allow, by area, with the product of its
// parts' numbers of spanning trees. The labels are used again.
func (s *Space) List(ctx context.Context, each func(label []int32, trees *big.Int) error) error {
	e, err := s.enumeration(ctx)
	if err != nil {
		return err
	}
	c, unit, area := newChain(s), make([]int32, s.units), make([]int32, s.Areas)
	e.each = func(parts []uint64) error {
		product := big.NewInt(1)
		for p, set := range parts {
			for left := set; left != 0; left &= left - 1 {
				unit[bits.TrailingZeros64(left)] = int32(p)
			}
			product.Mul(product, e.treesOf(set))
		}
		if !s.plain() {
			if c.set(unit); !c.meets() || c.close != nil && !c.close.meets() {
				return nil
			}
		}
		s.expand(unit, area)
		canonical(area)
		return each(area, product)
	}
	return e.list(rest{e.all(), s.Demands.Footprints})
}

func (s *Space) enumeration(ctx context.Context) (*enumeration, error) {
	if s.units > MostUnits {
		return nil, footprint.Infeasible("a list of all maps takes %d areas at most, and there are %d: leave --enumerate out", MostUnits, s.units)
	}
	e := &enumeration{s: s, ctx: ctx, trees: map[uint64]*big.Int{}, memo: map[rest]Exact{}}
	for i := 0; i < len(s.ends); i += 2 {
		a, b := s.ends[i], s.ends[i+1]
		e.near[a] |= 1 << b
		e.near[b] |= 1 << a
	}
	return e, nil
}

func (e *enumeration) all() uint64 { return ^uint64(0) >> (MostUnits - e.s.units) }

// treesOf is the number of spanning trees of a set.
func (e *enumeration) treesOf(set uint64) *big.Int {
	if t, ok := e.trees[set]; ok {
		return t
	}
	var units []int32
	for left := set; left != 0; left &= left - 1 {
		units = append(units, int32(bits.TrailingZeros64(left)))
	}
	t := e.s.countTrees(units)
	e.trees[set] = t
	return t
}

func (e *enumeration) people(set uint64) (x float64) {
	for left := set; left != 0; left &= left - 1 {
		x += e.s.people[bits.TrailingZeros64(left)]
	}
	return x
}

// count counts the ways to divide what is left, each rest once.
func (e *enumeration) count(r rest) (Exact, error) {
	if x, ok := e.memo[r]; ok {
		return x, nil
	}
	x := Exact{new(big.Int), new(big.Int)}
	err := e.firstParts(r, func(set uint64, left rest) error {
		if left.parts == 0 {
			x.Maps.Add(x.Maps, one)
			x.Trees.Add(x.Trees, e.treesOf(set))
			return nil
		}
		y, err := e.count(left)
		if err != nil || y.Maps.Sign() == 0 {
			return err
		}
		x.Maps.Add(x.Maps, y.Maps)
		x.Trees.Add(x.Trees, new(big.Int).Mul(e.treesOf(set), y.Trees))
		return nil
	})
	e.memo[r] = x
	return x, err
}

// list hands on the ways to divide what is left.
func (e *enumeration) list(r rest) error {
	return e.firstParts(r, func(set uint64, left rest) error {
		e.parts = append(e.parts, set)
		defer func() { e.parts = e.parts[:len(e.parts)-1] }()
		if left.parts == 0 {
			return e.each(e.parts)
		}
		return e.list(left)
	})
}

// firstParts hands on every part that the first unit of a rest may be in.
func (e *enumeration) firstParts(r rest, visit func(set uint64, left rest) error) error {
	if r.parts == 1 {
		if e.s.within(e.people(r.units)) && e.reach(r.units) == r.units {
			return visit(r.units, rest{})
		}
		return nil
	}
	root := r.units & -r.units
	return e.grow(r, root, e.near[bits.TrailingZeros64(root)], ^r.units, visit)
}

// grow hands on a connected set, and each of those that it grows to without the
// units that are out. around are the set's neighbours.
func (e *enumeration) grow(r rest, set, around, out uint64, visit func(set uint64, left rest) error) error {
	if e.looks++; e.looks&0xfff == 0 && e.ctx.Err() != nil {
		return context.Cause(e.ctx)
	}
	if e.looks > mostSets {
		return footprint.Infeasible("there are too many maps to list: more than %d connected sets of areas were looked at; ask for fewer footprints, closer bounds of people, or leave --enumerate out", mostSets)
	}
	people := e.people(set)
	if people > e.s.high || !e.open(r, set, out) {
		return nil
	}
	if left := r.units &^ set; people >= e.s.low && left != 0 && e.possible(left, r.parts-1) {
		if err := visit(set, rest{left, r.parts - 1}); err != nil {
			return err
		}
	}
	for next := around &^ set &^ out; next != 0; next &= next - 1 {
		v := next & -next
		if err := e.grow(r, set|v, around|e.near[bits.TrailingZeros64(v)], out, visit); err != nil {
			return err
		}
		out |= v
	}
	return nil
}

// open says whether a set may still grow to a part that leaves a rest to divide.
// Units that are out stay outside, so that each piece around the set that has one
// holds a part of its own.
func (e *enumeration) open(r rest, set, out uint64) bool {
	parts := r.parts - 1
	for left := r.units &^ set; left != 0; {
		piece := e.reach(left)
		left &^= piece
		if piece&out == 0 {
			continue
		}
		if parts--; parts < 0 || e.people(piece) < e.s.low {
			return false
		}
	}
	return true
}

// possible says whether a rest may be divided: no more pieces than parts, and
// each with enough people for one.
func (e *enumeration) possible(units uint64, parts int) bool {
	if all := e.people(units); all < float64(parts)*e.s.low || all > float64(parts)*e.s.high {
		return false
	}
	pieces := 0
	for left := units; left != 0; pieces++ {
		piece := e.reach(left)
		if pieces == parts || e.people(piece) < e.s.low {
			return false
		}
		left &^= piece
	}
	return pieces <= parts
}

// reach is the piece of a set that its first unit is in.
func (e *enumeration) reach(set uint64) uint64 {
	piece := set & -set
	for front := piece; front != 0; {
		var next uint64
		for ; front != 0; front &= front - 1 {
			next |= e.near[bits.TrailingZeros64(front)]
		}
		front = next & set &^ piece
		piece |= front
	}
	return piece
}
