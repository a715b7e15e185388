package work

// Grow is a slice of n places, in the memory of s where that is enough; what
// they hold is left over.
func Grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/8)
	}
	return s[:n]
}

// Zeroed is grow with every place cleared.
func Zeroed[T any](s []T, n int) []T {
	s = Grow(s, n)
	clear(s)
	return s
}
