package boundary

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"stpmap/flow/fault"
	"stpmap/render/internal/geojsonread"
)

// Shapefile reading follows ESRI Shapefile Technical Description (1998) and
// the dBASE III layout: .shp has the rings, .dbf the columns, .prj the system
// and .cpg the character set.

func openShapefile(ctx context.Context, path, name string, o Options) (*Set, error) {
	t := &polygonTable{file: name}
	t.rings.Start()
	prj, err := readSibling(path, ".prj")
	if err != nil {
		return nil, err
	}
	cpg, err := readSibling(path, ".cpg")
	if err != nil {
		return nil, err
	}
	dbf, err := openSibling(path, ".dbf")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &fault.Error{File: name, Err: fmt.Errorf("%w: the .dbf file, which has the codes, is not beside it", ErrNoCode)}
	} else if err != nil {
		return nil, err
	}
	defer dbf.Close()
	shp, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer shp.Close()
	if err := t.readShapefile(ctx, shp, dbf, string(prj), string(cpg)); err != nil {
		var located *fault.Error
		if errors.As(err, &located) || ctx.Err() != nil {
			return nil, err
		}
		return nil, &fault.Error{File: name, Err: err}
	}
	return t.boundaries(ctx, o)
}

// openSibling opens the file of the same stem with another suffix, in either
// case.
func openSibling(path, suffix string) (*os.File, error) {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	f, err := os.Open(stem + suffix)
	if errors.Is(err, fs.ErrNotExist) {
		if upper, uerr := os.Open(stem + strings.ToUpper(suffix)); uerr == nil {
			return upper, nil
		}
	}
	return f, err
}

// readSibling reads a small file beside a Shapefile; nil if there is none.
func readSibling(path, suffix string) ([]byte, error) {
	f, err := openSibling(path, suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 1<<16))
}

var prjAuthority = regexp.MustCompile(`(?i)AUTHORITY\["EPSG","?(\d+)"?\]\]\s*$`)

// crsOfPrj recognises the well-known text of a .prj file.
func crsOfPrj(text string) (crs, bool) {
	text = strings.TrimSpace(text)
	if m := prjAuthority.FindStringSubmatch(text); m != nil {
		return crsNamed("EPSG:" + m[1])
	}
	plain := strings.ToLower(strings.NewReplacer("_", "", " ", "", "-", "").Replace(text))
	geographic := strings.HasPrefix(plain, "geogcs") || strings.HasPrefix(plain, "geogcrs")
	has := func(s ...string) bool {
		for _, x := range s {
			if !strings.Contains(plain, x) {
				return false
			}
		}
		return true
	}
	switch {
	case geographic && has("osgb"):
		return crsOSGB36, true
	case geographic && has("etrs"):
		return crsETRS89, true
	case geographic && (has("wgs1984") || has("wgs84")):
		return crsWGS84, true
	case !geographic && has("transversemercator", "400000", "100000") && (has("osgb") || has("britishnationalgrid")):
		return crsGrid, true
	case !geographic && (has("mercatorauxiliarysphere") || has("pseudomercator") || has("popularvisualisation")):
		return crsMercator, true
	}
	return crs{}, false
}

func (t *polygonTable) readShapefile(ctx context.Context, shp, dbf io.Reader, prj, cpg string) error {
	named := strings.TrimSpace(prj) != ""
	t.crs = crsWGS84
	if named {
		known, ok := crsOfPrj(prj)
		if !ok {
			first, _, _ := strings.Cut(strings.TrimSpace(prj), ",")
			return unknownCRS(first + " in the .prj file")
		}
		t.crs = known
		t.sayCRS()
	}
	rows, err := newDBFReader(dbf, cpg)
	if err != nil {
		return err
	}
	t.keys = rows.names
	r := bufio.NewReaderSize(shp, 1<<16)
	var head [100]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, truncated(err))
	}
	if binary.BigEndian.Uint32(head[:]) != 9994 {
		return fmt.Errorf("%w: a Shapefile begins with 00 00 27 0a", ErrFormat)
	}
	switch kind := binary.LittleEndian.Uint32(head[32:]); kind {
	case 5, 15, 25:
	case 31:
		return fmt.Errorf("%w: a Shapefile of multipatches", ErrGeometry)
	default:
		return fmt.Errorf("%w: a Shapefile of shape type %d", ErrGeometry, kind)
	}
	s := shapes{t: t, named: named}
	for n := 1; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		content, err := s.record(r)
		if err == io.EOF {
			break
		} else if err != nil {
			return &fault.Error{File: t.file, Line: n, Err: err}
		}
		f := geojsonread.Feature{Line: n}
		deleted := false
		if f.Properties, deleted, err = rows.next(); err != nil {
			return &fault.Error{File: t.file, Line: n, Err: fmt.Errorf("row of the .dbf file: %w", err)}
		}
		if deleted {
			continue
		}
		positions, rings, polygons := len(t.rings.XY), len(t.rings.Rings), len(t.rings.Polygons)
		if err := s.polygons(content); err != nil {
			t.faults.Add(&fault.Error{File: t.file, Line: n, Err: err})
			t.rings.XY, t.rings.Rings, t.rings.Polygons = t.rings.XY[:positions], t.rings.Rings[:rings], t.rings.Polygons[:polygons]
		}
		t.rings.EndArea()
		t.features = append(t.features, f)
	}
	return nil
}

