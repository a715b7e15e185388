package leiden

import (
	"fmt"
	"strings"
)

// memberNames calls each part of a partition by some of its members, since an id
// of a map that was not made says nothing: node holds each node's part, of k.
func (e *Engine) memberNames(node []int32, k int) []string {
	members, hasArea := make([][]string, k), make([]bool, k)
	for a, code := range e.m.Areas() {
		f := node[e.src.Area[a]]
		members[f], hasArea[f] = append(members[f], code), true
	}
	if !e.m.OneMode() {
		for p, code := range e.m.Providers() {
			if f := node[e.src.Provider[p]]; !hasArea[f] {
				members[f] = append(members[f], code)
			}
		}
	}
	names := make([]string, k)
	for f, list := range members {
		names[f] = membersText(list)
	}
	return names
}

// membersText is what to call a footprint of some members.
func membersText(codes []string) string {
	const most = 3
	text := "the footprint of " + strings.Join(codes[:min(len(codes), most)], ", ")
	if n := len(codes) - most; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}
