package geojsonread

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"stpmap/render/internal/topology"
)

// What can be wrong with a geometry; test with errors.Is.
var (
	ErrCoordinates = errors.New("bad coordinates")
	ErrGeometry    = errors.New("not a polygon")
	ErrUnclosed    = errors.New("ring is not closed")
	ErrShortRing   = errors.New("ring has fewer than four positions")
	ErrOutOfRange  = errors.New("coordinate out of range")
	ErrNoFeatures  = errors.New("no features")
)

// Feature is where a feature stands in the text and which properties it has.
type Feature struct {
	Line, Column int
	Properties   []Property
}

// Property is one member of a feature's properties; Key indexes
// Collection.Keys.
type Property struct {
	Key  int32
	Kind Kind
	Text string // of a string, its content; of a number or boolean, its spelling
}

// Kind is the JSON type of a property.
type Kind int8

// The kinds of property; objects and arrays are left out.
const (
	Null Kind = iota
	String
	Number
	Boolean
)

// Collection is what a file holds. Each feature is one area of Rings, in the
// file's order.
type Collection struct {
	Features []Feature
	Keys     []string // of properties, in order of appearance; "id" of the feature stands as "@id"
	Rings    topology.Rings
	// Planar holds x and y of each position where the first one lies outside
	// the range of degrees; Rings.XY is then empty.
	Planar []float64
	// CRS is the name in a crs member, as it stands; empty if there is none.
	CRS                 string
	Page                Page
	CRSLine, CRSColumn  int
	Heights             int // positions whose third value was dropped
	EmptyGeometries     int
	SkippedGeometries   int // points and lines in geometry collections
	Faults              []*Fault
	MoreFaults          int
	firstLine, firstCol int
}

// FirstPosition is the line and column of the first position.
func (c *Collection) FirstPosition() (line, column int) { return c.firstLine, c.firstCol }

const maxFaults = 20

type reader struct {
	*scanner
	c        *Collection
	keys     map[string]int32
	text     int64 // bytes of properties so far
	geometry geometryState
	decided  bool // whether degrees or planar is known
	planar   bool
}

// geometryState is what has been read of one geometry object.
type geometryState struct {
	kind      string
	depth     int // of its coordinates: 1 a position … 4 polygons; 0 none or empty
	faults    []*Fault
	positions int // where its positions, rings and polygons begin
	rings     int
	polygons  int
}

// Read reads the polygons of a GeoJSON text: a FeatureCollection or a Feature.
// size is the text's length in bytes where known, else 0. Faults of single
// features are in the collection; a fault that ends the reading is returned as
// a *Fault.
func Read(ctx context.Context, r io.Reader, size int64) (*Collection, error) {
	c := &Collection{}
	c.Rings.Start()
	if size > 0 {
		// Twenty-two bytes a position is what six decimals take.
		c.Rings.XY = make([]int32, 0, 2*min(size/22+16, 1<<23))
	}
	rd := &reader{scanner: newScanner(ctx, r), c: c, keys: map[string]int32{}}
	if err := rd.document(); err != nil {
		return nil, err
	}
	return c, nil
}

func (r *reader) addFault(f *Fault) {
	if len(r.c.Faults) < maxFaults {
		r.c.Faults = append(r.c.Faults, f)
	} else {
		r.c.MoreFaults++
	}
}

// geometryFault notes a fault of the geometry being read, which counts only if
// that turns out to be a polygon.
func (r *reader) geometryFault(f *Fault) {
	if len(r.geometry.faults) < maxFaults {
		r.geometry.faults = append(r.geometry.faults, f)
	}
}

func (r *reader) document() error {
	if end, err := r.atEnd(); err != nil {
		return err
	} else if end {
		return r.fault(fmt.Errorf("%w: the file is empty", ErrNoFeatures))
	}
	kind := ""
	saw := false
	var single Feature
	single.Line, single.Column = r.place(r.pos)
	err := r.object(func(key string) error {
		switch key {
		case "type":
			var err error
			kind, err = r.stringOrSkip()
			return err
		case "features":
			saw = true
			return r.array(r.featureObject)
		case "crs":
			return r.crs()
		case "exceededTransferLimit", "numberMatched", "totalFeatures", "links":
			return r.pageMember(key)
		}
		return r.featureMember(&single, key)
	})
	if err != nil {
		return err
	}
	switch {
	case kind == "Feature":
		r.finishFeature(single)
	case kind != "FeatureCollection" || !saw:
		return &Fault{Line: single.Line, Column: single.Column, Err: fmt.Errorf("%w: type %q is no FeatureCollection", ErrNoFeatures, kind)}
	}
	if kind == "FeatureCollection" {
		r.pageProperties(single)
	}
	if end, err := r.atEnd(); err != nil {
		return err
	} else if !end {
		return r.fault(fmt.Errorf("%w: text after the end", ErrSyntax))
	}
	return nil
}

