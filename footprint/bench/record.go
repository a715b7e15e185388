package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"stpmap/flow/fault"
	"stpmap/footprint"
)

// What a Record does.
const (
	OpMove      = "move"      // Areas and Providers into Footprint
	OpLock      = "lock"      // Areas and Providers stay where they are
	OpUnlock    = "unlock"    // they may move again
	OpAdd       = "add"       // Footprint is new, and empty
	OpRecluster = "recluster" // the rest anew; IDs and Label are what came out
	OpMend      = "mend"      // footprints mended; IDs and Label are what came out
	OpOption    = "option"    // the map is kept under Name
	OpRestore   = "restore"   // the map that was kept under Name
	OpUndo      = "undo"
	OpRedo      = "redo"
)

// Record is one step of a session, a line of its file.
type Record struct {
	Op        string   `json:"op"`
	Areas     []string `json:"areas,omitempty"`
	Providers []string `json:"providers,omitempty"`
	Footprint string   `json:"footprint,omitempty"`
	// Stroke, above 0, numbers the strokes of the brush: the moves of one are undone
	// together.
	Stroke int `json:"stroke,omitempty"`
	// Footprints, Resolution and Seed are what a re-clustering was asked for; What
	// is what was mended: pieces or people.
	Footprints int     `json:"footprints,omitempty"`
	Resolution float64 `json:"resolution,omitempty"`
	Seed       uint64  `json:"seed,omitempty"`
	What       string  `json:"what,omitempty"`
	Name       string  `json:"name,omitempty"`
	// IDs and Label are a whole map: the footprint of each place, by number.
	IDs   []string `json:"ids,omitempty"`
	Label []int32  `json:"label,omitempty"`
}

// header is the first line of a session's file.
type header struct {
	Stpmap     string      `json:"stpmap"` // "session"
	Version    string      `json:"version"`
	FlowSHA256 string      `json:"flow_sha256"`
	Footprints []string    `json:"footprints"`
	Places     [][4]string `json:"places"` // kind, code, name, footprint
}

// Session is a session's file: where it begins and what was done.
type Session struct {
	Version    string
	FlowSHA256 string // of the flows that the page had
	Book       *Book  // at the map that the session begins with
	Records    []Record
	Lines      []int // on which each record stands
}

// NewSession begins a session at a map.
func NewSession(version, flows string, b *Book) *Session {
	return &Session{Version: version, FlowSHA256: flows, Book: NewBook(b.Places, b.Areas, b.IDs, b.Label)}
}

// Write writes a session with some records, one JSON object a line.
func (s *Session) Write(w io.Writer, records []Record) error {
	h := header{Stpmap: "session", Version: s.Version, FlowSHA256: s.FlowSHA256, Footprints: s.Book.IDs}
	for v, p := range s.Book.Places {
		id := ""
		if f := s.Book.Label[v]; f >= 0 {
			id = s.Book.IDs[f]
		}
		h.Places = append(h.Places, [4]string{p.Kind, p.Code, p.Name, id})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(h); err != nil {
		return err
	}
	for i := range records {
		if err := e.Encode(&records[i]); err != nil {
			return err
		}
	}
	return nil
}

// mostLine is the longest line of a session that is read, in bytes.
const mostLine = 1 << 28

// ReadSession reads a session's file. Its faults are *fault.Error with the line.
func ReadSession(name string, r io.Reader) (*Session, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), mostLine)
	var s *Session
	n := 0
	at := func(err error) error { return &fault.Error{File: name, Line: n, Err: err} }
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		if s == nil {
			var err error
			if s, err = readHeader(line); err != nil {
				return nil, at(err)
			}
			continue
		}
		var rec Record
		if err := strictly(line, &rec); err != nil {
			return nil, at(err)
		}
		s.Records, s.Lines = append(s.Records, rec), append(s.Lines, n)
	}
	if err := lines.Err(); err != nil {
		n++
		return nil, at(err)
	}
	if s == nil {
		n = 1
		return nil, at(errors.New("nothing in the file: a session begins with a line about the map"))
	}
	return s, nil
}

// strictly reads JSON that has nothing but what is known.
func strictly(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("no line of a session: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("no line of a session: more than one object on it")
	}
	return nil
}

func readHeader(line []byte) (*Session, error) {
	var h header
	if err := json.Unmarshal(line, &h); err != nil || h.Stpmap != "session" {
		return nil, errors.New("no session of the workbench: the first line says what map it begins with")
	}
	number := map[string]int32{"": footprint.Unplaced}
	for f, id := range h.Footprints {
		if _, twice := number[id]; twice {
			return nil, fmt.Errorf("footprint %q twice or without an id", id)
		}
		number[id] = int32(f)
	}
	places, label, areas := make([]Place, len(h.Places)), make([]int32, len(h.Places)), 0
	seen := make(map[Place]bool, len(places))
	for v, row := range h.Places {
		p := Place{Kind: row[0], Code: row[1]}
		f, ok := number[row[3]]
		switch {
		case p.Kind != Area && p.Kind != Provider || p.Kind == Area && areas < v:
			return nil, fmt.Errorf("place %d is no area, or one after the providers: %q", v+1, p.Kind)
		case p.Code == "" || seen[p]:
			return nil, fmt.Errorf("%s %q twice or without a code", p.Kind, p.Code)
		case !ok:
			return nil, fmt.Errorf("%s %s lies in %q, which is no footprint of the map", p.Kind, p.Code, row[3])
		}
		seen[p] = true
		if p.Kind == Area {
			areas++
		}
		p.Name = row[2]
		places[v], label[v] = p, f
	}
	return &Session{Version: h.Version, FlowSHA256: h.FlowSHA256, Book: NewBook(places, areas, h.Footprints, label)}, nil
}

// Replay does all that a session says. The error has the line.
func (s *Session) Replay(name string) error {
	for i, r := range s.Records {
		if _, _, err := s.Book.Apply(r); err != nil {
			return &fault.Error{File: name, Line: s.Lines[i], Err: err}
		}
	}
	return nil
}
