package picture

import (
	"io"
	"math"
	"strconv"

	"stpmap/render/internal/markup"
	"stpmap/render/page"
)

// svgCanvas writes SVG in millimetres.
type svgCanvas struct {
	m    *markup.Writer
	path []byte
}

func newSVG(w io.Writer, s page.Sheet, title string) *svgCanvas {
	c := &svgCanvas{m: markup.New(w)}
	c.m.Raw(`<?xml version="1.0" encoding="UTF-8"?>`)
	c.m.Start("svg", "xmlns", "http://www.w3.org/2000/svg", "width", short(s.W)+"mm", "height", short(s.H)+"mm",
		"viewBox", "0 0 "+short(s.W)+" "+short(s.H), "role", "img", "font-family", "Arial, Helvetica, 'Liberation Sans', sans-serif")
	c.m.Text("title", title)
	return c
}

func (c *svgCanvas) close() error {
	c.m.End()
	return c.m.Close()
}

func (c *svgCanvas) begin(name string) { c.m.Start("g", "id", name) }
func (c *svgCanvas) end()              { c.m.End() }

// short writes millimetres with at most two decimals.
func short(x float64) string {
	return string(appendHundredths(nil, int(math.Round(x*100))))
}

// appendHundredths writes a hundredth of a whole number, without a nought before
// the point or at the end.
func appendHundredths(b []byte, x int) []byte {
	if x < 0 {
		b, x = append(b, '-'), -x
	}
	if x >= 100 || x == 0 {
		b = strconv.AppendInt(b, int64(x/100), 10)
	}
	if x %= 100; x == 0 {
		return b
	}
	b = append(b, '.', byte('0'+x/10))
	if x%10 != 0 {
		b = append(b, byte('0'+x%10))
	}
	return b
}

func (c *svgCanvas) shape(s shape) {
	// Moves are relative to the rounded place, so that errors do not add up.
	d := c.path[:0]
	pair := func(x, y int, cmd byte) {
		if cmd != 0 {
			d = append(d, cmd)
		} else if x >= 0 {
			d = append(d, ' ')
		}
		d = appendHundredths(d, x)
		if y >= 0 {
			d = append(d, ' ')
		}
		d = appendHundredths(d, y)
	}
	for _, line := range s.lines {
		px, py := 0, 0
		for i, p := range line {
			x, y := int(math.Round(p[0]*100)), int(math.Round(p[1]*100))
			switch i {
			case 0:
				pair(x, y, 'M')
			case 1:
				pair(x-px, y-py, 'l')
			default: // still l
				pair(x-px, y-py, 0)
			}
			px, py = x, y
		}
		if s.closed {
			d = append(d, 'z')
		}
	}
	c.path = d
	if len(d) == 0 {
		return
	}
	attrs := []string{"d", string(d)}
	if s.fill != "" {
		attrs = append(attrs, "fill", s.fill, "fill-rule", "evenodd")
	} else {
		attrs = append(attrs, "fill", "none")
	}
	if s.stroke != "" && s.width > 0 {
		attrs = append(attrs, "stroke", s.stroke, "stroke-width", short(math.Max(s.width, 0.01)), "stroke-linejoin", "round", "stroke-linecap", "round")
	}
	if s.opacity > 0 && s.opacity < 1 {
		attrs = append(attrs, "opacity", short(s.opacity))
	}
	if s.tip == "" {
		c.m.Empty("path", attrs...)
		return
	}
	c.m.Start("path", attrs...)
	c.m.Text("title", s.tip)
	c.m.End()
}

func (c *svgCanvas) text(t label) {
	attrs := []string{"x", short(t.x), "y", short(t.y), "font-size", short(t.points * page.Millimetre)}
	if t.bold {
		attrs = append(attrs, "font-weight", "bold")
	}
	switch t.anchor {
	case middle:
		attrs = append(attrs, "text-anchor", "middle")
	case right:
		attrs = append(attrs, "text-anchor", "end")
	}
	if t.halo {
		// A copy below, since not every program knows paint-order.
		halo := append(attrs[:len(attrs):len(attrs)], "fill", "#ffffff", "stroke", "#ffffff", "stroke-width", short(t.points*page.Millimetre*0.22),
			"stroke-linejoin", "round", "stroke-opacity", ".85", "aria-hidden", "true")
		c.m.Text("text", t.text, halo...)
	}
	c.m.Text("text", t.text, append(attrs, "fill", t.colour)...)
}
