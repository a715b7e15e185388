package qgis

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"stpmap/render/layer"
)

// holds evaluates a filter as QGIS does, as far as filter goes: comparisons of one
// column with a number or a text, joined by AND.
func holds(t *testing.T, expression, column string, v any) bool {
	t.Helper()
	for part := range strings.SplitSeq(expression, " AND ") {
		rest, ok := strings.CutPrefix(part, column+" ")
		if !ok {
			t.Fatalf("%q is not about %s", part, column)
		}
		switch rest {
		case "IS NULL":
			if v != nil {
				return false
			}
			continue
		case "IS NOT NULL":
			if v == nil {
				return false
			}
			continue
		}
		operator, operand, _ := strings.Cut(rest, " ")
		if v == nil { // a comparison with NULL is never true
			return false
		}
		if text, ok := v.(string); ok {
			want := strings.NewReplacer(`\\`, `\`, `''`, `'`).Replace(strings.TrimSuffix(strings.TrimPrefix(operand, "'"), "'"))
			if operator != "=" || text != want {
				return false
			}
			continue
		}
		x, _ := layer.Numeric(v)
		y, err := strconv.ParseFloat(operand, 64)
		if err != nil {
			t.Fatalf("%q compares with no number: %v", part, err)
		}
		if !map[string]bool{"=": x == y, "<": x < y, ">": x > y, "<=": x <= y, ">=": x >= y}[operator] {
			return false
		}
	}
	return true
}

// QGIS's rules take each feature once, and as our own pictures draw it.
func TestFiltersTakeEachFeatureOnce(t *testing.T) {
	words := []string{"plain", "it's", `back\slash`, "", "AND"}
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 91))
		l := layer.Layer{Name: "l", Geometry: "Point", Fields: []layer.Field{{Name: "n", Type: layer.Real}, {Name: "word"}}}
		for range 30 {
			values := []any{float64(rng.IntN(500)) / 4, words[rng.IntN(len(words))]}
			for i := range values {
				if rng.IntN(8) == 0 {
					values[i] = nil
				}
			}
			l.Features = append(l.Features, layer.Feature{Values: values})
		}
		at := 0
		switch seed % 3 {
		case 0:
			classes, err := layer.GraduatedClasses(l, "n", layer.GraduatedOptions{Classes: 1 + rng.IntN(6)})
			if err != nil {
				t.Fatal(err)
			}
			l.Style = layer.Style{Kind: layer.StyleGraduated, Field: "n", Classes: classes}
		case 1:
			at = 1
			l.Style = layer.Style{Kind: layer.StyleCategories, Field: "word", Classes: []layer.Class{{Label: "none"}}}
			for _, w := range words[:rng.IntN(len(words)+1)] {
				l.Style.Classes = append(l.Style.Classes, layer.Class{Value: w, Label: w})
			}
		default:
			l.Style = layer.Style{Kind: layer.StyleSizedPoints, Field: "n"}
		}
		es := l.Entries()
		find := l.Finder(es)
		column := quoteName(l.Fields[at].Name)
		for i, f := range l.Features {
			var taken []int
			other := -1
			for k := range es {
				switch expression := filter(&l, &es[k]); expression {
				case otherwise:
					other = k
				case "":
					taken = append(taken, k)
				default:
					if holds(t, expression, column, f.Values[at]) {
						taken = append(taken, k)
					}
				}
			}
			if len(taken) == 0 && other >= 0 {
				taken = []int{other}
			}
			if fmt.Sprint(taken) != fmt.Sprint([]int{find(i)}) {
				t.Fatalf("seed %d: %v is taken by rules %v, drawn by %d", seed, f.Values[at], taken, find(i))
			}
		}
	}
}

func TestQuotes(t *testing.T) {
	if got := quoteName(`a"b`); got != `"a""b"` {
		t.Errorf("a column is %s", got)
	}
	if got := quoteText(`it's \ here`); got != `'it''s \\ here'` {
		t.Errorf("a text is %s", got)
	}
	for v, want := range map[any]string{true: "true", int64(-3): "-3", 4: "4", 0.25: "0.25", "x": "'x'"} {
		if got := expressionValue(v); got != want {
			t.Errorf("%v is %s", v, got)
		}
	}
}
