package intern

// Names keeps one copy of each code, numbered in the order of appearance.
type Names struct {
	IDs  map[string]int32
	List []string
}

// ID is the number of a code, a new one where it has none.
func (n *Names) ID(b []byte) int32 {
	if i, ok := n.IDs[string(b)]; ok {
		return i
	}
	if n.IDs == nil {
		n.IDs = map[string]int32{}
	}
	i := int32(len(n.List))
	s := string(b)
	n.IDs[s] = i
	n.List = append(n.List, s)
	return i
}

// Kept is the one copy of a code.
func (n *Names) Kept(b []byte) string { return n.List[n.ID(b)] }
