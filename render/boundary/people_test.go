package boundary

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestPeopleAsText(t *testing.T) {
	for _, c := range []struct{ value, want string }{
		{`"100,000"`, "100000"},
		{`"101 000"`, "101000"},
		{`123456.5`, "123456.5"},
		{`" 99 "`, "99"},
		{`null`, "NaN"},
		{`"-"`, "NaN"},
		{`"NA"`, "NaN"},
		{`"100.000"`, `f.geojson:1:41: E1: population is no number of people: "100.000" may be thousands or decimals`},
		{`"about 100"`, `f.geojson:1:41: E1: population is no number of people: "about 100"`},
		{`-5`, `f.geojson:1:41: E1: population is no number of people: "-5"`},
	} {
		text := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"E1","population":` + c.value +
			`},"geometry":{"type":"Polygon","coordinates":[[[0,51],[1,51],[1,52],[0,52],[0,51]]]}}]}`
		b, err := Read(t.Context(), "f.geojson", strings.NewReader(text), Options{})
		got := ""
		switch {
		case err != nil:
			got = err.Error()
			if !errors.Is(err, ErrPopulation) {
				t.Errorf("%s: %v", c.value, err)
			}
		case math.IsNaN(b.Populations()[0]):
			got = "NaN"
		default:
			got = fmt.Sprint(b.Populations()[0])
		}
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.value, got, c.want)
		}
	}
}
