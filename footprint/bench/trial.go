package bench

import (
	"slices"

	"stpmap/footprint"
)

// Ref names a place for the page.
type Ref struct {
	Kind string `json:"kind"`
	Code string `json:"code"`
	Name string `json:"name"`
}

func (b *Bench) refs(nodes []int32) (out []Ref) {
	for _, v := range nodes {
		p := b.Book.Places[v]
		out = append(out, Ref(p))
	}
	return out
}

// trial is a change that is tried and taken back.
type trial struct {
	binding []footprint.Breach // what it leaves unmet in what it touches
	cuts    bool               // a footprint that was in one piece is no longer
	inside  float64            // patients who stay inside, after less before
}

// breaks says whether the change leaves unmet what is met now.
func (t trial) breaks() bool {
	return t.cuts || slices.ContainsFunc(t.binding, func(x footprint.Breach) bool { return !x.Already })
}

// try moves places, looks, and moves them back.
func (b *Bench) try(nodes, to []int32) (t trial) {
	was := make([]int32, len(nodes))
	for i, v := range nodes {
		was[i] = b.live.Of(v)
	}
	before, old := b.live.Measures, b.live.Partition
	before.ByFootprint = slices.Clone(before.ByFootprint)
	old.Areas, old.Providers = slices.Clone(old.Areas), slices.Clone(old.Providers)
	b.live.Move(nodes, to)
	after := b.live.Measures
	cs := b.demands
	cs.Footprints = b.Demands.Footprints
	t.binding = footprint.BreachesMeasured(b.Matrix, old, before, b.live.Partition, after, cs)
	for f := range after.ByFootprint {
		t.cuts = t.cuts || before.ByFootprint[f].Contiguous && !after.ByFootprint[f].Contiguous
	}
	t.inside = (after.InsideShare - before.InsideShare) * after.Patients.Value
	b.live.MoveBack(nodes, was, before)
	return t
}

// Answer says what a move would do, in words.
type Answer struct {
	Sentences []string           `json:"sentences"`
	Binding   []footprint.Breach `json:"binding"`
	Breaks    bool               `json:"breaks"`
	Gain      float64            `json:"gain"` // patients more inside
}

// Why says why a place lies where it lies and, where a footprint is named, what
// moving it there would break.
func (b *Bench) Why(node int32, id string) (Answer, error) {
	ex := footprint.ExplainNode(b.Matrix, b.live.Partition, int(node), 1)
	ex.Bind(b.Matrix, b.live.Partition, int(node), b.demands)
	a := Answer{Binding: []footprint.Breach{}}
	if id == "" {
		a.Sentences = ex.Sentences(b.Book.Places[node].Name)
		return a, nil
	}
	to, err := b.Book.Footprint(id)
	if err != nil {
		return a, err
	}
	nodes := b.With([]int32{node})
	t := b.try(nodes, slices.Repeat([]int32{to}, len(nodes)))
	a.Binding, a.Breaks, a.Gain = append(a.Binding, t.binding...), t.breaks(), t.inside
	if b.Book.Locked[node] {
		a.Breaks = true
		a.Sentences = append(a.Sentences, "It is locked: unlock it first.")
	}
	if s := footprint.ChangeSentence("Moving it to "+id, t.binding); s != "" {
		a.Sentences = append(a.Sentences, s)
	} else if t.cuts {
		a.Sentences = append(a.Sentences, "Moving it to "+id+" would leave a footprint in more than one piece on the ground.")
	} else if !a.Breaks {
		a.Sentences = append(a.Sentences, "Nothing that was asked would be broken by moving it to "+id+".")
	}
	a.Sentences = append(a.Sentences, ex.Sentences(b.Book.Places[node].Name)...)
	return a, nil
}
