package drawing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stpmap/render/layer"
	"stpmap/render/maps"
)

// styleChoice is what --style asks for.
type styleChoice struct {
	field   string
	options layer.GraduatedOptions
	title   string // of the field, once it is applied
}

// tilesOf says whether a style is of tiles, and what remains of it.
func tilesOf(style string) (rest string, tiles bool) {
	first, rest, _ := strings.Cut(style, ":")
	if strings.EqualFold(first, "tiles") {
		return rest, true
	}
	return style, false
}

// styleUsage is how --style is written.
const styleUsage = "FIELD[:RAMP[:quantile|jenks|equal[:CLASSES]]], or FIELD:RAMP:manual:BREAK,BREAK,…, or tiles"

// parseStyle reads --style.
func parseStyle(s string) (*styleChoice, error) {
	parts := strings.Split(s, ":")
	if len(parts) > 4 || parts[0] == "" {
		return nil, fmt.Errorf("expected %s, got %q", styleUsage, s)
	}
	st := &styleChoice{field: parts[0], options: layer.GraduatedOptions{}}
	if len(parts) > 1 && parts[1] != "" {
		st.options.Ramp = strings.ToLower(parts[1])
		if !slices.Contains(layer.Ramps(), st.options.Ramp) {
			return nil, fmt.Errorf("no ramp %q; there are %s", parts[1], strings.Join(layer.Ramps(), ", "))
		}
	}
	if len(parts) > 2 && parts[2] != "" {
		st.options.Method = layer.Classification(strings.ToLower(parts[2]))
		if !slices.Contains([]layer.Classification{layer.Quantile, layer.Jenks, layer.Equal, layer.Manual}, st.options.Method) {
			return nil, fmt.Errorf("no way %q to make classes; there are quantile, jenks, equal and manual", parts[2])
		}
	}
	return st, st.parseClasses(parts)
}

// parseClasses reads the number of classes, or their breaks.
func (st *styleChoice) parseClasses(parts []string) error {
	if st.options.Method != layer.Manual {
		if len(parts) <= 3 {
			return nil
		}
		n, err := strconv.Atoi(parts[3])
		if err != nil || n < 1 || n > 12 {
			return fmt.Errorf("1 to 12 classes, got %q", parts[3])
		}
		st.options.Classes = n
		return nil
	}
	if len(parts) < 4 || parts[3] == "" {
		return fmt.Errorf("manual classes need their breaks: %s", styleUsage)
	}
	for _, text := range strings.Split(parts[3], ",") {
		x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || x-x != 0 {
			return fmt.Errorf("%q is no break between classes", text)
		}
		if n := len(st.options.Breaks); n > 0 && x <= st.options.Breaks[n-1] {
			return fmt.Errorf("breaks must rise: %s", parts[3])
		}
		st.options.Breaks = append(st.options.Breaks, x)
	}
	return nil
}

// fewer says that fewer classes are drawn than were asked for, so that they can be
// told apart in grey; empty where they are not.
func (st *styleChoice) fewer() string {
	most := layer.MostClasses(st.options.Ramp)
	if st.options.Classes <= most {
		return ""
	}
	return fmt.Sprintf("%d classes are drawn, not %d: more of this ramp cannot be told apart in grey", most, st.options.Classes)
}

// apply colours the footprints by the field, or else the indicators or the areas,
// whichever have it.
func (st *styleChoice) apply(layers []layer.Layer) error {
	for _, k := range maps.Kinds() {
		i := slices.IndexFunc(layers, func(l layer.Layer) bool { return l.Name == k.Name && k.Numbers })
		if i < 0 {
			continue
		}
		l := &layers[i]
		f := l.FieldIndex(st.field)
		if f < 0 || !isNumber(l.Fields[f]) {
			continue
		}
		classes, err := layer.GraduatedClasses(*l, st.field, st.options)
		if err != nil {
			return err
		}
		st.title = l.Fields[f].Alias
		l.Style.Kind, l.Style.Field, l.Style.Classes, l.Style.LegendTitle = layer.StyleGraduated, st.field, classes, l.Fields[f].Alias
		return nil
	}
	return fmt.Errorf("no number %q to colour by; there are %s", st.field, strings.Join(numbersOf(layers), ", "))
}

func isNumber(f layer.Field) bool { return f.Type == layer.Integer || f.Type == layer.Real }

// numbersOf are the fields that layers can be coloured by.
func numbersOf(layers []layer.Layer) (names []string) {
	for _, l := range layers {
		if k, _ := maps.KindOf(l.Name); !k.Numbers {
			continue
		}
		for _, f := range l.Fields {
			if isNumber(f) && !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	return names
}
