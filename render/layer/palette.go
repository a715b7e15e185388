package layer

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"stpmap/flow/portable"
)

// Fills are quiet colours for areas that nothing is said of: muted, so that none
// reads as good or bad. The first four differ in lightness by 15 or more (CIE L*),
// so that neighbours stay apart in grey; four suffice for most maps.
var Fills = [...]string{
	"#f6ead5", "#afc2d6", "#869c7e", "#7f6678", "#eacdd3", "#c7c398", "#97b5b8", "#b98f6e",
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

// Ratings are the fills of ratings 1 (best) to 4 (worst): the worse the darker, so
// that they keep their order in grey, and from blue to red by way of no green.
func Ratings() [4]string { return [4]string{"#dcedfb", "#8db9d9", "#c46423", "#8b201b"} }

// Bands are the fills of what is far better than others, better, like others,
// worse, and far worse.
func Bands() [5]string { return [5]string{"#2166ac", "#92c5de", "#f7f7f7", "#f4a582", "#b2182b"} }

// Shares are the colours of lines that stand for a fifth each of all cases, from
// the least to the most.
func Shares() [5]string { return [5]string{"#cbd8ea", "#8aabd1", "#477fb9", "#185392", "#062b5b"} }

// Gains are the fills of nothing gained, then of six classes of gains.
func Gains() [7]string {
	return [7]string{"#ffffff", "#c1d7c4", "#85b08e", "#578763", "#2f5d41", "#043820", "#001200"}
}

// ramp is a named row of colours.
type ramp struct {
	name      string
	diverging bool
	anchors   []string // light to dark for the sequential, low to high for the diverging
	// deep are what the dark ends run on to where there are many classes: of the low
	// end and of the high end.
	deep [2]string
	most int // classes that can be told apart in grey
}

// ramps are the colour ramps.
// Source: Brewer CA, Harrower M, ColorBrewer 2.0 (blues, purples, YlOrBr, RdBu,
// PuOr: all marked safe for colour-blind readers), the first three with their
// lightness in even steps, so that five classes differ by 15 or more in grey; van der Walt S, Smith N,
// viridis (matplotlib).
var ramps = []ramp{
	{"blues", false, []string{"#eff3ff", "#afc9d9", "#5ca0c7", "#1774ad", "#00468b"}, [2]string{"", "#000a1c"}, 6},
	{"purples", false, []string{"#f2f0f7", "#c2c0d9", "#9591bf", "#6b62a7", "#552890"}, [2]string{"", "#10001f"}, 7},
	{"ylorbr", false, []string{"#fcfcd1", "#fac168", "#e7860e", "#c34f00", "#8c2800"}, [2]string{"", "#1c0400"}, 7},
	{"viridis", false, []string{"#fde725", "#5ec962", "#21918c", "#3b528b", "#440154"}, [2]string{"", "#1d0026"}, 6},
	{"bluered", true, []string{"#2166ac", "#92c5de", "#f7f7f7", "#f4a582", "#b2182b"}, [2]string{"#053061", "#67001f"}, 9},
	{"purpleorange", true, []string{"#5e3c99", "#b2abd2", "#f7f7f7", "#fdb863", "#e66101"}, [2]string{"#2d004b", "#5e2a03"}, 9},
}

// Ramps are the names that Ramp takes, in a fixed order.
func Ramps() []string {
	names := make([]string, len(ramps))
	for i, r := range ramps {
		names[i] = r.name
	}
	return names
}

// rampOf is the ramp of a name; an empty name is blues.
func rampOf(name string) (*ramp, error) {
	for i := range ramps {
		if ramps[i].name == name || name == "" {
			return &ramps[i], nil
		}
	}
	return nil, fmt.Errorf("no palette is called %q; there are %v", name, Ramps())
}

// MostClasses is how many colours a ramp has at most: of more, neighbours could not
// be told apart in grey. 0 for a ramp that there is not.
func MostClasses(name string) int {
	r, err := rampOf(name)
	if err != nil {
		return 0
	}
	return r.most
}

// Ramp gives n colours of a named ramp. Sequential ramps (blues, purples, ylorbr,
// viridis) go from light to dark; diverging ones (bluered, purpleorange) have their
// neutral in the middle. Neighbours differ by 15 or more (CIE 1976) in grey and for
// colour-blind readers: up to five colours are evenly spaced in OKLab, so that equal
// steps look equal, and more are evenly spaced in lightness down to a darker end. Of
// an even number of diverging colours, those of the high side are darker than those
// of the low side. An empty name is blues. The error says which names there are, or
// wraps ErrClasses where there are more than MostClasses.
func Ramp(name string, n int) ([]string, error) {
	r, err := rampOf(name)
	switch {
	case err != nil:
		return nil, err
	case n > r.most:
		return nil, fmt.Errorf("%d classes: %w: the palette %s has 1 to %d that can be told apart in grey", n, ErrClasses, r.name, r.most)
	case n > 5 || r.diverging && n%2 == 0:
		return r.spread(n), nil
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

// evenShift is by how many steps the palest of the low side of an even number of
// diverging colours is darker than the neutral.
const evenShift = 0.2

// spread gives n colours whose lightness falls in even steps.
func (r *ramp) spread(n int) []string {
	if !r.diverging {
		return falling(append(slices.Clone(r.anchors), r.deep[1]), n, 0, float64(n-1))
	}
	middle := len(r.anchors) / 2
	low, high := slices.Clone(r.anchors[:middle+1]), slices.Clone(r.anchors[middle:])
	slices.Reverse(low)
	if n > 5 {
		low, high = append(low, r.deep[0]), append(high, r.deep[1])
	}
	half := n / 2
	var down, up []string
	if n%2 == 0 {
		steps := float64(half) + evenShift
		down, up = falling(low, half, evenShift, steps), falling(high, half, 1+evenShift, steps)
	} else {
		down, up = falling(low, half+1, 0, float64(half)), falling(high, half, 1, float64(half))
	}
	slices.Reverse(down)
	return append(down, up...)
}

// falling gives n colours of a path from light to dark whose steps would lead from
// one end to the other: the first so many steps from the light end.
func falling(path []string, n int, first, steps float64) []string {
	from, to := Lightness(path[0]), Lightness(path[len(path)-1])
	out := make([]string, n)
	for i := range out {
		out[i] = ofLightness(path, from-float64((from-to)*(first+float64(i))/steps))
	}
	return out
}

// ofLightness is the colour of a path, from light to dark, that has a lightness.
func ofLightness(path []string, l float64) string {
	k := 0
	for k+2 < len(path) && Lightness(path[k+1]) > l {
		k++
	}
	lo, hi := 0.0, 1.0
	for range 30 {
		if t := (lo + hi) / 2; Lightness(mix(path[k], path[k+1], t)) > l {
			lo = t
		} else {
			hi = t
		}
	}
	return mix(path[k], path[k+1], hi)
}

// Lightness is the lightness of a colour in grey: CIE L*, from 0 to 100.
func Lightness(c string) float64 {
	r, g, b := RGB(c)
	y := float64(0.2126*linear(r)) + float64(0.7152*linear(g)) + float64(0.0722*linear(b))
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return float64(116*portable.Cbrt(y)) - 16
}

// linear is the light of a colour's part, from 0 to 1.
func linear(v uint8) float64 {
	x := float64(v) / 255
	if x <= 0.04045 {
		return x / 12.92
	}
	return portable.Pow((x+0.055)/1.055, 2.4)
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
	lr, lg, lb := linear(r), linear(g), linear(b)
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
