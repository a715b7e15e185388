package data

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"stpmap/data/table"
)

// errTwoGroups says that the group column cannot be guessed.
var errTwoGroups = errors.New("several columns may be the group")

// partitionColumns are the columns of a table of memberships; -1 for none.
type partitionColumns struct {
	kind, area, areaName, provider, providerName, group, groupName, confidence int
}

// partitionFinder looks for the columns of a partition in a header. A heading
// that is taken is blank in norm.
type partitionFinder struct {
	settings     *table.Settings
	header, norm []string // as they stand, and as Normalise gives them
	partitionColumns
}

// findPartitionColumns finds the columns of a partition in a header. The error
// wraps ErrMissingColumn.
func findPartitionColumns(o *table.Settings, header []string) (partitionColumns, error) {
	f := &partitionFinder{
		settings: o, header: header, norm: make([]string, len(header)),
		partitionColumns: partitionColumns{kind: -1, area: -1, areaName: -1, provider: -1, providerName: -1, group: -1, groupName: -1},
	}
	for i, h := range header {
		f.norm[i] = table.Normalise(h)
	}
	f.confidence = table.IndexOf(f.norm, "confidence")
	err := f.find()
	return f.partitionColumns, err
}

func (f *partitionFinder) find() (err error) {
	// 1. The group, where it was named, and our own table.
	if f.named(GroupRole) {
		if f.group, err = f.take(GroupRole); err != nil {
			return err
		}
		f.use(f.group)
	}
	kind, code := table.IndexOf(f.norm, "kind"), table.IndexOf(f.norm, "code")
	if kind >= 0 && code >= 0 && !f.named(AreaRole) && !f.named(ProviderRole) {
		f.kind, f.area, f.areaName = kind, code, table.IndexOf(f.norm, "name")
		f.use(f.kind, f.area, f.areaName)
	} else if err := f.members(code); err != nil {
		return err
	}
	// 2. The group, where it was not named, and its name.
	if f.group < 0 {
		if err := f.guessGroup(); err != nil {
			return err
		}
	}
	f.groupName = nameOf(f.norm, table.Normalise(f.header[f.group]))
	if f.groupName == f.group {
		f.groupName = -1
	}
	return nil
}

// named reports whether the heading of a role was named outright.
func (f *partitionFinder) named(role table.Role) bool { return f.settings.Columns[role.Name] != "" }

// take finds a role, under the heading that was named for it if one was.
func (f *partitionFinder) take(role table.Role) (int, error) {
	heading := f.settings.Columns[role.Name]
	if heading == "" {
		return role.FindNormalised(f.norm), nil
	}
	col := table.FindHeading(f.header, heading)
	if col < 0 {
		return -1, role.Missing(f.header, heading)
	}
	return col, nil
}

func (f *partitionFinder) use(cols ...int) {
	for _, c := range cols {
		if c >= 0 {
			f.norm[c] = ""
		}
	}
}

// members finds the code of the area or of the provider, and its name. A heading
// like "trust" may be the name beside a plain "code", which is in column code.
func (f *partitionFinder) members(code int) error {
	if err := f.findArea(); err != nil {
		return err
	}
	if err := f.findProvider(code); err != nil {
		return err
	}
	if f.area < 0 && f.provider < 0 {
		if code < 0 {
			code = table.IndexOf(f.norm, "id")
		}
		if f.area = code; code < 0 {
			return partitionCodeRole.Missing(f.header, "")
		}
	}
	before := slices.Clone(f.norm)
	for _, col := range []int{f.area, f.provider} {
		if col >= 0 {
			before[col] = table.Normalise(f.header[col])
		}
	}
	f.use(f.area, f.provider, f.providerName)
	if f.area >= 0 {
		f.areaName = nameOf(before, before[f.area])
		f.use(f.areaName)
	}
	if f.provider >= 0 && f.providerName < 0 {
		f.providerName = nameOf(before, before[f.provider])
		f.use(f.providerName)
	}
	return nil
}

