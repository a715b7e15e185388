package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"stpmap/footprint"
)

// Server answers the page: a name, arguments as JSON, and an answer as JSON.
type Server struct{ bench *Bench }

// Open unpacks a case, opens a bench and answers what the page needs once.
func (s *Server) Open(packed []byte) string {
	c, err := Unpack(packed)
	if err != nil {
		return written(nil, err)
	}
	s.bench = New(c)
	return written(s.bench.info(), nil)
}

// Call answers one question.
func (s *Server) Call(name, args string) string { return written(s.answer(name, args)) }

// written is an answer as the page reads it: {"ok": …}, or {"error": "what is wrong"}.
func written(answer any, err error) string {
	out := struct {
		OK    any    `json:"ok,omitempty"`
		Error string `json:"error,omitempty"`
	}{OK: answer}
	if err != nil {
		out.OK, out.Error = nil, err.Error()
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return `{"error":"the answer cannot be written"}`
	}
	return b.String()
}

// question is what any call may have as arguments.
type question struct {
	Record
	Code string `json:"code"`
	Kind string `json:"kind"`
	On   bool   `json:"on"`
	Text string `json:"text"`
	From int    `json:"from"`
}

func (s *Server) answer(name, args string) (any, error) {
	if s.bench == nil {
		return nil, errors.New("no case is open")
	}
	var q question
	if err := json.Unmarshal([]byte(args), &q); err != nil {
		return nil, fmt.Errorf("the arguments of %s cannot be read: %w", name, err)
	}
	b := s.bench
	switch name {
	case "info":
		return b.info(), nil
	case "state":
		return b.scored(), nil
	case "scores":
		return b.Scores(), nil
	case "do":
		return b.done(q.Record)
	case "move":
		r, err := b.moveOf(q)
		if err != nil {
			return nil, err
		}
		return b.done(r)
	case "lock":
		r, err := b.lockOf(q)
		if err != nil {
			return nil, err
		}
		return b.done(r)
	case "warm":
		return true, b.warm(q.From)
	case "suggest":
		return b.Suggest(), nil
	case "why":
		v, err := b.Book.Find(q.Kind, q.Code)
		if err != nil {
			return nil, err
		}
		return b.Why(v, q.Footprint)
	case "moved":
		return b.Moved(), nil
	case "options":
		return b.options(), nil
	case "flow":
		return b.flowOf(q)
	case "session":
		return b.SessionText(), nil
	case "partition":
		return b.PartitionText(), nil
	case "log":
		return b.logFrom(q.From)
	case "continue":
		return b.goOn(q.Text)
	}
	return nil, fmt.Errorf("unknown call %q", name)
}

// Step is what a record did.
type Step struct {
	Nodes  []int32  `json:"nodes"` // places whose footprint changed
	To     []int32  `json:"to"`    // where each is now
	IDs    []string `json:"ids"`   // of all footprints, where they changed
	Locked []int32  `json:"locked"`
	Log    int      `json:"log"` // records so far
	State  State    `json:"state"`
}

func (b *Bench) done(r Record) (Step, error) {
	nodes, whole, err := b.Do(r)
	if err != nil && !errors.Is(err, ErrNothing) {
		return Step{}, err
	}
	return b.step(nodes, whole), nil
}

func (b *Bench) step(nodes []int32, whole bool) Step {
	s := Step{Nodes: slices.Clone(nodes), To: make([]int32, len(nodes)), Locked: []int32{}, Log: len(b.Book.log), State: b.State()}
	if s.Nodes == nil {
		s.Nodes = []int32{}
	}
	for i, v := range nodes {
		s.To[i] = b.Book.Label[v]
	}
	if whole {
		s.IDs = b.Book.IDs
	}
	for v, on := range b.Book.Locked {
		if on {
			s.Locked = append(s.Locked, int32(v))
		}
	}
	return s
}

// moveOf is the record of a move by code.
func (b *Bench) moveOf(q question) (Record, error) {
	v, err := b.Book.Find(q.Kind, q.Code)
	if err != nil {
		return Record{}, err
	}
	r := Record{Op: OpMove, Footprint: q.Footprint}
	r.Areas, r.Providers = b.Book.Named([]int32{v})
	return r, nil
}

// lockOf is the record of a lock by the code of a place, or the id of a
// footprint.
func (b *Bench) lockOf(q question) (Record, error) {
	r := Record{Op: OpUnlock}
	if q.On {
		r.Op = OpLock
	}
	v, err := b.Book.Find(q.Kind, q.Code)
	if err == nil {
		r.Areas, r.Providers = b.Book.Named([]int32{v})
		return r, nil
	}
	if _, missing := b.Book.Footprint(q.Code); missing != nil {
		return r, fmt.Errorf("%w, and no such footprint", err)
	}
	r.Footprint = q.Code
	return r, nil
}

