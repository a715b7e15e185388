package published

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stpmap/data/importer"
)

// fuzzFormat changes the small file of a format and reads what comes as that
// format: rows are taken as they should be, or the file is refused with a place.
func fuzzFormat(f *testing.F, name string) {
	text := fuzzSeeds()[name]
	f.Add([]byte(text), "")
	f.Add([]byte(strings.ReplaceAll(text, ",", ";")), "year")
	f.Add([]byte(strings.ReplaceAll(text, "\n", "\r\n")+text), "")
	f.Fuzz(func(t *testing.T, text []byte, by string) {
		out, err := Import(context.Background(), name, []importer.Input{{Name: "x.csv", R: bytes.NewReader(text)}}, importer.Options{By: by})
		checkImport(t, out, err)
	})
}

func FuzzAEMonthly(f *testing.F)     { fuzzFormat(f, "ae-monthly") }
func FuzzCQC(f *testing.F)           { fuzzFormat(f, "cqc") }
func FuzzCWT(f *testing.F)           { fuzzFormat(f, "cwt") }
func FuzzDM01(f *testing.F)          { fuzzFormat(f, "dm01") }
func FuzzDTOC(f *testing.F)          { fuzzFormat(f, "dtoc") }
func FuzzFingertips(f *testing.F)    { fuzzFormat(f, "fingertips") }
func FuzzGPLSOA(f *testing.F)        { fuzzFormat(f, "gp-lsoa") }
func FuzzHESTidy(f *testing.F)       { fuzzFormat(f, "hes-tidy") }
func FuzzKH03(f *testing.F)          { fuzzFormat(f, "kh03") }
func FuzzLong(f *testing.F)          { fuzzFormat(f, "long") }
func FuzzLookup(f *testing.F)        { fuzzFormat(f, "lookup") }
func FuzzMatrix(f *testing.F)        { fuzzFormat(f, "matrix") }
func FuzzODS(f *testing.F)           { fuzzFormat(f, "ods") }
func FuzzOHIDCatchment(f *testing.F) { fuzzFormat(f, "ohid-catchment") }
func FuzzPostcodes(f *testing.F)     { fuzzFormat(f, "postcodes") }
func FuzzRTT(f *testing.F)           { fuzzFormat(f, "rtt") }
func FuzzScotlandFlows(f *testing.F) { fuzzFormat(f, "scotland-flows") }
func FuzzSHMI(f *testing.F)          { fuzzFormat(f, "shmi") }
func FuzzSuccessors(f *testing.F)    { fuzzFormat(f, "successors") }
func FuzzTAC(f *testing.F)           { fuzzFormat(f, "tac") }

// Every format has a small file that is read, and a target that changes it.
func TestEveryFormatIsFuzzed(t *testing.T) {
	var code []byte
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		code = append(code, b...)
	}
	seeds := fuzzSeeds()
	for _, format := range Formats() {
		if !bytes.Contains(code, []byte(`fuzzFormat(f, "`+format.Name+`")`)) {
			t.Errorf("%s has no fuzz target", format.Name)
		}
		out, err := Import(t.Context(), format.Name, []importer.Input{{Name: "x.csv", R: strings.NewReader(seeds[format.Name])}}, importer.Options{})
		if err != nil || len(out.Flows)+len(out.Figures)+len(out.Points)+len(out.Organisations) == 0 && out.Lookup == nil && out.Successors == nil {
			t.Errorf("%s: its small file gives %+v, %v", format.Name, out, err)
		}
	}
}
