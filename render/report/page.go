package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the page's markup, script, style and map library
	"encoding/base64"
	"html"
	"html/template"
	"io"
	"slices"
	"strings"

	"stpmap/render/glossary"
)

//go:embed assets/report.html
var reportHTML string

//go:embed assets/report.css
var reportCSS string

//go:embed assets/report.js
var reportJS string

// Leaflet 1.9.4, © 2010-2023 Volodymyr Agafonkin, © 2010-2011 CloudMade,
// BSD-2-Clause: see assets/LEAFLET-LICENSE, which goes into every page.

//go:embed assets/leaflet.js
var leafletJS string

//go:embed assets/leaflet.css
var leafletCSS string

//go:embed assets/LEAFLET-LICENSE
var leafletLicence string

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// inline is a script without what would make a browser look for its source.
func inline(js string) string {
	lines := strings.Split(strings.TrimSpace(unix(js)), "\n")
	if last := len(lines) - 1; strings.HasPrefix(lines[last], "//# sourceMappingURL=") {
		lines = lines[:last]
	}
	return strings.Join(lines, "\n")
}

// unix has line feeds only, as a browser that hashes it, whatever the checkout did.
func unix(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// pageTemplate is the page. A name is escaped by text, which leaves more characters
// as they are than the template would by itself; what text is not called for,
// the template escapes.
var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"text": func(s string) template.HTML { return template.HTML(html.EscapeString(s)) },
	// Within <title> the template would escape once more.
	"title": func(s string) template.HTML { return template.HTML("<title>" + html.EscapeString(s) + "</title>") },
	"join":  func(list []string) string { return strings.Join(list, "; ") },
}).Parse(unix(reportHTML)))

// view is what the markup shows.
type view struct {
	Page   *Page
	Title  string
	Policy template.HTMLAttr // only the two scripts of this page run, by their hash, and evaluate no text
	// Generator is empty without a version.
	Generator       template.HTMLAttr
	Style           template.CSS
	Leaflet, Script template.JS
	Data            template.JS // that cannot end a script element
	Slider          string      // what the slider changes; empty: there is none
	Last            int
	Boxes           []box
	Charts          []drawn
	Made            string
	Choices         template.HTMLAttr // how it was made, for whoever repeats it
	Map             template.HTML     // for readers without scripts
	Table           staticTable
	Terms           []glossary.Term
	Heat            bool // there are indicators to compare
	Ranks           bool // there are ranks to compare
}

// box is a choice of what the map shows.
type box struct {
	ID, Text  string
	On, There bool
}

// drawn is a figure whose SVG is clean.
type drawn struct {
	Title, Caption string
	SVG            template.HTML
}

func (r *Page) page(w io.Writer, data []byte, charts []string, still template.HTML) error {
	v := r.view(data, charts)
	v.Map = still
	b := bufio.NewWriterSize(w, 1<<16)
	if err := pageTemplate.Execute(b, v); err != nil {
		return err
	}
	return b.Flush()
}

func (r *Page) view(data []byte, charts []string) *view {
	style := unix("/*\n" + strings.TrimSpace(leafletLicence) + "\n*/\n" + leafletCSS + reportCSS)
	leaflet, script := inline(leafletJS), inline(reportJS)
	v := &view{
		Page: r, Title: r.Title, Style: template.CSS(style), Leaflet: template.JS(leaflet), Script: template.JS(script), Data: template.JS(data),
		Policy: template.HTMLAttr(`content="default-src 'none'; script-src ` + hash(leaflet) + " " + hash(script) + "; style-src " + hash(style) + `; base-uri 'none'; form-action 'none'"`),
		Made:   r.About.Version, Table: r.staticTable(), Terms: glossary.Terms, Heat: len(r.Indicators) > 0 && len(r.Levels) > 0, Ranks: r.ranked(),
		Boxes: []box{
			{"borders", "Footprint borders", true, true},
			{"areas", "Area borders", false, true},
			{"names", "Labels", true, true},
			{"providers", "Providers", len(r.Providers) > 0, len(r.Providers) > 0},
			{"flows", "Flows", false, len(r.Flows) > 0},
		},
	}
	if v.Title == "" {
		v.Title = "Footprints"
	}
	if r.About.Version != "" {
		v.Generator = template.HTMLAttr(`content="stpmap ` + html.EscapeString(r.About.Version) + `"`)
	}
	if r.About.Parameters != "" {
		v.Choices = template.HTMLAttr(`content="` + html.EscapeString(r.About.Parameters) + `"`)
	}
	if v.Last = len(r.Levels) - 1; v.Last > 0 {
		v.Slider = r.LevelTitle
		if v.Slider == "" {
			v.Slider = "Partition"
		}
	}
	for i, c := range r.Charts {
		v.Charts = append(v.Charts, drawn{c.Title, c.Caption, template.HTML(charts[i])})
	}
	return v
}

// ranked says whether the first level has ranks.
func (r *Page) ranked() bool {
	return len(r.Levels) > 0 && slices.ContainsFunc(r.Levels[r.Start].Columns, func(c Column) bool { return c.Order })
}
