package interval

import (
	"math"
	"testing"

	"stpmap/footprint/internal/footprinttest"
)

// The 95% limits of the first four are those of Newcombe RG (1998), Stat Med
// 17:857, table I, method 3, to four places: 0.2553 to 0.3662, 0.0624 to 0.1605,
// 0 to 0.1611, 0.0061 to 0.1718. All were computed apart in Python from the
// other form of the formula, p ± z√(p(1−p)/n + z²/4n²) about (p + z²/2n), over
// 1 + z²/n.
func TestWilson(t *testing.T) {
	for _, tc := range []struct{ r, n, lower95, upper95, lower998, upper998 float64 }{
		{81, 263, 0.2552885198782743, 0.3662095769828001, 0.22803574024200476, 0.40138942190936955},
		{15, 148, 0.06238639953073629, 0.160487241723308, 0.04738368050657231, 0.20364553090199017},
		{0, 20, 0, 0.1611251580528193, 0, 0.32317041462405505},
		{1, 29, 0.006113214292762653, 0.17175521879320282, 0.003016001358716963, 0.29658645803642136},
		{65, 100, 0.5525444329688797, 0.7363575175690246, 0.49549465740704485, 0.7783540614089686},
		{20, 20, 0.8388748419471808, 1, 0.676829585375945, 1},
	} {
		l, u := Wilson(tc.r, tc.n, 0.95)
		if !footprinttest.Near(l, tc.lower95, 1e-12) || !footprinttest.Near(u, tc.upper95, 1e-12) {
			t.Errorf("%v/%v at 95%%: got %v to %v, want %v to %v", tc.r, tc.n, l, u, tc.lower95, tc.upper95)
		}
		l, u = Wilson(tc.r, tc.n, 0.998)
		if !footprinttest.Near(l, tc.lower998, 1e-12) || !footprinttest.Near(u, tc.upper998, 1e-12) {
			t.Errorf("%v/%v at 99.8%%: got %v to %v, want %v to %v", tc.r, tc.n, l, u, tc.lower998, tc.upper998)
		}
	}
	for _, bad := range [][3]float64{{3, 2, 0.95}, {-1, 2, 0.95}, {0, 0, 0.95}, {1, 2, 1}, {1, 2, 0}, {math.NaN(), 2, 0.95}} {
		if l, u := Wilson(bad[0], bad[1], bad[2]); !math.IsNaN(l) || !math.IsNaN(u) {
			t.Errorf("%v: got %v to %v, want NaN", bad, l, u)
		}
	}
}

// Computed apart in Python from the formula of Breslow and Day; at 10 events it
// is within 0.2% of the exact limits 4.795 and 18.390, as public health guidance
// in England states.
func TestByar(t *testing.T) {
	for _, tc := range []struct{ count, confidence, lower, upper float64 }{
		{0, 0.95, 0, 3.6680118321737507},
		{1, 0.95, 0.01307213290150435, 5.5637555824752605},
		{10, 0.95, 4.787449913967564, 18.391458605756473},
		{27, 0.95, 17.78896447117714, 39.28509866818999},
		{100, 0.95, 81.36210549052788, 121.6279375792065},
		{100, 0.998, 71.90369187259837, 134.94362176226318},
		{1000, 0.998, 905.1149545959671, 1101.632945122775},
		{1, 0.998, 0, 9.362180217908362}, // the formula goes below 0
	} {
		if l, u := Byar(tc.count, tc.confidence); !footprinttest.Near(l, tc.lower, 1e-12) || !footprinttest.Near(u, tc.upper, 1e-12) {
			t.Errorf("%v: got %v to %v, want %v to %v", tc.count, l, u, tc.lower, tc.upper)
		}
	}
	if l, _ := Byar(-1, 0.95); !math.IsNaN(l) {
		t.Errorf("got %v for a negative count, want NaN", l)
	}
}

// The 95% limits stand in tables since Garwood (1936): 0 to 3.689, 0.0253 to
// 5.572, 1.623 to 11.668, 12.217 to 30.888. Computed apart in Python by bisection
// on the Poisson distribution function.
func TestExactPoisson(t *testing.T) {
	for _, tc := range []struct{ count, confidence, lower, upper float64 }{
		{0, 0.95, 0, 3.688879454113936},
		{1, 0.95, 0.02531780798428984, 5.571643390938898},
		{5, 0.95, 1.6234863901184227, 11.668332079322669},
		{9, 0.998, 2.4524244043637102, 22.65737330906293},
		{20, 0.95, 12.21651958540394, 30.888377902674595},
	} {
		if l, u := ExactPoisson(tc.count, tc.confidence); !footprinttest.Near(l, tc.lower, 1e-9) || !footprinttest.Near(u, tc.upper, 1e-9) {
			t.Errorf("%v: got %v to %v, want %v to %v", tc.count, l, u, tc.lower, tc.upper)
		}
	}
	if l, u := PoissonInterval(9, 0.95); !footprinttest.Near(l, 4.115373097378327, 1e-9) || !footprinttest.Near(u, 17.08480345141917, 1e-9) {
		t.Errorf("9 events: got %v to %v, want the exact interval", l, u)
	}
	if l, _ := PoissonInterval(10, 0.95); !footprinttest.Near(l, 4.787449913967564, 1e-12) {
		t.Errorf("10 events: got %v, want Byar's", l)
	}
}

// Newcombe RG (1998), Stat Med 17:873, table II: 56/70 − 48/80 by method 10 is
// 0.0524 to 0.3339; 9/10 − 3/10 is 0.1705 to 0.8090.
func TestDifference(t *testing.T) {
	for _, tc := range []struct{ r1, n1, r2, n2, lower, upper float64 }{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
	} {
		l1, u1 := Wilson(tc.r1, tc.n1, 0.95)
		l2, u2 := Wilson(tc.r2, tc.n2, 0.95)
		l, u := Difference(tc.r1/tc.n1, l1, u1, tc.r2/tc.n2, l2, u2)
		if math.Abs(l-tc.lower) > 5e-5 || math.Abs(u-tc.upper) > 5e-5 {
			t.Errorf("%v: got %v to %v", tc, l, u)
		}
	}
}
