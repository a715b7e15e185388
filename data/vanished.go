package data

import (
	"cmp"
	"slices"
	"strings"
)

// VanishedGroup is a group of a partition of which nothing is left.
type VanishedGroup struct {
	Code, Name string
	Members    int // areas and providers that the table has in it
}

// String is the group as people know it: "Lancashire (E54000004)".
func (g VanishedGroup) String() string {
	if g.Name == "" || g.Name == g.Code {
		return g.Code
	}
	return g.Name + " (" + g.Code + ")"
}

// Vanished gives the groups of which no member is there, by code.
func Vanished(rows []Membership, there func(m Membership) bool) []VanishedGroup {
	type group struct {
		VanishedGroup
		left bool
	}
	by := map[string]*group{}
	for _, m := range rows {
		g := by[m.Group]
		if g == nil {
			g = &group{VanishedGroup: VanishedGroup{Code: m.Group}}
			by[m.Group] = g
		}
		g.Name = cmp.Or(g.Name, m.GroupName)
		g.Members++
		g.left = g.left || there(m)
	}
	var out []VanishedGroup
	for _, g := range by {
		if !g.left {
			out = append(out, g.VanishedGroup)
		}
	}
	slices.SortFunc(out, func(a, b VanishedGroup) int { return strings.Compare(a.Code, b.Code) })
	return out
}
