package boundary

import (
	"encoding/binary"
	"fmt"
	"math"

	"stpmap/render/internal/topology"
	"stpmap/render/internal/words"
)

// shapes takes the rings of a Shapefile's records.
type shapes struct {
	t     *polygonTable
	named bool // whether the system is known
	// turned and repeated count rings that run the wrong way, and that are there
	// twice.
	turned, repeated int
}

// shapeRecord is the rings of one record as they stand in it.
type shapeRecord struct {
	b      []byte
	parts  int
	points int
}

func parseShape(b []byte) (r shapeRecord, err error) {
	if len(b) < 44 {
		return r, fmt.Errorf("%w: record of %d bytes", ErrTruncated, len(b))
	}
	parts, points := int64(binary.LittleEndian.Uint32(b[36:])), int64(binary.LittleEndian.Uint32(b[40:]))
	if 44+4*parts+16*points > int64(len(b)) {
		return r, fmt.Errorf("%w: %d parts and %d points in %d bytes", ErrTruncated, parts, points, len(b))
	}
	r = shapeRecord{b, int(parts), int(points)}
	for k := range r.parts {
		if lo, hi := r.part(k); lo > hi || hi > r.points {
			return r, fmt.Errorf("%w: part %d runs from point %d to %d of %d", ErrFormat, k+1, lo, hi, points)
		}
	}
	return r, nil
}

func (r shapeRecord) at(i int) (x, y float64) {
	p := r.b[44+4*r.parts+16*i:]
	return math.Float64frombits(binary.LittleEndian.Uint64(p)), math.Float64frombits(binary.LittleEndian.Uint64(p[8:]))
}

// part is where the points of a part begin and end.
func (r shapeRecord) part(k int) (lo, hi int) {
	bound := func(k int) int {
		if k == r.parts {
			return r.points
		}
		return int(binary.LittleEndian.Uint32(r.b[44+4*k:]))
	}
	return bound(k), bound(k + 1)
}

// polygons takes the rings of a record. Which of them are holes is told by where
// they lie; the directions, which many writers get wrong, count only for rings
// that cross each other.
func (s *shapes) polygons(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	switch kind := binary.LittleEndian.Uint32(b); kind {
	case 0:
		return nil
	case 5, 15, 25:
	default:
		return fmt.Errorf("%w: shape type %d", ErrGeometry, kind)
	}
	r, err := parseShape(b)
	if err != nil {
		return err
	}
	if !s.named && r.points > 0 {
		s.named = true
		if err := s.t.guessCRS(r.at(0)); err != nil {
			return err
		}
	}
	rings := &s.t.rings
	first := len(rings.Rings) - 1
	for k := range r.parts {
		lo, hi := r.part(k)
		if err := s.t.addRing(hi-lo, func(i int) (x, y float64) { return r.at(lo + i) }); err != nil {
			return err
		}
	}
	nest, ok := rings.Nest(int32(first), int32(first+r.parts))
	if !ok {
		return fmt.Errorf("%d rings in one area: %w", r.parts, ErrTooLarge)
	}
	s.arrange(first, nest)
	return nil
}

// arrange puts the rings of a record in the order of polygons: shells first, the
// largest of them last, with all holes behind it. Later steps ask which rings
// are holes, and find out themselves in what.
func (s *shapes) arrange(first int, nest []topology.Nesting) {
	main := -1
	for k, n := range nest {
		if main < 0 || abs(n.Area2) > abs(nest[main].Area2) {
			main = k
		}
	}
	if main < 0 {
		return
	}
	var shells, holes []int
	for k, n := range nest {
		against := (n.Area2 > 0) != (nest[main].Area2 > 0) // as a hole should run
		hole := n.Hole
		if n.Crosses {
			hole = against
		}
		switch {
		case n.Repeat:
			s.repeated++
			continue
		case n.Area2 != 0 && hole != against:
			s.turned++
		}
		if k != main && hole {
			holes = append(holes, k)
		} else if k != main {
			shells = append(shells, k)
		}
	}
	s.t.noteEmptied(nest)
	rings := &s.t.rings
	if len(shells) == 0 && main == 0 && len(holes) == len(nest)-1 { // in order as they are
		rings.EndPolygon()
		return
	}
	old := append([]int32(nil), rings.XY[2*rings.Rings[first]:]...)
	ends := append([]int32(nil), rings.Rings[first:]...)
	rings.XY, rings.Rings = rings.XY[:2*rings.Rings[first]], rings.Rings[:first+1]
	add := func(k int) {
		rings.XY = append(rings.XY, old[2*(ends[k]-ends[0]):2*(ends[k+1]-ends[0])]...)
		rings.EndRing()
	}
	for _, k := range shells {
		add(k)
		rings.EndPolygon()
	}
	add(main)
	for _, k := range holes {
		add(k)
	}
	rings.EndPolygon()
}

// say notes what was found about rings.
func (s *shapes) say() {
	if s.turned > 0 {
		s.t.note("%s: %s the wrong way; where a ring lies says whether it is a hole", s.t.file, countedVerb(s.turned, "ring", "runs", "run"))
	}
	if s.repeated > 0 {
		s.t.note("%s: %s there twice and counts once", s.t.file, countedVerb(s.repeated, "ring", "is", "are"))
	}
}

func abs(x int64) int64 { return max(x, -x) }

func countedVerb(n int, noun, one, many string) string {
	if n == 1 {
		return words.Counted(n, noun) + " " + one
	}
	return words.Counted(n, noun) + " " + many
}
