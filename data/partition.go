package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"stpmap/data/table"
)

// Membership says which group an area or a provider is in.
type Membership struct {
	Provider   bool // a provider; else an area
	Code, Name string
	Group      string  // code of the group as it stands, or its name where there is no code
	GroupName  string  // empty where the table has none
	Confidence float64 // in [0, 1]; NaN where the table has none
	Line       int     // 1-based line in the table
}

// partitionColumns are the columns of a table of memberships; -1 for none.
type partitionColumns struct {
	kind, area, areaName, provider, providerName, group, groupName, confidence int
}

// ReadPartition reads a partition, in file order: our own partition.csv (kind,
// code, name, footprint, confidence), or any table with the code of an area or
// a provider and one code or name of its group. Column(GroupRole.Name, …)
// picks the group where there are several. A row whose group is blank places
// nothing, and is counted as Absent. The error is a *Faults where the table
// has faults, such as a code in two groups.
func ReadPartition(ctx context.Context, name string, r io.Reader, opts ...table.Option) ([]Membership, table.Report, error) {
	var rep table.Report
	o := table.Collect(opts)
	t, err := table.New(name, r, table.Layout{Comma: o.Comma, Header: func(cells []string) bool {
		_, err := findPartitionColumns(o, cells)
		return err == nil
	}})
	rep.File = name
	if err != nil {
		return nil, rep, rep.Faulty(err)
	}
	c, err := findPartitionColumns(o, t.Header())
	if err != nil {
		return nil, rep, rep.Faulty(t.HeaderFault(-1, err))
	}
	for _, col := range []int{c.kind, c.area, c.provider, c.group} {
		if col >= 0 {
			if err := t.Doubled(col); err != nil {
				return nil, rep, rep.Faulty(err)
			}
		}
	}
	f, err := o.Filter(t)
	if err != nil {
		return nil, rep, rep.Faulty(err)
	}

	text := func(col int) string {
		if col < 0 {
			return ""
		}
		return t.Text(col)
	}
	rep.Columns = table.TakenOf(t.Header(), []int{c.area, c.provider, c.group}, []table.Wanted{{Role: AreaRole}, {Role: ProviderRole}, {Role: table.Role{Name: "group", Headings: GroupRole.Headings, Pattern: GroupRole.Pattern}}})
	var list []Membership
	type member struct {
		provider bool
		code     string
	}
	first := map[member]Membership{}
	place := func(provider bool, codeCol, nameCol int, role table.Role) (bool, error) {
		code, err := t.Code(codeCol, role)
		if err != nil {
			return false, err
		}
		m := Membership{
			Provider: provider, Code: code, Name: text(nameCol), Group: text(c.group), GroupName: text(c.groupName),
			Confidence: math.NaN(), Line: t.Line(),
		}
		if table.Absent(m.Group) {
			return false, nil
		}
		if err := table.CodeFault([]byte(m.Group), GroupRole); err != nil {
			return false, t.Fault(c.group, err)
		}
		if conf := text(c.confidence); !table.Absent(conf) {
			if m.Confidence, err = table.ParseNumber(conf); err != nil {
				return false, t.Fault(c.confidence, err)
			}
			if m.Confidence < 0 || m.Confidence > 1 {
				return false, t.Fault(c.confidence, fmt.Errorf("confidence must be from 0 to 1: %s", conf))
			}
		}
		key := member{provider, code}
		if before, ok := first[key]; ok {
			if before.Group == m.Group {
				return true, nil // a lookup with finer rows says it again
			}
			return false, t.Fault(codeCol, fmt.Errorf("%w %s: %s is in %s, and in %s on line %d",
				table.ErrDuplicate, role.Name, table.Quoted(code), table.Quoted(m.Group), table.Quoted(before.Group), before.Line))
		}
		first[key] = m
		list = append(list, m)
		return true, nil
	}
	err = t.Each(ctx, &rep.Faults, func() error {
		rep.Rows++
		if !f.Keeps(t) {
			rep.Filtered++
			return nil
		}
		said := false
		var err error
		switch {
		case c.kind >= 0:
			switch kind := strings.ToLower(t.Text(c.kind)); kind {
			case "area":
				said, err = place(false, c.area, c.areaName, AreaRole)
			case "provider":
				said, err = place(true, c.area, c.areaName, ProviderRole)
			default:
				err = t.Fault(c.kind, fmt.Errorf("kind must be area or provider: %s", table.Quoted(kind)))
			}
		case c.area >= 0 && c.provider >= 0:
			// Either code may be blank, not both.
			if len(t.Field(c.area)) > 0 || len(t.Field(c.provider)) == 0 {
				said, err = place(false, c.area, c.areaName, AreaRole)
			}
			if err == nil && len(t.Field(c.provider)) > 0 {
				var also bool
				also, err = place(true, c.provider, c.providerName, ProviderRole)
				said = said || also
			}
		case c.area >= 0:
			said, err = place(false, c.area, c.areaName, AreaRole)
		default:
			said, err = place(true, c.provider, c.providerName, ProviderRole)
		}
		if err != nil {
			return err
		}
		if said {
			rep.Kept++
		} else {
			rep.Absent++
		}
		return nil
	})
	if err != nil {
		return nil, rep, err
	}
	if len(list) == 0 && rep.Faults.Len() == 0 {
		rep.Faults.Add(t.HeaderFault(-1, fmt.Errorf("%w that place anything", table.ErrEmptyTable)))
	}
	if err := rep.Faults.Err(); err != nil {
		return nil, rep, err
	}
	return list, rep, nil
}

