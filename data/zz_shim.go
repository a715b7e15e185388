package data

import (
	"context"
	"io"
)

type Provider struct {
	Code, Name string
	Lon, Lat   float64
	HasPoint   bool
}
type AreaPopulation struct {
	Area       string
	Population float64
}

func ReadProviders(ctx context.Context, name string, r io.Reader) ([]Provider, error) {
	return nil, nil
}
func ReadPopulation(ctx context.Context, name string, r io.Reader) ([]AreaPopulation, error) {
	return nil, nil
}
