package study

import (
	"fmt"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// groups reads --together, --apart and --fix.
func (l *loader) groups() error {
	in := l.in
	if in.Matrix == nil {
		return nil
	}
	for _, f := range []struct {
		flag, name string
		take       func(nodes []int32)
	}{
		{"together", l.Together, func(nodes []int32) { in.Together = append(in.Together, nodes) }},
		{"apart", l.Apart, func(nodes []int32) { in.Apart = append(in.Apart, nodes) }},
		{"fix", l.Fix, in.fix},
	} {
		if f.name == "" {
			continue
		}
		if err := l.fault(l.readGroups(f.flag, f.name, f.take)); err != nil {
			return err
		}
	}
	return l.contradiction()
}

// fix marks nodes that stay where they are.
func (in *Study) fix(nodes []int32) {
	if in.Fixed == nil {
		in.Fixed = make([]bool, len(in.Matrix.Areas())+len(in.Matrix.Providers()))
	}
	for _, v := range nodes {
		in.Fixed[v] = true
	}
}

// readGroups reads a file of groups of codes and hands each on as nodes.
func (l *loader) readGroups(flag, name string, take func(nodes []int32)) error {
	return l.read(flag, name, func(r io.Reader) error {
		shown := cli.InputName(name)
		groups, err := data.ReadCodeGroups(l.ctx, shown, r)
		if err != nil {
			return err
		}
		var faults fault.List
		for _, g := range groups {
			var nodes []int32
			for i, code := range g.Codes {
				v, ok := l.in.node(code)
				if !ok {
					faults.Add(&fault.Error{File: shown, Line: g.Line, Column: g.Columns[i], Err: fmt.Errorf("%w: %q is neither an area nor a provider of the flows", table.ErrUnknownCode, code)})
					continue
				}
				nodes = append(nodes, v)
			}
			take(nodes)
		}
		return faults.Err()
	})
}

// node finds an area's or a provider's node by code: areas first.
func (in *Study) node(code string) (int32, bool) {
	if a, ok := in.Matrix.AreaIndex(code); ok {
		return int32(a), true
	}
	if !in.Matrix.OneMode() {
		if j, ok := in.Matrix.ProviderIndex(code); ok {
			return int32(len(in.Matrix.Areas()) + j), true
		}
	}
	return 0, false
}

// code is the code of a node.
func (in *Study) code(v int32) string {
	m := in.Matrix
	if a := len(m.Areas()); int(v) >= a {
		return m.Providers()[int(v)-a]
	}
	return m.Areas()[v]
}

// contradiction is --together against --apart: two nodes that groups of the one
// join, directly or in a chain, and a group of the other parts.
func (l *loader) contradiction() error {
	root := joined(l.in.Together)
	for _, g := range l.in.Apart {
		first := map[int32]int32{}
		for _, v := range g {
			u, ok := first[root(v)]
			if ok && u != v {
				return cli.Usagef(l.try("--together pairs.csv"), "--together (%s) keeps %s and %s in one footprint, and --apart (%s) in different ones: take them out of one of the two files",
					cli.InputName(l.Together), l.in.code(u), l.in.code(v), cli.InputName(l.Apart))
			}
			if !ok {
				first[root(v)] = v
			}
		}
	}
	return nil
}

// joined gives each node the one that stands for all that groups join it to.
func joined(groups [][]int32) (root func(int32) int32) {
	parent := map[int32]int32{}
	root = func(v int32) int32 {
		for {
			p, ok := parent[v]
			if !ok {
				return v
			}
			v = p
		}
	}
	for _, g := range groups {
		for _, v := range g[min(1, len(g)):] {
			if a, b := root(g[0]), root(v); a != b {
				parent[b] = a
			}
		}
	}
	return root
}
