package gpkg

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// insertArguments is about how many values go into one statement: a statement
// through the driver costs as much as a row of a dozen columns.
const insertArguments = 512

// inserter puts rows into one table, several in each statement. It talks to the
// driver itself: database/sql's checks and conversions of each argument cost
// more than SQLite's insert of a short row.
type inserter struct {
	ctx     context.Context // see gpkg.unwatched
	conn    driver.ConnPrepareContext
	head    string // INSERT INTO ... VALUES
	columns int
	rows    int // in a full statement
	full    driver.StmtExecContext
	args    []driver.NamedValue
	err     error
}

// insert runs fill with an inserter for rows of so many columns, which head puts
// in place.
func (g *gpkg) insert(head string, columns int, fill func(*inserter)) {
	if g.err != nil {
		return
	}
	g.err = g.conn.Raw(func(c any) error {
		conn, ok := c.(driver.ConnPrepareContext)
		if !ok {
			return fmt.Errorf("a %T prepares no statements", c)
		}
		in := inserter{ctx: g.unwatched, conn: conn, head: head, columns: columns, rows: max(1, insertArguments/columns)}
		fill(&in)
		in.flush()
		if in.full != nil {
			in.err = errors.Join(in.err, in.full.(driver.Stmt).Close())
		}
		return in.err
	})
}

// row adds a row. Values are int64, float64, string, []byte or nil, and are
// kept until the inserter is empty again.
func (in *inserter) row(values ...any) {
	for _, v := range values {
		in.value(v)
	}
	in.end()
}

func (in *inserter) value(v any) {
	in.args = append(in.args, driver.NamedValue{Ordinal: len(in.args) + 1, Value: v})
}

// end ends a row of values, and tells whether no value is kept any more.
func (in *inserter) end() (empty bool) {
	if len(in.args) == in.rows*in.columns {
		in.flush()
	}
	return len(in.args) == 0
}

func (in *inserter) flush() {
	if n := len(in.args) / in.columns; n > 0 && in.err == nil {
		if n == in.rows && in.full == nil {
			in.full = in.prepare(n)
		}
		s := in.full
		if n < in.rows {
			s = in.prepare(n)
		}
		if in.err == nil {
			_, in.err = s.ExecContext(in.ctx, in.args)
		}
		if n < in.rows && s != nil {
			in.err = errors.Join(in.err, s.(driver.Stmt).Close())
		}
	}
	in.args = in.args[:0]
}

func (in *inserter) prepare(rows int) driver.StmtExecContext {
	marks := "(?" + strings.Repeat(",?", in.columns-1) + ")"
	s, err := in.conn.PrepareContext(in.ctx, in.head+marks+strings.Repeat(","+marks, rows-1))
	if err != nil {
		in.err = err
		return nil
	}
	e, ok := s.(driver.StmtExecContext)
	if !ok {
		in.err = errors.Join(fmt.Errorf("a %T cannot be run", s), s.Close())
		return nil
	}
	return e
}

// rows fills a layer's table, and gives the boxes of the rows that have one.
func (g *gpkg) rows(l *layer.Layer) (boxes []rtreeBox, all orb.Bound) {
	spatial, multi := l.Geometry != "", strings.HasPrefix(l.Geometry, "Multi")
	columns := 1 + len(l.Fields)
	if spatial {
		columns++
		boxes = make([]rtreeBox, 0, len(l.Features))
	}
	w := blobWriter{crs: int32(g.options.CRS), project: g.options.Transform}
	g.insert(fmt.Sprintf("INSERT INTO %q VALUES ", l.Name), columns, func(in *inserter) {
		for i := range l.Features {
			if i&0xff == 0 && g.ctx.Err() != nil {
				in.err = context.Cause(g.ctx)
			}
			if in.err != nil {
				return
			}
			f := &l.Features[i]
			in.value(int64(i + 1))
			if spatial {
				if f.Geometry == nil {
					in.value(nil)
				} else {
					blob, box, some, err := w.append(f.Geometry, multi)
					if err != nil {
						in.err = fmt.Errorf("layer %q: feature %d: %w", l.Name, i+1, err)
						return
					}
					in.value(blob)
					if some {
						if len(boxes) == 0 {
							all = box
						}
						all = all.Union(box)
						boxes = append(boxes, newRTreeBox(int64(i+1), box))
					}
				}
			}
			for _, v := range f.Values {
				switch x := v.(type) {
				case float64:
					v = layer.Known(x)
				case bool:
					if v = int64(0); x {
						v = int64(1)
					}
				case string:
					v = strings.ToValidUTF8(x, "\ufffd")
				}
				in.value(v)
			}
			if in.end() {
				w.start()
			}
		}
	})
	return boxes, all
}

// index fills the R-tree of a layer, which is made and empty, through the tables
// that it keeps its nodes in.
func (g *gpkg) index(rtree string, boxes []rtreeBox) {
	if g.err != nil {
		return
	}
	var size int
	root := g.conn.QueryRowContext(g.unwatched, fmt.Sprintf("SELECT length(data) FROM %q WHERE nodeno = 1", rtree+"_node"))
	if g.err = root.Scan(&size); g.err != nil {
		return
	}
	nodes, leaves := packedRTree(boxes, size)
	last := &nodes[len(nodes)-1]
	g.exec(fmt.Sprintf("UPDATE %q SET data = ? WHERE nodeno = 1", rtree+"_node"), last.encode(nil, size))
	var b []byte
	g.insert(fmt.Sprintf("INSERT INTO %q VALUES ", rtree+"_node"), 2, func(in *inserter) {
		for i := range nodes[:len(nodes)-1] {
			at := len(b)
			b = nodes[i].encode(b, size)
			in.value(nodes[i].number)
			in.value(b[at:len(b):len(b)])
			if in.end() {
				b = b[:0]
			}
		}
	})
	g.insert(fmt.Sprintf("INSERT INTO %q VALUES ", rtree+"_parent"), 2, func(in *inserter) {
		for _, n := range nodes[:len(nodes)-1] {
			in.row(n.number, n.parent)
		}
	})
	if len(boxes) == 0 {
		return
	}
	holder := make([]int64, boxes[len(boxes)-1].id+1)
	for _, n := range nodes[:leaves] {
		for _, c := range n.cells {
			holder[c.id] = n.number
		}
	}
	g.insert(fmt.Sprintf("INSERT INTO %q VALUES ", rtree+"_rowid"), 2, func(in *inserter) {
		for id, n := range holder {
			if n != 0 {
				in.row(int64(id), n)
			}
		}
	})
}
