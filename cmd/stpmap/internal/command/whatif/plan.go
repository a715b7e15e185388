package whatif

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/flow/fault"
	"stpmap/flow/yamlfile"
)

// plan is one scenario as it was asked for, codes not yet looked up.
type plan struct {
	name     string // "" for that of the flags
	close    []string
	open     []opening
	move     []place
	join     []joining
	capacity map[string]float64
	headroom float64
	capped   []string // codes of capacity, in the order given
}

type place struct {
	code     string
	lon, lat float64
}

type opening struct {
	place
	size float64
}

type joining struct{ a, b, into string }

func (p *plan) empty() bool {
	return len(p.close)+len(p.open)+len(p.move)+len(p.join)+len(p.capacity) == 0 && p.headroom == 0
}

// flagPlan is the scenario of the flags.
func (o *Options) flagPlan() (plan, error) {
	var p plan
	for _, f := range []struct {
		name   string
		values []string
	}{{"close", o.Close}, {"open", o.Open}, {"move", o.Move}, {"join", o.Join}, {"capacity", o.Capacity}, {"headroom", nonEmpty(o.Headroom)}} {
		for _, v := range f.values {
			if err := p.set(f.name, v); err != nil {
				return p, cli.Usagef(o.Try("--"+f.name+" "+example[f.name]), "--%s %w, got %q", f.name, err, v)
			}
		}
	}
	return p, p.contradiction()
}

func nonEmpty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// example is a value of each flag.
var example = map[string]string{
	"close": "RXX", "open": "NEW=-1.5,52.4,80000", "move": "RXX=-1.5,52.4", "join": "RXX+RYY=RZZ", "capacity": "RXX=120000", "headroom": "10%",
}

// set takes one value of a flag, or of the key of a scenario file.
func (p *plan) set(name, text string) error {
	wrong := fmt.Errorf("takes a value such as %s", example[name])
	switch name {
	case "close":
		p.close = append(p.close, strings.TrimSpace(text))
		return nil
	case "open", "move":
		code, numbers, ok := values(text, map[string]int{"open": 3, "move": 2}[name])
		if !ok || math.Abs(numbers[0]) > 180 || math.Abs(numbers[1]) > 90 {
			return wrong
		}
		at := place{code, numbers[0], numbers[1]}
		if name == "move" {
			p.move = append(p.move, at)
			return nil
		}
		if !(numbers[2] > 0) {
			return errors.New("takes a size above 0")
		}
		p.open = append(p.open, opening{at, numbers[2]})
		return nil
	case "join":
		return p.setJoin(text, wrong)
	case "capacity":
		code, numbers, ok := values(text, 1)
		if !ok || numbers[0] < 0 {
			return wrong
		}
		if p.capacity == nil {
			p.capacity = map[string]float64{}
		}
		p.capacity[code] = numbers[0]
		p.capped = append(p.capped, code)
		return nil
	case "headroom":
		return p.setHeadroom(text, wrong)
	}
	return fmt.Errorf("is not known")
}

func (p *plan) setJoin(text string, wrong error) error {
	pair, into, ok1 := strings.Cut(text, "=")
	a, b, ok2 := strings.Cut(pair, "+")
	j := joining{strings.TrimSpace(a), strings.TrimSpace(b), strings.TrimSpace(into)}
	if !ok1 || !ok2 || j.a == "" || j.b == "" || j.into == "" || j.a == j.b {
		return wrong
	}
	p.join = append(p.join, j)
	return nil
}

// setHeadroom reads a share: 10% or 0.1.
func (p *plan) setHeadroom(text string, wrong error) error {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(number, 64)
	if percent {
		x /= 100
	}
	if err != nil || !(x > 0 && x <= 100) {
		return wrong
	}
	p.headroom = x
	return nil
}

