package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// gzipFile FROM TO packs a file.
func gzipFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: gzip FROM TO")
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(z.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.Bytes(), 0o644))
}

// cutFile FROM TO N keeps the first N bytes of a file, or all but the last −N.
func cutFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: cut FROM TO N")
	}
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	if n < 0 {
		n += len(text)
	}
	if n < 0 || n > len(text) {
		ts.Fatalf("%s has %d bytes", args[0], len(text))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text[:n]), 0o644))
}

// writeBytes FILE TEXT... writes lines in which escapes stand for bytes, as in
// Go: \x00.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: bytes FILE LINE...")
	}
	var b strings.Builder
	for _, line := range args[1:] {
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`)
		ts.Check(err)
		b.WriteString(text + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o644))
}

// zeros FILE MIB writes a packed file, by its suffix: a .gz of so many MiB of
// zero bytes, or a .zip that says it holds a table of so many.
func zeros(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: zeros FILE MIB")
	}
	mib, err := strconv.Atoi(args[1])
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	if strings.HasSuffix(args[0], ".zip") {
		z := zip.NewWriter(f)
		w, err := z.CreateRaw(&zip.FileHeader{Name: "flows.csv", Method: zip.Deflate, CompressedSize64: 2, UncompressedSize64: uint64(mib) << 20})
		ts.Check(err)
		_, err = w.Write([]byte{3, 0})
		ts.Check(err)
		ts.Check(z.Close())
		return
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	ts.Check(err)
	for range mib {
		_, err := z.Write(make([]byte, 1<<20))
		ts.Check(err)
	}
	ts.Check(z.Close())
}

// shapefile NAME writes NAME.shp, .shx and .dbf: two squares that share a side,
// with the codes E01 and E02.
func shapefile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: shapefile NAME")
	}
	le := binary.LittleEndian
	floats := func(b []byte, xs ...float64) []byte {
		for _, x := range xs {
			b = le.AppendUint64(b, math.Float64bits(x))
		}
		return b
	}
	var records, index []byte
	for i := range 2 {
		x := float64(i)
		body := le.AppendUint32(nil, 5)
		body = floats(body, x, 52, x+1, 53)
		body = le.AppendUint32(le.AppendUint32(body, 1), 5)
		body = le.AppendUint32(body, 0)
		body = floats(body, x, 52, x, 53, x+1, 53, x+1, 52, x, 52) // outer rings are clockwise
		index = binary.BigEndian.AppendUint32(index, uint32(100+len(records))/2)
		index = binary.BigEndian.AppendUint32(index, uint32(len(body)/2))
		records = binary.BigEndian.AppendUint32(records, uint32(i+1))
		records = binary.BigEndian.AppendUint32(records, uint32(len(body)/2))
		records = append(records, body...)
	}
	head := func(n int) []byte {
		b := binary.BigEndian.AppendUint32(nil, 9994)
		b = append(b, make([]byte, 20)...)
		b = binary.BigEndian.AppendUint32(b, uint32(100+n)/2)
		b = le.AppendUint32(le.AppendUint32(b, 1000), 5)
		return append(floats(b, 0, 52, 2, 53), make([]byte, 32)...)
	}
	dbf := append([]byte{3, 80, 1, 1, 2, 0, 0, 0}, 32+32+1, 0, 4, 0)
	dbf = append(dbf, make([]byte, 20)...)
	field := make([]byte, 32)
	copy(field, "code")
	field[11], field[16] = 'C', 3
	dbf = append(append(dbf, field...), 0x0d)
	dbf = fmt.Appendf(dbf, " E01 E02\x1a")
	for suffix, text := range map[string][]byte{".shp": append(head(len(records)), records...), ".shx": append(head(len(index)), index...), ".dbf": dbf} {
		ts.Check(os.WriteFile(ts.MkAbs(args[0]+suffix), text, 0o644))
	}
}

// joinFiles TO FROM... puts files one after another.
func joinFiles(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: join TO FROM...")
	}
	var text string
	for _, name := range args[1:] {
		text += ts.ReadFile(name)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}
