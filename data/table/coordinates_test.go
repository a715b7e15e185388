package table

import (
	"fmt"
	"math"
	"testing"
)

func TestFarFrom(t *testing.T) {
	england := Extent{-6, 50, 2, 56}
	nan := math.NaN()
	for _, c := range []struct {
		name     string
		lon, lat []float64
		want     string
	}{
		{"all near", []float64{-1, -2, nan}, []float64{52, 53, nan}, "[] false"},
		{"Belfast and Edinburgh", []float64{-5.9, -3.2, -1}, []float64{54.6, 55.9, 52}, "[] false"},
		{"a sign lost", []float64{95, -2, -1}, []float64{52, 53, 51}, "[0] false"},
		{"swapped", []float64{52, 53, nan}, []float64{-1, -2, nan}, "[0 1] true"},
	} {
		far, swapped := FarFrom(c.lon, c.lat, england)
		if got := fmt.Sprint(far, swapped); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
