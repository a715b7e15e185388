package sample

import (
	"archive/zip"
	_ "embed"
	"io/fs"
	"strings"
	"sync"
)

//go:generate go run ./internal/gensample -o sample.zip

// Notice must stand in everything made of the embedded sample.
const Notice = "Synthetic data: no real place or organisation"

// Footprints is how many health systems were planted in the sample.
const Footprints = 37

//go:embed sample.zip
var sampleArchive string

var openSample = sync.OnceValue(func() *zip.Reader {
	r, err := zip.NewReader(strings.NewReader(sampleArchive), int64(len(sampleArchive)))
	if err != nil {
		panic("data: the embedded sample: " + err.Error())
	}
	return r
})

// Files gives the files of Synthetic England: invented commissioners (areas) and hospitals
// (providers) in planted health systems, inside England's outline. No place or
// organisation in it is real; names in its tables end in " (synthetic)". It may
// be read from several goroutines.
//
//   - areas.geojson: polygons in WGS84 with area_code, area_name, population and
//     a point inside (lon, lat)
//   - flows.csv: area, provider, count; small counts are printed as <5 or *
//   - providers.csv: provider_code, provider_name, lon, lat, and type (acute or
//     specialist)
//   - population.csv: area, area_name, population
//   - indicators.csv: entity, indicator, numerator, denominator, value (for cqc,
//     whose bands run from 1, outstanding, to 4), period, for providers
//   - reference_partition.csv, reference_providers.csv: the planted system
//     (footprint, S01 to S37, and footprint_name) of each area and provider
//   - reference_systems.csv: the systems with their sizes, and which were planted
//     as underperforming
//   - README.txt: the notice, and where it all comes from
//
// go generate makes it anew, byte for byte the same.
func Files() fs.FS { return openSample() }