func (f *partitionFinder) findArea() (err error) {
	if f.area, err = f.take(partitionAreaRole); err != nil {
		return err
	}
	if !f.named(AreaRole) && f.group < 0 {
		f.area = placeOfGroup(f.norm, f.area)
	}
	if f.area >= 0 && !f.named(AreaRole) && !f.named(ProviderRole) && !table.IsCode(f.norm[f.area]) && table.IsCode(normAt(f.norm, ProviderRole.FindNormalised(f.norm))) {
		f.area = -1 // "home" or "place" beside a provider's code is no area
	}
	f.use(f.area)
	return nil
}

func (f *partitionFinder) findProvider(code int) (err error) {
	if f.provider, err = f.take(partitionProviderRole); err != nil {
		return err
	}
	if f.provider >= 0 && f.area >= 0 && !f.named(ProviderRole) && !table.IsCode(f.norm[f.provider]) {
		f.provider = -1 // "site" beside an area's code is no provider
	}
	if f.provider >= 0 && !table.IsCode(f.norm[f.provider]) && code >= 0 && !f.named(ProviderRole) {
		f.providerName, f.provider = f.provider, code
	}
	return nil
}

// guessGroup finds the group under the likeliest heading, or the only one left.
func (f *partitionFinder) guessGroup() error {
	f.group = GroupRole.FindNormalised(f.norm)
	if f.group >= 0 {
		return nil
	}
	for i, h := range f.norm {
		if h == "" || isFigure(h) || strings.HasSuffix(h, "name") || strings.HasSuffix(h, "nm") {
			continue
		}
		if f.group >= 0 {
			missing := GroupRole.Missing(f.header, "")
			missing.Suggest = ""
			return fmt.Errorf("%w: %w", missing, errTwoGroups)
		}
		f.group = i
	}
	if f.group < 0 {
		f.group = groupByName(f.norm)
	}
	if f.group < 0 {
		return GroupRole.Missing(f.header, "")
	}
	return nil
}

// placeOfGroup is the column of the areas, given that found first: "community"
// is an area in a table of places and of groups, and the group beside "node".
func placeOfGroup(norm []string, area int) int {
	if area < 0 || !slices.Contains(GroupRole.Headings, norm[area]) {
		return area
	}
	rest := slices.Clone(norm)
	rest[area] = ""
	if other := AreaRole.FindNormalised(rest); other >= 0 && GroupRole.FindNormalised(rest) < 0 {
		return other
	}
	return area
}

// groupByName finds the column that has the group's name where no column has
// its code: "stp_name" or "ICB23NM", else the only name left; -1 where there is
// none.
func groupByName(norm []string) int {
	only, names := -1, 0
	for i, h := range norm {
		base, ok := strings.CutSuffix(h, "name")
		if !ok {
			base, ok = strings.CutSuffix(h, "nm")
		}
		is := func(r table.Role) bool {
			return r.FindNormalised([]string{base}) == 0 || r.FindNormalised([]string{base + "code"}) == 0
		}
		switch {
		case !ok || base == "":
		case is(GroupRole):
			return i
		case !is(AreaRole) && !is(ProviderRole): // "area_name" beside a plain "code" is of the area
			only = i
			names++
		}
	}
	if names > 1 {
		return -1
	}
	return only
}

func normAt(norm []string, i int) string {
	if i < 0 {
		return ""
	}
	return norm[i]
}

// isFigure reports whether a normalised heading is of figures that come beside
// a lookup.
func isFigure(norm string) bool {
	switch norm {
	case "population", "residents", "patients", "count", "n", "weight", "lon", "lat", "long", "x", "y", "longitude", "latitude",
		"confidence", "fid", "objectid", "name", "status", "date", "proportion":
		return true
	}
	return false
}

// nameOf gives the column with the names of what is coded under a heading:
// "stp_name" or "STP" for "stp_code", "LSOA11NM" for "LSOA11CD"; -1 where
// there is none.
func nameOf(norm []string, code string) int {
	base := code
	for _, suffix := range []string{"code", "cdh", "cd", "id"} {
		if b, ok := strings.CutSuffix(code, suffix); ok && b != "" {
			base = b
			break
		}
	}
	for _, want := range []string{base + "name", base + "nm", base} {
		if want == code {
			continue
		}
		if i := table.IndexOf(norm, want); i >= 0 {
			return i
		}
	}
	return -1
}
