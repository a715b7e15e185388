package published

import (
	"fmt"

	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
)

// postcodeFormat is a postcode directory with a heading (ONSPD, NSPL): the
// point of each postcode.
func postcodeFormat() *importer.Format {
	return &importer.Format{
		Name: "postcodes", Title: "ONS, postcode directory (ONSPD, NSPL)",
		Kinds: []importer.Kind{importer.PointTable},
		Layouts: []importer.Layout{{
			Era: "postcode directory",
			Also: func(h *importer.Heading) bool {
				return h.Column(postcodeColumns...) >= 0 && h.Column("lat", "latitude") >= 0 && h.Column("long", "longitude", "lon") >= 0
			},
			What: `"pcds", "lat" and "long"`,
		}},
		Open: func(im *importer.Import) importer.Reader { return &postcodeReader{im: im} },
	}
}

var postcodeColumns = []string{"pcds", "pcd", "pcd2", "pcd7", "pcd8", "postcode"}

type postcodeReader struct {
	im             *importer.Import
	code, lon, lat int
}

func (x *postcodeReader) Heading(h *importer.Heading) error {
	x.code, x.lat, x.lon = h.Column(postcodeColumns...), h.Column("lat", "latitude"), h.Column("long", "longitude", "lon")
	return nil
}

func (x *postcodeReader) Row(r importer.Row) error {
	rep := &x.im.Result.Report
	key := codebook.PostcodeKey(r.Text(x.code))
	if key == "" {
		return x.im.Fault(r, x.code, table.ErrMissingCode)
	}
	if x.im.Options.Postcodes != nil && !x.im.Options.Postcodes[key] {
		rep.LeaveOut("postcode not asked for")
		return nil
	}
	lat, err := x.im.Number(r, x.lat)
	if err != nil {
		return err
	}
	lon, err := x.im.Number(r, x.lon)
	if err != nil {
		return err
	}
	if !lat.Known || !lon.Known || lat.Value > 99 || table.NoPlaceAt(lon.Value, lat.Value) || table.AtZero(lon.Value, lat.Value) {
		rep.LeaveOut("postcode without a place")
		return nil
	}
	if lat.Value < -90 || lat.Value > 90 || lon.Value < -180 || lon.Value > 180 {
		return x.im.Fault(r, x.lat, fmt.Errorf("%w: %s, %s", table.ErrCoordinate, r.Text(x.lon), r.Text(x.lat)))
	}
	rep.Used++
	x.im.Result.Points = append(x.im.Result.Points, codebook.Point{Code: key, Lon: lon.Value, Lat: lat.Value})
	return nil
}

func (x *postcodeReader) Finish() error { return nil }
