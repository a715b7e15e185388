package linework

import "testing"

func TestConflict(t *testing.T) {
	tests := []struct {
		name string
		s, t [4]int32
		want bool
	}{
		{"cross", [4]int32{0, 0, 10, 10}, [4]int32{0, 10, 10, 0}, true},
		{"apart", [4]int32{0, 0, 10, 10}, [4]int32{0, 1, 9, 10}, false},
		{"share an end", [4]int32{0, 0, 10, 10}, [4]int32{10, 10, 20, 0}, false},
		{"share an end in line", [4]int32{0, 0, 10, 10}, [4]int32{10, 10, 20, 20}, false},
		{"end on the other", [4]int32{0, 0, 10, 0}, [4]int32{5, 0, 5, 5}, true},
		{"overlap in line", [4]int32{0, 0, 10, 0}, [4]int32{5, 0, 15, 0}, true},
		{"the same", [4]int32{0, 0, 10, 0}, [4]int32{10, 0, 0, 0}, true},
		{"one in the other", [4]int32{0, 0, 0, 10}, [4]int32{0, 2, 0, 10}, true},
		{"in line apart", [4]int32{0, 0, 0, 10}, [4]int32{0, 12, 0, 15}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Conflict(tt.s[:], tt.t[:]); got != tt.want {
				t.Errorf("got %v", got)
			}
			if got := Conflict(tt.t[:], tt.s[:]); got != tt.want {
				t.Errorf("the other way round: got %v", got)
			}
		})
	}
}
