package boundary_test

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
)

// boxRing is a closed square; clockwise, as a Shapefile's shells run.
func boxRing(x, y, side float64) orb.Ring {
	return orb.Ring{{x, y}, {x, y + side}, {x + side, y + side}, {x + side, y}, {x, y}}
}

func turned(r orb.Ring) orb.Ring {
	r = r.Clone()
	r.Reverse()
	return r
}

// shapeRecordOf is the content of a record with rings as they are.
func shapeRecordOf(rings ...orb.Ring) []byte {
	b := appendFloats(le.AppendUint32(nil, 5), 0, 0, 0, 0)
	n := 0
	for _, r := range rings {
		n += len(r)
	}
	b = le.AppendUint32(le.AppendUint32(b, uint32(len(rings))), uint32(n))
	n = 0
	for _, r := range rings {
		b = le.AppendUint32(b, uint32(n))
		n += len(r)
	}
	for _, r := range rings {
		for _, q := range r {
			b = appendFloats(b, q[0], q[1])
		}
	}
	return b
}

func shapeHeader(length int) []byte {
	head := make([]byte, 100)
	binary.BigEndian.PutUint32(head, 9994)
	binary.BigEndian.PutUint32(head[24:], uint32(length/2))
	le.PutUint32(head[28:], 1000)
	le.PutUint32(head[32:], 5)
	return head
}

// looseShapefile writes records where places says (bytes from the file's start,
// increasing in any order), with an index in the order of records.
type looseShapefile struct {
	records [][]byte
	order   []int // in which they are stored; nil: as they stand
	before  []int // bytes of leavings before each stored record
	after   int   // bytes behind the last one
	noIndex bool
}

func (l looseShapefile) files() (shp, shx []byte) {
	order := l.order
	if order == nil {
		for i := range l.records {
			order = append(order, i)
		}
	}
	body := make([]byte, 0, 1000)
	index := make([]byte, 8*len(l.records))
	for k, i := range order {
		if k < len(l.before) {
			body = append(body, make([]byte, l.before[k])...)
		}
		be := binary.BigEndian
		be.PutUint32(index[8*i:], uint32((100+len(body))/2))
		be.PutUint32(index[8*i+4:], uint32(len(l.records[i])/2))
		body = be.AppendUint32(body, uint32(i+1))
		body = be.AppendUint32(body, uint32(len(l.records[i])/2))
		body = append(body, l.records[i]...)
	}
	shp = append(append(shapeHeader(100+len(body)), body...), make([]byte, l.after)...)
	if l.noIndex {
		return shp, nil
	}
	return shp, append(shapeHeader(100+len(index)), index...)
}

// tableOf is a .dbf of fields of one width: a heading, its type and its texts.
func tableOf(ldid byte, width int, columns ...[]string) []byte {
	rows := len(columns[0]) - 1
	b := make([]byte, 32)
	b[0], b[29] = 3, ldid
	le.PutUint32(b[4:], uint32(rows))
	le.PutUint16(b[8:], uint16(32+32*len(columns)+1))
	le.PutUint16(b[10:], uint16(1+width*len(columns)))
	for _, c := range columns {
		name, kind, _ := strings.Cut(c[0], ":")
		f := make([]byte, 32)
		copy(f, name)
		f[11], f[16] = kind[0], byte(width)
		b = append(b, f...)
	}
	b = append(b, 0x0d)
	for r := range rows {
		b = append(b, ' ')
		for _, c := range columns {
			b = append(b, (c[r+1] + strings.Repeat(" ", width))[:width]...)
		}
	}
	return append(b, 0x1a)
}

