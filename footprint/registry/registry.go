package registry

import (
	"slices"

	"stpmap/footprint"
	"stpmap/footprint/infomap"
	"stpmap/footprint/leiden"
	"stpmap/footprint/rule"
	"stpmap/footprint/tree"
)

// methods are the methods in the order in which help lists them. To add one is
// one line here.
var methods = []footprint.Description{
	leiden.LeidenMethod,
	leiden.LouvainMethod,
	infomap.Method,
	rule.TTWAMethod,
	tree.IntramaxMethod,
	tree.WardMethod,
	rule.HSAMethod,
}

// Methods lists the methods in the order in which help lists them.
func Methods() []footprint.Description { return slices.Clone(methods) }

// Find finds a method by name.
func Find(name string) (footprint.Description, bool) {
	i := slices.IndexFunc(methods, func(d footprint.Description) bool { return d.Name == name })
	if i < 0 {
		return footprint.Description{}, false
	}
	return methods[i], true
}

// Names lists the names of the methods for which a trait holds; nil takes all.
func Names(trait func(footprint.Description) bool) []string {
	var names []string
	for _, d := range methods {
		if trait == nil || trait(d) {
			names = append(names, d.Name)
		}
	}
	return names
}
