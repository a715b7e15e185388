package data

import (
	"strings"
	"testing"

	"stpmap/data/table"
)

// Every column that a reader looks for has a flag of its own, and the option
// behind it reaches the reader.
func TestHeadings(t *testing.T) {
	flags := map[string]string{}
	tables := map[string]bool{}
	for _, h := range Headings() {
		if before, ok := flags[h.Role.Flag]; ok || !strings.HasPrefix(h.Role.Flag, "--") || !strings.HasSuffix(h.Role.Flag, "-column") {
			t.Errorf("%s, %s: flag %q, which %s has too", h.Table, h.Role.Name, h.Role.Flag, before)
		}
		flags[h.Role.Flag] = h.Table + ", " + h.Role.Name
		tables[h.Table] = true
	}
	if len(tables) != 6 || len(flags) != 25 {
		t.Errorf("%d tables, %d flags", len(tables), len(flags))
	}
}

func TestHeadingsNamedOutright(t *testing.T) {
	read := map[string]func(text string, opts ...table.Option) error{
		"flows": func(text string, opts ...table.Option) error {
			for _, err := range Records(t.Context(), "t.csv", strings.NewReader(text), opts...) {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"providers": func(text string, opts ...table.Option) error {
			_, _, err := ReadProviders(t.Context(), "t.csv", strings.NewReader(text), opts...)
			return err
		},
		"population": func(text string, opts ...table.Option) error {
			_, _, err := ReadPopulation(t.Context(), "t.csv", strings.NewReader(text), opts...)
			return err
		},
		"partition": func(text string, opts ...table.Option) error {
			_, _, err := ReadPartition(t.Context(), "t.csv", strings.NewReader(text), opts...)
			return err
		},
		"indicators": func(text string, opts ...table.Option) error {
			_, _, err := ReadIndicators(t.Context(), "t.csv", strings.NewReader(text), opts...)
			return err
		},
		"area-points": func(text string, opts ...table.Option) error {
			_, _, err := ReadAreaPoints(t.Context(), "t.csv", strings.NewReader(text), opts...)
			return err
		},
	}
	cell := map[string]string{"count": "3", "lon": "-1", "lat": "52", "population": "9", "numerator": "1", "denominator": "2", "value": "3", "lower": "1", "upper": "4"}
	// Headings that no reader would guess, each named outright.
	named := map[string][]table.Option{}
	heads, cells := map[string][]string{}, map[string][]string{}
	for i, h := range Headings() {
		odd := "q" + strings.Repeat("z", i+1)
		named[h.Table] = append(named[h.Table], table.Column(h.Role.Name, odd))
		heads[h.Table] = append(heads[h.Table], odd)
		c := cell[h.Role.Name]
		if c == "" {
			c = "X1"
		}
		cells[h.Table] = append(cells[h.Table], c)
	}
	for of, f := range read {
		text := strings.Join(heads[of], ",") + "\n" + strings.Join(cells[of], ",") + "\n"
		if err := f(text, named[of]...); err != nil {
			t.Errorf("%s: %v", of, err)
		}
		if err := f(text); err == nil {
			t.Errorf("%s: read without the headings being named", of)
		}
		if err := f(text, append(named[of], table.Column(headingOf(of), "nowhere"))...); err == nil || !strings.Contains(err.Error(), `there is no "nowhere"`) {
			t.Errorf("%s: a heading that is not there: %v", of, err)
		}
	}
}

// headingOf is the first column of a table.
func headingOf(of string) string {
	for _, h := range Headings() {
		if h.Table == of {
			return h.Role.Name
		}
	}
	return ""
}
