package score_test

import (
	"context"
	"fmt"
	"os"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
)

// twoTowns has two footprints with a hospital each; a quarter of South's
// patients go to North's.
func twoTowns() (*flow.Matrix, footprint.Partition) {
	b := flow.NewBuilder()
	for _, f := range []struct {
		area, provider string
		patients       float64
	}{{"A1", "P", 600}, {"A2", "P", 100}, {"A2", "Q", 300}} {
		if err := b.Add(f.area, f.provider, flow.Exactly(f.patients)); err != nil {
			panic(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m, footprint.Partition{Areas: []int32{0, 1}, Providers: []int32{0, 1}, IDs: []string{"North", "South"}}
}

func Example() {
	m, p := twoTowns()
	p.IDs = []string{"North", "South"}
	waits := func(provider string, within, all float64) attribution.Observation {
		o := attribution.NewObservation(provider, "ae_4h", "2017/18")
		o.Numerator, o.Denominator = within, all
		return o
	}
	r, err := score.Run(context.Background(), score.Input{
		Matrix: m, Partition: p,
		Observations: []attribution.Observation{waits("P", 6860, 7000), waits("Q", 2400, 3000)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range r.Indicators {
		fmt.Printf("%s: %v of %v, %.1f%% (%.1f%% to %.1f%%), fails: %s\n", row.Footprint, row.Numerator, row.Denominator,
			100*row.Value, 100*row.Lower, 100*row.Upper, row.Failing)
	}
	fmt.Println(r.Evidence())
	// Output:
	// North: 5880 of 6000, 98.0% (97.6% to 98.3%), fails: false
	// South: 3380 of 4000, 84.5% (83.3% to 85.6%), fails: true
	// Not rated overall: figures for 1 of 6 domains (enough in 0) and 1 of 14 indicators, 2017/18.
}

func ExampleResult_Explain() {
	m, p := twoTowns()
	o, q := attribution.NewObservation("P", "shmi", ""), attribution.NewObservation("Q", "shmi", "")
	o.Numerator, o.Denominator = 95, 100
	q.Numerator, q.Denominator = 180, 120
	r, err := score.Run(context.Background(), score.Input{
		Matrix: m, Partition: p, ProviderNames: []string{"Peel", "Queens"},
		Observations: []attribution.Observation{o, q}, Options: score.Options{Draws: -1},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := r.Explain("South")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Fprint(os.Stdout, e.Text())
	// Output:
	// South is not rated overall: there are figures for 1 of 6 domains (enough in 0) and 1 of 14 indicators.
	// No domain has enough figures to be rated.
	//
	// Safety has too few figures to be rated.
	//   Deaths against expected (SHMI): 1.44 observed per expected (1.25 to 1.66). Target: at most 1. It is missed by 0.441. This fails.
	//     Queens (Q) accounts for 100% of the shortfall; its own figure is 1.5.
}
