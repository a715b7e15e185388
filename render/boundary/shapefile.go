package boundary

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"stpmap/flow/fault"
	"stpmap/render/internal/dbase"
	"stpmap/render/internal/geojsonread"
	"stpmap/render/internal/refsys"
	"stpmap/render/internal/sqlitefile"
)

// Shapefile reading follows ESRI Shapefile Technical Description (1998) and
// the dBASE III layout: .shp has the rings, .shx says where each record of it
// lies, .dbf has the columns, .prj the system and .cpg the character set.

// shapeParts are the files of one Shapefile.
type shapeParts struct {
	shp, dbf *io.SectionReader
	shx      *io.SectionReader // nil if there is none
	prj, cpg string
}

func openShapefile(ctx context.Context, path, name string, o Options) (*Set, error) {
	t := &polygonTable{file: name, grid: o.Grid, nested: true}
	t.rings.Start()
	var parts shapeParts
	for _, f := range []struct {
		suffix string
		into   *string
	}{{".prj", &parts.prj}, {".cpg", &parts.cpg}} {
		text, err := readSibling(path, f.suffix)
		if err != nil {
			return nil, err
		}
		*f.into = string(text)
	}
	for _, f := range []struct {
		suffix string
		into   **io.SectionReader
	}{{filepath.Ext(path), &parts.shp}, {".dbf", &parts.dbf}, {".shx", &parts.shx}} {
		file, err := openSibling(path, f.suffix)
		switch {
		case errors.Is(err, fs.ErrNotExist) && f.suffix == ".shx":
			continue
		case errors.Is(err, fs.ErrNotExist) && f.suffix == ".dbf":
			return nil, &fault.Error{File: name, Err: fmt.Errorf("%w: the .dbf file, which has the codes, is not beside it", ErrNoCode)}
		case err != nil:
			return nil, err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return nil, err
		}
		*f.into = io.NewSectionReader(file, 0, info.Size())
	}
	if err := t.readShapefile(ctx, parts); err != nil {
		var located *fault.Error
		if errors.As(err, &located) || ctx.Err() != nil {
			return nil, err
		}
		return nil, &fault.Error{File: name, Err: err}
	}
	return t.boundaries(ctx, o)
}

// Files are the files that Open reads of a path: of a Shapefile also what lies
// beside it, of a GeoPackage the changes that are not yet in it.
func Files(path string) []string {
	files := []string{path}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".shp":
		for _, suffix := range []string{".dbf", ".shx", ".prj", ".cpg"} {
			if f, err := openSibling(path, suffix); err == nil {
				files = append(files, f.Name())
				_ = f.Close()
			}
		}
	case ".gpkg":
		if beside := sqlitefile.Unfinished(path); beside != "" {
			files = append(files, beside)
		}
	}
	return files
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

func (t *polygonTable) readShapefile(ctx context.Context, parts shapeParts) error {
	named := strings.TrimSpace(parts.prj) != ""
	t.crs = refsys.WGS84
	if named {
		known, err := refsys.OfPrj(parts.prj)
		if err != nil {
			return err
		}
		t.crs = known
		t.sayCRS()
	}
	rows, err := dbase.NewReader(parts.dbf, parts.cpg)
	if err != nil {
		return err
	}
	t.keys = rows.Names
	records, err := newShapeRecords(parts.shp, parts.shx)
	if err != nil {
		return err
	}
	s := shapes{t: t, named: named}
	for n := 1; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		content, err := records.next()
		if err == io.EOF {
			break
		} else if err != nil {
			return &fault.Error{File: t.file, Line: n, Err: err}
		}
		f := geojsonread.Feature{Line: n}
		deleted := false
		if f.Properties, deleted, err = rows.Next(); err != nil {
			return &fault.Error{File: t.file, Line: n, Err: fmt.Errorf("row of the .dbf file: %w", err)}
		}
		if deleted {
			continue
		}
		if err := s.feature(content, f); err != nil {
			return err
		}
	}
	if left := rows.Left(); left > 0 {
		return fmt.Errorf("%w: the .dbf file has %d rows more than there are records: one of the two files is cut off, or of another download", ErrTruncated, left)
	}
	s.say()
	t.sayCharset(rows.Text)
	return nil
}

// feature takes a record and its row.
func (s *shapes) feature(content []byte, f geojsonread.Feature) error {
	t := s.t
	positions, rings, polygons := len(t.rings.XY), len(t.rings.Rings), len(t.rings.Polygons)
	if err := s.polygons(content); err != nil {
		if errors.Is(err, ErrTooLarge) {
			return err
		}
		t.faults.Add(&fault.Error{File: t.file, Line: f.Line, Err: err})
		t.rings.XY, t.rings.Rings, t.rings.Polygons = t.rings.XY[:positions], t.rings.Rings[:rings], t.rings.Polygons[:polygons]
	}
	t.rings.EndArea()
	t.features = append(t.features, f)
	return nil
}

// sayCharset notes where the character set was not what the file says.
func (p *polygonTable) sayCharset(t dbase.Text) {
	if t.Guessed {
		p.note("%s: no character set is named; text that is not UTF-8 is read as Windows-1252", p.file)
	}
	if t.Wrong {
		p.note("%s: the .cpg file says %s, and the text is not; read as Windows-1252", p.file, t.Name)
	}
}
