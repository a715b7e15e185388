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

// TextWidth is the width of a line in millimetres.
func TextWidth(text string, points float64, bold bool) float64 {
	const ppem = 1000
	f := FontOf(bold)
	var buf sfnt.Buffer
	var sum fixed.Int26_6
	for _, r := range text {
		i, err := f.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if adv, err := f.GlyphAdvance(&buf, i, fixed.I(ppem), 0); err == nil {
			sum += adv
		}
	}
	return float64(sum) / 64 / ppem * points * Millimetre
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
