package refsys

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"stpmap/render/internal/geojsonread"
	"stpmap/render/internal/words"
)

// wktNode is one part of the well-known text of a reference system: a keyword
// with its values, which are texts, numbers and further parts.
type wktNode struct {
	keyword string // in capitals
	values  []string
	parts   []wktNode
}

const wktDepth = 32

// parseWKT reads well-known text, of 1999 or of 2019 (ISO 19162).
func parseWKT(text string) (wktNode, error) {
	p := wktParser{s: text}
	n, err := p.node(0)
	if p.space(); err == nil && strings.HasPrefix(p.s, ",") {
		p.s = p.s[1:] // ESRI puts the system of heights behind that of the map
		var heights wktNode
		if heights, err = p.node(0); err == nil && heights.keyword != "VERTCS" {
			p.s = heights.keyword
		}
		p.space()
	}
	if err == nil && p.s != "" {
		err = fmt.Errorf("%w: text after the end of the reference system", geojsonread.ErrSyntax)
	}
	return n, err
}

type wktParser struct{ s string }

func (p *wktParser) space() { p.s = strings.TrimLeft(p.s, " \t\r\n\x00\ufeff") }

var wktWord = regexp.MustCompile(`^[A-Za-z0-9_+.\-]+`)

// node reads KEYWORD[…] or KEYWORD(…), or a word alone.
func (p *wktParser) node(depth int) (n wktNode, err error) {
	broken := fmt.Errorf("%w in the reference system", geojsonread.ErrSyntax)
	p.space()
	n.keyword = strings.ToUpper(wktWord.FindString(p.s))
	if n.keyword == "" || depth > wktDepth {
		return n, broken
	}
	p.s = p.s[len(n.keyword):]
	if p.space(); p.s == "" || p.s[0] != '[' && p.s[0] != '(' {
		return n, nil
	}
	for {
		p.s = p.s[1:] // the bracket or comma
		if p.space(); p.s == "" {
			return n, broken
		}
		if p.s[0] == '"' {
			text, err := p.text()
			if err != nil {
				return n, err
			}
			n.values = append(n.values, text)
		} else {
			part, err := p.node(depth + 1)
			if err != nil {
				return n, err
			}
			if len(part.values) == 0 && len(part.parts) == 0 {
				n.values = append(n.values, part.keyword)
			} else {
				n.parts = append(n.parts, part)
			}
		}
		if p.space(); p.s == "" {
			return n, broken
		}
		switch p.s[0] {
		case ',':
		case ']', ')':
			p.s = p.s[1:]
			return n, nil
		default:
			return n, broken
		}
	}
}

// text reads a text in quotes, in which two quotes stand for one.
func (p *wktParser) text() (string, error) {
	var b strings.Builder
	for s := p.s[1:]; ; {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return "", fmt.Errorf("%w in the reference system: a text without an end", geojsonread.ErrSyntax)
		}
		b.WriteString(s[:i])
		if !strings.HasPrefix(s[i+1:], `"`) {
			p.s = s[i+1:]
			return b.String(), nil
		}
		b.WriteByte('"')
		s = s[i+2:]
	}
}

// part is the first part with one of some keywords, of the node's own; ok is
// false if there is none.
func (n wktNode) part(keywords ...string) (wktNode, bool) {
	for _, p := range n.parts {
		for _, k := range keywords {
			if p.keyword == k {
				return p, true
			}
		}
	}
	return wktNode{}, false
}

// name is a node's first value; empty if it has none.
func (n wktNode) name() string {
	if len(n.values) == 0 {
		return ""
	}
	return n.values[0]
}

