package geojsonread

import (
	"fmt"
	"math"
)

// ring reads positions up to the bracket that ends them.
func (r *reader) ring() error {
	rg := &r.c.Rings
	first := r.positions()
	startLine, startColumn := r.place(r.pos)
	var x0, y0, x, y number
	for i := 0; ; i++ {
		if i > 0 && !r.planar {
			r.run()
		}
		if len(r.buf)-r.pos < lookahead {
			r.fill()
			if r.positions() > maxPositions {
				return r.tooManyPositions()
			}
		}
		at := r.pos
		var err error
		if x, y, err = r.position(); err != nil {
			return err
		}
		if i == 0 {
			x0, y0 = x, y
			if !r.decided {
				r.decided = true
				r.planar = math.Abs(x.value()) > 180 || math.Abs(y.value()) > 90
				if r.planar {
					r.c.Planar = make([]float64, 0, cap(rg.XY))
					rg.XY = nil
				}
				r.c.firstLine, r.c.firstCol = r.place(min(at, r.pos))
			}
		}
		if r.planar {
			r.c.Planar = append(r.c.Planar, x.value(), y.value())
		} else {
			mx, my := x.micro(), y.micro()
			if mx > 180e6 || mx < -180e6 || my > 90e6 || my < -90e6 {
				err := fmt.Errorf("%w: %g, %g is no longitude and latitude", ErrOutOfRange, x.value(), y.value())
				r.geometryFault(r.faultAt(min(at, r.pos), err))
				mx, my = 0, 0
			}
			rg.XY = append(rg.XY, int32(mx), int32(my))
		}
		if r.pos < len(r.buf) && r.buf[r.pos] == ',' {
			r.pos++
			continue
		}
		more, err := r.next(']')
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	n := r.positions()
	if n > maxPositions {
		return r.tooManyPositions()
	}
	closed := x.value() == x0.value() && y.value() == y0.value()
	switch {
	case n-first < 4:
		r.geometryFault(&Fault{Line: startLine, Column: startColumn, Err: fmt.Errorf("%w: %d", ErrShortRing, n-first)})
	case !closed:
		err := fmt.Errorf("%w: begins at %g, %g and ends at %g, %g", ErrUnclosed, x0.value(), y0.value(), x.value(), y.value())
		r.geometryFault(&Fault{Line: startLine, Column: startColumn, Err: err})
	}
	if closed && n-first > 1 { // the closing position is understood
		if r.planar {
			r.c.Planar = r.c.Planar[:len(r.c.Planar)-2]
		} else {
			rg.XY = rg.XY[:len(rg.XY)-2]
		}
	}
	rg.Rings = append(rg.Rings, int32(r.positions()))
	return nil
}

func (r *reader) tooManyPositions() error {
	return r.fault(fmt.Errorf("more than %d positions: %w", maxPositions, ErrTooLarge))
}

// position reads [x, y] or [x, y, z …].
func (r *reader) position() (x, y number, err error) {
	// The spelling that nearly every file has: [1.2,3.4] or [ 1.2, 3.4 ].
	b := r.buf
	i := r.pos
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	if i < len(b) && b[i] == '[' {
		i++
		for i < len(b) && b[i] == ' ' {
			i++
		}
		if x, i = scanNumber(b, i); i >= 0 && i < len(b) && b[i] == ',' {
			i++
			for i < len(b) && b[i] == ' ' {
				i++
			}
			if y, i = scanNumber(b, i); i >= 0 {
				for i < len(b) && b[i] == ' ' {
					i++
				}
				if i < len(b) && b[i] == ']' {
					r.pos = i + 1
					return x, y, nil
				}
			}
		}
	}
	return r.anyPosition()
}

func (r *reader) anyPosition() (x, y number, err error) {
	if c, err := r.peek(); err != nil {
		return x, y, err
	} else if c != '[' {
		return x, y, r.fault(fmt.Errorf("%w: want a position, found %q", ErrCoordinates, c))
	}
	r.pos++
	if c, err := r.peek(); err != nil {
		return x, y, err
	} else if c == ']' {
		return x, y, r.fault(fmt.Errorf("%w: empty position", ErrCoordinates))
	}
	return r.numbers()
}

// numbers reads what follows a position's opening bracket.
func (r *reader) numbers() (x, y number, err error) {
	n := 0
	for more := true; more; n++ {
		v, err := r.number()
		if err != nil {
			return x, y, err
		}
		switch n {
		case 0:
			x = v
		case 1:
			y = v
		case 2:
			r.c.Heights++
		}
		if more, err = r.next(']'); err != nil {
			return x, y, err
		}
	}
	if n < 2 {
		return x, y, r.fault(fmt.Errorf("%w: position of one number", ErrCoordinates))
	}
	return x, y, nil
}
