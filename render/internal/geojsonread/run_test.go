package geojsonread

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

// Numbers in runs are those that are read one by one.
func TestDegrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	cases := []string{"0.0", "-0.5", "1.25", "-180.0", "180.00000049", "0.0000005", "-0.0000005", "1.2345674999", "1.2345675", "12.0000005000000001", "9.99999999"}
	for range 20_000 {
		cases = append(cases, strconv.FormatFloat(rng.Float64()*360-180, 'f', 1+rng.IntN(15), 64))
	}
	for _, c := range cases {
		text := []byte(c + "]," + strings.Repeat("9", longest))
		n, next := scanNumber(text, 0)
		if next != len(c) {
			t.Fatalf("%s: next is %d", c, next)
		}
		got, next := degrees(text, 0)
		if next != len(c) || float64(got) != n.micro() {
			t.Errorf("%s: got %d and %d, want %g and %d", c, got, next, n.micro(), len(c))
		}
	}
	for _, c := range []string{"01.5", "-01.5", "1.", "1", "-.5", ".5", "+1.5", "1234.5", "1e5", "-", "x", "1.x", "1.123456789012345678901234567"} {
		got, next := degrees([]byte(c+"]"+strings.Repeat(" ", longest)), 0)
		if next >= 0 && next != 4 { // four digits are no degrees, and stop before the point
			t.Errorf("%s: got %d and %d", c, got, next)
		}
	}
}

// A ring comes out the same in one run, in several, and byte by byte, whatever
// stands between its numbers.
func TestRunsOfPositions(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range 50 {
		gap := func() string { return []string{"", "", " ", "  ", "\n", "\t"}[rng.IntN(6)] }
		number := func(limit float64) string {
			v := (2*rng.Float64() - 1) * limit
			switch rng.IntN(12) {
			case 0:
				return strconv.FormatFloat(v, 'e', rng.IntN(12), 64)
			case 1:
				return strconv.Itoa(int(v))
			case 2:
				return strconv.FormatFloat(v, 'f', 20+rng.IntN(15), 64)
			}
			return strconv.FormatFloat(v, 'f', 1+rng.IntN(15), 64)
		}
		plain := rng.IntN(2) == 0
		var ps []string
		for range 4 + rng.IntN(400) {
			x, y := number(94), number(84)
			if plain {
				ps = append(ps, fmt.Sprintf("[%s,%s]", x, y))
				continue
			}
			height := ""
			if rng.IntN(10) == 0 {
				height = ",5"
			}
			ps = append(ps, gap()+"["+gap()+x+gap()+","+gap()+y+height+gap()+"]"+gap())
		}
		text := `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[` + strings.Join(append(ps, ps[0]), ",") + `]]}}`
		want, err := Read(context.Background(), iotest.OneByteReader(strings.NewReader(text)), 0)
		if err != nil || len(want.Faults) > 0 || len(want.Rings.XY) != 2*len(ps) {
			t.Fatalf("%v, %v, %d positions of %d", err, want.Faults, len(want.Rings.XY)/2, len(ps))
		}
		got, err := Read(context.Background(), strings.NewReader(text), int64(len(text)))
		if err != nil || got.Heights != want.Heights || !slices.Equal(got.Rings.XY, want.Rings.XY) {
			t.Fatalf("%v, %d heights, want %d; or another position", err, got.Heights, want.Heights)
		}
	}
}

func TestRunOutOfRange(t *testing.T) {
	for _, bad := range []string{"[181.000000,1.0]", "[-180.000001,1.0]", "[1.0,90.000001]", "[1.0,-91.5]"} {
		text := `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[1.0,1.0],[2.0,1.0],` + bad + `,[2.0,2.0],[1.0,1.0]]]}}` + strings.Repeat(" ", longest)
		c, err := Read(context.Background(), strings.NewReader(text), 0)
		if err != nil || len(c.Faults) != 1 {
			t.Errorf("%s: %v, %v", bad, err, c)
		}
	}
}
