package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/data"
	"stpmap/footprint"
)

// ground joins pieces of land to each other: by --links, and else by patients.
// It stands in for the boundaries' own neighbours in all that follows.
func (l *loader) ground() error {
	name := l.c.String("links")
	in := l.in
	if in.boundaries == nil || in.matrix == nil {
		if name != "" && in.boundaries == nil {
			return usagef("stpmap "+l.c.Command.Name+" --flows flows.csv --boundaries areas.geojson --links links.csv", "--links goes with --boundaries, whose areas it joins")
		}
		return nil
	}
	o := footprint.LandOptions{Strict: l.c.Bool("strict-islands"), OnMap: make([]bool, len(in.matrix.Areas()))}
	for a, code := range in.matrix.Areas() {
		_, o.OnMap[a] = in.boundaries.Index(code)
	}
	if name != "" {
		if err := l.read("links", name, func(r io.Reader) error {
			return l.links(name, r, &o)
		}); err != nil {
			return err
		}
	}
	in.ground = footprint.NewLand(in.matrix, in.adjacency, o)
	in.adjacency = in.ground
	in.notes = append(in.notes, in.ground.Notes(in.matrix.Areas())...)
	return nil
}

func (l *loader) links(name string, r io.Reader, o *footprint.LandOptions) error {
	list, rep, err := data.ReadLinks(l.ctx, displayName(name), r)
	if err != nil {
		return err
	}
	in := l.in
	in.notes = append(in.notes, rep.Notes...)
	var missing []string
	for _, link := range list {
		var ends [2]int32
		known := true
		for i, code := range [2]string{link.A, link.B} {
			a, ok := in.matrix.AreaIndex(code)
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
		in.notes = append(in.notes, fmt.Sprintf("%s: links of %s without flow left out: %s", displayName(name), counted(len(missing), "area"), firstFew(missing)))
	}
	return nil
}

// meeting notes providers that do not lie where the boundaries do.
func (l *loader) meeting() error {
	in := l.in
	if in.boundaries == nil {
		return nil
	}
	points := slices.Clone(in.points)
	for _, p := range in.places {
		if p.HasPoint {
			points = append(points, orb.Point{p.Lon, p.Lat})
		}
	}
	if note := in.boundaries.Meeting("providers", points); note != "" {
		in.notes = append(in.notes, note)
	}
	return nil
}

// linkJSON is a pair of areas that count as neighbours though they do not touch.
type linkJSON struct {
	AreaA    string  `json:"area_a"`
	AreaB    string  `json:"area_b"`
	From     string  `json:"from"`     // "file", or "flows" for a tie
	Patients float64 `json:"patients"` // that a tie was chosen by
}

// groundJSON is the pieces of land and the links for `validate --json`.
func (in *inputs) groundJSON() (pieces int, links []linkJSON) {
	links = []linkJSON{}
	if in.ground == nil {
		return 0, links
	}
	codes := in.matrix.Areas()
	for _, l := range in.ground.Given {
		links = append(links, linkJSON{codes[l.A], codes[l.B], "file", 0})
	}
	for _, l := range in.ground.Ties {
		links = append(links, linkJSON{codes[l.A], codes[l.B], "flows", l.Patients})
	}
	return in.ground.Pieces, links
}
