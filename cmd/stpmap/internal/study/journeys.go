package study

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/render/travel"
)

// Journeys are the flags of what it takes to get from areas to providers.
type Journeys struct {
	Times  string   `flag:"times"`
	Lookup []string `flag:"lookup"` // larger units of areas, from fine to coarse
}

// times reads --times.
func (l *loader) times() error {
	name, in := l.Times, l.in
	if name == "" || in.Matrix == nil {
		return nil
	}
	return l.read("times", name, func(r io.Reader) error {
		list, rep, err := data.ReadTimes(l.ctx, cli.InputName(name), r)
		if err != nil {
			return err
		}
		in.understand(tableUnderstood("times", name, &rep))
		l.note(rep.Notes...)
		return l.joinTimes(cli.InputName(name), list)
	})
}

// joinTimes joins a table of times to the flows.
func (l *loader) joinTimes(name string, list []data.Time) error {
	in := l.in
	areas, providers := in.Matrix.Areas(), in.Matrix.Providers()
	in.Minutes = slices.Repeat([]float64{math.NaN()}, len(areas)*len(providers))
	used := 0
	for _, t := range list {
		a, ok1 := in.Matrix.AreaIndex(t.Area)
		j, ok2 := in.Matrix.ProviderIndex(t.Provider)
		if ok1 {
			if in.MoreMinutes == nil {
				in.MoreMinutes = map[string]map[int]float64{}
			}
			if !ok2 {
				if in.MoreMinutes[t.Provider] == nil {
					in.MoreMinutes[t.Provider] = map[int]float64{}
				}
				in.MoreMinutes[t.Provider][a] = t.Minutes
			}
		}
		if ok1 && ok2 {
			in.Minutes[a*len(providers)+j] = t.Minutes
			used++
		}
	}
	if used == 0 {
		return cli.Inputf("%s: none of its pairs (such as %s to %s) is an area and a provider of the flows (such as %s and %s)", name,
			list[0].Area, list[0].Provider, words.First(areas), words.First(providers))
	}
	if missing := len(areas)*len(providers) - used; missing > 0 {
		l.note(fmt.Sprintf("%s: %s of areas and providers without a time: nobody moves between them", name, words.Counted(missing, "pair")))
	}
	return nil
}

// lookups reads --lookup.
func (l *loader) lookups() error {
	if l.in.Matrix == nil {
		return nil
	}
	for _, name := range l.Lookup {
		if err := l.read("lookup", name, func(r io.Reader) error {
			list, rep, err := data.ReadUnits(l.ctx, cli.InputName(name), r)
			if err != nil {
				return err
			}
			l.in.understand(tableUnderstood("lookup", name, &rep))
			l.note(rep.Notes...)
			l.in.Layers = append(l.in.Layers, l.in.layer(list))
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// layer is the unit of each area as a number, −1 for none.
func (in *Study) layer(list []data.AreaUnit) []int32 {
	of := slices.Repeat([]int32{-1}, len(in.Matrix.Areas()))
	numbers := map[string]int32{}
	for _, u := range list {
		n, ok := numbers[u.Unit]
		if !ok {
			n = int32(len(numbers))
			numbers[u.Unit] = n
		}
		if a, ok := in.Matrix.AreaIndex(u.Area); ok {
			of[a] = n
		}
	}
	return of
}

// Kilometres are the distances from where the people of each area live to some
// points, along the ellipsoid times a factor, by area and then point; NaN where
// one of the two is not known.
func (in *Study) Kilometres(homes travel.Homes, to []orb.Point, factor float64) []float64 {
	out := make([]float64, len(homes.Points)*len(to))
	d := travel.NewDistances(to)
	for a, p := range homes.Points {
		row := out[a*len(to) : (a+1)*len(to)]
		d.From(p, row)
		for j := range row {
			row[j] *= factor
		}
	}
	return out
}
