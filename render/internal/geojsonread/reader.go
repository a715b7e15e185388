package geojsonread

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// Value is the property of a feature with a given key; false if absent.
func (c *Collection) Value(feature int, key int32) (Property, bool) {
	ps := c.Features[feature].Properties
	i := slices.IndexFunc(ps, func(p Property) bool { return p.Key == key })
	if i < 0 {
		return Property{}, false
	}
	return ps[i], true
}
