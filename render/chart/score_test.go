package chart

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
)

func smallScore(t testing.TB) *score.Result {
	t.Helper()
	b := flow.NewBuilder()
	p := footprint.Partition{}
	var rows []attribution.Observation
	for f := range 8 {
		code := fmt.Sprintf("P%d", f)
		if err := b.Add(fmt.Sprintf("A%d", f), code, flow.Exactly(100)); err != nil {
			t.Fatal(err)
		}
		p.Areas, p.Providers, p.IDs = append(p.Areas, int32(f)), append(p.Providers, int32(f)), append(p.IDs, fmt.Sprintf("F%02d", f+1))
		for k, id := range []string{"ae_4h", "rtt_18w", "cancer_62d", "shmi", "finance"} {
			if f == 5 && k == 1 {
				continue
			}
			o := attribution.NewObservation(code, id, "2017/18")
			o.Denominator = float64(1000 + 300*f)
			share := 0.94 - 0.01*float64((f*k)%5)
			if f == 2 {
				share = 0.7
			}
			o.Numerator = math.Round(share * o.Denominator)
			rows = append(rows, o)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	r, err := score.Run(context.Background(), score.Input{Matrix: m, Partition: p, Observations: rows, Names: make([]string, 8), Options: score.Options{Draws: 200, MinIndicators: 0.3, MinDomains: 0.3}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestScoreCharts(t *testing.T) {
	const notice = "Synthetic data: no real place or organisation"
	charts, err := OfScore(smallScore(t), notice)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OfScore(smallScore(t), notice)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, c := range charts {
		names = append(names, c.Name)
		var svg, svg2, picture, picture2 bytes.Buffer
		for _, w := range []struct {
			chart  Chart
			to     *bytes.Buffer
			format string
		}{{c, &svg, "svg"}, {again[i], &svg2, "svg"}, {c, &picture, "png"}, {again[i], &picture2, "png"}} {
			if err := w.chart.Write(w.to, w.format); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(svg.Bytes(), svg2.Bytes()) || !bytes.Equal(picture.Bytes(), picture2.Bytes()) {
			t.Errorf("%s: two drawings of one score differ", c.Name)
		}
		if !strings.Contains(svg.String(), notice) {
			t.Errorf("%s: the notice is missing", c.Name)
		}
		for d := xml.NewDecoder(&svg); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
		}
		img, err := png.Decode(&picture)
		if err != nil {
			t.Fatal(err)
		}
		if b := img.Bounds(); b.Dx() < 600 || b.Dy() < 300 {
			t.Errorf("%s: got %v", c.Name, b)
		}
		if err := c.Write(io.Discard, "gif"); err == nil {
			t.Error("a chart was written as gif")
		}
	}
	if got := strings.Join(names, " "); got != "caterpillar heatmap funnel_ae_4h funnel_rtt_18w funnel_cancer_62d funnel_shmi" {
		t.Errorf("got %s", got)
	}
}

func TestChartNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 999: "999", 1000: "1,000", 1234567.5: "1,234,567.5", -25000: "-25,000"} {
		if got := chartNumber(v); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
