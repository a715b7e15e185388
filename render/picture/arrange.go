package picture

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/page"
)

// keySizes are the sizes of a key's text, in points, the better first.
var keySizes = []float64{8, 7}

// beside are the widths of keys at the side, in millimetres on A4, by their number
// of columns.
var beside = []float64{0, 62, 112}

// arrange chooses how the parts of the page lie: upright or lying, with the key at
// the side or below, so that the map is as large as can be.
func (s *scene) arrange(bound orb.Bound, foot string) error {
	best := -1.0
	for _, upright := range []bool{false, true} {
		if upright && !s.Page.Turns() {
			continue
		}
		for _, size := range keySizes {
			if err := s.tryBeside(&best, bound, upright, size, foot); err != nil {
				return err
			}
			if err := s.tryBelow(&best, bound, upright, size, foot); err != nil {
				return err
			}
		}
	}
	return nil
}

// offer takes an arrangement if it is the best so far.
func (s *scene) offer(best *float64, bound orb.Bound, sheet page.Sheet, k *key) {
	f := sheet.Frame
	if f.W < 40 || f.H < 40 {
		return
	}
	b := page.Fit(bound, f.W, f.H)
	// Good letters are worth a little of the map.
	scale := f.W / (b.Max[0] - b.Min[0]) * (1 + float64((k.size-7)*0.05))
	if k.high > sheet.Key.H+0.1 {
		scale *= 1e-6 * sheet.Key.H / k.high // only where nothing else can be
	}
	if scale > *best*(1+1e-9) {
		*best, s.sheet, s.key = scale, sheet, k
	}
}

// tryBeside offers keys of one and two columns at the side.
func (s *scene) tryBeside(best *float64, bound orb.Bound, upright bool, size float64, foot string) error {
	for columns := 1; columns < len(beside); columns++ {
		sheet, err := page.Plan{Upright: upright, Beside: beside[columns]}.Sheet(s.Page, s.Subtitle != "", foot)
		if err != nil {
			return err
		}
		width := (sheet.Key.W+float64(keyGap*sheet.Unit))/float64(columns) - float64(keyGap*sheet.Unit)
		s.offer(best, bound, sheet, newKey(s.layers, columns, width, size, sheet.Unit).saying(s, width, sheet.Unit))
	}
	return nil
}

// tryBelow offers keys of several columns under the map.
func (s *scene) tryBelow(best *float64, bound orb.Bound, upright bool, size float64, foot string) error {
	sheet, err := page.Plan{Upright: upright, Below: 1}.Sheet(s.Page, s.Subtitle != "", foot)
	if err != nil {
		return err
	}
	gap := float64(keyGap * sheet.Unit)
	for columns := 2; columns <= 6; columns++ {
		width := (sheet.Key.W+gap)/float64(columns) - gap
		if width < 40*sheet.Unit {
			break
		}
		k := newKey(s.layers, columns, width, size, sheet.Unit).saying(s, width, sheet.Unit)
		below := math.Min(k.high+0.2, sheet.H*0.45)
		if k.high+0.2 > below {
			continue
		}
		laid, err := page.Plan{Upright: upright, Below: math.Max(below, 1)}.Sheet(s.Page, s.Subtitle != "", foot)
		if err != nil {
			return err
		}
		s.offer(best, bound, laid, k)
	}
	return nil
}
