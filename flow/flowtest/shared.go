// Package flowtest gives tests the files of the folder shared, which may lie beside
// the project: published tables as they were downloaded, the cases made of them,
// and reference values. A test that needs one which is not there is skipped, and
// says so.
//
// In: the name of a file. Out: its path, bytes or rows. Only tests import it.
package flowtest

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

// Path is where a file or folder beside the project is, by its name in the folder
// shared, with slashes.
func Path(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Skip("no project around the test")
		}
		dir = parent
	}
	path := filepath.Join(filepath.Dir(dir), "shared", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared/%s is not beside the project", name)
	}
	return path
}

// Read gives the bytes of a file beside the project.
func Read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// CSV reads a table apart from the code under test, heading included.
func CSV(t testing.TB, b []byte) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Rows are those of a table beside the project, without its heading.
func Rows(t testing.TB, name string) [][]string {
	t.Helper()
	return CSV(t, Read(t, name))[1:]
}

// Records are the rows of a table beside the project, each by the names of its
// columns.
func Records(t testing.TB, name string) []map[string]string {
	t.Helper()
	return ByHeading(CSV(t, Read(t, name)))
}

// ByHeading names the cells of each row below the heading.
func ByHeading(rows [][]string) []map[string]string {
	var records []map[string]string
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, cell := range row {
			record[rows[0][i]] = cell
		}
		records = append(records, record)
	}
	return records
}
