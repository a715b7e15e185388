package data

import (
	"context"
	"errors"
	"strings"
)

type EngineOptions struct{}

func IsEngine(from string) bool { return strings.Contains(from, "://") }

func ingestEngine(ctx context.Context, from string, o IngestOptions) (*Pairs, IngestReport, error) {
	return nil, IngestReport{}, errors.New("not here yet")
}
