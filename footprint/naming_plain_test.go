package footprint

import (
	"math/rand/v2"
	"regexp"
	"testing"
)

// A name loses the number of a small area as the pattern of one says.
func TestWithoutNumber(t *testing.T) {
	pattern := regexp.MustCompile(`\s+\d+[A-Z]?$`)
	const signs = "aB1 2\tC\n9Zé"
	rng := rand.New(rand.NewPCG(35, 36))
	cut := 0
	for range 20_000 {
		var name []rune
		for range rng.IntN(8) {
			name = append(name, []rune(signs)[rng.IntN(len([]rune(signs)))])
		}
		want := pattern.ReplaceAllString(string(name), "")
		if got := withoutNumber(string(name)); got != want {
			t.Fatalf("%q gives %q, want %q", string(name), got, want)
		}
		if want != string(name) {
			cut++
		}
	}
	if cut < 1000 {
		t.Errorf("only %d names have a number", cut)
	}
}
