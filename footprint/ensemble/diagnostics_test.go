package ensemble

import (
	"math"
	"strconv"
	"testing"

	"stpmap/flow/flowtest"
)

func parse(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// R's package posterior gives the same numbers for the same draws.
func TestDiagnosticsOfPosterior(t *testing.T) {
	rows := flowtest.Records(t, "reference/rhat-apache2/chains.csv")
	want := flowtest.Records(t, "reference/rhat-apache2/reference_posterior.csv")
	for _, w := range want {
		name := w["name"]
		d := Draws{nil, nil}
		for _, r := range rows {
			c := int(parse(t, r["chain"])) - 1
			d[c] = append(d[c], parse(t, r[name]))
		}
		for column, got := range map[string]float64{
			"rhat_rank": d.RHat(), "ess_bulk": d.BulkESS(), "ess_tail": d.TailESS(), "ess_mean": d.MeanESS(),
			"ess_median": d.QuantileESS(0.5), "ess_quantile01": d.QuantileESS(0.01), "ess_quantile10": d.QuantileESS(0.1), "ess_quantile30": d.QuantileESS(0.3),
			"ess_sd": d.SpreadESS(), "mcse_sd": d.SpreadMCSE(), "mcse_mean": d.MeanMCSE(), "mcse_median": d.QuantileMCSE(0.5), "mcse_quantile01": d.QuantileMCSE(0.01), "mcse_quantile10": d.QuantileMCSE(0.1), "mcse_quantile30": d.QuantileMCSE(0.3),
			"rhat_raw": d.rhat(), "ess_raw": d.ess(),
		} {
			if x := parse(t, w[column]); math.Abs(got-x) > 1e-6*max(1, math.Abs(x)) {
				t.Errorf("%s of %s: got %v, want %v", column, name, got, x)
			}
		}
	}
}
