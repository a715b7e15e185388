package study

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/footprint"
)

// units reads --keep-whole.
func (l *loader) units() error {
	name := l.KeepWhole
	if name == "" || l.in.Matrix == nil {
		return nil
	}
	return l.read("keep-whole", name, func(r io.Reader) error {
		list, rep, err := data.ReadUnits(l.ctx, cli.InputName(name), r)
		if err != nil {
			return err
		}
		l.in.understand(tableUnderstood("keep-whole", name, &rep))
		l.note(rep.Notes...)
		return l.keepWhole(cli.InputName(name), list)
	})
}

// keepWhole joins a table of units to the flows; areas without flow are left
// out, and so is a unit of one area.
func (l *loader) keepWhole(name string, list []data.AreaUnit) error {
	in := l.in
	areas := map[string][]int32{}
	var missing []string
	for _, u := range list {
		a, ok := in.Matrix.AreaIndex(u.Area)
		if !ok {
			missing = append(missing, u.Area)
			continue
		}
		areas[u.Unit] = append(areas[u.Unit], int32(a))
	}
	if len(missing) == len(list) {
		return cli.Inputf("%s: no area of the table (such as %s) is one of the flows (such as %s)", name, words.First(missing), words.First(in.Matrix.Areas()))
	}
	if len(missing) > 0 {
		l.note(fmt.Sprintf("%s: %s without flow left out: %s", name, words.Counted(len(missing), "area"), words.Few(missing)))
	}
	for unit, members := range areas {
		if len(members) > 1 {
			slices.Sort(members)
			in.KeepWhole = append(in.KeepWhole, footprint.Unit{Name: unit, Areas: members})
		}
	}
	slices.SortFunc(in.KeepWhole, func(a, b footprint.Unit) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// CountedProviders marks the providers of some types, by the table of
// providers; case does not matter. The error names the types that there are.
func (in *Study) CountedProviders(types []string) ([]bool, error) {
	if in.ProviderTypes == nil {
		return nil, cli.Inputf("--provider-type needs --providers with the type of each provider")
	}
	marks := make([]bool, len(in.ProviderTypes))
	for _, want := range types {
		found := false
		for j, is := range in.ProviderTypes {
			if strings.EqualFold(strings.TrimSpace(is), strings.TrimSpace(want)) {
				marks[j], found = true, true
			}
		}
		if !found {
			return nil, cli.Inputf("--provider-type: no provider of the flows is of type %q; there are %s", want, in.typesThere())
		}
	}
	return marks, nil
}

// typesThere lists the types of the providers of the flows.
func (in *Study) typesThere() string {
	list := slices.Clone(in.ProviderTypes)
	slices.Sort(list)
	list = slices.DeleteFunc(slices.Compact(list), func(s string) bool { return s == "" })
	if len(list) == 0 {
		return "none: the table of providers has no column of types, or an empty one"
	}
	return words.Few(list)
}
