package jsontext

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// Strings and values come out as encoding/json writes them, whatever is in them.
func TestAgainstEncodingJSON(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 61))
	letters := []rune("aZ09 \"\\/<>&\b\f\n\r\t\x00\x1f\x7f\u2028é医🗺\ufffd")
	for range 3000 {
		s := make([]rune, rng.IntN(10))
		for i := range s {
			s[i] = letters[rng.IntN(len(letters))]
		}
		text := string(s)
		if rng.IntN(10) == 0 {
			text += "\xff" // broken text
		}
		want, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := String(text); string(got) != string(want) {
			t.Fatalf("%q: got %s, want %s", text, got, want)
		}
	}
	for range 3000 {
		v := (2*rng.Float64() - 1) * math.Pow(10, float64(rng.IntN(50)-25))
		got, err := AppendValue(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		var back float64
		if err := json.Unmarshal(got, &back); err != nil || back != v {
			t.Fatalf("%v came back from %s as %v, %v", v, got, back, err)
		}
	}
}

func TestAppendValue(t *testing.T) {
	for _, tt := range []struct {
		v    any
		want string
	}{
		{nil, "null"},
		{true, "true"},
		{false, "false"},
		{int64(-7), "-7"},
		{int(8), "8"},
		{"a\"b", `"a\"b"`},
		{0.0, "0"},
		{math.Copysign(0, -1), "0"},
		{1.5, "1.5"},
		{1e21, "1e+21"},
		{1e20, "100000000000000000000"},
		{1e-7, "1e-07"},
		{0.000001, "0.000001"},
		{math.NaN(), "null"},
		{math.Inf(1), "null"},
		{math.Inf(-1), "null"},
	} {
		got, err := AppendValue([]byte("x"), tt.v)
		if err != nil || string(got) != "x"+tt.want {
			t.Errorf("%v: got %s, %v, want %s", tt.v, got, err, tt.want)
		}
	}
	if _, err := AppendValue(nil, struct{}{}); err == nil || !strings.Contains(err.Error(), "struct {}") {
		t.Errorf("a struct: %v", err)
	}
}

func TestNotNil(t *testing.T) {
	if NotNil[int](nil) == nil || len(NotNil([]int{1})) != 1 {
		t.Error("nothing is no empty list")
	}
}