func truncated(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return ErrTruncated
	}
	return err
}

type shapes struct {
	t     *polygonTable
	named bool // whether the system is known
	buf   bytes.Buffer
}

// record reads the content of the next record.
func (s *shapes) record(r io.Reader) ([]byte, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err == io.EOF {
		return nil, err
	} else if err != nil {
		return nil, truncated(err)
	}
	size := int64(binary.BigEndian.Uint32(head[4:])) * 2
	if size < 4 {
		return nil, fmt.Errorf("%w: record of %d bytes", ErrFormat, size)
	}
	s.buf.Reset()
	// Grown as it is read, so that a false length takes no memory.
	if _, err := io.CopyN(&s.buf, r, size); err != nil {
		return nil, truncated(err)
	}
	return s.buf.Bytes(), nil
}

// shapeRecord is the content of a record of polygons: where its parts begin, then
// its points.
type shapeRecord struct {
	b             []byte
	parts, points int64
}

// newShapeRecord looks at a record's head; some is false for a shape that is null.
func newShapeRecord(b []byte) (r shapeRecord, some bool, err error) {
	switch kind := binary.LittleEndian.Uint32(b); kind {
	case 0:
		return r, false, nil
	case 5, 15, 25:
	default:
		return r, false, fmt.Errorf("%w: shape type %d", ErrGeometry, kind)
	}
	if len(b) < 44 {
		return r, false, fmt.Errorf("%w: record of %d bytes", ErrTruncated, len(b))
	}
	r = shapeRecord{b, int64(binary.LittleEndian.Uint32(b[36:])), int64(binary.LittleEndian.Uint32(b[40:]))}
	if 44+4*r.parts+16*r.points > int64(len(b)) {
		return r, false, fmt.Errorf("%w: %d parts and %d points in %d bytes", ErrTruncated, r.parts, r.points, len(b))
	}
	return r, true, nil
}

// check looks at where the parts begin and end.
func (r *shapeRecord) check() error {
	for k := range r.parts {
		if lo, hi := r.bound(k), r.bound(k+1); lo > hi || hi > int(r.points) {
			return fmt.Errorf("%w: part %d runs from point %d to %d of %d", ErrFormat, k+1, lo, hi, r.points)
		}
	}
	return nil
}

// bound is where a part begins, and the one before ends.
func (r *shapeRecord) bound(part int64) int {
	if part == r.parts {
		return int(r.points)
	}
	return int(binary.LittleEndian.Uint32(r.b[44+4*part:]))
}

func (r *shapeRecord) point(i int) (x, y float64) {
	p := r.b[44+4*int(r.parts)+16*i:]
	return math.Float64frombits(binary.LittleEndian.Uint64(p)), math.Float64frombits(binary.LittleEndian.Uint64(p[8:]))
}

// ring is the points of a part.
func (r *shapeRecord) ring(part int64) (n int, at func(i int) (x, y float64)) {
	lo, hi := r.bound(part), r.bound(part+1)
	return hi - lo, func(i int) (x, y float64) { return r.point(lo + i) }
}

