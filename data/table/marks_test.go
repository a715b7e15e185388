package table

import (
	"errors"
	"testing"
)

func TestParseSuppression(t *testing.T) {
	for _, bad := range []string{"", "*", "*=", "=1:4", "*=1", "*=a:b", "*=4:1", "*=-1:4", "*=1:NaN", "*=1:Inf", " =1:4"} {
		if _, err := ParseSuppression(bad); !errors.Is(err, ErrSuppression) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
	s, err := ParseSuppression("*=1:4", "a=b=2:9", "*=0:5")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		mark         string
		lower, upper float64
		ok           bool
	}{
		{"*", 0, 5, true},
		{"a=b", 2, 9, true},
		{"A=B", 2, 9, true},
		{"#", 1, 4, true},
		{"[C]", 1, 7, true},
		{"<3", 1, 2, true},
		{"<=3", 1, 3, true},
		{"≤3", 1, 3, true},
		{"<1", 0, 0, false},
		{"<x", 0, 0, false},
		{"12", 0, 0, false},
		{"", 0, 0, false},
		{">5", 0, 0, false},
	} {
		lower, upper, ok := s.Bounds(tt.mark)
		if lower != tt.lower || upper != tt.upper || ok != tt.ok {
			t.Errorf("%q: got %v to %v, %t", tt.mark, lower, upper, ok)
		}
	}
}