func openShape(t *testing.T, files map[string][]byte) (*boundary.Set, error) {
	t.Helper()
	stem := filepath.Join(t.TempDir(), "a")
	for suffix, content := range files {
		if content == nil {
			continue
		}
		if err := os.WriteFile(stem+suffix, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return boundary.Open(context.Background(), stem+".shp", boundary.Options{})
}

var fourCodes = []string{"code:C", "A", "B", "C", "D"}

func fourSquares() [][]byte {
	var out [][]byte
	for i := range 4 {
		out = append(out, shapeRecordOf(boxRing(float64(i), 50, 1)))
	}
	return out
}

func TestShapefileIsReadByItsIndex(t *testing.T) {
	for _, tt := range []struct {
		name string
		file looseShapefile
	}{
		{"stored backwards", looseShapefile{order: []int{3, 2, 1, 0}}},
		{"stored anyhow", looseShapefile{order: []int{2, 0, 3, 1}}},
		{"leavings between records", looseShapefile{before: []int{0, 96, 8, 0}}},
		{"leavings before the first record", looseShapefile{before: []int{40}}},
		{"leavings behind the last record", looseShapefile{after: 100}},
		{"leavings behind the last record, no index", looseShapefile{after: 100, noIndex: true}},
		{"all of it", looseShapefile{order: []int{1, 3, 2, 0}, before: []int{2, 0, 200, 14}, after: 7}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.file.records = fourSquares()
			shp, shx := tt.file.files()
			b, err := openShape(t, map[string][]byte{".shp": shp, ".shx": shx, ".dbf": tableOf(0, 8, fourCodes)})
			if err != nil {
				t.Fatal(err)
			}
			for i := range 4 {
				if x := b.Polygons(i).Bound().Min[0]; x != float64(i) {
					t.Errorf("area %s begins at %g", b.Codes()[i], x)
				}
			}
		})
	}
}

// A record that grew is written anew at the end, and the old one stays.
func TestShapefileWithARecordThatGrew(t *testing.T) {
	old := looseShapefile{records: append(fourSquares(), shapeRecordOf(boxRing(0, 52, 1), boxRing(0, 50, 1)))}
	shp, shx := old.files()
	copy(shx[100:108], shx[100+8*4:])
	shx = shx[:100+8*4]
	binary.BigEndian.PutUint32(shx[24:], uint32(len(shx)/2))
	b, err := openShape(t, map[string][]byte{".shp": shp, ".shx": shx, ".dbf": tableOf(0, 8, fourCodes)})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Codes()) != 4 || len(b.Polygons(0)) != 2 {
		t.Errorf("got %v, %v", b.Codes(), b.Polygons(0))
	}
}

