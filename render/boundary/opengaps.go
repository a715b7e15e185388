package boundary

import (
	"fmt"
	"math"
	"slices"

	"stpmap/render/internal/topology"
	"stpmap/render/internal/words"
)

// hairline is how wide a gap, in metres, is a slip of the pen for sure: no water
// is drawn so narrow for so long.
const hairline = 10

// noteOpenGaps says where borders run side by side without touching, open at one
// end or both. Cleaning cannot tell such a gap from coast and leaves it; where
// nothing is cleaned only hairlines between areas that touch nowhere else are told:
// they look like neighbours and are none.
func (b *Set) noteOpenGaps(clean bool) {
	widest := 0.0
	var list []string
	var gaps []topology.OpenGap
	if clean {
		gaps = b.cover.OpenGaps()
	} else {
		gaps = b.cover.OpenGapsApart(hairline, b.touch)
	}
	for _, g := range gaps {
		widest = max(widest, g.WidthM)
		list = append(list, fmt.Sprintf("%s and %s for %.3g km about %.5f, %.5f", b.codes[g.A], b.codes[g.B], g.LengthM/1000, g.At[0], g.At[1]))
	}
	if len(list) == 0 {
		return
	}
	taken := "so that the two are no neighbours: --snap %.0f would draw them together"
	if clean {
		taken = "which --clean takes for coast and --snap %.0f would draw together"
	}
	b.note("%s: borders of %s run beside each other without touching, "+taken+": %s",
		b.file, words.Counted(len(list), "pair"), math.Ceil(1.5*widest), words.Some(list))
}

// touch says whether two areas share a border of positive length.
func (b *Set) touch(i, j int32) bool {
	near, _ := b.touching().Of(int(i))
	_, found := slices.BinarySearch(near, j)
	return found
}
