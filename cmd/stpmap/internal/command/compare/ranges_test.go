package compare

import (
	"slices"
	"testing"

	"stpmap/footprint/sweep"
)

func TestParseResolutions(t *testing.T) {
	for _, c := range []struct {
		text string
		want []float64
		bad  bool
	}{
		{"2", []float64{2}, false},
		{"3,1,2,1", []float64{1, 2, 3}, false},
		{"0.1:0.5:0.1", []float64{0.1, 0.2, 0.3, 0.4, 0.5}, false},
		{"1:4:log3", []float64{1, 2, 4}, false},
		{"5,1:4:log3", []float64{1, 2, 4, 5}, false},
		{"1:1:log2", []float64{1}, false},
		{"", nil, true},
		{"0", nil, true},
		{"-1", nil, true},
		{"1:2", nil, true},
		{"2:1:1", nil, true},
		{"1:2:log", nil, true},
		{"1:2:log1", nil, true},
		{"1:2:log99999", nil, true},
		{"1:2:0", nil, true},
		{"1e-9:1:1e-9", nil, true},
		{"NaN", nil, true},
		{"Inf", nil, true},
		{"1:2:3:4", nil, true},
	} {
		got, err := parseResolutions(c.text)
		if (err != nil) != c.bad || !c.bad && !slices.Equal(got, c.want) {
			t.Errorf("%q: got %v, %v; want %v", c.text, got, err, c.want)
		}
	}
	forty, err := parseResolutions("0.2:15:log40")
	if err != nil || len(forty) != 40 || forty[0] != 0.2 || forty[39] != 15 {
		t.Errorf("0.2:15:log40: %v, %v", forty, err)
	}
}

func TestParseCounts(t *testing.T) {
	for _, c := range []struct {
		text string
		want []int
		bad  bool
	}{
		{"37", []int{37}, false},
		{"44,37,44", []int{37, 44}, false},
		{"3:6", []int{3, 4, 5, 6}, false},
		{"20:110:30", []int{20, 50, 80, 110}, false},
		{"1:100:log3", []int{1, 10, 100}, false},
		{"0", nil, true},
		{"1.5", nil, true},
		{"6:3", nil, true},
		{"1:2:0", nil, true},
		{"1:99999", nil, true},
		{"1:2:3:4", nil, true},
		{"", nil, true},
	} {
		got, err := parseCounts(c.text)
		if (err != nil) != c.bad || !c.bad && !slices.Equal(got, c.want) {
			t.Errorf("%q: got %v, %v; want %v", c.text, got, err, c.want)
		}
	}
}

func TestParseScale(t *testing.T) {
	if _, err := parseScale("3:1"); err == nil {
		t.Error("a scale upside down is taken")
	}
	if s, err := parseScale("300000:3000000"); err != nil || s != sweep.DefaultScale {
		t.Errorf("got %v, %v", s, err)
	}
}
