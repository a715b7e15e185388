package picture

import (
	"math"

	"stpmap/render/page"
)

// nameColumn is the least width of a column on a page of names, in millimetres on A4.
const nameColumn = 55

// nameKeys are the lists of names that have no room in the key, one for each page.
func (s *scene) nameKeys() (out []*key) {
	if !s.how.apart {
		return nil
	}
	u := s.sheet.Unit
	gap := float64(keyGap * u)
	columns := max(1, int(math.Floor((s.sheet.Title.W+gap)/(float64(nameColumn*u)+gap))))
	width := (s.sheet.Title.W+gap)/float64(columns) - gap
	whole := &key{columns: columns, width: width, size: 8}
	whole.lists(s.layers, &s.how, u)
	for high := s.nameRoom().H; len(whole.rows) > 0; {
		starts, left := whole.fill(high)
		if len(starts) == 0 || left == len(whole.rows) {
			break
		}
		one := *whole
		one.rows = whole.rows[:len(whole.rows)-left]
		out = append(out, &one)
		whole.rows = whole.rows[len(whole.rows)-left:]
	}
	return out
}

// nameRoom is where the names stand on a page of their own.
func (s *scene) nameRoom() page.Box {
	top := s.sheet.Title.Y + s.sheet.Title.H + float64(3*s.sheet.Unit)
	return page.Box{X: s.sheet.Title.X, Y: top, W: s.sheet.Title.W, H: s.sheet.H - top - float64(8*s.sheet.Unit)}
}

// drawNames draws a page of names.
func (s *scene) drawNames(c canvas, k *key) {
	u := s.sheet.Unit
	c.text(label{x: s.sheet.Title.X, y: s.sheet.Title.Y + float64(7*u), points: 16 * u, bold: true, colour: page.InkColour, text: "The names on the map"})
	sheet := s.sheet
	sheet.Key = s.nameRoom()
	k.high = sheet.Key.H
	k.draw(c, sheet)
}
