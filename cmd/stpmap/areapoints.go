package main

import (
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"

	"stpmap/data"
	tablepkg "stpmap/data/table"
	"stpmap/render/boundary"
)

// approximateSource goes with every output whose polygons are cells.
const approximateSource = "Boundaries are approximate: the cells around the areas' points, not true borders"

// areaPoints reads --area-points, which stands in where there are no
// boundaries: each area gets the cell of what lies nearest to its point.
func (l *loader) areaPoints() error {
	names := l.files.resolve(l.c, "area-points")
	if len(names) == 0 {
		if l.c.String("outline") != "" {
			return usagef("stpmap "+l.c.Command.Name+" --flows flows.csv --area-points points.csv --outline coast.geojson", "--outline goes with --area-points, whose cells it bounds")
		}
		return nil
	}
	if len(l.files.resolve(l.c, "boundaries")) > 0 {
		return usagef("stpmap "+l.c.Command.Name+" --flows flows.csv --area-points points.csv", "--area-points stands in for --boundaries: give one of them")
	}
	name := names[0]
	return l.read("area-points", name, func(r io.Reader) error {
		list, rep, err := data.ReadAreaPoints(l.ctx, displayName(name), r)
		if err != nil {
			return err
		}
		in := l.in
		in.understand(tableUnderstood("area-points", name, &rep))
		in.notes = append(in.notes, rep.Notes...)
		if rep.Absent > 0 {
			in.notes = append(in.notes, fmt.Sprintf("%s without a point left out", counted(rep.Absent, "area")))
		}
		places := make([]boundary.Place, len(list))
		for i, p := range list {
			places[i] = boundary.Place{Code: p.Code, Name: p.Name, At: orb.Point{p.Lon, p.Lat}, Population: math.NaN()}
		}
		outline, err := l.outline()
		if err != nil {
			return err
		}
		b, err := boundary.FromPoints(l.ctx, places, outline)
		if err != nil {
			if l.ctx.Err() != nil {
				return err
			}
			return &tablepkg.InputError{File: displayName(name), Err: err}
		}
		in.sources = append(in.sources, approximateSource)
		if in.matrix != nil {
			in.areaPoints = make([]orb.Point, len(in.matrix.Areas()))
			for a := range in.areaPoints {
				in.areaPoints[a] = orb.Point{math.NaN(), math.NaN()}
			}
			for _, p := range places {
				if a, ok := in.matrix.AreaIndex(p.Code); ok {
					in.areaPoints[a] = p.At
				}
			}
		}
		return l.join(name, b)
	})
}

// outline reads --outline, the land that the cells are clipped to; nil for none.
func (l *loader) outline() (orb.MultiPolygon, error) {
	name := l.c.String("outline")
	if name == "" {
		return nil, nil
	}
	outline, notices, err := boundary.OpenOutline(l.ctx, name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	l.in.notes = append(l.in.notes, notices...)
	return outline, l.hash("outline", name)
}
