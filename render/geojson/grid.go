package geojson

import (
	"bufio"
	"io"
	"slices"

	"stpmap/render/datum"
	"stpmap/render/layer"
)

// gridMember is the crs member of GeoJSON before RFC 7946, which clients of
// national grid still read.
const gridMember = `,"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27700"}}`

// WriteGrid writes a layer as WriteGeoJSON does, in metres on the
// British National Grid and with the crs member that says so. RFC 7946 knows
// degrees alone: this is for clients that need the grid. by is the grid of shifts,
// or nil.
func WriteGrid(w io.Writer, l layer.Layer, by *datum.Grid) error {
	l.Features = slices.Clone(l.Features)
	for i := range l.Features {
		l.Features[i].Geometry = by.GeometryToNationalGrid(l.Features[i].Geometry)
	}
	g := newGeoJSONWriter(bufio.NewWriterSize(w, 1<<16), &l)
	g.crs = gridMember
	if err := g.collection(); err != nil {
		return err
	}
	return g.w.Flush()
}
