package page

import (
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Liberation Sans (SIL Open Font License 1.1) draws the text of PNGs and
// measures that of SVGs: it is as wide as Arial, letter by letter.
var fonts = sync.OnceValue(func() [2]*sfnt.Font {
	var out [2]*sfnt.Font
	for i, ttf := range [...][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			panic("render: embedded font: " + err.Error())
		}
		out[i] = f
	}
	return out
})

// FontOf is the font of a text, plain or bold.
func FontOf(bold bool) *sfnt.Font {
	if bold {
		return fonts()[1]
	}
	return fonts()[0]
}

// measured is the size that letters are measured at.
const measured = 1000

// advances are the widths of the first letters of Unicode in both fonts, in
// sixty-fourths of a thousandth of the type's size.
var advances = sync.OnceValue(func() *[2][0x250]fixed.Int26_6 {
	var out [2][0x250]fixed.Int26_6
	var buf sfnt.Buffer
	for i, f := range fonts() {
		for r := range out[i] {
			out[i][r] = advance(f, &buf, rune(r))
		}
	}
	return &out
})

// advance is the width of a letter; 0 for one that cannot be measured.
func advance(f *sfnt.Font, buf *sfnt.Buffer, r rune) fixed.Int26_6 {
	i, err := f.GlyphIndex(buf, r)
	if err != nil {
		return 0
	}
	adv, err := f.GlyphAdvance(buf, i, fixed.I(measured), 0)
	if err != nil {
		return 0
	}
	return adv
}

// TextWidth is the width of a line in millimetres.
func TextWidth(text string, points float64, bold bool) float64 {
	face := 0
	if bold {
		face = 1
	}
	known := advances()
	var buf sfnt.Buffer
	var sum fixed.Int26_6
	for _, r := range text {
		if int(r) < len(known[face]) {
			sum += known[face][r]
		} else {
			sum += advance(FontOf(bold), &buf, r)
		}
	}
	return float64(sum) / 64 / measured * points * Millimetre
}

// ClipText shortens a line to a width, with an ellipsis.
func ClipText(text string, width, points float64, bold bool) string {
	if TextWidth(text, points, bold) <= width {
		return text
	}
	rs := []rune(text)
	for n := len(rs) - 1; n > 0; n-- {
		if s := strings.TrimRight(string(rs[:n]), " ,;") + "…"; TextWidth(s, points, bold) <= width {
			return s
		}
	}
	return "…"
}

// FlowText breaks a text at spaces into lines of at most a width.
func FlowText(text string, width, points float64, bold bool) []string {
	var out []string
	for para := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, w := range strings.Fields(para) {
			longer := w
			if line != "" {
				longer = line + " " + w
			}
			if line != "" && TextWidth(longer, points, bold) > width {
				out = append(out, ClipText(line, width, points, bold))
				longer = w
			}
			line = longer
		}
		if line != "" {
			out = append(out, ClipText(line, width, points, bold))
		}
	}
	return out
}

// WrapText breaks a text at spaces into lines of at most n characters.
func WrapText(text string, n int, mark string) string {
	out, line := "", 0
	start := 0
	word := func(w string) {
		k := len([]rune(w))
		switch {
		case line == 0:
		case line+1+k > n:
			out += mark
			line = 0
		default:
			out += " "
			line++
		}
		out += w
		line += k
	}
	for i, r := range text {
		if r == ' ' || r == '\n' {
			if i > start {
				word(text[start:i])
			}
			start = i + 1
		}
	}
	if start < len(text) {
		word(text[start:])
	}
	return out
}

func lineCount(text string, n int) int { return 1 + strings.Count(WrapText(text, n, "\n"), "\n") }
