package picture

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/page"
)

// keySizes are the sizes of a key's text, in points, the better first.
var keySizes = []float64{8, 7}

// beside are the widths of keys at the side, in millimetres on A4, by their number
// of columns. Those after roomy are for long lists alone.
var beside = []float64{0, 62, 112, 126, 164, 200}

// roomy is the most columns of a key at the side that need not hold a long list.
const roomy = 2

// leastMap is the least width of a map whose key lists its names, as a share of
// what it would have without them.
const leastMap = 0.65

// arrangement is a way for the parts of the page to lie.
type arrangement struct {
	scale float64 // of the map, weighed; 0 for none
	fits  bool    // the key has room
	sheet page.Sheet
	key   *key
}

// better says whether an arrangement is to be preferred.
func (a *arrangement) better(o arrangement) bool {
	if a.fits != o.fits {
		return a.fits
	}
	return a.scale > o.scale*(1+1e-9)
}

// arrange chooses how the parts of the page lie: upright or lying, with the key at
// the side or below, so that the map is as large as can be. A list of names that
// leaves too little to the map goes to a page of its own.
func (s *scene) arrange(bound orb.Bound, foot string) error {
	s.how.apart = false
	columns, long := roomy, s.listedNames() > longList
	if long {
		columns = len(beside) - 1
	}
	best, err := s.arranged(bound, foot, columns)
	if err != nil {
		return err
	}
	if long {
		s.how.apart = true
		bare, err := s.arranged(bound, foot, roomy)
		if err != nil {
			return err
		}
		if s.how.apart = s.how.alone || !best.fits || best.scale < leastMap*bare.scale; s.how.apart {
			best = bare
		}
	}
	s.sheet, s.key = best.sheet, best.key
	return nil
}

// longList is how many names a key may always list.
const longList = 60

// arranged is the best arrangement with at most so many columns at the side.
func (s *scene) arranged(bound orb.Bound, foot string, columns int) (best arrangement, err error) {
	for _, upright := range []bool{false, true} {
		if upright && !s.Page.Turns() {
			continue
		}
		for _, size := range keySizes {
			if err := s.tryBeside(&best, bound, upright, size, foot, columns); err != nil {
				return best, err
			}
			if err := s.tryBelow(&best, bound, upright, size, foot); err != nil {
				return best, err
			}
		}
	}
	return best, nil
}

// offer takes an arrangement if it is the best so far.
func (s *scene) offer(best *arrangement, bound orb.Bound, sheet page.Sheet, k *key) {
	f := sheet.Frame
	if f.W < 40 || f.H < 40 {
		return
	}
	b := page.Fit(bound, f.W, f.H)
	// Good letters are worth a little of the map.
	one := arrangement{scale: f.W / (b.Max[0] - b.Min[0]) * (1 + float64((k.size-7)*0.05)), fits: k.high <= sheet.Key.H+0.1, sheet: sheet, key: k}
	if !one.fits {
		one.scale *= sheet.Key.H / k.high // only where nothing else can be
	}
	if one.better(*best) {
		*best = one
	}
}

// tryBeside offers keys of one column or more at the side.
func (s *scene) tryBeside(best *arrangement, bound orb.Bound, upright bool, size float64, foot string, most int) error {
	for columns := 1; columns <= most; columns++ {
		sheet, err := page.Plan{Upright: upright, Beside: beside[columns]}.Sheet(s.Page, s.Subtitle != "", foot)
		if err != nil {
			return err
		}
		width := (sheet.Key.W+float64(keyGap*sheet.Unit))/float64(columns) - float64(keyGap*sheet.Unit)
		s.offer(best, bound, sheet, newKey(s.layers, &s.how, columns, width, size, sheet.Unit).saying(s, sheet.Unit))
	}
	return nil
}

// tryBelow offers keys of several columns under the map.
func (s *scene) tryBelow(best *arrangement, bound orb.Bound, upright bool, size float64, foot string) error {
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
		k := newKey(s.layers, &s.how, columns, width, size, sheet.Unit).saying(s, sheet.Unit)
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
