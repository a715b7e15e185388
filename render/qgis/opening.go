package qgis

import (
	"slices"

	"github.com/paulmach/orb"

	"stpmap/flow/plaintext"
	"stpmap/render/internal/markup"
	"stpmap/render/layer"
)

// What a project offers when it is opened: how degrees become the map's
// coordinates, themes, and places to go to.

// gridPipeline takes WGS84 degrees to the national grid in seven parameters,
// which every copy of PROJ can do. Without it in the project, QGIS asks which of
// several ways to use before it draws anything.
const gridPipeline = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 +step +proj=cart +ellps=WGS84" +
	" +step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector" +
	" +step +inv +proj=cart +ellps=airy +step +proj=pop +v_3" +
	" +step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"

// transforms says how coordinates change, so that QGIS need not ask.
func (p *Project) transforms(m *markup.Writer) {
	m.Start("transformContext")
	if p.CRS == 27700 {
		m.Start("srcDest", "coordinateOp", gridPipeline, "allowFallback", "1")
		m.Start("src")
		writeCRS(m, 4326)
		m.End()
		m.Start("dest")
		writeCRS(m, 27700)
		m.End()
		m.End()
	}
	m.End()
}

// theme is a choice of layers that a reader can switch to.
type theme struct {
	title  string
	about  string   // the layer that it is about, without which there is no theme
	layers []string // that it shows besides
}

var themes = []theme{
	{"Footprints", "footprints", []string{"borders", "confidence", "providers"}},
	{"Ratings", "scores", []string{"providers"}},
	{"Patient flows", "flows", []string{"footprints", "providers"}},
	{"Providers", "providers", []string{"footprints"}},
	{"Areas", "areas", nil},
}

func (t *theme) shows(l *ProjectLayer) bool {
	return l.Layer.Name == t.about || slices.Contains(t.layers, l.Layer.Name)
}

// themes writes the themes whose layer the project has.
func (p *Project) themes(m *markup.Writer) {
	m.Start("visibility-presets")
	for i := range themes {
		t := &themes[i]
		if p.layer(t.about) == nil {
			continue
		}
		m.Start("visibility-preset", "name", t.title, "has-expanded-info", "1", "has-checked-group-info", "1")
		p.each(func(l *ProjectLayer, _ *ProjectGroup) {
			if t.shows(l) {
				m.Empty("layer", "id", l.ID(), "visible", "1", "expanded", flag(l.Layer.Name == t.about))
			}
		})
		m.Start("checked-group-nodes")
		for gi := range p.Groups {
			m.Empty("checked-group-node", "id", plaintext.QGIS(p.Groups[gi].Title))
		}
		m.End()
		m.Empty("expanded-group-nodes")
		m.End()
	}
	m.End()
}

// layer is the first layer of a name, nil for none.
func (p *Project) layer(name string) *ProjectLayer {
	var found *ProjectLayer
	p.each(func(l *ProjectLayer, _ *ProjectGroup) {
		if found == nil && l.Layer.Name == name {
			found = l
		}
	})
	return found
}

// bookmarks writes the whole map and each footprint as places to go to.
func (p *Project) bookmarks(m *markup.Writer, whole orb.Bound) {
	m.Start("Bookmarks")
	p.bookmark(m, "The whole map", "", whole)
	if f := p.layer("footprints"); f != nil {
		name, code := f.Layer.FieldIndex(f.Layer.NameField()), f.Layer.FieldIndex("footprint")
		for i := range f.Layer.Features {
			one := f.Layer
			one.Features = f.Layer.Features[i : i+1]
			b, ok := layer.ProjectedBound(p.Transform, &one)
			if !ok {
				continue
			}
			title := textOf(one.Features[0].Values, code)
			if n := textOf(one.Features[0].Values, name); n != title {
				title += " " + n
			}
			p.bookmark(m, title, f.Title(), b.Pad(float64(0.05*max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]))))
		}
	}
	m.End()
}

// textOf is a text of a row, "" where it has none.
func textOf(values []any, at int) string {
	if at < 0 {
		return ""
	}
	text, _ := values[at].(string)
	return text
}

func (p *Project) bookmark(m *markup.Writer, title, group string, b orb.Bound) {
	m.Start("Bookmark", "id", uuid("bookmark", group, title), "name", plaintext.QGIS(title), "group", plaintext.QGIS(group), "extent", rectangle(b))
	writeCRS(m, p.CRS)
	m.End()
}

// rectangle writes a bound as a polygon in well-known text.
func rectangle(b orb.Bound) string {
	x0, y0, x1, y1 := markup.Decimal(b.Min[0]), markup.Decimal(b.Min[1]), markup.Decimal(b.Max[0]), markup.Decimal(b.Max[1])
	return "Polygon ((" + x0 + " " + y0 + ", " + x1 + " " + y0 + ", " + x1 + " " + y1 + ", " + x0 + " " + y1 + ", " + x0 + " " + y0 + "))"
}
