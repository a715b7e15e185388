package study

import (
	"context"
	"fmt"
	"io"

	"stpmap/flow/plaintext"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/flow/fault"
	"stpmap/render/boundary"
	"stpmap/render/maps"
)

// ReadMemberships reads a partition for boundaries alone. role is the flag that
// names it.
func (r Request) ReadMemberships(ctx context.Context, in *Study, role, name string) (*Memberships, error) {
	l := r.loader(ctx, in)
	m := &Memberships{Providers: map[string]string{}}
	err := l.steps(func() error {
		return l.read(role, name, func(r io.Reader) error {
			rows, rep, err := data.ReadPartition(l.ctx, cli.InputName(name), r, l.headingsOf(role).options()...)
			if err != nil {
				return err
			}
			l.note(rep.Notes...)
			joined, outside := m.join(in.Boundaries, rows)
			if joined == 0 {
				return &fault.Error{File: cli.InputName(name), Err: fmt.Errorf("none of its codes is one of the boundaries' (such as %s): is it another vintage, or another kind of code?", words.First(in.Boundaries.Codes()))}
			}
			l.note(vanishedNote(role, cli.InputName(name), "polygon", data.Vanished(rows, l.drawn))...)
			if len(outside) > 0 {
				l.note(fmt.Sprintf("%s of the %s without a polygon: %s", words.Counted(len(outside), "area"), role, words.Few(outside)))
			}
			return nil
		})
	})
	return m, err
}

// join places boundaries in the groups of rows. It gives the number of rows
// that are of one, and the areas that are of none.
func (m *Memberships) join(b *boundary.Set, rows []data.Membership) (joined int, outside []string) {
	values := make([]string, b.Len())
	nameOf := map[string]string{}
	for _, row := range rows {
		if i, ok := b.Index(row.Code); ok {
			values[i] = row.Group
			joined++
		} else if row.Provider {
			m.Providers[row.Code] = row.Group
		} else {
			outside = append(outside, row.Code)
		}
		if row.GroupName != "" {
			nameOf[row.Group] = plaintext.Name(row.GroupName)
		}
	}
	m.Of, m.IDs = maps.GroupBy(values)
	m.Names = make([]string, len(m.IDs))
	for g, id := range m.IDs {
		m.Names[g] = nameOf[id]
	}
	return joined, outside
}
