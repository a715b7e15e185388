package chart

import (
	"bytes"
	"fmt"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Numbers of axes read back once their commas are gone, with commas between all
// thousands and nowhere else.
func TestChartNumbersReadBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 91))
	for range 3000 {
		v := math.Round(rng.NormFloat64()*math.Pow(10, float64(rng.IntN(9)))*100) / 100
		s := chartNumber(v)
		if x, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64); err != nil || x != v {
			t.Fatalf("%v is written %q", v, s)
		}
		whole, _, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
		for i, group := range strings.Split(whole, ",") {
			if len(group) > 3 || i > 0 && len(group) != 3 || group == "" {
				t.Fatalf("%v is written %q", v, s)
			}
		}
	}
}

// Wherever an axis lies it has one to six labels, which rise and differ.
func TestTicksOfAnyAxis(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 92))
	for range 1000 {
		lo := rng.NormFloat64() * math.Pow(10, float64(rng.IntN(7)))
		hi := lo + math.Abs(rng.NormFloat64())*math.Pow(10, float64(rng.IntN(7))) + 1e-3
		for name, label := range map[string]func(float64) string{"number": chartNumber, "percent": percentTick} {
			var labels []string
			last := math.Inf(-1)
			for _, k := range (chartTicks{label}).Ticks(lo, hi) {
				if k.Label == "" {
					continue
				}
				if k.Value <= last {
					t.Fatalf("%v to %v: a tick at %v after %v", lo, hi, k.Value, last)
				}
				last = k.Value
				labels = append(labels, k.Label)
			}
			if len(labels) < 1 || len(labels) > 6 {
				t.Fatalf("%v to %v: %d labels of %s: %v", lo, hi, len(labels), name, labels)
			}
		}
	}
}

// A box of sizes holds a quarter of the numbers below its lower end and a
// quarter above its upper one, however they are ordered.
func TestSizeBoxQuartiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 93))
	for range 500 {
		sizes := make([]float64, 1+rng.IntN(60))
		for i := range sizes {
			sizes[i] = float64(1 + rng.IntN(40))
		}
		given := slices.Clone(sizes)
		b := newSizeBox(3, sizes)
		if !slices.Equal(sizes, given) {
			t.Fatal("the sizes were moved")
		}
		if b.least != slices.Min(sizes) || b.most != slices.Max(sizes) || b.x != 3 {
			t.Fatalf("%v: box %+v", sizes, b)
		}
		for q, v := range map[float64]float64{0.25: b.low, 0.5: b.middle, 0.75: b.upper} {
			below, above := 0, 0
			for _, s := range sizes {
				if s < v {
					below++
				}
				if s > v {
					above++
				}
			}
			n := float64(len(sizes) - 1)
			if float64(below) > math.Ceil(q*n) || float64(above) > math.Ceil((1-q)*n) {
				t.Fatalf("%v: %v has %d below and %d above it, for %v", sizes, v, below, above, q)
			}
		}
	}
}

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// A chart says which formats there are, is as large in print as it says, and
// tells of a writer that fails.
func TestChartWrite(t *testing.T) {
	c := Chart{Name: "x", plot: newChart(`A < B & "C"`, "A notice"), width: 400, height: 200}
	if err := c.Write(io.Discard, "pdf"); err == nil || err.Error() != `a chart is svg, png or page, not "pdf"` {
		t.Errorf("got %v", err)
	}
	for _, format := range []string{"svg", "png"} {
		if err := c.Write(fullWriter{}, format); err == nil {
			t.Errorf("%s: a failing writer was not told of", format)
		}
	}
	var b bytes.Buffer
	if err := c.Write(&b, "png"); err != nil {
		t.Fatal(err)
	}
	img, err := png.DecodeConfig(&b)
	if err != nil {
		t.Fatal(err)
	}
	// 150 dots to an inch of 72 points.
	if got, want := fmt.Sprint(img.Width, "x", img.Height), fmt.Sprint(math.Round(400*150/72.0), "x", math.Round(200*150/72.0)); got != want {
		t.Errorf("%s dots, want %s", got, want)
	}
}
