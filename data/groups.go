package data

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"stpmap/data/table"
	"stpmap/flow/fault"
)

// CodeGroup is one line of a file of codes: codes that belong together, or that
// must be kept apart.
type CodeGroup struct {
	Codes   []string
	Columns []int // 1-based byte column of each code
	Line    int
}

// ReadCodeGroups reads groups of area and provider codes, one group a line,
// codes separated by commas, semicolons, tabs or spaces. Blank lines and what
// follows a # are passed over. A fault is an *fault.Error; several are *fault.List.
func ReadCodeGroups(ctx context.Context, name string, r io.Reader) ([]CodeGroup, error) {
	var groups []CodeGroup
	var faults fault.List
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for line := 1; sc.Scan(); line++ {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		text := sc.Text()
		if line == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			faults.Add(&fault.Error{File: name, Line: line, Err: table.ErrEncoding})
			continue
		}
		if i := strings.IndexByte(text, '#'); i >= 0 {
			text = text[:i]
		}
		g := CodeGroup{Line: line}
		g.split(name, text, &faults)
		if len(g.Codes) > 0 {
			groups = append(groups, g)
		}
	}
	if err := sc.Err(); err != nil {
		return nil, &fault.Error{File: name, Err: err}
	}
	if len(groups) == 0 && faults.Len() == 0 {
		return nil, &fault.Error{File: name, Err: fmt.Errorf("%w: expected codes, one group a line", table.ErrEmptyTable)}
	}
	return groups, faults.Err()
}

// split takes the codes out of a line.
func (g *CodeGroup) split(name, text string, faults *fault.List) {
	const separators = " \t,;\r"
	seen := map[string]bool{}
	for i := 0; i < len(text); {
		if strings.IndexByte(separators, text[i]) >= 0 {
			i++
			continue
		}
		j := i
		for j < len(text) && strings.IndexByte(separators, text[j]) < 0 {
			j++
		}
		code := text[i:j]
		if seen[code] {
			faults.Add(&fault.Error{File: name, Line: g.Line, Column: i + 1, Err: fmt.Errorf("%w code %q in one group", table.ErrDuplicate, code)})
		}
		seen[code] = true
		g.Codes, g.Columns = append(g.Codes, code), append(g.Columns, i+1)
		i = j
	}
}
