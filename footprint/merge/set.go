package merge

import "math/bits"

// MaxSystems is the largest number of systems that can be merged.
const MaxSystems = 256

// set is a set of systems by index.
type set [MaxSystems / 64]uint64

func setOf(members ...int32) (s set) {
	for _, i := range members {
		s.add(i)
	}
	return s
}

// firstOf is the set of the first n systems.
func firstOf(n int) (s set) {
	for i := range int32(n) {
		s.add(i)
	}
	return s
}

func (s *set) add(i int32)      { s[i>>6] |= 1 << (i & 63) }
func (s *set) remove(i int32)   { s[i>>6] &^= 1 << (i & 63) }
func (s *set) has(i int32) bool { return s[i>>6]>>(i&63)&1 != 0 }

func (s *set) and(t *set) (u set) {
	for k := range s {
		u[k] = s[k] & t[k]
	}
	return u
}

func (s *set) or(t *set) (u set) {
	for k := range s {
		u[k] = s[k] | t[k]
	}
	return u
}

func (s *set) without(t *set) (u set) {
	for k := range s {
		u[k] = s[k] &^ t[k]
	}
	return u
}

func (s *set) meets(t *set) bool {
	return s[0]&t[0] != 0 || s[1]&t[1] != 0 || s[2]&t[2] != 0 || s[3]&t[3] != 0
}

func (s *set) empty() bool { return s[0]|s[1]|s[2]|s[3] == 0 }

func (s *set) len() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// first is the smallest member; -1 for none.
func (s *set) first() int32 {
	for k, w := range s {
		if w != 0 {
			return int32(64*k + bits.TrailingZeros64(w))
		}
	}
	return -1
}

// members lists the members, rising.
func (s *set) members() (list []int32) {
	for k, w := range s {
		for ; w != 0; w &= w - 1 {
			list = append(list, int32(64*k+bits.TrailingZeros64(w)))
		}
	}
	return list
}
