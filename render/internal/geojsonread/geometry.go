package geojsonread

import "fmt"

// geometryObject reads a geometry; depth counts collections around it.
func (r *reader) geometryObject(depth int) error {
	line, column := r.place(r.pos)
	rg := &r.c.Rings
	r.geometry = geometryState{positions: r.positions(), rings: len(rg.Rings), polygons: len(rg.Polygons)}
	members := false
	err := r.object(func(key string) error {
		var err error
		switch key {
		case "type":
			r.geometry.kind, err = r.nameOrSkip()
		case "coordinates":
			if c, perr := r.peek(); perr != nil {
				return perr
			} else if c != '[' {
				return r.fault(fmt.Errorf("%w: want an array", ErrCoordinates))
			}
			r.geometry.depth, err = r.coordinates(1)
		case "geometries":
			members = true
			err = r.geometries(depth)
		default:
			err = r.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	r.judge(r.geometry, members, depth, line, column)
	return nil
}

// geometries reads the members of a collection; depth counts collections around
// it.
func (r *reader) geometries(depth int) error {
	if depth == 16 {
		return r.fault(fmt.Errorf("geometry collections nested more than 16 deep: %w", ErrTooLarge))
	}
	outer := r.geometry
	err := r.array(func() error {
		if c, err := r.peek(); err != nil {
			return err
		} else if c != '{' {
			return r.skip()
		}
		return r.geometryObject(depth + 1)
	})
	r.geometry = outer
	return err
}

// judge keeps the polygons of a geometry that was read, or takes back what is none
// and says so. members tells that it had geometries of its own.
func (r *reader) judge(g geometryState, members bool, depth, line, column int) {
	want := 0
	switch g.kind {
	case "Polygon":
		want = 3
	case "MultiPolygon":
		want = 4
	}
	switch {
	case g.kind == "GeometryCollection" || members:
	case want == 0 && depth > 0:
		r.undo(g)
		r.c.SkippedGeometries++
	case want == 0:
		r.undo(g)
		r.addFault(&Fault{Line: line, Column: column, Err: fmt.Errorf("%w: geometry type %q", ErrGeometry, g.kind)})
	case g.depth != 0 && g.depth != want:
		r.undo(g)
		r.addFault(&Fault{Line: line, Column: column, Err: fmt.Errorf("%w: coordinates of a %s nested %d deep, want %d", ErrCoordinates, g.kind, g.depth, want)})
	default:
		for _, f := range g.faults {
			r.addFault(f)
		}
	}
}

// undo takes back the positions of a geometry that is no polygon.
func (r *reader) undo(g geometryState) {
	rg := &r.c.Rings
	if r.planar {
		r.c.Planar = r.c.Planar[:2*g.positions]
	} else {
		rg.XY = rg.XY[:2*g.positions]
	}
	rg.Rings = rg.Rings[:g.rings]
	rg.Polygons = rg.Polygons[:g.polygons]
}

func (r *reader) positions() int {
	if r.planar {
		return len(r.c.Planar) / 2
	}
	return len(r.c.Rings.XY) / 2
}

// coordinates reads nested arrays of positions, level arrays down, and gives
// how deep they nest: 1 for a position, 2 for a ring, 3 for a polygon, 4 for
// polygons, 0 for nothing.
func (r *reader) coordinates(level int) (int, error) {
	r.pos++ // '[', which the caller saw
	c, err := r.peek()
	if err != nil {
		return 0, err
	}
	switch {
	case c == ']':
		r.pos++
		return 0, nil
	case c != '[':
		_, _, err := r.numbers() // a point's
		return 1, err
	case level > 3:
		return 0, r.fault(fmt.Errorf("%w: arrays nested too deep", ErrCoordinates))
	case r.ringAhead():
		return 2, r.ring()
	}
	depth := 0
	for more := true; more; {
		if c, err := r.peek(); err != nil {
			return 0, err
		} else if c != '[' {
			return 0, r.fault(fmt.Errorf("%w: want '[', found %q", ErrCoordinates, c))
		}
		at := r.pos
		d, err := r.coordinates(level + 1)
		if err != nil {
			return 0, err
		}
		if d == 0 {
			empty := r.faultAt(min(at, r.pos), fmt.Errorf("%w: empty array", ErrCoordinates))
			r.geometryFault(empty)
		} else if depth != 0 && d+1 != depth {
			return 0, r.fault(fmt.Errorf("%w: arrays of different depth", ErrCoordinates))
		} else {
			depth = d + 1
		}
		if more, err = r.next(']'); err != nil {
			return 0, err
		}
	}
	if depth == 3 {
		r.c.Rings.EndPolygon()
	}
	return depth, nil
}

// ringAhead says whether the array that was opened holds positions: whether a
// number follows the next bracket.
func (r *reader) ringAhead() bool {
	for i := r.pos + 1; ; i++ {
		if i == len(r.buf) {
			n := i - r.pos
			if n > lookahead || !r.fill() {
				return true
			}
			i = r.pos + n
		}
		switch r.buf[i] {
		case ' ', '\t', '\r', '\n':
		case '[', ']':
			return false
		default:
			return true
		}
	}
}
