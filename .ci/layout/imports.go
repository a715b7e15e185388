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

	{"footprint", []string{"flow", "footprint/internal/..."}},
	{"footprint/internal/...", []string{"flow", "footprint/internal/..."}},
	{"footprint/leiden", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/infomap", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/tree", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/rule", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/compare", []string{"flow", "footprint", "footprint/internal/..."}},
	{"footprint/sweep", []string{"flow", "footprint", "footprint/compare", "footprint/leiden", "footprint/internal/..."}},
	{"footprint/score", []string{"flow", "flow/fault", "footprint", "footprint/internal/..."}},

	{"data/table", []string{"flow", "flow/fault"}},
	{"data", []string{"flow", "flow/fault", "footprint/score", "data/table"}},
	{"data/published", []string{"flow", "flow/fault", "footprint/score", "data", "data/table"}},
	{"data/ingest", []string{"flow", "flow/fault", "data", "data/table"}},
	{"data/sample", []string{"flow", "flow/fault", "data", "data/table"}},
	{"data/internal/gensample", []string{"data/internal/synthetic"}},
	{"data/internal/synthetic", nil},

	{"render/internal/geodesy", nil},
	{"render/internal/gogeom", nil},
	{"render/internal/topology", []string{"render/internal/geodesy"}},
	{"render/internal/geojsonread", []string{"render/internal/topology"}},
	{"render/boundary", []string{"flow", "flow/fault", "footprint", "render/internal/..."}},
	{"render/layer", []string{"flow", "flow/fault", "footprint", "render/boundary", "render/internal/..."}},
	{"render/maps", []string{"flow", "flow/fault", "footprint/...", "render/boundary", "render/layer", "render/internal/..."}},
	{"render/report", []string{"flow", "flow/fault", "footprint/...", "render/boundary", "render/chart", "render/layer", "render/maps", "render/internal/..."}},
	{"render/chart", []string{"flow", "footprint/...", "render/layer", "render/internal/..."}},
	{"render/...", []string{"flow", "flow/fault", "footprint/...", "render/..."}},

	{"cmd/stpmap/internal/stage", []string{"flow/fault"}},
	{"cmd/stpmap/internal/cli", []string{"flow/fault", "cmd/stpmap/internal/stage"}},
	{"cmd/stpmap/...", []string{"flow/...", "footprint/...", "render/...", "data/...", "cmd/stpmap/..."}},
}

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
			if !slices.ContainsFunc(rows[r].may, func(pattern string) bool { return fits(pattern, u.name) }) {
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
