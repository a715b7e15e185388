package footprint

// grow is a slice of n places, in the memory of s where that is enough; what
// they hold is left over.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/8)
	}
	return s[:n]
}

// zeroed is grow with every place cleared.
func zeroed[T any](s []T, n int) []T {
	s = grow(s, n)
	clear(s)
	return s
}
