package grouping

// Compact renumbers labels from 0 in order of first appearance, in
// place, and counts them. Labels are below n.
func Compact(label []int32, n int) int {
	place := make([]int32, n)
	k := int32(0)
	for i, l := range label {
		if place[l] == 0 {
			k++
			place[l] = k
		}
		label[i] = place[l] - 1
	}
	return int(k)
}

// Members lists the members of each label, rising: those of label c are
// member[start[c]:start[c+1]].
func Members(label []int32, n int) (start, member []int32) {
	start, member = make([]int32, n+1), make([]int32, len(label))
	for _, l := range label {
		start[l+1]++
	}
	for c := range n {
		start[c+1] += start[c]
	}
	next := append([]int32(nil), start[:n]...)
	for i, l := range label {
		member[next[l]] = int32(i)
		next[l]++
	}
	return start, member
}

// Count counts labels that are 0, 1, ….
func Count(label []int32) int {
	k := int32(-1)
	for _, c := range label {
		k = max(k, c)
	}
	return int(k + 1)
}

// Sequence is 0, 1, …, n-1.
func Sequence(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}
