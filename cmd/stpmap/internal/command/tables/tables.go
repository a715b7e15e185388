package tables

import (
	"io"
	"path/filepath"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/render/csv"
	"stpmap/render/layer"
	"stpmap/render/xlsx"
)

// CSV is a table as a file, which a workbook can hold, too.
func CSV(name string, l layer.Layer) stage.File {
	return stage.File{Name: name, Write: func(w io.Writer) error { return csv.Write(w, l) }, Table: l}
}

// Workbook is the file of --xlsx: its name, what it is about, and whether it is
// asked for.
type Workbook struct {
	Name  string
	About layer.About
	Asked bool
}

// Stage stages files for a folder, and a workbook of the tables among them where it
// is asked for.
func (b Workbook) Stage(s *stage.Files, dir string, files ...stage.File) error {
	if err := s.CreateIn(dir, files...); err != nil || !b.Asked {
		return err
	}
	var sheets []xlsx.Table
	for _, f := range files {
		if l, ok := f.Table.(layer.Layer); ok {
			l.Name = strings.TrimSuffix(f.Name, ".csv")
			sheets = append(sheets, xlsx.FromLayer(l))
		}
	}
	if len(sheets) == 0 {
		return nil
	}
	return s.Create(filepath.Join(dir, b.Name), func(w io.Writer) error { return xlsx.Write(w, b.About, sheets) })
}

// NeedsFolder refuses --xlsx where --out is no folder.
func NeedsFolder(asked bool, out string) error {
	if asked && (out == "" || out == "-" || stage.Format(out, "") != "") {
		return cli.Usagef("", "--xlsx writes a workbook into a folder: name one with --out")
	}
	return nil
}
