package score

import (
	"context"

	"stpmap/flow"
	"stpmap/footprint"
)

type Options struct{ AllowUnknown bool }
type Input struct {
	Matrix       *flow.Matrix
	Partition    footprint.Partition
	Known        []string
	Observations []Observation
	Options      Options
}

var _ = context.Background
