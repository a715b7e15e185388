package intern

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// The index agrees with a map, for codes of every length and codes that differ
// in one byte only.
func TestIndexAgreesWithMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var x Index
	want := map[string]int32{}
	code := func() []byte {
		n := rng.IntN(36)
		b := make([]byte, n)
		for i := range b {
			b[i] = "AB0\x00"[rng.IntN(4)]
		}
		return b
	}
	for range 60_000 {
		c := code()
		id, ok := x.Find(c)
		if was, known := want[string(c)]; known != ok || id != was {
			t.Fatalf("%q: got %d, %t, want %d, %t", c, id, ok, was, known)
		}
		if !ok && rng.IntN(2) == 0 {
			id := int32(len(want))
			want[string(c)] = id
			x.Add(c, id)
		}
	}
	if len(want) < 10_000 {
		t.Errorf("only %d codes", len(want))
	}
	for c, id := range want {
		if got, ok := x.Find([]byte(c)); !ok || got != id {
			t.Fatalf("%q: got %d, %t, want %d", c, got, ok, id)
		}
	}
}

// A code's number is that of its first appearance, and the one copy of it does
// not change when the bytes it came from do.
func TestNames(t *testing.T) {
	var n Names
	for round := range 3 {
		for i := range 500 {
			b := []byte(fmt.Sprintf("code %d %s", i, strings.Repeat("x", i%40)))
			id := n.ID(b)
			if int(id) != i {
				t.Fatalf("round %d: code %d got %d", round, i, id)
			}
			kept := n.Kept(b)
			b[0] = '?'
			if kept[0] != 'c' || n.List[id] != kept {
				t.Fatalf("kept %q, listed %q", kept, n.List[id])
			}
		}
	}
	if len(n.List) != 500 || len(n.IDs) != 500 {
		t.Errorf("%d codes, %d numbers", len(n.List), len(n.IDs))
	}
	if id := n.ID(nil); id != 500 || n.List[500] != "" {
		t.Errorf("the empty code got %d", id)
	}
}
