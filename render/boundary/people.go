package boundary

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"

	"stpmap/flow"
	"stpmap/render/internal/geojsonread"
)

// ErrPopulation marks a number of people that cannot be read.
var ErrPopulation = errors.New("population is no number of people")

// pointThousands is a text like 100.000, which is a hundred thousand on the
// continent and a hundred elsewhere.
var pointThousands = regexp.MustCompile(`^[1-9]\d{0,2}(\.\d{3})+$`)

// people reads the number of people of a feature; NaN where it has none. Text
// is read as in tables: "100,000" is a hundred thousand. The error wraps
// ErrPopulation.
func (t *polygonTable) people(feature int, key int32) (float64, error) {
	p, ok := t.value(feature, key)
	if !ok {
		return math.NaN(), nil
	}
	text := strings.TrimSpace(p.Text)
	switch strings.ToLower(text) {
	case "", "-", "–", ".", "..", ":", "na", "n/a", "nan", "null", "none", "x", "[x]", "z", "[z]", "not available":
		return math.NaN(), nil
	}
	n, ok := flow.ParseNumber(text)
	switch {
	case !ok || n < 0:
		return 0, fmt.Errorf("%w: %s", ErrPopulation, quotedText(text))
	case p.Kind == geojsonread.String && pointThousands.MatchString(text):
		return 0, fmt.Errorf("%w: %s may be thousands or decimals: write it without the point", ErrPopulation, quotedText(text))
	}
	return n, nil
}

// quotedText is text of a file, quoted and cut to a length that fits a message.
func quotedText(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
