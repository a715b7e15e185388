package main

import (
	"fmt"
	"slices"
	"strings"
)

// row says which of our packages one package, or every package below a folder
// ("render/..."), may import. The first row that fits a package holds.
type row struct {
	from string
	may  []string
}

// rows is the plan: cmd → render → footprint → flow, and data → flow and
// footprint/score. What is not here is not allowed.
var rows = []row{
	{"flow", nil},
	{"flow/fault", nil},
	{"flow/flowtest", nil}, // for tests alone

	{"footprint", []string{"flow", "footprint/internal/..."}},
	{"footprint/internal/...", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/leiden/internal/network", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/leiden/internal/optimise", []string{"flow", "footprint", "footprint/internal/...", "footprint/leiden/internal/network"}},
	{"footprint/leiden", []string{"flow", "footprint", "footprint/internal/...", "footprint/leiden/internal/..."}},
	{"footprint/infomap", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/tree", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/rule", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/registry", []string{
		"flow", "footprint", "footprint/internal/...", "footprint/leiden", "footprint/infomap", "footprint/tree", "footprint/rule",
	}},
	{"footprint/bound", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/nest", []string{"flow", "footprint", "footprint/internal/...", "footprint/leiden"}},
	{"footprint/merge", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/compare", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/ensemble", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/sweep", []string{"flow", "footprint", "footprint/internal/...", "footprint/compare", "footprint/leiden"}},
	{"footprint/whatif", []string{"flow", "footprint"}},
	{"footprint/bench", []string{"flow", "flow/fault", "footprint", "footprint/internal/...", "footprint/leiden", "footprint/score", "footprint/score/attribution", "footprint/score/definition"}},
	{"footprint/score/definition", []string{"flow/fault", "flow/yamlfile"}},
	{"footprint/score/scale", nil},
	{"footprint/score/spc", nil},
	{"footprint/score/dispersion", nil},
	{"footprint/score/sobol", nil},
	{"footprint/score/interval", []string{"footprint/score/definition"}},
	{"footprint/score/attribution", []string{"flow", "flow/fault", "footprint", "footprint/score/definition", "footprint/score/interval"}},
	{"footprint/score/official", []string{"flow/fault", "footprint/score", "footprint/score/interval"}},
	{"footprint/score", []string{"flow", "flow/fault", "footprint", "footprint/internal/...", "footprint/score/..."}},

	{"flow/portable", nil},
	{"flow/plaintext", nil},
	{"flow/wholefile", nil},
	{"flow/yamlfile", []string{"flow/fault"}},

	{"data/calendar", nil},
	{"data/internal/...", nil}, // intern
	{"data/table", []string{"flow", "flow/fault"}},
	{"data/spreadsheet", []string{"data/table"}},
	{"data", []string{"flow", "flow/fault", "footprint/score/...", "data/table", "data/internal/intern"}},
	{"data/tally", []string{"flow", "data", "data/internal/intern"}},
	{"data/codebook", []string{"flow", "flow/fault", "data", "data/table", "data/tally", "data/internal/intern"}},
	{"data/importer", []string{"flow", "flow/fault", "data", "data/calendar", "data/codebook", "data/spreadsheet", "data/table", "data/tally"}},
	{"data/published", []string{
		"flow", "flow/fault", "data", "data/calendar", "data/codebook", "data/importer", "data/table", "data/tally", "data/internal/intern",
	}},
	{"data/ingest", []string{"flow", "flow/fault", "data", "data/table", "data/internal/intern", "data/ingest/internal/claims"}},
	{"data/ingest/internal/claims", nil},
	{"data/sample", nil},
	{"data/sample/internal/synthetic", nil},
	{"data/sample/internal/gensample", []string{"data/sample/internal/synthetic"}},

	{"render/internal/dbase", []string{"render/internal/geojsonread", "render/internal/words"}},
	{"render/internal/refsys", []string{"render/internal/geodesy", "render/internal/geojsonread", "render/internal/words"}},
	{"render/internal/labelpoint", []string{"render/internal/extent"}},
	{"render/internal/topology", []string{"render/internal/geodesy", "render/internal/linework"}},
	{"render/internal/geojsonread", []string{"render/internal/topology"}},
	{"render/internal/arcs", []string{"render/layer"}},
	{"render/internal/rounded", []string{"render/layer"}},
	{"render/internal/...", nil}, // extent, geodesy, gogeom, jsontext, linework, markup, words
	{"render/datum", []string{"flow/fault", "render/internal/..."}},
	{"render/boundary", []string{"flow", "flow/fault", "footprint", "render/datum", "render/internal/..."}},
	{"render/travel", []string{"render/boundary", "render/internal/..."}},
	{"render/layer", []string{"flow", "flow/fault", "footprint", "render/boundary", "render/internal/..."}},
	{"render/chart", []string{"flow", "footprint/...", "render/layer", "render/internal/..."}},
	{"render/csv", []string{"flow", "render/layer", "render/internal/..."}},
	{"render/geojson", []string{"render/boundary", "render/datum", "render/layer", "render/internal/..."}},
	{"render/glossary", nil},
	{"render/geoparquet", []string{"render/layer", "render/internal/..."}},
	{"render/flatgeobuf", []string{"render/layer", "render/internal/..."}},
	{"render/shapefile", []string{"render/layer", "render/internal/..."}},
	{"render/xlsx", []string{"render/glossary", "render/layer"}},
	{"render/kml", []string{"render/layer", "render/internal/..."}},
	{"render/topojson", []string{"render/layer", "render/internal/..."}},
	{"render/page", []string{"render/layer", "render/internal/..."}},
	{"render/qgis", []string{"render/layer", "render/page", "render/internal/..."}},
	{"render/gpkg", []string{"render/layer", "render/qgis", "render/internal/..."}},
	{"render/picture", []string{"render/boundary", "render/layer", "render/page", "render/internal/..."}},
	{"render/maps", []string{"flow", "flow/fault", "footprint/...", "render/boundary", "render/layer", "render/travel", "render/internal/..."}},
	{"render/report", []string{
		"flow", "flow/fault", "footprint/...", "render/boundary", "render/chart", "render/glossary", "render/layer", "render/maps", "render/internal/...",
	}},

	{"render/workbench/internal/engine", []string{"footprint/bench"}},
	{"render/workbench/internal/genengine", nil},
	{"render/workbench", []string{"footprint/bench", "render/boundary", "render/layer", "render/internal/..."}},

	{"render", []string{"render/..."}}, // the registry of formats

	{"cmd/stpmap/internal/words", []string{"flow"}},
	{"cmd/stpmap/internal/stage", []string{"flow/fault", "cmd/stpmap/internal/words"}},
	{"cmd/stpmap/internal/cli", []string{"flow/fault", "flow/yamlfile", "footprint", "cmd/stpmap/internal/words"}},
	{"cmd/stpmap/...", []string{"flow/...", "footprint/...", "render/...", "data/...", "cmd/stpmap/..."}},
}

// anywhere is what every package may import.
var anywhere = []string{"flow/portable", "flow/plaintext", "flow/wholefile"}

// importFaults is every import that the plan does not allow.
func importFaults(t *tree) []string {
	var faults []string
	for _, p := range t.packages {
		r := slices.IndexFunc(rows, func(r row) bool { return fits(r.from, p.name) })
		if r < 0 {
			faults = append(faults, p.name+": the plan has no row for this package")
			continue
		}
		for _, u := range p.imports {
			if !slices.Contains(anywhere, u.name) && !slices.ContainsFunc(rows[r].may, func(pattern string) bool { return fits(pattern, u.name) }) {
				faults = append(faults, fmt.Sprintf("%s: %s must not import %s", u.place, p.name, u.name))
			}
		}
	}
	return faults
}

// fits says whether a package is meant by a pattern: its own name, or a folder
// at or above it followed by "/...".
func fits(pattern, name string) bool {
	above, tail := strings.CutSuffix(pattern, "/...")
	return pattern == name || tail && (name == above || strings.HasPrefix(name, above+"/"))
}