// values reads CODE=N,N,….
func values(text string, n int) (code string, numbers []float64, ok bool) {
	code, list, ok := strings.Cut(text, "=")
	parts := strings.Split(list, ",")
	code = strings.TrimSpace(code)
	if !ok || code == "" || len(parts) != n {
		return code, nil, false
	}
	for _, part := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return code, nil, false
		}
		numbers = append(numbers, x)
	}
	return code, numbers, true
}

// contradiction refuses what cannot hold together.
func (p *plan) contradiction() error {
	seen := map[string]string{}
	for _, c := range []struct {
		what  string
		codes []string
	}{{"close", p.close}, {"move", codesOf(p.move, func(m place) string { return m.code })}, {"open", codesOf(p.open, func(o opening) string { return o.code })}} {
		for _, code := range c.codes {
			if before := seen[code]; before != "" {
				return cli.Usagef("", "%s stands in --%s and in --%s: give one of them", code, before, c.what)
			}
			seen[code] = c.what
		}
	}
	for _, j := range p.join {
		for _, code := range []string{j.a, j.b} {
			if seen[code] == "close" {
				return cli.Usagef("", "%s stands in --close and in --join: give one of them", code)
			}
		}
	}
	return nil
}

func codesOf[T any](list []T, code func(T) string) (out []string) {
	for _, x := range list {
		out = append(out, code(x))
	}
	return out
}

// stem is a file's name without folder and suffix.
func stem(name string) string {
	base := filepath.Base(name)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// readPlan reads a scenario file, and says what file it was.
func readPlan(name string, stdin io.Reader) (plan, stage.Input, error) {
	f, err := cli.Open(name, stdin)
	if err != nil {
		return plan{}, stage.Input{}, err
	}
	defer f.Close()
	h := stage.NewHashing(f)
	file, err := yamlfile.Read(h)
	var bad *fault.Error
	if errors.As(err, &bad) {
		bad.File = cli.InputName(name)
	}
	if err != nil {
		return plan{}, stage.Input{}, err
	}
	p, err := planOf(cli.InputName(name), file)
	return p, h.Input("scenario", cli.InputName(name)), err
}

// planOf makes a scenario of a file: keys are the flags' names, values what the
// flags take, or a list of them.
func planOf(name string, file *ast.File) (plan, error) {
	p := plan{name: stem(name)}
	r := &planReader{name: name, plan: &p}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return p, &fault.Error{File: name, Err: errors.New("expected one YAML document of what changes, such as close: RXX")}
	}
	switch body := file.Docs[0].Body.(type) {
	case *ast.MappingNode:
		r.entries(body.Values)
	case *ast.MappingValueNode:
		r.entries([]*ast.MappingValueNode{body})
	default:
		r.fault(body, "expected what changes, such as close: RXX")
	}
	if err := r.faults.Err(); err != nil {
		return p, err
	}
	if p.empty() {
		return p, &fault.Error{File: name, Err: errors.New("nothing changes in it")}
	}
	return p, p.contradiction()
}

// planReader reads the entries of a scenario file.
type planReader struct {
	name   string
	plan   *plan
	faults fault.List
}

func (r *planReader) fault(n ast.Node, format string, args ...any) {
	e := &fault.Error{File: r.name, Err: fmt.Errorf(format, args...)}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
	}
	r.faults.Add(e)
}

func (r *planReader) entries(entries []*ast.MappingValueNode) {
	known := []string{"close", "open", "move", "join", "capacity", "headroom"}
	for _, e := range entries {
		key := e.Key.GetToken().Value
		if !slices.Contains(known, key) {
			r.fault(e.Key, "no key %q; there are %s", key, strings.Join(known, ", "))
			continue
		}
		list := []ast.Node{e.Value}
		if s, ok := e.Value.(*ast.SequenceNode); ok {
			list = s.Values
		}
		for _, v := range list {
			switch v.(type) {
			case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, *ast.NullNode:
				r.fault(v, "%q takes values such as %s", key, example[key])
				continue
			}
			if err := r.plan.set(key, v.GetToken().Value); err != nil {
				r.fault(v, "%q %v, got %q", key, err, v.GetToken().Value)
			}
		}
	}
}
