package table

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"stpmap/flow"
)

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]float64{
		"0": 0, "-0": 0, "12": 12, " 12 ": 12, "+7": 7, "1,234": 1234, "12,345,678.5": 12345678.5, "-1,000": -1000,
		"(3)": -3, "(1,234.5)": -1234.5, "1e3": 1000, "1.5E-2": 0.015, ".5": 0.5, "5.": 5, "007": 7,
	} {
		if got, err := ParseNumber(text); err != nil || got != want || math.Signbit(got) != (want < 0) {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", " ", "x", "1 2", "1,23", "1,2345", ",123", "1,,234", "1.5,000", "0x10", "1_000", "inf", "-Inf", "NaN", "1e999", "()", "(1", "--1", "1-", "12%", "£5", "½", "١",
	} {
		if got, err := ParseNumber(text); !errors.Is(err, ErrNotANumber) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

// A number that we write reads back as the same, with thousands parted by commas
// or not.
func TestNumbersRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		x := math.Ldexp(rng.Float64()*2-1, rng.IntN(80)-20)
		if rng.IntN(2) == 0 {
			x = math.Trunc(x)
		}
		text := FormatNumber(x)
		if got, err := ParseNumber(text); err != nil || got != x {
			t.Fatalf("%v is written %s and read %v, %v", x, text, got, err)
		}
		if n := rng.Int64N(1e12); true {
			plain := strconv.FormatInt(n, 10)
			var commas strings.Builder
			for i, c := range plain {
				if i > 0 && (len(plain)-i)%3 == 0 {
					commas.WriteByte(',')
				}
				commas.WriteRune(c)
			}
			if got, err := ParseNumber(commas.String()); err != nil || got != float64(n) {
				t.Fatalf("%s: got %v, %v", commas.String(), got, err)
			}
			if got, ok := Digits([]byte(plain)); !ok || got != float64(n) {
				t.Fatalf("digits of %s: got %v", plain, got)
			}
		}
	}
	for _, text := range []string{"", "-1", "1.5", "1,000", "1234567890123456", "12 ", "a"} {
		if got, ok := Digits([]byte(text)); ok {
			t.Errorf("digits of %q: got %v", text, got)
		}
	}
}

func TestParseCount(t *testing.T) {
	marks, err := ParseSuppression("-1=2:4")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text   string
		marks  Suppression
		want   flow.Count
		absent bool
		is     error
	}{
		{text: "12", want: flow.Exactly(12)},
		{text: " 1,200 ", want: flow.Exactly(1200)},
		{text: "0", want: flow.Exactly(0)},
		{text: "<5", want: flow.Between(1, 4)},
		{text: "[c]", want: flow.Between(1, 7)},
		{text: "-1", marks: marks, want: flow.Between(2, 4)},
		{text: "-1", is: ErrNegativeCount},
		{text: "(2)", is: ErrNegativeCount},
		{text: "few", is: ErrNotANumber},
		{text: "", absent: true},
		{text: "n/a", absent: true},
		{text: "..", absent: true},
	} {
		got, absent, err := ParseCount(c.text, c.marks)
		if absent != c.absent || !errors.Is(err, c.is) || (err == nil) != (c.is == nil) || err == nil && !absent && got != c.want {
			t.Errorf("%q: got %v, %t, %v", c.text, got, absent, err)
		}
	}
}

func FuzzParseCount(f *testing.F) {
	for _, s := range []string{"12", "1,234", "(5)", "<5", "≤ 3", "*", "[x]", "1e308", "-0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, absent, err := ParseCount(text, Suppression{})
		if err != nil || absent {
			return
		}
		if !(c.Lower >= 0 && c.Lower <= c.Upper && c.Upper <= math.MaxFloat64) {
			t.Fatalf("%q is %+v", text, c)
		}
		if !c.Suppressed() {
			again, _, err := ParseCount(fmt.Sprint(FormatNumber(c.Value)), Suppression{})
			if err != nil || again != c {
				t.Fatalf("%q is %v, which reads back as %v, %v", text, c, again, err)
			}
		}
	})
}
