package whatif

import (
	"fmt"
	"math"

	"stpmap/flow"
)

// Data are what the models are fitted to.
type Data struct {
	Matrix *flow.Matrix
	Costs  Costs // the zero value leaves out all models of distance
	Pools  *Pools

	flows   *flows // all pairs
	reached *flows // those that have a cost
}

// NewData prepares flows and costs. Where areas and providers are the same
// places and nobody stays, staying is no choice. layers say, from fine to coarse,
// in which larger unit each area lies, −1 for none; there may be none of them.
func NewData(m *flow.Matrix, c Costs, layers [][]int32) (*Data, error) {
	areas, providers := len(m.Areas()), len(m.Providers())
	if c.Of != nil && (c.Providers != providers || len(c.Of) != areas*providers) {
		return nil, fmt.Errorf("whatif: %d costs of %d areas and %d providers", len(c.Of), areas, providers)
	}
	d := &Data{Matrix: m, Costs: c, flows: flowsOf(m)}
	if m.OneMode() && c.Of != nil {
		d.dropStaying()
	}
	if c.Of != nil {
		d.reached = d.flows.reachable(d.Costs)
	}
	d.Pools = newPools(d.flows, layers)
	return d, nil
}

// dropStaying takes the costs of places to themselves away where nobody stays.
func (d *Data) dropStaying() {
	for a := range d.Matrix.Areas() {
		if d.Matrix.At(a, a).Upper > 0 {
			return
		}
	}
	of := append([]float64(nil), d.Costs.Of...)
	for a := range d.Matrix.Areas() {
		of[a*d.Costs.Providers+a] = math.NaN()
	}
	d.Costs.Of = of
}

// Reached is the number of patients whose pair has a cost, and of all.
func (d *Data) Reached() (reached, all float64) {
	for a, n := range d.flows.total {
		all += n
		if d.reached != nil {
			reached += d.reached.total[a]
		}
	}
	return reached, all
}