// errTwoGroups says that the group column cannot be guessed.
var errTwoGroups = errors.New("several columns may be the group")

// findPartitionColumns finds the columns of a partition in a header. The error
// wraps ErrMissingColumn.
func findPartitionColumns(o *table.Settings, header []string) (partitionColumns, error) {
	norm := make([]string, len(header))
	for i, h := range header {
		norm[i] = table.Normalise(h)
	}
	c := partitionColumns{kind: -1, area: -1, areaName: -1, provider: -1, providerName: -1, group: -1, groupName: -1, confidence: table.IndexOf(norm, "confidence")}
	// take finds a role, a heading named outright first.
	take := func(role table.Role) (int, error) {
		col := -1
		if heading := o.Columns[role.Name]; heading != "" {
			if col = table.FindHeading(header, heading); col < 0 {
				return -1, role.Missing(header, heading)
			}
		} else {
			col = role.FindNormalised(norm)
		}
		return col, nil
	}
	use := func(col int) {
		if col >= 0 {
			norm[col] = ""
		}
	}

	// 1. The group, where it was named, and our own table.
	var err error
	if o.Columns[GroupRole.Name] != "" {
		if c.group, err = take(GroupRole); err != nil {
			return c, err
		}
		use(c.group)
	}
	kind, code := table.IndexOf(norm, "kind"), table.IndexOf(norm, "code")
	if kind >= 0 && code >= 0 && o.Columns[AreaRole.Name] == "" && o.Columns[ProviderRole.Name] == "" {
		c.kind, c.area, c.areaName = kind, code, table.IndexOf(norm, "name")
		use(c.kind)
		use(c.area)
		use(c.areaName)
	} else {
		// 2. The code of the area or of the provider. A heading like "trust"
		// may be the name beside a plain "code".
		if c.area, err = take(AreaRole); err != nil {
			return c, err
		}
		if o.Columns[AreaRole.Name] == "" && c.group < 0 {
			c.area = placeOfGroup(norm, c.area)
		}
		if c.area >= 0 && o.Columns[AreaRole.Name] == "" && o.Columns[ProviderRole.Name] == "" && !table.IsCode(norm[c.area]) && table.IsCode(normAt(norm, ProviderRole.FindNormalised(norm))) {
			c.area = -1 // "home" or "place" beside a provider's code is no area
		}
		use(c.area)
		if c.provider, err = take(ProviderRole); err != nil {
			return c, err
		}
		if c.provider >= 0 && c.area >= 0 && o.Columns[ProviderRole.Name] == "" && !table.IsCode(norm[c.provider]) {
			c.provider = -1 // "site" beside an area's code is no provider
		}
		if c.provider >= 0 && !table.IsCode(norm[c.provider]) && code >= 0 && o.Columns[ProviderRole.Name] == "" {
			c.providerName, c.provider = c.provider, code
		}
		if c.area < 0 && c.provider < 0 {
			if code < 0 {
				code = table.IndexOf(norm, "id")
			}
			if c.area = code; code < 0 {
				return c, codeRole.Missing(header, "")
			}
		}
		before := slices.Clone(norm)
		for _, col := range []int{c.area, c.provider} {
			if col >= 0 {
				before[col] = table.Normalise(header[col])
			}
		}
		use(c.area)
		use(c.provider)
		use(c.providerName)
		if c.area >= 0 {
			c.areaName = nameOf(before, before[c.area])
			use(c.areaName)
		}
		if c.provider >= 0 && c.providerName < 0 {
			c.providerName = nameOf(before, before[c.provider])
			use(c.providerName)
		}
	}

	// 3. The group: the likeliest heading, or the only one left.
	if c.group < 0 {
		c.group = GroupRole.FindNormalised(norm)
		if c.group < 0 {
			for i, h := range norm {
				if h == "" || isFigure(h) || strings.HasSuffix(h, "name") || strings.HasSuffix(h, "nm") {
					continue
				}
				if c.group >= 0 {
					missing := GroupRole.Missing(header, "")
					missing.Suggest = ""
					return c, fmt.Errorf("%w: %w", missing, errTwoGroups)
				}
				c.group = i
			}
		}
		if c.group < 0 {
			c.group = groupByName(norm)
		}
		if c.group < 0 {
			return c, GroupRole.Missing(header, "")
		}
	}
	c.groupName = nameOf(norm, table.Normalise(header[c.group]))
	if c.groupName == c.group {
		c.groupName = -1
	}
	return c, nil
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
