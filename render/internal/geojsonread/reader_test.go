package geojsonread

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

func text(features int) string {
	rng := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	b.WriteString("{ \"type\": \"FeatureCollection\",\r\n\"features\": [\n")
	for f := range features {
		if f > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"code":"E%05d","n":%d,"ok":true,"none":null,"list":[1,{"a":"]"}],"näme":"a\"b\\"},"geometry":{"type":"MultiPolygon","coordinates":[`, f, f)
		for p := range 1 + rng.IntN(3) {
			if p > 0 {
				b.WriteString(", ")
			}
			b.WriteString("[[")
			var first string
			for i := range 3 + rng.IntN(40) {
				at := fmt.Sprintf("[%.*f,%.*f]", rng.IntN(9), rng.Float64()*360-180, rng.IntN(9), rng.Float64()*180-90)
				if i == 0 {
					first = at
				}
				b.WriteString(at + ",")
			}
			b.WriteString(first + "]]")
		}
		b.WriteString("]}}")
	}
	b.WriteString("\n]}\n")
	return b.String()
}

// However the bytes arrive, the result is the same.
func TestReadInPieces(t *testing.T) {
	in := text(30)
	want, err := Read(context.Background(), strings.NewReader(in), int64(len(in)))
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Features) != 30 || len(want.Rings.XY) == 0 || len(want.Faults) > 0 {
		t.Fatalf("got %d features, faults %v", len(want.Features), want.Faults)
	}
	for name, r := range map[string]io.Reader{
		"one byte":    iotest.OneByteReader(strings.NewReader(in)),
		"halves":      iotest.HalfReader(strings.NewReader(in)),
		"end at once": iotest.DataErrReader(strings.NewReader(in)),
	} {
		got, err := Read(context.Background(), r, 0)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got.Features, want.Features) || !slices.Equal(got.Rings.XY, want.Rings.XY) || !slices.Equal(got.Rings.Rings, want.Rings.Rings) {
			t.Errorf("%s: another result", name)
		}
	}
	if p, ok := want.Value(7, slicesIndex(want.Keys, "näme")); !ok || p.Text != `a"b\` || p.Kind != String {
		t.Errorf("got %+v", p)
	}
	if _, ok := want.Value(0, slicesIndex(want.Keys, "list")); ok {
		t.Error("a list is no property")
	}
}

func slicesIndex(keys []string, key string) int32 { return int32(slices.Index(keys, key)) }

// Cut anywhere, a text gives an error at its end, and no panic.
func TestReadTruncated(t *testing.T) {
	in := text(1)
	for n := range len(strings.TrimSpace(in)) {
		_, err := Read(context.Background(), strings.NewReader(in[:n]), 0)
		var f *Fault
		if !errors.As(err, &f) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

// Lines and columns hold far beyond the buffer.
func TestPlaceBeyondTheBuffer(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("{\"type\":\"FeatureCollection\",\"features\":[\n")
	const n = 20_000
	for range n {
		b.WriteString(`{"type":"Feature","properties":{"code":"A"},"geometry":null},` + "\n")
	}
	b.WriteString(`  {"type":"Feature" "properties"`)
	_, err := Read(context.Background(), &b, 0)
	if want := fmt.Sprintf("%d:21: not JSON: want ',' or '}', found '\"'", n+2); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	long := `{"type":"FeatureCollection","x":"` + strings.Repeat("y", 900_000) + `" !`
	_, err = Read(context.Background(), strings.NewReader(long), 0)
	if want := "1:900036: not JSON: want ',' or '}', found '!'"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestLimits(t *testing.T) {
	endless := func(head, part string) io.Reader {
		return io.MultiReader(strings.NewReader(head), &repeating{part: part})
	}
	tests := []struct {
		name string
		r    io.Reader
	}{
		{"a string without end", endless(`{"type":"`, strings.Repeat("x", 4096))},
		{"a number without end", endless(`{"x":1`, strings.Repeat("0", 4096))},
		{"properties without end", endless(`{"type":"FeatureCollection","features":[{"properties":{`, `"a":"`+strings.Repeat("x", 100_000)+`",`)},
		{"arrays without end", endless(`{"x":`, strings.Repeat("[", 4096))},
		{"nested collections", endless(``, `{"type":"Feature","geometry":`+strings.Repeat(`{"geometries":[`, 20))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Read(context.Background(), tt.r, 0); !errors.Is(err, ErrTooLarge) {
				t.Errorf("got %v", err)
			}
		})
	}
}

type repeating struct {
	part string
	at   int
}

func (r *repeating) Read(p []byte) (int, error) {
	n := copy(p, r.part[r.at:])
	r.at = (r.at + n) % len(r.part)
	return n, nil
}

func TestReadErrorIsPassedOn(t *testing.T) {
	broken := errors.New("broken pipe")
	_, err := Read(context.Background(), io.MultiReader(strings.NewReader(`{"type":`), iotest.ErrReader(broken)), 0)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// Millionths are the exact decimal rounded, halves away from zero.
func TestMicro(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	cases := []string{"0", "-0", "1", "-180", "0.0000005", "-0.0000005", "0.0000004999999", "1.2345675", "51.49806", "179.9999999", "12.000000500000000000001", "1e-3", "-2.5E1"}
	for range 5000 {
		cases = append(cases, strconv.FormatFloat(rng.Float64()*360-180, 'f', rng.IntN(17), 64))
	}
	half := big.NewRat(1, 2)
	for _, c := range cases {
		s := newScanner(context.Background(), strings.NewReader(c+","))
		n, err := s.number()
		if err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		exact, _ := new(big.Rat).SetString(c)
		exact.Mul(exact, big.NewRat(1_000_000, 1))
		sign := exact.Sign()
		exact.Abs(exact).Add(exact, half)
		want := float64(new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()) * float64(sign)
		if got := n.micro(); got != want {
			t.Errorf("%s: got %g millionths, want %g", c, got, want)
		}
		value, err := strconv.ParseFloat(c, 64)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.value(); math.Abs(got-value) > 1e-13*math.Abs(value) {
			t.Errorf("%s: got %g", c, got)
		}
	}
}

func TestNotNumbers(t *testing.T) {
	for _, c := range []string{"01", "1.", ".5", "+1", "--1", "1e", "0x10", "Infinity", "nan", "1_000", "-"} {
		in := `{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":[[[` + c + `,50],[1,50],[1,51],[0,50]]]}}]}`
		if _, err := Read(context.Background(), strings.NewReader(in), 0); !errors.Is(err, ErrCoordinates) && !errors.Is(err, ErrSyntax) {
			t.Errorf("%s: got %v", c, err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	in := []byte(text(3000))
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(b.Context(), bytes.NewReader(in), int64(len(in))); err != nil {
			b.Fatal(err)
		}
	}
}
