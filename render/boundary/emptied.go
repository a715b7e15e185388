package boundary

import (
	"slices"

	"stpmap/render/internal/topology"
	"stpmap/render/internal/words"
)

// noteEmptied keeps that the feature being read has a shell that its holes take
// the whole of.
func (t *polygonTable) noteEmptied(nest []topology.Nesting) {
	holes := make([]int64, len(nest))
	for _, n := range nest {
		if n.Hole && n.In >= 0 && !n.Repeat {
			holes[n.In] += abs(n.Area2)
		}
	}
	for k, n := range nest {
		if n.Area2 != 0 && !n.Hole && holes[k] >= abs(n.Area2) {
			t.emptied = append(t.emptied, int32(len(t.features)))
			return
		}
	}
}

// findEmptied keeps the features that have a polygon of which holes take the
// whole, where the file says which ring is a hole of which.
func (t *polygonTable) findEmptied() {
	if t.nested {
		return
	}
	for _, p := range t.rings.Emptied() {
		i, found := slices.BinarySearch(t.rings.Areas, p)
		for found && i+1 < len(t.rings.Areas) && t.rings.Areas[i+1] == p { // areas without a polygon
			i++
		}
		if !found {
			i--
		}
		t.emptied = append(t.emptied, int32(i))
	}
	t.emptied = slices.Compact(t.emptied)
}

// sayGone notes the areas of which nothing is left, and those that lost a
// polygon to its holes, which emptied lists.
func (b *Set) sayGone(emptied []int32) {
	var gone []int32
	if b.cover.Collapsed > 0 {
		for i, m := range b.All() {
			if len(m) == 0 {
				gone = append(gone, int32(i))
			}
		}
	} else {
		gone = b.cover.Missing()
	}
	var crossed, filled, less []string
	for _, i := range gone {
		if slices.Contains(emptied, i) {
			filled = append(filled, b.codes[i])
		} else {
			crossed = append(crossed, b.codes[i])
		}
	}
	for _, i := range emptied {
		if _, all := slices.BinarySearch(gone, i); !all {
			less = append(less, b.codes[i])
		}
	}
	if len(crossed) > 0 {
		b.note("%s: nothing is left of %s, whose outline crosses itself or encloses no land: %s", b.file, words.Counted(len(crossed), "area"), words.Some(crossed))
	}
	if len(filled) > 0 {
		b.note("%s: nothing is left of %s, whose holes take the whole of it: %s", b.file, words.Counted(len(filled), "area"), words.Some(filled))
	}
	if len(less) > 0 {
		b.note("%s: holes take the whole of a polygon in %s: %s", b.file, words.Counted(len(less), "area"), words.Some(less))
	}
}

// placesOf gives where in order some features stand, rising; what is not in it
// is left out.
func placesOf(features, order []int32) []int32 {
	var out []int32
	if len(features) == 0 {
		return nil
	}
	for k, i := range order {
		if _, ok := slices.BinarySearch(features, i); ok {
			out = append(out, int32(k))
		}
	}
	return out
}
