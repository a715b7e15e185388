package geodesy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// gridFile writes an NTv2 file.
type gridFile struct {
	order    binary.ByteOrder
	from, to string
	grids    []gridPart
}

// gridPart is a grid in degrees, with longitude to the east, and its shifts in
// seconds of arc to the north and the east.
type gridPart struct {
	name, parent             string
	south, north, west, east float64
	step                     float64
	shift                    func(lon, lat float64) (east, north float64)
}

func (f gridFile) bytes() []byte {
	var b bytes.Buffer
	value := func(name string, v any) {
		fmt.Fprintf(&b, "%-8s", name)
		if text, ok := v.(string); ok {
			fmt.Fprintf(&b, "%-8s", text)
			return
		}
		_ = binary.Write(&b, f.order, v)
		if _, ok := v.(int32); ok {
			b.Write(make([]byte, 4))
		}
	}
	value("NUM_OREC", int32(11))
	value("NUM_SREC", int32(11))
	value("NUM_FILE", int32(len(f.grids)))
	value("GS_TYPE", "SECONDS")
	value("VERSION", "TEST")
	value("SYSTEM_F", f.from)
	value("SYSTEM_T", f.to)
	for _, name := range []string{"MAJOR_F", "MINOR_F", "MAJOR_T", "MINOR_T"} {
		value(name, 6377563.396)
	}
	for _, g := range f.grids {
		rows, columns := int(math.Round((g.north-g.south)/g.step))+1, int(math.Round((g.east-g.west)/g.step))+1
		value("SUB_NAME", g.name)
		value("PARENT", g.parent)
		value("CREATED", "20260101")
		value("UPDATED", "20260101")
		value("S_LAT", g.south*3600)
		value("N_LAT", g.north*3600)
		value("E_LONG", -g.east*3600)
		value("W_LONG", -g.west*3600)
		value("LAT_INC", g.step*3600)
		value("LONG_INC", g.step*3600)
		value("GS_COUNT", int32(rows*columns))
		for row := range rows {
			for column := range columns {
				east, north := g.shift(g.east-float64(column)*g.step, g.south+float64(row)*g.step)
				_ = binary.Write(&b, f.order, []float32{float32(north), float32(-east), 0.1, 0.1})
			}
		}
	}
	fmt.Fprintf(&b, "%-8s%-8s", "END", "")
	return b.Bytes()
}

// britain is a synthetic grid like OSTN15: some 5 seconds west to 2 seconds, with
// waves, and a finer grid inside.
func britain(order binary.ByteOrder) gridFile {
	shift := func(lon, lat float64) (float64, float64) {
		return -5 + 0.4*lon + 0.3*math.Sin(3*lat), 1 + 0.1*(lat-54) + 0.2*math.Cos(2*lon)
	}
	fine := func(lon, lat float64) (float64, float64) {
		e, n := shift(lon, lat)
		return e + 0.05*math.Sin(40*lat), n + 0.05*math.Cos(40*lon)
	}
	return gridFile{order, "OSGB36", "ETRS89", []gridPart{
		{"BRITAIN", "NONE", 49, 61, -9, 3, 0.25, shift},
		{"LONDON", "BRITAIN", 51.25, 51.75, -0.5, 0.5, 0.05, fine},
	}}
}

func shifts(t *testing.T, f gridFile) *Shifts {
	t.Helper()
	s, err := ReadShifts(f.bytes())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestShiftsAreInterpolated(t *testing.T) {
	// Linear shifts are exact between the corners, but for 32 bits of a number.
	linear := func(lon, lat float64) (float64, float64) { return 2 + 0.25*lon, 1 - 0.125*lat }
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		s := shifts(t, gridFile{order, "OSGB36", "ETRS89", []gridPart{{"ALL", "NONE", 50, 52, -2, 1, 0.5, linear}}})
		for _, p := range [][2]float64{{-2, 50}, {1, 52}, {-2, 52}, {1, 50}, {-1.3, 50.7}, {0.999, 51.999}} {
			lon, lat := s.OSGB36ToWGS84(p[0], p[1])
			east, north := linear(p[0], p[1])
			if math.Abs(lon-p[0]-east/3600) > 1e-9 || math.Abs(lat-p[1]-north/3600) > 1e-9 {
				t.Errorf("%v: %v: got %.10f, %.10f", order, p, lon, lat)
			}
		}
		for _, p := range [][2]float64{{-2.001, 51}, {1.001, 51}, {0, 49.99}, {0, 52.01}, {math.NaN(), 51}} {
			if lon, lat := s.OSGB36ToWGS84(p[0], p[1]); !math.IsNaN(lon) || !math.IsNaN(lat) {
				t.Errorf("%v lies outside, and was moved to %g, %g", p, lon, lat)
			}
		}
	}
}

