package workbench

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/footprint/bench"
	"stpmap/render/boundary"
	"stpmap/render/layer"
)

//go:generate go run ./internal/genengine

//go:embed engine.wasm.gz
var engine []byte

//go:embed wasm_exec.js
var glue string

//go:embed assets
var assets embed.FS

// scripts are the parts of the page's script, in order.
var scripts = []string{"unpack.js", "words.js", "engine.js", "map.js", "brush.js", "panel.js", "places.js", "save.js", "main.js"}

// Page is what goes into a workbench.
type Page struct {
	Title   string
	Notice  string   // what every output of synthetic data says
	Sources []string // to print with the map
	Privacy string   // what the door for small counts did, in a sentence
	Case    *bench.Case
	// Boundaries are the areas' polygons; nil leaves the map out.
	Boundaries *boundary.Set
	Points     []orb.Point // of providers; NaN where not known; may be nil
	Session    string      // a session to go on from; "" for none
	Ribbons    []Ribbon
}

// Ribbon is a statistic over the maps of an ensemble.
type Ribbon struct {
	Statistic string    `json:"statistic"`
	Title     string    `json:"title"`
	Quantiles []float64 `json:"quantiles"` // all values, or some that stand for as many each, rising
	Maps      int       `json:"maps"`
	// Footprints is how many each of the maps has; 0 where not known.
	Footprints int `json:"footprints"`
	// Converged says that a place among the maps may be told; Verdict is why not.
	Converged bool   `json:"converged"`
	Exact     bool   `json:"exact"` // these are all the maps there are
	Verdict   string `json:"verdict"`
}

// drawing is what the page draws, beside the case.
type drawing struct {
	Title   string        `json:"title"`
	Notice  string        `json:"notice"`
	Privacy string        `json:"privacy"`
	Sources []string      `json:"sources"`
	Fills   []string      `json:"fills"`
	Session string        `json:"session"`
	Ribbons []Ribbon      `json:"ribbons"`
	Map     *topology     `json:"map"`
	Points  []*[2]float64 `json:"points"` // of providers, in degrees
}

// Write writes the page.
func Write(w io.Writer, p Page) error {
	d := drawing{
		Title: p.Title, Notice: p.Notice, Privacy: p.Privacy, Sources: p.Sources, Fills: layer.Fills[:], Session: p.Session,
		Ribbons: p.Ribbons, Points: pointsOf(p.Points),
	}
	if p.Boundaries != nil {
		d.Map = newTopology(p.Boundaries, p.Case.Matrix.Areas())
	}
	drawn, err := json.Marshal(d)
	if err != nil {
		return err
	}
	files, err := pieces()
	if err != nil {
		return err
	}
	_, err = strings.NewReplacer(
		"{{policy}}", policy(files.style, files.start, files.send, files.script),
		"{{title}}", html.EscapeString(p.Title),
		"{{style}}", files.style,
		"{{worker}}", files.worker,
		"{{start}}", files.start,
		"{{engine}}", base64.StdEncoding.EncodeToString(engine),
		"{{case}}", packed(p.Case.Pack()),
		"{{send}}", files.send,
		"{{drawing}}", packed(drawn),
		"{{script}}", files.script,
	).WriteString(w, files.page)
	return err
}

// files are the page's own, as they stand in it.
type files struct {
	page, style string
	worker      string // the engine's
	start, send string // scripts that run while the page is still being read
	script      string
}

func pieces() (f files, err error) {
	part := func(name string) string {
		b, e := assets.ReadFile("assets/" + name)
		if e != nil {
			err = e
		}
		return string(b)
	}
	f = files{page: part("page.html"), style: part("page.css"), start: part("start.js"), send: part("send.js")}
	f.worker = glue + "\n" + part("unpack.js") + part("worker.js")
	var all strings.Builder
	all.WriteString("'use strict';\n(() => {\n")
	for _, name := range scripts {
		all.WriteString(part(name))
	}
	all.WriteString("})();\n")
	f.script = all.String()
	return f, err
}

// policy is what the page allows itself: its own scripts and style, by their
// hashes, WebAssembly, and a worker made of its own text. No network at all.
func policy(style string, scripts ...string) string {
	hashes := ""
	for _, script := range scripts {
		hashes += " 'sha256-" + hashOf(script) + "'"
	}
	return fmt.Sprintf("default-src 'none'; script-src%s 'wasm-unsafe-eval'; style-src 'sha256-%s'; worker-src blob:; img-src data: blob:; base-uri 'none'; form-action 'none'",
		hashes, hashOf(style))
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// packed compresses data for the page.
func packed(b []byte) string {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is one
	_, _ = w.Write(b)                                       // a buffer takes all
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// pointsOf are points with the precision of a map.
func pointsOf(points []orb.Point) (out []*[2]float64) {
	for _, p := range points {
		if math.IsNaN(p[0]) || math.IsNaN(p[1]) {
			out = append(out, nil)
			continue
		}
		out = append(out, &[2]float64{math.Round(p[0]*1e5) / 1e5, math.Round(p[1]*1e5) / 1e5})
	}
	return out
}