func TestShapefilePartsThatDoNotFit(t *testing.T) {
	good := looseShapefile{records: fourSquares()}
	shp, shx := good.files()
	backwards := looseShapefile{records: fourSquares(), order: []int{3, 2, 1, 0}, noIndex: true}
	unplaced, _ := backwards.files()
	far := slices.Clone(shx)
	binary.BigEndian.PutUint32(far[108:], 0x00ffffff)
	dbf := tableOf(0, 8, fourCodes)
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"numbers out of order and no index", map[string][]byte{".shp": unplaced, ".dbf": dbf}, "the record has the number 4, and the .shx file"},
		{"the index points past the end", map[string][]byte{".shp": shp, ".shx": far, ".dbf": dbf}, "a.shp:2:1: ends too early: the .shx file places the record at byte"},
		{"the index is cut off", map[string][]byte{".shp": shp, ".shx": shx[:120], ".dbf": dbf}, "the .shx file: ends too early"},
		{"more rows than records", map[string][]byte{".shp": shp, ".shx": shx, ".dbf": tableOf(0, 8, append(slices.Clone(fourCodes), "E"))}, "1 rows more than there are records"},
		{"fewer rows than records", map[string][]byte{".shp": shp, ".shx": shx, ".dbf": tableOf(0, 8, fourCodes[:4])}, "a.shp:4:1: row of the .dbf file: ends too early"},
		{"cut off between records", map[string][]byte{".shp": shp[:len(shp)-136], ".dbf": dbf}, "ends too early"},
	} {
		if _, err := openShape(t, tt.files); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

func TestRingsOfAShapefileAreToldByWhereTheyLie(t *testing.T) {
	shell, lake, island, apart := boxRing(0, 50, 1), boxRing(0.2, 50.2, 0.5), boxRing(0.3, 50.3, 0.1), boxRing(3, 50, 0.5)
	want, err := openShape(t, shapeOf(shell, turned(lake), island, apart))
	if err != nil {
		t.Fatal(err)
	}
	if notes := want.Notices(); len(notes) != 1 { // that no system is named
		t.Errorf("notes of a good file: %v", notes)
	}
	km2 := boundary.AreaKM2(want.Polygons(0))
	for _, tt := range []struct {
		name  string
		rings []orb.Ring
		note  string
	}{
		{"all one way", []orb.Ring{shell, lake, island, apart}, "1 ring runs the wrong way"},
		{"all the other way", []orb.Ring{turned(shell), turned(lake), turned(island), turned(apart)}, "1 ring runs the wrong way"},
		{"all inside out", []orb.Ring{turned(shell), lake, turned(island), turned(apart)}, ""},
		{"an island as a hole", []orb.Ring{shell, turned(lake), turned(island), turned(apart)}, "2 rings run the wrong way"},
		{"smallest first", []orb.Ring{island, apart, turned(lake), shell}, ""},
		{"a ring twice", []orb.Ring{shell, turned(lake), island, apart, shell, turned(lake)}, "2 rings are there twice"},
	} {
		got, err := openShape(t, shapeOf(tt.rings...))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if g := boundary.AreaKM2(got.Polygons(0)); len(got.Polygons(0)) != 3 || g < 0.9999*km2 || g > 1.0001*km2 {
			t.Errorf("%s: got %g km² in %d polygons, want %g", tt.name, g, len(got.Polygons(0)), km2)
		}
		notes := strings.Join(got.Notices()[1:], "\n")
		if tt.note == "" && notes != "" || !strings.Contains(notes, tt.note) {
			t.Errorf("%s: notes %q", tt.name, notes)
		}
	}
	gone, err := openShape(t, shapeOf(shell, turned(shell), apart))
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(gone.Notices(), "\n"); !strings.Contains(notes, "holes take the whole of a polygon in 1 area: A") {
		t.Errorf("got %s", notes)
	}
}

func shapeOf(rings ...orb.Ring) map[string][]byte {
	shp, shx := looseShapefile{records: [][]byte{shapeRecordOf(rings...)}}.files()
	return map[string][]byte{".shp": shp, ".shx": shx, ".dbf": tableOf(0, 8, fourCodes[:2])}
}

func TestCharacterSetsOfAShapefile(t *testing.T) {
	for _, tt := range []struct {
		name, cpg, text, want string
		ldid                  byte
	}{
		{"OEM 850", "850", "Gen\x8ave", "Genève", 0},
		{"CP852 by name", "CP852", "\xa6\xa0r", "Žár", 0},
		{"Windows-1250", "windows-1250\r\n", "\x8e\xef\xe1r", "Žďár", 0},
		{"ANSI 1251", "ANSI 1251", "\xcc\xee\xf1\xea\xe2\xe0", "Москва", 0},
		{"ISO 8859-2", "ISO 8859-2", "\xa3\xf3d\xbc", "Łódź", 0},
		{"ISO 8859-15", "88591", "Caf\xe9", "Café", 0},
		{"KOI8-R", "KOI8-R", "\xed\xcf\xd3\xcb\xd7\xc1", "Москва", 0},
		{"Big5", "Big5", "\xa5\x78\xa5\x5f", "台北", 0},
		{"Shift JIS", "932", "\x93\x8c\x8b\x9e", "東京", 0},
		{"by language driver 850", "", "Gen\x8ave", "Genève", 2},
		{"by language driver 1250", "", "\x8e\xef\xe1r", "Žďár", 200},
		{"the .cpg file before the language driver", "1253", "\xc1\xe8\xde\xed\xe1", "Αθήνα", 2},
		{"LDID in the .cpg file", "LDID/38", "\x8c\xae\xe1\xaa\xa2\xa0", "Москва", 0},
		{"UTF-8", "UTF-8", "Łódź", "Łódź", 0},
		{"UTF-8 cut within a letter", "UTF-8", "Wałbrzychów\xc5", "Wałbrzychów", 0},
		{"nothing said, UTF-8", "", "Łódź", "Łódź", 0},
		{"nothing said, Windows-1252", "", "Caf\xe9", "Café", 0},
		{"English in any set", "KAMENICKY", "Leeds", "Leeds", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := shapeOf(boxRing(0, 50, 1))
			width := 16
			if strings.HasSuffix(tt.name, "letter") {
				width = len(tt.text)
			}
			files[".dbf"] = tableOf(tt.ldid, width, fourCodes[:2], []string{"name:C", tt.text})
			if tt.cpg != "" {
				files[".cpg"] = []byte(tt.cpg)
			}
			b, err := openShape(t, files)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.Names()[0]; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if notes := strings.Join(b.Notices(), "\n"); strings.Contains(notes, "character set") != strings.HasSuffix(tt.name, "said, Windows-1252") {
				t.Errorf("notes %q", notes)
			}
		})
	}
	for _, tt := range []struct {
		cpg  string
		ldid byte
		want string
	}{{"KAMENICKY", 0, "unknown character set: KAMENICKY"}, {"CP737", 0, "unknown character set: CP737"}, {"", 104, "unknown character set: code page 895"}, {"", 250, "unknown character set: language driver 250"}} {
		files := shapeOf(boxRing(0, 50, 1))
		files[".dbf"] = tableOf(tt.ldid, 16, fourCodes[:2], []string{"name:C", "Gen\x8ave"})
		files[".cpg"] = []byte(tt.cpg)
		if _, err := openShape(t, files); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v", tt.want, err)
		}
	}
	files := shapeOf(boxRing(0, 50, 1))
	files[".dbf"] = tableOf(0, 16, fourCodes[:2], []string{"name:C", "Gen\xe8ve"})
	files[".cpg"] = []byte("UTF-8")
	if b, err := openShape(t, files); err != nil || b.Names()[0] != "Genève" || !strings.Contains(strings.Join(b.Notices(), ""), "says UTF-8, and the text is not") {
		t.Errorf("UTF-8 that is none: %v, %v", b, err)
	}
}

