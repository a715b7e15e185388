package stage

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Provenance says where a result comes from: enough to make it again.
type Provenance struct {
	Keep       string  `json:"keep"` // with whom the file stays: the first line of it
	Tool       string  `json:"tool"`
	Version    string  `json:"version"`
	Notice     string  `json:"notice,omitempty"`
	Command    string  `json:"command"`
	Parameters string  `json:"parameters"`
	Method     string  `json:"method"`
	Seed       *uint64 `json:"seed,omitempty"`
	FlowSHA256 string  `json:"flow_sha256,omitempty"`
	Inputs     []Input `json:"inputs"`
	*FlowFigures
	Understood []Understood      `json:"understood"`
	Notes      []string          `json:"notes"`
	Outputs    map[string]string `json:"outputs_sha256"`
	Seconds    *float64          `json:"seconds,omitempty"`
}

// FlowFigures are the totals of the flows; a comparison may go without flows.
type FlowFigures struct {
	Rows       int     `json:"rows"`
	Areas      int     `json:"areas"`
	Providers  int     `json:"providers"`
	Patients   float64 `json:"patients"`
	Lower      float64 `json:"patients_lower"`
	Upper      float64 `json:"patients_upper"`
	Suppressed int     `json:"suppressed_cells"`
}

// Input is one file that was read.
type Input struct {
	Role   string `json:"role"`
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
}

// What the first line of a provenance file says.
const (
	StaysHere    = "stays with the analyst: guesses of small counts can be tried out against the hash of an input file; --publish leaves hashes out"
	mayGoOutside = "may be published: hashes of input files are left out"
)

// Publish leaves out what stays with the analyst.
func (p *Provenance) Publish() {
	p.Keep, p.Inputs = mayGoOutside, slices.Clone(p.Inputs)
	for i := range p.Inputs {
		p.Inputs[i].Bytes, p.Inputs[i].SHA256 = 0, ""
	}
}

// ProvenanceName is the file in a folder of results; where it is there, the
// results are complete.
const ProvenanceName = "provenance.json"

// writtenBefore is what a provenance file says of the files it is of.
type writtenBefore struct {
	Tool    string            `json:"tool"`
	Command string            `json:"command"`
	Outputs map[string]string `json:"outputs_sha256"`
}

// readProvenance reads a provenance file that stpmap wrote; ok is false where
// there is none.
func readProvenance(name string) (p writtenBefore, ok bool) {
	text, err := os.ReadFile(name)
	if err != nil || json.Unmarshal(text, &p) != nil || p.Tool != "stpmap" {
		return writtenBefore{}, false
	}
	return p, true
}

// AddProvenance stages the provenance of all that is staged.
func (s *Files) AddProvenance(name string, p *Provenance) error {
	p.Outputs = s.Hashes()
	return s.Create(name, func(w io.Writer) error {
		var b bytes.Buffer
		if err := WriteJSON(&b, p); err != nil {
			return err
		}
		_, err := w.Write(bytes.Replace(b.Bytes(), []byte("{\n  "), []byte("{ "), 1)) // what to keep is on line 1
		return err
	})
}

// AddProvenanceBeside stages the provenance of score or compare. In a folder that
// holds another result, whose own it leaves alone, it is named for the last of
// the files, as score.provenance.json.
func (s *Files) AddProvenanceBeside(dir string, p *Provenance) error {
	name := filepath.Join(dir, ProvenanceName)
	if old, ok := readProvenance(name); ok && !s.replaces(old, p.Command) {
		last := filepath.Base(s.files[len(s.files)-1].final)
		name = filepath.Join(dir, strings.TrimSuffix(last, filepath.Ext(last))+"."+ProvenanceName)
	}
	return s.AddProvenance(name, p)
}

// replaces reports whether what is staged takes the place of an earlier result:
// that of the same command, with a file of the same name.
func (s *Files) replaces(old writtenBefore, command string) bool {
	whole := []string{"run", "demo"}
	if old.Command != command && !(slices.Contains(whole, old.Command) && slices.Contains(whole, command)) {
		return false
	}
	for name := range s.Hashes() {
		if _, ok := old.Outputs[name]; ok {
			return true
		}
	}
	return false
}
