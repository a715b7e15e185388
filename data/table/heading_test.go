package table

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func TestFindHeading(t *testing.T) {
	header := []string{"Area Code", "area_code", "N", "Patients (all)", "\ufeffFirst"}
	for name, want := range map[string]int{
		"area_code": 1, "Area Code": 0, "AREA-CODE": 0, "areacode": 0, "n": 2, "patients(all)": 3, "first": 4, "patients": -1, "": -1,
	} {
		if got := FindHeading(header, name); got != want {
			t.Errorf("%q: got %d, want %d", name, got, want)
		}
	}
}

// The canonical heading comes before the others, these in their order, and the
// pattern last.
func TestRoleFind(t *testing.T) {
	r := Role{Name: "area", Headings: []string{"ccgcode", "from"}, Pattern: regexp.MustCompile(`^lad\d\dcd$`)}
	for header, want := range map[string]int{
		"from,CCG code,area": 2, "from,CCG_CODE": 1, "LAD20CD,From": 1, "x,lad21cd": 1, "Area": 0, "areas,origin": -1, "": -1,
	} {
		if got := r.Find(strings.Split(header, ",")); got != want {
			t.Errorf("%s: got %d, want %d", header, got, want)
		}
	}
	if got := r.FindNormalised([]string{"", "from"}); got != 1 {
		t.Errorf("got %d", got)
	}
}

func TestMissing(t *testing.T) {
	r := Role{Name: "count", Flag: "--count-column", Headings: []string{"patients", "n", "spells", "admissions", "episodes", "visits"}}
	for _, c := range []struct {
		header        []string
		heading, want string
	}{
		{[]string{"area", "patiens"}, "", `missing column: no count (nor patients, n, spells, admissions, episodes, …) among "area", "patiens"; did you mean "patiens"? (--count-column names it outright)`},
		{[]string{"area", "number seen"}, "Number Sen", `missing column: there is no "Number Sen" among "area", "number seen"; did you mean "number seen"?`},
		{[]string{"a", "b"}, "", `missing column: no count (nor patients, n, spells, admissions, episodes, …) among "a", "b" (--count-column names it outright)`},
	} {
		err := r.Missing(c.header, c.heading)
		if err.Error() != c.want || !errors.Is(err, ErrMissingColumn) {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	many := strings.Split(strings.Repeat("x,", 19)+"x", ",")
	if got := (Role{Name: "y"}).Missing(many, "").Error(); !strings.HasSuffix(got, ` and 8 more`) {
		t.Errorf("twenty headings: %s", got)
	}
	long := Quoted(strings.Repeat("é", 50))
	if long != `"`+strings.Repeat("é", 40)+`…"` || QuotedList([]string{"a", "b"}) != `"a", "b"` {
		t.Errorf("quoted %s", long)
	}
}

// slowEdits is the distance by its definition, without a table.
func slowEdits(a, b string) int {
	switch {
	case a == "":
		return len(b)
	case b == "":
		return len(a)
	}
	best := min(slowEdits(a[1:], b), slowEdits(a, b[1:])) + 1
	rest := slowEdits(a[1:], b[1:])
	if a[0] != b[0] {
		rest++
	}
	best = min(best, rest)
	if len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] {
		best = min(best, slowEdits(a[2:], b[2:])+1)
	}
	return best
}

func TestEdits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	word := func() string {
		b := make([]byte, rng.IntN(6))
		for i := range b {
			b[i] = "abc"[rng.IntN(3)]
		}
		return string(b)
	}
	for range 3000 {
		a, b := word(), word()
		got := edits(a, b)
		if want := slowEdits(a, b); got != want {
			t.Fatalf("%q and %q: got %d, want %d", a, b, got, want)
		}
		if got != edits(b, a) {
			t.Fatalf("%q and %q: not the same both ways", a, b)
		}
	}
	if got := edits(strings.Repeat("a", 65), "b"); got != 65 {
		t.Errorf("a long word is %d edits away", got)
	}
	if got := Nearest([]string{"area", "provder", "provider type"}, []string{"provider"}); got != "provder" {
		t.Errorf("nearest is %q", got)
	}
	if got := Nearest([]string{"ab", "zzzz"}, []string{"xyz", "ac"}); got != "" {
		t.Errorf("nearest is %q", got)
	}
}

// The quick way through short plain headings gives what the long way gives.
func TestNormaliseIsOneRule(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	letters := []string{"", "A", "z", "0", "_", "-", ".", " ", "\t", "\v", "\r", "\x00", "\x1f", "\x7f", "\x85", "\xff", "@", "[", "É", "\ufeff", "\u00a0", "İ", strings.Repeat("Org Code", 9)}
	for range 20_000 {
		var b strings.Builder
		for range rng.IntN(9) {
			b.WriteString(letters[rng.IntN(len(letters))])
		}
		if s := b.String(); Normalise(s) != normaliseAny(s) {
			t.Fatalf("%q: %q and %q", s, Normalise(s), normaliseAny(s))
		}
	}
	for _, c := range [][2]string{{"Org Code", "orgcode"}, {"STP22_CD", "stp22cd"}, {"Provider-Code.1", "providercode1"}, {"Ysbyty Môn", "ysbytymôn"}} {
		if got := Normalise(c[0]); got != c[1] {
			t.Errorf("%q gives %q, want %q", c[0], got, c[1])
		}
	}
}

// No name is passed over that counting the edits would find.
func TestNearestPassesOverNone(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	word := func() string {
		b := make([]byte, 3+rng.IntN(5))
		for i := range b {
			b[i] = "abcp"[rng.IntN(4)]
		}
		return string(b)
	}
	for range 20_000 {
		h, w := word(), word()
		length := max(len(h), len(w))
		want := float64(edits(h, w)) <= 0.34*float64(length)
		if got := Nearest([]string{h}, []string{w}) == h; got != want {
			t.Fatalf("%q for %q: %v, with %d edits", h, w, got, edits(h, w))
		}
	}
}
