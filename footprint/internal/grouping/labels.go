package grouping

// Compact renumbers labels from 0 in order of first appearance, in place, and
// counts them. Labels are below n.
func Compact(label []int32, n int) int { return CompactIn(label, make([]int32, n)) }

// CompactIn is Compact with room by label. Negative labels stay.
func CompactIn(label, room []int32) int {
	clear(room)
	k := int32(0)
	for i, l := range label {
		if l < 0 {
			continue
		}
		if room[l] == 0 {
			k++
			room[l] = k
		}
		label[i] = room[l] - 1
	}
	return int(k)
}

// Members lists the members of each label, rising: those of label c are
// member[start[c]:start[c+1]].
func Members(label []int32, n int) (start, member []int32) {
	start, member = make([]int32, n+1), make([]int32, len(label))
	MembersIn(label, start, member, make([]int32, n))
	return start, member
}

// MembersIn is Members in the memory of start, for one label more than there
// are, and member. Negative labels are left out. next is room by label.
func MembersIn(label, start, member, next []int32) {
	clear(start)
	for _, l := range label {
		if l >= 0 {
			start[l+1]++
		}
	}
	for c := range next {
		start[c+1] += start[c]
	}
	copy(next, start)
	for i, l := range label {
		if l >= 0 {
			member[next[l]] = int32(i)
			next[l]++
		}
	}
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