func TestCodesHeldAsNumbers(t *testing.T) {
	for _, texts := range [][]string{
		{"1001.00000000000", "1002.00000000000"},
		{"1.00100000000e+03", "1.00200000000E+03"},
		{"1001.", "1002.0"},
		{"1001", "1002"},
	} {
		shp, shx := looseShapefile{records: fourSquares()[:2]}.files()
		b, err := openShape(t, map[string][]byte{".shp": shp, ".shx": shx, ".dbf": tableOf(0, 19, append([]string{"code:F"}, texts...))})
		if err != nil {
			t.Errorf("%v: %v", texts, err)
		} else if !slices.Equal(b.Codes(), []string{"1001", "1002"}) {
			t.Errorf("%v: got %v", texts, b.Codes())
		}
	}
	for text, want := range map[string]string{
		`1001.0`: "1001", `1.001e3`: "1001", `1001`: "1001", `1001.5`: "1001.5", `12345678.0`: "12345678", `9007199254740993.0`: "9007199254740993",
		`"1001.0"`: "1001", `"1001.5"`: "1001.5", `"A.0"`: "A.0", `1e300`: "1e300", `"007.0"`: "007",
	} {
		b, err := boundary.Read(context.Background(), "x", strings.NewReader(strings.Replace(collection(feature("A", square)), `"A"`, text, 1)), boundary.Options{})
		if err != nil || b.Codes()[0] != want {
			t.Errorf("%s: got %v, %v", text, b, err)
		}
	}
}
