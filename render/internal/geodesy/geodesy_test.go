package geodesy

import (
	"bufio"
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

func readTable(t *testing.T, text []byte) [][]float64 {
	t.Helper()
	var rows [][]float64
	sc := bufio.NewScanner(bytes.NewReader(text))
	for sc.Scan() {
		if strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		var row []float64
		for _, f := range strings.Split(sc.Text(), ",") {
			v, err := strconv.ParseFloat(f, 64)
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, v)
		}
		rows = append(rows, row)
	}
	return rows
}

func checkGrid(t *testing.T, rows [][]float64, want int) {
	t.Helper()
	if len(rows) != want {
		t.Fatalf("got %d rows of reference, want %d", len(rows), want)
	}
	var worst, back float64
	for _, r := range rows {
		lon, lat := GridToWGS84(r[0], r[1])
		worst = math.Max(worst, Length(lon, lat, r[2], r[3]))
		e, n := WGS84ToGrid(lon, lat)
		back = math.Max(back, math.Hypot(e-r[0], n-r[1]))
	}
	if worst > 0.005 {
		t.Errorf("up to %.1f mm from PROJ, want 5 at most", worst*1000)
	}
	// The inverse Helmert transformation leaves out products of the turns.
	if back > 0.005 {
		t.Errorf("there and back moves by up to %.1f mm", back*1000)
	}
	t.Logf("at most %.2f mm from PROJ, %.2f mm there and back", worst*1000, back*1000)
}

// Reference: PROJ, as testdata/reference.py asks it.
func TestGridAgainstPROJ(t *testing.T) {
	text, err := os.ReadFile("testdata/grid.csv")
	if err != nil {
		t.Fatal(err)
	}
	checkGrid(t, readTable(t, text), 49)
}

// The same on 60 × 60 positions, where PROJ is at hand.
func TestGridAgainstLivePROJ(t *testing.T) {
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		text, err := exec.Command(python, "testdata/reference.py", "60").Output()
		if err == nil {
			checkGrid(t, readTable(t, text), 3600)
			return
		}
	}
	t.Skip("no python3 with pyproj: the table of 49 positions has to do")
}

// Worked example of the Ordnance Survey's guide, annex C: Caister water tower,
// OSGB36 52°39′27.2531″N 1°43′4.5177″E is E 651409.903, N 313177.270.
func TestProjectionOfTheGuide(t *testing.T) {
	lat := (52 + 39/60.0 + 27.2531/3600) * math.Pi / 180
	lon := (1 + 43/60.0 + 4.5177/3600) * math.Pi / 180
	r := gridSeries.radius * scale
	n, e := gridSeries.forward(lat, lon-originLon)
	east, north := e*r+originE, (n-originNorth)*r+originN
	if math.Abs(east-651409.903) > 0.001 || math.Abs(north-313177.270) > 0.001 {
		t.Errorf("got %.3f, %.3f, want 651409.903, 313177.270", east, north)
	}
	gotLat, gotLon := gridSeries.inverse((313177.270-originN)/r+originNorth, (651409.903-originE)/r)
	if math.Abs(gotLat-lat)*6.4e6 > 0.001 || math.Abs(gotLon+originLon-lon)*4e6 > 0.001 {
		t.Errorf("got %.9f, %.9f, want %.9f, %.9f", gotLat, gotLon+originLon, lat, lon)
	}
}

// Reference: pyproj.Geod.polygon_area_perimeter.
func TestAreaAgainstPROJ(t *testing.T) {
	text, err := os.ReadFile("testdata/polygons.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows := readTable(t, text)
	if len(rows) != 6 {
		t.Fatalf("got %d polygons", len(rows))
	}
	for _, r := range rows {
		ring := r[2:]
		n := len(ring) / 2
		at := func(i int) (float64, float64) { return ring[2*i], ring[2*i+1] }
		if got := Area(n, at) / 1e6; math.Abs(got-r[0]) > 0.0001*r[0] {
			t.Errorf("area at %g, %g: got %.6f km², want %.6f", ring[0], ring[1], got, r[0])
		}
		var length float64
		for i := range n {
			lon1, lat1 := at(i)
			lon2, lat2 := at((i + 1) % n)
			length += Length(lon1, lat1, lon2, lat2)
		}
		if got := length / 1000; math.Abs(got-r[1]) > 1e-5*r[1] {
			t.Errorf("perimeter at %g, %g: got %.6f km, want %.6f", ring[0], ring[1], got, r[1])
		}
		if got := Area(n, func(i int) (float64, float64) { return at(n - 1 - i) }) / 1e6; got >= 0 {
			t.Errorf("clockwise ring: got %g", got)
		}
	}
}

func TestLengthOfLongEdges(t *testing.T) {
	// Reference: pyproj.Geod(ellps="WGS84").inv.
	for _, r := range [][5]float64{
		{-0.1278, 51.5074, -74.006, 40.7128, 5585233.579},
		{1, 52, 1, 53, 111276.826},
		{0, 52, 1, 52, 68677.475},
		{-5, 50, 1, 58, 972576.033},
		{0, 0, 0.6, 0.6, 94141.240},
	} {
		if got := Length(r[0], r[1], r[2], r[3]); math.Abs(got-r[4]) > 1e-5*r[4] {
			t.Errorf("from %g, %g to %g, %g: got %.1f m, want %.1f", r[0], r[1], r[2], r[3], got, r[4])
		}
	}
	if got := Length(0, 0, 180, 0); math.Abs(got-2e7) > 1e5 {
		t.Errorf("to the antipode: got %g", got)
	}
	if got := Length(179.9, 0, -179.9, 0) / 1000; math.Abs(got-22.264) > 0.01 {
		t.Errorf("across the antimeridian: got %g km, want 22.264", got)
	}
}

// Reference: PROJ 9.1.1, EPSG:3857 to EPSG:4326.
func TestWebMercator(t *testing.T) {
	lon, lat := WebMercatorToWGS84(-223578.4956, 6800125.4543)
	if math.Abs(lon+2.0084397979792916) > 1e-12 || math.Abs(lat-51.999999999461835) > 1e-12 {
		t.Errorf("got %.15f, %.15f", lon, lat)
	}
}

func TestGridInverseAtRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		e, n := rng.Float64()*700_000, rng.Float64()*1_300_000
		lon, lat := GridToWGS84(e, n)
		if lon < -10 || lon > 4 || lat < 49 || lat > 62 {
			t.Fatalf("%g, %g lies at %g, %g", e, n, lon, lat)
		}
	}
}

func TestEmptyArea(t *testing.T) {
	if got := Area(0, nil); got != 0 {
		t.Errorf("got %g", got)
	}
}

func BenchmarkGridToWGS84(b *testing.B) {
	for b.Loop() {
		GridToWGS84(530_000, 180_000)
	}
}
