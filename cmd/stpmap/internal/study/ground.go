package study

import (
	"fmt"
	"io"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/footprint"
)

// ground joins pieces of land to each other: by --links, and else by patients.
// It stands in for the boundaries' own neighbours in all that follows.
func (l *loader) ground() error {
	name, in := l.Links, l.in
	if name != "" && in.Boundaries == nil {
		return cli.Usagef(l.try("--flows flows.csv --boundaries areas.geojson --links links.csv"), "--links goes with --boundaries, whose areas it joins")
	}
	if in.Boundaries == nil || in.Matrix == nil {
		return nil
	}
	o := footprint.LandOptions{Strict: l.StrictIslands, OnMap: make([]bool, len(in.Matrix.Areas()))}
	for a, code := range in.Matrix.Areas() {
		_, o.OnMap[a] = in.Boundaries.Index(code)
	}
	if name != "" {
		if err := l.read("links", name, func(r io.Reader) error {
			return l.links(name, r, &o)
		}); err != nil {
			return err
		}
	}
	in.Land = footprint.NewLand(in.Matrix, in.Adjacency, o)
	in.Adjacency = in.Land
	l.note(in.Land.Notes(in.Matrix.Areas())...)
	return nil
}

func (l *loader) links(name string, r io.Reader, o *footprint.LandOptions) error {
	list, rep, err := data.ReadLinks(l.ctx, cli.InputName(name), r)
	if err != nil {
		return err
	}
	in := l.in
	l.note(rep.Notes...)
	var missing []string
	for _, link := range list {
		var ends [2]int32
		known := true
		for i, code := range [2]string{link.A, link.B} {
			a, ok := in.Matrix.AreaIndex(code)
			if !ok {
				missing = append(missing, code)
				known = false
			}
			ends[i] = int32(a)
		}
		if known {
			o.Links = append(o.Links, ends)
		}
	}
	if len(missing) > 0 {
		l.note(fmt.Sprintf("%s: links of %s without flow left out: %s", cli.InputName(name), words.Counted(len(missing), "area"), words.Few(missing)))
	}
	return nil
}

// meeting notes providers that do not lie where the boundaries do.
func (l *loader) meeting() error {
	in := l.in
	if in.Boundaries == nil {
		return nil
	}
	points := slices.Clone(in.Points)
	for _, p := range in.Places {
		if p.HasPoint {
			points = append(points, orb.Point{p.Lon, p.Lat})
		}
	}
	if note := in.Boundaries.Meeting("providers", points); note != "" {
		l.note(note)
	}
	return nil
}