func (r *reader) featureObject() error {
	if c, err := r.peek(); err != nil {
		return err
	} else if c != '{' {
		return r.fault(fmt.Errorf("%w: want a feature, found %q", ErrSyntax, c))
	}
	var f Feature
	f.Line, f.Column = r.place(r.pos)
	if err := r.object(func(key string) error { return r.featureMember(&f, key) }); err != nil {
		return err
	}
	if len(r.c.Features) == maxFeatures {
		return r.fault(fmt.Errorf("more than %d features: %w", maxFeatures, ErrTooLarge))
	}
	r.finishFeature(f)
	return nil
}

func (r *reader) finishFeature(f Feature) {
	r.c.Rings.EndArea()
	r.c.Features = append(r.c.Features, f)
	if n := len(r.c.Rings.Areas); r.c.Rings.Areas[n-1] == r.c.Rings.Areas[n-2] {
		r.c.EmptyGeometries++
	}
}

func (r *reader) featureMember(f *Feature, key string) error {
	switch key {
	case "id":
		return r.property(f, "@id")
	case "properties":
		if c, err := r.peek(); err != nil {
			return err
		} else if c != '{' {
			return r.skip()
		}
		return r.object(func(key string) error { return r.property(f, key) })
	case "geometry":
		if c, err := r.peek(); err != nil {
			return err
		} else if c != '{' {
			return r.skip()
		}
		return r.geometryObject(0)
	}
	return r.skip()
}

func (r *reader) property(f *Feature, key string) error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	p := Property{Kind: Number}
	switch c {
	case '{', '[':
		return r.skip()
	case '"':
		p.Kind = String
		p.Text, err = r.str()
	default:
		var text []byte
		text, err = r.literal()
		p.Text = string(text)
		switch {
		case err != nil:
		case p.Text == "null":
			p.Kind, p.Text = Null, ""
		case p.Text == "true" || p.Text == "false":
			p.Kind = Boolean
		case !isNumber(text):
			err = r.faultAt(r.pos-len(text), fmt.Errorf("%w: value %.40q", ErrSyntax, text))
		}
	}
	if err != nil {
		return err
	}
	if r.text += int64(len(p.Text)); r.text > maxText {
		return r.fault(fmt.Errorf("more than %d bytes of properties: %w", maxText, ErrTooLarge))
	}
	id, ok := r.keys[key]
	if !ok {
		if len(r.keys) == maxKeys {
			return r.fault(fmt.Errorf("more than %d names of properties: %w", maxKeys, ErrTooLarge))
		}
		id = int32(len(r.c.Keys))
		r.keys[key] = id
		r.c.Keys = append(r.c.Keys, key)
	}
	p.Key = id
	if f.Properties == nil { // most features have what the first one has
		f.Properties = make([]Property, 0, min(len(r.c.Keys), 64))
	}
	f.Properties = append(f.Properties, p)
	return nil
}

func (r *reader) stringOrSkip() (string, error) {
	if c, err := r.peek(); err != nil {
		return "", err
	} else if c != '"' {
		return "", r.skip()
	}
	return r.str()
}

// nameOrSkip is stringOrSkip for words that come again.
func (r *reader) nameOrSkip() (string, error) {
	if c, err := r.peek(); err != nil {
		return "", err
	} else if c != '"' {
		return "", r.skip()
	}
	return r.name()
}

// crs takes a crs member: {"type":"name","properties":{"name":"…"}}.
func (r *reader) crs() error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	line, column := r.place(r.pos)
	if c != '{' {
		return r.skip()
	}
	name := "unnamed"
	err = r.object(func(key string) error {
		if c, err := r.peek(); err != nil {
			return err
		} else if key != "properties" || c != '{' {
			return r.skip()
		}
		return r.object(func(key string) error {
			if key != "name" {
				return r.skip()
			}
			var err error
			name, err = r.stringOrSkip()
			return err
		})
	})
	r.c.CRS, r.c.CRSLine, r.c.CRSColumn = name, line, column
	return err
}

// geometryObject reads a geometry; depth counts collections around it.
func (r *reader) geometryObject(depth int) error {
	line, column := r.place(r.pos)
	rg := &r.c.Rings
	g := geometryState{positions: r.positions(), rings: len(rg.Rings), polygons: len(rg.Polygons)}
	r.geometry = g
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
			if depth == 16 {
				return r.fault(fmt.Errorf("geometry collections nested more than 16 deep: %w", ErrTooLarge))
			}
			outer := r.geometry
			err = r.array(func() error {
				if c, err := r.peek(); err != nil {
					return err
				} else if c != '{' {
					return r.skip()
				}
				return r.geometryObject(depth + 1)
			})
			r.geometry = outer
		default:
			err = r.skip()
		}
		return err
	})
	if err != nil {
		return err
	}
	g = r.geometry
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
	return nil
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

// Value is the property of a feature with a given key; false if absent.
func (c *Collection) Value(feature int, key int32) (Property, bool) {
	ps := c.Features[feature].Properties
	i := slices.IndexFunc(ps, func(p Property) bool { return p.Key == key })
	if i < 0 {
		return Property{}, false
	}
	return ps[i], true
}
