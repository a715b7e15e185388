package score

// TrendRow is filled in trend.go.
type TrendRow struct{}

func (r *Result) trends() {}