// polygons takes the rings of a record. Shells run clockwise and holes
// anticlockwise, or, from writers that got it wrong, the other way round: the
// largest ring tells.
func (s *shapes) polygons(b []byte) error {
	r, some, err := newShapeRecord(b)
	if err != nil || !some {
		return err
	}
	if !s.named && r.points > 0 {
		s.named = true
		if err := s.t.guessCRS(r.point(0)); err != nil {
			return err
		}
	}
	if err := r.check(); err != nil {
		return err
	}
	area := make([]float64, r.parts)
	largest, main := 0.0, int64(-1)
	for k := range r.parts {
		area[k] = planarArea(r.ring(k))
		if math.Abs(area[k]) > math.Abs(largest) {
			largest, main = area[k], k
		}
	}
	hole := func(k int64) bool { return (area[k] > 0) != (largest > 0) }
	for k := range r.parts {
		if k == main || hole(k) {
			continue
		}
		if err := s.t.addRing(r.ring(k)); err != nil {
			return err
		}
		s.t.rings.EndPolygon()
	}
	if main < 0 {
		return nil
	}
	// All holes go to the largest shell: later steps ask which rings are holes,
	// and find out themselves in what.
	if err := s.t.addRing(r.ring(main)); err != nil {
		return err
	}
	for k := range r.parts {
		if hole(k) {
			if err := s.t.addRing(r.ring(k)); err != nil {
				return err
			}
		}
	}
	s.t.rings.EndPolygon()
	return nil
}

func planarArea(n int, at func(i int) (x, y float64)) float64 {
	var sum float64
	if n == 0 {
		return 0
	}
	x0, y0 := at(0)
	for i := 1; i+1 < n; i++ {
		x1, y1 := at(i)
		x2, y2 := at(i + 1)
		sum += (x1-x0)*(y2-y0) - (x2-x0)*(y1-y0)
	}
	return sum / 2
}

type dbfField struct {
	kind   byte
	length int
}

// dbfReader reads the rows of a dBASE table.
type dbfReader struct {
	r      *bufio.Reader
	names  []string
	fields []dbfField
	row    []byte
	latin  bool // Windows-1252, or what cannot be UTF-8
}

func newDBFReader(r io.Reader, cpg string) (*dbfReader, error) {
	d := &dbfReader{r: bufio.NewReader(r)}
	cpg = strings.ToUpper(strings.TrimSpace(strings.TrimPrefix(cpg, "\ufeff")))
	utf := cpg == "UTF-8" || cpg == "UTF8" || cpg == "65001"
	d.latin = cpg != "" && !utf
	var head [32]byte
	if _, err := io.ReadFull(d.r, head[:]); err != nil {
		return nil, fmt.Errorf("%w: the .dbf file: %w", ErrFormat, truncated(err))
	}
	length, row := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if length < 33 || row < 1 {
		return nil, fmt.Errorf("%w: the .dbf file's header has %d bytes and its rows %d", ErrFormat, length, row)
	}
	rest := make([]byte, length-32)
	if _, err := io.ReadFull(d.r, rest); err != nil {
		return nil, fmt.Errorf("%w: the .dbf file: %w", ErrFormat, truncated(err))
	}
	total := 1
	for ; len(rest) >= 32 && rest[0] != 0x0d; rest = rest[32:] {
		name, _, _ := bytes.Cut(rest[:11], []byte{0})
		d.names = append(d.names, d.text(name))
		f := dbfField{kind: rest[11], length: int(rest[16])}
		if f.kind == 'C' {
			f.length += int(rest[17]) << 8 // long text keeps its upper byte where numbers have decimals
		}
		d.fields = append(d.fields, f)
		total += f.length
	}
	if total > row {
		return nil, fmt.Errorf("%w: the .dbf file's columns take %d bytes of a row of %d", ErrFormat, total, row)
	}
	d.row = make([]byte, row)
	return d, nil
}

func (d *dbfReader) text(b []byte) string {
	b = bytes.TrimRight(bytes.TrimLeft(b, " "), " \x00")
	if !d.latin && utf8.Valid(b) {
		return string(b)
	}
	s, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\ufffd")
	}
	return string(s)
}

// next reads a row; deleted says that it was struck out.
func (d *dbfReader) next() (values []geojsonread.Property, deleted bool, err error) {
	if _, err := io.ReadFull(d.r, d.row); err != nil {
		return nil, false, truncated(err)
	}
	at := 1
	for i, f := range d.fields {
		text := d.text(d.row[at : at+f.length])
		at += f.length
		p := geojsonread.Property{Key: int32(i), Kind: geojsonread.String, Text: text}
		switch f.kind {
		case 'N', 'F':
			p.Kind = geojsonread.Number
			if text == "" || strings.Trim(text, "*") == "" {
				p.Kind, p.Text = geojsonread.Null, ""
			}
		case 'C', 'D', 'L':
		default:
			continue // binary
		}
		values = append(values, p)
	}
	return values, d.row[0] == '*', nil
}