// small is the file of the packages' tests that use a grid: southern England, with
// shifts of 3 seconds to the west and 1 to the north everywhere.
func small() gridFile {
	shift := func(_, _ float64) (float64, float64) { return -3, 1 }
	return gridFile{binary.LittleEndian, "OSGB36", "ETRS89", []gridPart{{"SMALL", "NONE", 50, 52, -3, 0, 1, shift}}}
}

var update = flag.Bool("update", false, "write testdata/small.gsb again")

func TestSmallGridFile(t *testing.T) {
	const name = "testdata/small.gsb"
	if *update {
		if err := os.WriteFile(name, small().bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(content, small().bytes()) {
		t.Error("testdata/small.gsb is not what the test says: go test -update")
	}
	s, err := ReadShifts(content)
	if err != nil {
		t.Fatal(err)
	}
	lon, lat := s.OSGB36ToWGS84(-1.5, 51)
	if math.Abs(lon+1.5+3.0/3600) > 1e-12 || math.Abs(lat-51-1.0/3600) > 1e-12 {
		t.Errorf("got %.12f, %.12f", lon, lat)
	}
}

func TestFinestGridIsTaken(t *testing.T) {
	zero := func(lon, lat float64) (float64, float64) { return 0, 0 }
	one := func(lon, lat float64) (float64, float64) { return 3600, 0 }
	s := shifts(t, gridFile{binary.LittleEndian, "OSGB36", "ETRS89", []gridPart{
		{"FINE", "COARSE", 51, 52, -1, 0, 0.5, one}, {"COARSE", "NONE", 50, 53, -3, 1, 1, zero},
	}})
	if lon, _ := s.OSGB36ToWGS84(-0.5, 51.5); math.Abs(lon-0.5) > 1e-6 {
		t.Errorf("inside the fine grid: got %g", lon)
	}
	if lon, _ := s.OSGB36ToWGS84(-2, 51.5); lon != -2 {
		t.Errorf("beside the fine grid: got %g", lon)
	}
}

func TestShiftsThereAndBack(t *testing.T) {
	f := britain(binary.LittleEndian)
	s := shifts(t, f)
	f.from, f.to = f.to, f.from
	reversed := shifts(t, f)
	rng := rand.New(rand.NewPCG(3, 3))
	var worst float64
	for range 10_000 {
		e, n := 100_000+rng.Float64()*550_000, 50_000+rng.Float64()*1_000_000
		lon, lat := s.GridToWGS84(e, n)
		e2, n2 := s.WGS84ToGrid(lon, lat)
		worst = math.Max(worst, math.Hypot(e2-e, n2-n))
		// A file that goes the other way is used the other way round.
		u, v, _ := reversed.move(-2, 54)
		x, y := reversed.OSGB36ToWGS84(u, v)
		worst = math.Max(worst, Length(x, y, -2, 54))
	}
	if !(worst < 0.001) {
		t.Errorf("there and back moves by %g m", worst)
	}
}

// Reference: PROJ, by its hgridshift, on 10,000 positions.
func TestShiftsAgainstPROJ(t *testing.T) {
	file := filepath.Join(t.TempDir(), "britain.gsb")
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		content := britain(order).bytes()
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		var asked bytes.Buffer
		rng := rand.New(rand.NewPCG(7, 7))
		for range 10_000 {
			fmt.Fprintf(&asked, "%.4f,%.4f\n", 100_000+rng.Float64()*550_000, 50_000+rng.Float64()*1_000_000)
		}
		answer, ok := proj(t, file, asked.String())
		if !ok {
			t.Skip("no python3 with pyproj: the tests without PROJ have to do")
		}
		s, err := ReadShifts(content)
		if err != nil {
			t.Fatal(err)
		}
		questions, answers := readTable(t, asked.Bytes()), readTable(t, answer)
		if len(answers) != len(questions) {
			t.Fatalf("PROJ answered %d of %d", len(answers), len(questions))
		}
		var worst float64
		for i, q := range questions {
			lon, lat := s.GridToWGS84(q[0], q[1])
			worst = math.Max(worst, Length(lon, lat, answers[i][0], answers[i][1]))
		}
		if !(worst < 0.001) {
			t.Errorf("%v: up to %g m from PROJ", order, worst)
		}
		t.Logf("%v: at most %.6f mm from PROJ on %d positions", order, worst*1000, len(questions))
	}
}

func proj(t *testing.T, grid, asked string) ([]byte, bool) {
	t.Helper()
	const program = `import sys, pyproj
t = pyproj.Transformer.from_pipeline("+proj=pipeline +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 "
    "+x_0=400000 +y_0=-100000 +ellps=airy +step +proj=hgridshift +grids=" + sys.argv[1] + " +step +proj=unitconvert +xy_in=rad +xy_out=deg")
for line in sys.stdin:
    print("%.12f,%.12f" % t.transform(*map(float, line.split(","))))
`
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		command := exec.Command(python, "-c", program, grid)
		command.Stdin = strings.NewReader(asked)
		if text, err := command.Output(); err == nil {
			return text, true
		}
	}
	return nil, false
}