// info is what the page needs once.
func (b *Bench) info() any {
	places := make([][3]string, len(b.Book.Places))
	for v, p := range b.Book.Places {
		places[v] = [3]string{p.Kind, p.Code, p.Name}
	}
	out := struct {
		Places    [][3]string `json:"places"`
		Areas     int         `json:"areas"`
		IDs       []string    `json:"ids"`
		Label     []int32     `json:"label"`
		Ground    bool        `json:"ground"`
		FlowSHA   string      `json:"flow_sha256"`
		Began     Summary     `json:"began"`
		Reference *Summary    `json:"reference"`
		Demands   []string    `json:"demands"`
		Bounds    bool        `json:"bounds"`
		State     State       `json:"state"`
		Scored    bool        `json:"scored"`
	}{
		Places: places, Areas: b.Book.Areas, IDs: b.Book.IDs, Label: b.Book.Label,
		Ground: b.Neighbours != nil, FlowSHA: b.session.FlowSHA256, Began: b.began, Reference: b.against, Demands: b.inWords(),
		Bounds: b.Population != nil && b.demands.MinPopulation+b.demands.MaxPopulation > 0, State: b.State(), Scored: b.Scoring != nil,
	}
	return out
}

// inWords says what was asked of footprints.
func (b *Bench) inWords() []string {
	d, out := &b.Demands, []string{}
	add := func(on bool, format string, args ...any) {
		if on {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(d.Footprints > 0, "%d footprints", d.Footprints)
	add(d.Contiguous, "each footprint in one piece")
	add(d.MinPopulation > 0, "at least %.0f people", d.MinPopulation)
	add(d.MaxPopulation > 0, "at most %.0f people", d.MaxPopulation)
	add(d.MinLocalisation > 0, "a localisation index of at least %g", d.MinLocalisation)
	add(d.MaxShare > 0, "at most %g of all patients", d.MaxShare)
	add(d.MinProviders > 0, "at least %d providers", d.MinProviders)
	add(len(d.KeepWhole) > 0, "%d units that stay whole", len(d.KeepWhole))
	add(len(d.Together) > 0, "%d groups that stay together", len(d.Together))
	add(len(d.Apart) > 0, "%d groups that stay apart", len(d.Apart))
	return out
}

// options are the maps that were kept, with their figures.
func (b *Bench) options() any {
	type option struct {
		Name string `json:"name"`
		Summary
	}
	list := []option{}
	for _, o := range b.Book.Options {
		list = append(list, option{o.Name, b.OptionSummary(o)})
	}
	return list
}

// flowOf says how much of a place's patients each footprint has, the most first.
func (b *Bench) flowOf(q question) (any, error) {
	v, err := b.Book.Find(q.Kind, q.Code)
	if err != nil {
		return nil, err
	}
	type part struct {
		Footprint string  `json:"footprint"`
		Share     float64 `json:"share"`
	}
	ex := footprint.ExplainNode(b.Matrix, b.live.Partition, int(v), 1)
	list := []part{}
	for _, e := range ex.Exchanges {
		list = append(list, part{e.Footprint, e.Share})
	}
	return list, nil
}

// logFrom are the records from a number on, one a line.
func (b *Bench) logFrom(n int) (string, error) {
	if n < 0 || n > len(b.Book.log) {
		return "", fmt.Errorf("no record %d", n)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	for i := range b.Book.log[n:] {
		if err := e.Encode(&b.Book.log[n+i]); err != nil {
			return "", err
		}
	}
	return out.String(), nil
}

// goOn begins again at the start and does what a session says, or its records
// alone.
func (b *Bench) goOn(text string) (any, error) {
	s, err := b.read(text)
	if err != nil {
		return nil, err
	}
	fresh := New(b.Case)
	if err := fresh.Continue(s); err != nil {
		return nil, err
	}
	*b = *fresh
	all := make([]int32, len(b.Book.Places))
	for v := range all {
		all[v] = int32(v)
	}
	return b.step(all, true), nil
}

// read reads a session, or records of one that begins as this bench did.
func (b *Bench) read(text string) (*Session, error) {
	if strings.HasPrefix(strings.TrimSpace(text), `{"stpmap"`) {
		return ReadSession("", strings.NewReader(text))
	}
	var whole bytes.Buffer
	if err := b.session.Write(&whole, nil); err != nil {
		return nil, err
	}
	whole.WriteString(text)
	return ReadSession("", &whole)
}
