package flow

// Count is a number of patients that may be known only within bounds, because
// the publisher suppressed it. All four are in patients, finite and not
// negative, with Published <= Lower <= Value <= Upper.
type Count struct {
	// Value is what clustering uses: the published number, or the midpoint of
	// the interval for what was suppressed.
	Value float64
	// Published is the part that was printed as a number; 0 for a suppressed
	// cell.
	Published float64
	// Lower and Upper bound the true number; both equal Value where nothing
	// was suppressed.
	Lower, Upper float64
}

// Exactly is a published count.
func Exactly(n float64) Count { return Count{n, n, n, n} }

// Between is a suppressed count, known to lie in [lower, upper].
func Between(lower, upper float64) Count {
	return Count{Value: (lower + upper) / 2, Lower: lower, Upper: upper}
}

// Suppressed reports whether any part of the count was withheld.
func (c Count) Suppressed() bool { return c.Lower != c.Published || c.Upper != c.Published }

// ShareBounds are the least and the greatest share, in [0, 1], that a part may be
// of the whole that it is counted in: the part at one end of its bounds, and the
// rest at the other. ok is false where the whole's Value is 0.
func (c Count) ShareBounds(whole Count) (lower, upper float64, ok bool) {
	share, ok := ratio(c.Value, whole.Value)
	lower, upper = share, share
	if !whole.Suppressed() || !ok {
		return lower, upper, ok
	}
	if least, ok := ratio(c.Lower, c.Lower+(whole.Upper-c.Upper)); ok {
		lower = min(lower, least)
	}
	if most, ok := ratio(c.Upper, c.Upper+(whole.Lower-c.Lower)); ok {
		upper = max(upper, most)
	}
	return lower, upper, true
}

// Plus is the sum of two counts, bound by bound.
func (c Count) Plus(d Count) Count {
	return Count{c.Value + d.Value, c.Published + d.Published, c.Lower + d.Lower, c.Upper + d.Upper}
}
