package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
)

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
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(js, "\r\n", "\n")), "\n")
	if last := len(lines) - 1; strings.HasPrefix(lines[last], "//# sourceMappingURL=") {
		lines = lines[:last]
	}
	return strings.Join(lines, "\n")
}

// htmlWriter writes a page; the first error sticks.
type htmlWriter struct {
	w   *bufio.Writer
	err error
}

// raw writes markup of ours.
func (h *htmlWriter) raw(parts ...string) {
	for _, s := range parts {
		if h.err == nil {
			_, h.err = h.w.WriteString(s)
		}
	}
}

// textIn writes an element with a stranger's text.
func (h *htmlWriter) textIn(open, text, shut string) {
	h.raw(open, html.EscapeString(text), shut, "\n")
}

func (r *Page) page(w io.Writer, data []byte, charts []string) error {
	h := &htmlWriter{w: bufio.NewWriterSize(w, 1<<16)}
	// A browser hashes with line feeds only, whatever the checkout did.
	style := strings.ReplaceAll("/*\n"+strings.TrimSpace(leafletLicence)+"\n*/\n"+leafletCSS+reportCSS, "\r\n", "\n")
	leaflet, script := inline(leafletJS), inline(reportJS)
	h.raw("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n",
		// Only the two scripts of this page run, by their hash, and evaluate no text.
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src `, hash(leaflet), " ", hash(script),
		"; style-src ", hash(style), "; base-uri 'none'; form-action 'none'\">\n",
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n",
		"<meta name=\"referrer\" content=\"no-referrer\">\n")
	title := r.Title
	if title == "" {
		title = "Footprints"
	}
	h.textIn("<title>", title, "</title>")
	if r.About.Version != "" {
		h.textIn(`<meta name="generator" content="stpmap `, r.About.Version, `">`)
	}
	h.raw("<style>", style, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n")
	h.raw("<header class=\"wrap\">\n")
	h.textIn("<h1>", title, "</h1>")
	if r.Subtitle != "" {
		h.textIn(`<p class="sub">`, r.Subtitle, "</p>")
	}
	if r.About.Notice != "" {
		h.textIn(`<p class="notice" role="note">`, r.About.Notice, "</p>")
	}
	h.raw("</header>\n<main id=\"main\" class=\"wrap\">\n<noscript><p class=\"notice\">The map and the league table need JavaScript, which this page brings along.</p></noscript>\n")
	if len(r.Facts) > 0 {
		h.raw("<section class=\"glance\" aria-label=\"At a glance\"><dl class=\"facts\">\n")
		for _, f := range r.Facts {
			h.textIn("<div><dt>", f.Label, "</dt>")
			h.textIn("<dd>", f.Value, "</dd></div>")
		}
		h.raw("</dl></section>\n")
	}
	if len(r.Levels) > 0 {
		r.mapSection(h)
		h.raw("<section aria-labelledby=\"league-h\"><h2 id=\"league-h\">League table</h2>\n",
			"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"league-h\"><table id=\"league\"></table></div></section>\n")
	}
	if len(r.Charts) > 0 {
		h.raw("<section aria-labelledby=\"charts-h\"><h2 id=\"charts-h\">Charts</h2>\n<div class=\"charts\">\n")
		for i := range r.Charts {
			h.textIn("<figure><figcaption>", r.Charts[i].Title, "")
			if r.Charts[i].Caption != "" {
				h.textIn("<p>", r.Charts[i].Caption, "</p>")
			}
			h.raw("</figcaption>")
			h.raw(`<div class="made">`, charts[i], "</div></figure>\n")
		}
		h.raw("</div></section>\n")
	}
	h.raw("</main>\n")
	r.about(h)
	h.raw("<div id=\"say\" class=\"leaflet-sr\" role=\"status\" aria-live=\"polite\"></div>\n")
	h.raw(`<script type="application/json" id="data">`, string(data), "</script>\n")
	h.raw("<script>", leaflet, "</script>\n<script>", script, "</script>\n</body>\n</html>\n")
	if h.err != nil {
		return h.err
	}
	return h.w.Flush()
}

func (r *Page) mapSection(h *htmlWriter) {
	h.raw("<section aria-labelledby=\"map-h\"><h2 id=\"map-h\" class=\"leaflet-sr\">Map</h2>\n<div class=\"controls\">\n")
	h.raw("<div class=\"search\"><label for=\"find\">Find an area, provider or footprint</label>",
		"<input id=\"find\" type=\"search\" role=\"combobox\" autocomplete=\"off\" spellcheck=\"false\" aria-expanded=\"false\" aria-controls=\"hits\" aria-autocomplete=\"list\">",
		"<ul id=\"hits\" class=\"hits\" role=\"listbox\" aria-label=\"Results\" hidden></ul></div>\n")
	if len(r.Levels) > 1 {
		what := r.LevelTitle
		if what == "" {
			what = "Partition"
		}
		h.textIn(`<div class="slider"><label for="level">`, what, `: <output id="levelname" for="level"></output></label>`)
		h.raw(`<input id="level" type="range" min="0" step="1" max="`, strconv.Itoa(len(r.Levels)-1), `" value="`, strconv.Itoa(r.Start), "\"></div>\n")
	}
	h.raw("<div><label for=\"colour\">Colour by</label><select id=\"colour\"></select></div>\n")
	h.raw("<fieldset><legend>Show</legend>")
	for _, box := range [...]struct {
		id, text  string
		on, there bool
	}{
		{"borders", "Footprint borders", true, true},
		{"areas", "Area borders", false, true},
		{"names", "Labels", true, true},
		{"providers", "Providers", true, len(r.Providers) > 0},
		{"flows", "Flows", false, len(r.Flows) > 0},
	} {
		state, hidden := "", ""
		if box.on && box.there {
			state = " checked"
		}
		if !box.there {
			hidden = " hidden"
		}
		h.raw("<label", hidden, "><input type=\"checkbox\" id=\"lay-", box.id, "\"", state, "> ", box.text, "</label>")
	}
	h.raw("</fieldset>\n</div>\n")
	h.raw("<div class=\"split\"><div id=\"map\" role=\"region\" aria-label=\"Map of footprints. The league table below holds the same in words.\"></div>",
		"<aside id=\"detail\" tabindex=\"0\" aria-label=\"Footprint\"></aside></div>\n",
		"<ul id=\"key\" class=\"key\" aria-label=\"Legend\"></ul>\n<p id=\"levelnote\" class=\"levelnote\"></p>\n</section>\n")
}

func (r *Page) about(h *htmlWriter) {
	h.raw("<footer class=\"wrap\">\n<h2>About this page</h2>\n")
	for _, n := range r.Notes {
		h.textIn("<p>", n, "</p>")
	}
	a := r.About
	if len(a.Sources) > 0 {
		h.textIn("<p>Sources: ", strings.Join(a.Sources, "; "), "</p>")
	}
	if a.Version != "" || a.Parameters != "" {
		h.textIn("<p>Made with stpmap ", strings.TrimSpace(fmt.Sprintf("%s %s", a.Version, a.Parameters)), "</p>")
	}
	if a.FlowSHA256 != "" {
		h.textIn("<p>SHA-256 of the flows: ", a.FlowSHA256, "</p>")
	}
	h.raw("<p>The map is drawn by Leaflet 1.9.4 (BSD-2-Clause), which this file holds together with its licence. The page loads nothing from anywhere.</p>\n</footer>\n")
}
