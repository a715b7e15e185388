package layer

import (
	"fmt"
	"math"
	"strconv"

	"stpmap/flow/portable"
)

// Fills is Paul Tol's "light" scheme without its grey, reordered so that
// the first few differ most: made for filling areas under black text, and told
// apart by readers with the common colour vision deficiencies.
// Source: Tol P (2021), Colour schemes, SRON/EPS/TN/09-002, issue 3.2.
var Fills = [...]string{
	"#77aadd", "#ee8866", "#eedd88", "#44bb99", "#ffaabb", "#bbcc33", "#99ddff", "#aaaa00",
}

// NotRated is the fill under the hatching of what is unknown or not rated.
const NotRated = "#eeeeee"

// Qualitative is the i-th of eight fills for categories without an order, safe
// for colour-blind readers; a negative or larger i wraps. Give it the colour
// index of a coloured adjacency graph, not a running number, or neighbours may
// share a fill.
func Qualitative(i int) string {
	n := len(Fills)
	return Fills[((i%n)+n)%n]
}

// Ratings are the fills of ratings 1 (best) to 4 (worst), from a diverging ramp
// without the red and green that many readers cannot tell apart.
func Ratings() [4]string { return [4]string{"#2b7bba", "#a6cee3", "#fdc692", "#d6604d"} }

// ramps holds the anchors of the colour ramps, light to dark for the
// sequential, low to high for the diverging.
// Source: Brewer CA, Harrower M, ColorBrewer 2.0 (blues, purples, YlOrBr, RdBu,
// PuOr: all marked safe for colour-blind readers); van der Walt S, Smith N,
// viridis (matplotlib).
var ramps = []struct {
	name      string
	diverging bool
	anchors   []string
}{
	{"blues", false, []string{"#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c"}},
	{"purples", false, []string{"#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f"}},
	{"ylorbr", false, []string{"#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"}},
	{"viridis", false, []string{"#fde725", "#5ec962", "#21918c", "#3b528b", "#440154"}},
	{"bluered", true, []string{"#2166ac", "#92c5de", "#f7f7f7", "#f4a582", "#b2182b"}},
	{"purpleorange", true, []string{"#5e3c99", "#b2abd2", "#f7f7f7", "#fdb863", "#e66101"}},
}

// Ramps are the names that Ramp takes, in a fixed order.
func Ramps() []string {
	names := make([]string, len(ramps))
	for i, r := range ramps {
		names[i] = r.name
	}
	return names
}

// Ramp gives n colours of a named ramp, evenly spaced in OKLab between its
// anchors, so that equal steps look equal. Sequential ramps (blues, purples,
// ylorbr, viridis) go from light to dark; diverging ones (bluered,
// purpleorange) have their neutral in the middle. An empty name is blues. The
// error says which names there are.
func Ramp(name string, n int) ([]string, error) {
	if name == "" {
		name = "blues"
	}
	for _, r := range ramps {
		if r.name != name {
			continue
		}
		out := make([]string, max(n, 0))
		for i := range out {
			t := 0.5 // one class takes the middle
			if n > 1 {
				t = float64(i) / float64(n-1)
			}
			at := float64(t * float64(len(r.anchors)-1))
			k := min(int(at), len(r.anchors)-2)
			out[i] = mix(r.anchors[k], r.anchors[k+1], at-float64(k))
		}
		return out, nil
	}
	return nil, fmt.Errorf("no palette is called %q; there are %v", name, Ramps())
}

// mix goes from colour a to colour b in OKLab (Ottosson 2020, "A perceptual
// color space for image processing").
func mix(a, b string, t float64) string {
	switch {
	case t <= 0:
		return a
	case t >= 1:
		return b
	}
	p, q := toLab(a), toLab(b)
	for i := range p {
		p[i] += float64((q[i] - p[i]) * t)
	}
	return fromLab(p)
}

func toLab(c string) [3]float64 {
	r, g, b := RGB(c)
	lin := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return portable.Pow((x+0.055)/1.055, 2.4)
	}
	lr, lg, lb := lin(r), lin(g), lin(b)
	l := portable.Cbrt(float64(0.4122214708*lr) + float64(0.5363325363*lg) + float64(0.0514459929*lb))
	m := portable.Cbrt(float64(0.2119034982*lr) + float64(0.6806995451*lg) + float64(0.1073969566*lb))
	s := portable.Cbrt(float64(0.0883024619*lr) + float64(0.2817188376*lg) + float64(0.6299787005*lb))
	return [3]float64{
		float64(0.2104542553*l) + float64(0.7936177850*m) - float64(0.0040720468*s),
		float64(1.9779984951*l) - float64(2.4285922050*m) + float64(0.4505937099*s),
		float64(0.0259040371*l) + float64(0.7827717662*m) - float64(0.8086757660*s),
	}
}

func fromLab(p [3]float64) string {
	l := p[0] + float64(0.3963377774*p[1]) + float64(0.2158037573*p[2])
	m := p[0] - float64(0.1055613458*p[1]) - float64(0.0638541728*p[2])
	s := p[0] - float64(0.0894841775*p[1]) - float64(1.2914855480*p[2])
	l, m, s = l*l*l, m*m*m, s*s*s
	enc := func(x float64) uint8 {
		x = min(max(x, 0), 1)
		if x <= 0.0031308 {
			x *= 12.92
		} else {
			x = float64(1.055*portable.Pow(x, 1/2.4)) - 0.055
		}
		return uint8(math.Round(x * 255))
	}
	return fmt.Sprintf("#%02x%02x%02x",
		enc(float64(4.0767416621*l)-float64(3.3077115913*m)+float64(0.2309699292*s)),
		enc(float64(-1.2684380046*l)+float64(2.6097574011*m)-float64(0.3413193965*s)),
		enc(float64(-0.0041960863*l)-float64(0.7034186147*m)+float64(1.7076147010*s)))
}

// RGB reads #rrggbb; what is no colour is mid grey, so that a bad style still
// draws.
func RGB(c string) (r, g, b uint8) {
	if len(c) == 7 && c[0] == '#' {
		if v, err := strconv.ParseUint(c[1:], 16, 24); err == nil {
			return uint8(v >> 16), uint8(v >> 8), uint8(v)
		}
	}
	return 0x88, 0x88, 0x88
}

// Darker is the colour with its lightness scaled by f in (0, 1), for outlines
// and text on its own tint.
func Darker(c string, f float64) string {
	p := toLab(c)
	p[0] *= f
	return fromLab(p)
}