// The Ordnance Survey's own example, where its grid lies at hand.
func TestOSTN15(t *testing.T) {
	for _, folder := range []string{os.Getenv("PROJ_DATA"), "/usr/share/proj", "/usr/local/share/proj"} {
		content, err := os.ReadFile(filepath.Join(folder, "OSTN15_NTv2_OSGBtoETRS.gsb"))
		if folder == "" || err != nil {
			continue
		}
		s, err := ReadShifts(content)
		if err != nil {
			t.Fatal(err)
		}
		lon, lat := s.GridToWGS84(624161, 308459.58)
		if off := Length(lon, lat, 1.3107334884, 52.6276035206); off > 0.001 {
			t.Errorf("got %.10f, %.10f, %g m off", lon, lat, off)
		}
		return
	}
	t.Skip("OSTN15_NTv2_OSGBtoETRS.gsb is not in PROJ's folder")
}

func TestBrokenGridFilesAreRefused(t *testing.T) {
	good := britain(binary.LittleEndian).bytes()
	changed := func(at int, with string) []byte {
		b := bytes.Clone(good)
		copy(b[at:], with)
		return b
	}
	for name, content := range map[string][]byte{
		"empty":             nil,
		"another format":    []byte(strings.Repeat("x", 500)),
		"cut off":           good[:len(good)/2],
		"cut off early":     good[:200],
		"in degrees":        changed(3*record+8, "DEGREES "),
		"of another land":   changed(5*record+8, "NAD27   "),
		"both the same":     changed(6*record+8, "OSGB36  "),
		"too many grids":    changed(2*record+8, "\xff\xff\xff\x7f"),
		"no grids":          changed(2*record+8, "\x00\x00\x00\x00"),
		"other count":       changed(21*record+8, "\x01\x00\x00\x00"),
		"no step":           changed(19*record+8, "\x00\x00\x00\x00\x00\x00\x00\x00"),
		"a shift is no one": changed(22*record, "\x00\x00\xc0\x7f"),
	} {
		if _, err := ReadShifts(content); !errors.Is(err, ErrGridFile) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzShifts(f *testing.F) {
	f.Add(britain(binary.LittleEndian).bytes()[:5000])
	f.Add(gridFile{binary.BigEndian, "ETRS89", "OSGB36", []gridPart{{"A", "NONE", 50, 51, 0, 1, 0.5, func(_, _ float64) (float64, float64) { return 1, 1 }}}}.bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := ReadShifts(content)
		if err != nil {
			return
		}
		if lon, lat := s.OSGB36ToWGS84(0.3, 50.4); math.IsInf(lon, 0) || math.IsInf(lat, 0) {
			t.Errorf("got %g, %g", lon, lat)
		}
	})
}