// number is a node's value as a number; NaN if it is none.
func (n wktNode) number(i int) float64 {
	if i >= len(n.values) {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(n.values[i], 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// epsg is the number that the node itself has in EPSG's list, ESRI's where it
// says so; empty if it names none.
func (n wktNode) epsg() string {
	a, ok := n.part("AUTHORITY", "ID")
	if !ok || len(a.values) < 2 {
		return ""
	}
	return strings.ToUpper(a.values[0]) + ":" + a.values[1]
}

// OfPrj recognises the well-known text of a .prj file by its number, or by
// its datum, unit and projection. Only what is known by name is taken.
func OfPrj(text string) (System, error) {
	n, err := parseWKT(text)
	if err != nil {
		return System{}, fmt.Errorf("%w: the .prj file: %w", ErrUnknown, err)
	}
	if c, ok := crsOfWKT(n); ok {
		return c, nil
	}
	return System{}, Unknown(fmt.Sprintf("%s[%q in the .prj file", n.keyword, n.name()))
}

func crsOfWKT(n wktNode) (System, bool) {
	if id := n.epsg(); id != "" {
		if c, ok := Named(id); ok {
			return c, true
		}
	}
	switch n.keyword {
	case "COMPD_CS", "COMPOUNDCRS", "BOUNDCRS", "SOURCECRS":
		for _, p := range n.parts {
			if c, ok := crsOfWKT(p); ok {
				return c, true
			}
		}
	case "GEOGCS", "GEOGCRS", "GEODCRS", "GEOGRAPHICCRS", "GEODETICCRS", "BASEGEOGCRS", "BASEGEODCRS":
		return geographicOfWKT(n)
	case "PROJCS", "PROJCRS", "PROJECTEDCRS":
		return projectedOfWKT(n)
	}
	return System{}, false
}

// geographicOfWKT takes degrees from Greenwich on a datum that is known.
func geographicOfWKT(n wktNode) (System, bool) {
	if m, ok := n.part("PRIMEM", "PRIMEMERIDIAN"); ok && m.number(1) != 0 {
		return System{}, false
	}
	if !n.unitIs(math.Pi/180, "ANGLEUNIT", "UNIT") {
		return System{}, false
	}
	if d, ok := n.part("DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"); ok && d.name() != "" {
		return datumNamed(d.name()) // whatever the system calls itself
	}
	return datumNamed(n.name())
}

// unitIs says whether the unit, where one is named, is of a size.
func (n wktNode) unitIs(size float64, keywords ...string) bool {
	u, ok := n.part(keywords...)
	if !ok {
		if cs, has := n.part("AXIS"); has {
			u, ok = cs.part(keywords...)
		}
	}
	return !ok || math.Abs(u.number(1)-size) <= 1e-6*size
}

// britishGrid is the parameters of the British National Grid that tell it from
// other grids on its datum.
var britishGrid = map[string]float64{
	"falseeasting": 400_000, "falsenorthing": -100_000, "centralmeridian": -2, "longitudeofnaturalorigin": -2,
	"latitudeoforigin": 49, "latitudeofnaturalorigin": 49, "scalefactor": 0.9996012717, "scalefactoratnaturalorigin": 0.9996012717,
}

// projectedOfWKT takes the British National Grid and Web Mercator, in metres.
func projectedOfWKT(n wktNode) (System, bool) {
	if !n.unitIs(1, "LENGTHUNIT", "UNIT") {
		return System{}, false
	}
	base, ok := n.part("GEOGCS", "GEOGCRS", "GEODCRS", "BASEGEOGCRS", "BASEGEODCRS")
	if !ok {
		return System{}, false
	}
	datum, ok := geographicOfWKT(base)
	if !ok {
		return System{}, false
	}
	of := n
	if c, ok := n.part("CONVERSION"); ok {
		of = c
	}
	method, _ := of.part("PROJECTION", "METHOD")
	kind := words.Plain(method.name())
	switch {
	case datum.Code == OSGB36.Code && kind == "transversemercator":
		given := 0
		for _, p := range of.parts {
			if p.keyword != "PARAMETER" {
				continue
			}
			want, known := britishGrid[words.Plain(p.name())]
			if known && math.Abs(p.number(1)-want) > 1e-6 {
				return System{}, false
			}
			if known {
				given++
			}
		}
		return BritishGrid, given >= 2
	case datum.Code == WGS84.Code && (strings.Contains(kind, "auxiliarysphere") || strings.Contains(kind, "pseudomercator") || strings.Contains(kind, "popularvisualisation")),
		datum.Code == WGS84.Code && strings.Contains(words.Plain(n.name()), "pseudomercator"):
		return WebMercator, true
	}
	return System{}, false
}
