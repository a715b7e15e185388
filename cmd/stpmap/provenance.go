package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// provenanceFile says where a result comes from: enough to make it again.
type provenanceFile struct {
	Tool       string      `json:"tool"`
	Version    string      `json:"version"`
	Notice     string      `json:"notice,omitempty"`
	Command    string      `json:"command"`
	Parameters string      `json:"parameters"`
	Method     string      `json:"method"`
	Seed       *uint64     `json:"seed,omitempty"`
	FlowSHA256 string      `json:"flow_sha256,omitempty"`
	Inputs     []inputFile `json:"inputs"`
	*flowFigures
	Understood []understood      `json:"understood"`
	Notes      []string          `json:"notes"`
	Outputs    map[string]string `json:"outputs_sha256"`
	Seconds    *float64          `json:"seconds,omitempty"`
}

// flowFigures are the totals of the flows; a comparison may go without flows.
type flowFigures struct {
	Rows       int     `json:"rows"`
	Areas      int     `json:"areas"`
	Providers  int     `json:"providers"`
	Patients   float64 `json:"patients"`
	Lower      float64 `json:"patients_lower"`
	Upper      float64 `json:"patients_upper"`
	Suppressed int     `json:"suppressed_cells"`
}

// inputFile is one file that was read.
type inputFile struct {
	Role   string `json:"role"`
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// provenanceName is the file in a folder of results; where it is there, the
// results are complete.
const provenanceName = "provenance.json"

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

// provenanceOf fills in what the inputs and the command line say.
func (in *inputs) provenanceOf(c *cli.Context, method string, notes []string) *provenanceFile {
	p := &provenanceFile{
		Tool: "stpmap", Version: version, Notice: in.notice, Command: c.Command.Name, Parameters: parameters(c), Method: method,
		Inputs: in.files, Understood: append([]understood{}, in.understood...), Notes: append(append([]string{}, in.notes...), notes...),
	}
	if p.Inputs == nil {
		p.Inputs = []inputFile{}
	}
	if m := in.matrix; m != nil {
		total := m.Total()
		p.FlowSHA256 = m.SHA256()
		p.flowFigures = &flowFigures{
			Rows: in.flowReport.Rows, Areas: len(m.Areas()), Providers: len(m.Providers()),
			Patients: total.Published, Lower: total.Lower, Upper: total.Upper, Suppressed: in.matrixReport.SuppressedCells,
		}
	}
	return p
}

// provenance stages the provenance of all that is staged.
func (s *staging) provenance(name string, p *provenanceFile) error {
	p.Outputs = s.hashes()
	return s.create(name, func(w io.Writer) error { return writeJSON(w, p) })
}

// provenanceBeside stages the provenance of score or compare. In a folder that
// holds another result, whose own it leaves alone, it is named for the last of
// the files, as score.provenance.json.
func (s *staging) provenanceBeside(dir string, p *provenanceFile) error {
	name := filepath.Join(dir, provenanceName)
	if old, ok := readProvenance(name); ok && !s.replaces(old, p.Command) {
		last := filepath.Base(s.files[len(s.files)-1].final)
		name = filepath.Join(dir, strings.TrimSuffix(last, filepath.Ext(last))+"."+provenanceName)
	}
	return s.provenance(name, p)
}

// replaces reports whether what is staged takes the place of an earlier result:
// that of the same command, with a file of the same name.
func (s *staging) replaces(old writtenBefore, command string) bool {
	whole := []string{"run", "demo"}
	if old.Command != command && !(slices.Contains(whole, old.Command) && slices.Contains(whole, command)) {
		return false
	}
	for name := range s.hashes() {
		if _, ok := old.Outputs[name]; ok {
			return true
		}
	}
	return false
}
