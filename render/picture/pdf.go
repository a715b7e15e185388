package picture

import (
	"io"
	"time"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
	"github.com/paulmach/orb"

	"stpmap/render/internal/raster"
	"stpmap/render/layer"
	"stpmap/render/page"
)

// pdfCanvas draws one page of PDF, in millimetres.
type pdfCanvas struct {
	doc     *fpdf.Fpdf
	letters *raster.Image // knows the outlines of letters
}

// pdfDate stands for the time of making, so that the same map is the same file.
var pdfDate = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

const pdfFont = "Liberation Sans"

func newPDF(s page.Sheet, title string) *pdfCanvas {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: s.W, Ht: s.H}})
	doc.SetCreationDate(pdfDate)
	doc.SetModificationDate(pdfDate)
	doc.SetCatalogSort(true)
	doc.SetTitle(title, true)
	doc.SetLang("en")
	doc.SetAutoPageBreak(false, 0)
	doc.AddUTF8FontFromBytes(pdfFont, "", liberationsansregular.TTF)
	doc.AddUTF8FontFromBytes(pdfFont, "B", liberationsansbold.TTF)
	doc.AddPage()
	doc.SetLineJoinStyle("round")
	doc.SetLineCapStyle("round")
	return &pdfCanvas{doc: doc, letters: raster.New(1, 1)}
}

func (c *pdfCanvas) write(w io.Writer) error { return c.doc.Output(w) }

func (c *pdfCanvas) begin(string) {}
func (c *pdfCanvas) end()         {}

// colours sets what fills and what draws.
func (c *pdfCanvas) colours(fill, stroke string) {
	if fill != "" {
		r, g, b := layer.RGB(fill)
		c.doc.SetFillColor(int(r), int(g), int(b))
	}
	if stroke != "" {
		r, g, b := layer.RGB(stroke)
		c.doc.SetDrawColor(int(r), int(g), int(b))
	}
}

// path draws rings or lines; style is fpdf's, with a star for the even-odd rule.
func (c *pdfCanvas) path(lines [][]orb.Point, closed bool, style string) {
	any := false
	for _, line := range lines {
		for i, p := range line {
			if i == 0 {
				c.doc.MoveTo(p[0], p[1])
			} else {
				c.doc.LineTo(p[0], p[1])
			}
			any = true
		}
		if closed && len(line) > 0 {
			c.doc.ClosePath()
		}
	}
	if any {
		c.doc.DrawPath(style)
	}
}

func (c *pdfCanvas) shape(s shape) {
	stroked := s.stroke != "" && s.width > 0
	style := ""
	switch {
	case s.fill != "" && stroked:
		style = "B*"
	case s.fill != "":
		style = "f*"
	case stroked:
		style = "D"
	default:
		return
	}
	c.colours(s.fill, s.stroke)
	if stroked {
		c.doc.SetLineWidth(s.width)
	}
	c.alpha(s.opacity)
	c.path(s.lines, s.closed, style)
}

func (c *pdfCanvas) alpha(opacity float64) {
	if !(opacity > 0 && opacity <= 1) {
		opacity = 1
	}
	if now, _ := c.doc.GetAlpha(); now != opacity {
		c.doc.SetAlpha(opacity, "Normal")
	}
}

func (c *pdfCanvas) text(t label) {
	x := t.x
	switch w := page.TextWidth(t.text, t.points, t.bold); t.anchor {
	case middle:
		x -= w / 2
	case right:
		x -= w
	}
	size := t.points * page.Millimetre
	if t.halo {
		// The outline of the letters, not a second text: a search finds each word once.
		c.colours("", "#ffffff")
		c.doc.SetLineWidth(size * 0.22)
		c.alpha(0.85)
		c.path(c.letters.Letters(page.FontOf(t.bold), t.text, x, t.y, size), true, "D")
	}
	style := ""
	if t.bold {
		style = "B"
	}
	c.alpha(1)
	c.doc.SetFont(pdfFont, style, t.points)
	r, g, b := layer.RGB(t.colour)
	c.doc.SetTextColor(int(r), int(g), int(b))
	c.doc.Text(x, t.y, t.text)
}
