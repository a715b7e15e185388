package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// attack is a way to work out one small count from what is published. %d in the
// files stands for the count.
type attack struct {
	name   string
	flows  string
	files  map[string]string
	line   string
	deduce func(p publication) float64
}

// publication is what a command printed and wrote.
type publication struct {
	t      *testing.T
	files  map[string][]byte
	stdout string
}

// table is a CSV file by the first column, or by the first two.
func (p publication) table(name string, keys int) map[string]map[string]string {
	rows, err := csv.NewReader(strings.NewReader(string(p.files[name]))).ReadAll()
	if err != nil || len(rows) < 2 {
		p.t.Fatalf("%s: %v, %d rows", name, err, len(rows))
	}
	out := map[string]map[string]string{}
	for _, row := range rows[1:] {
		one := map[string]string{}
		for i, h := range rows[0] {
			one[h] = row[i]
		}
		out[strings.Join(row[:keys], " ")] = one
	}
	return out
}

func (p publication) number(row map[string]string, column string) float64 {
	x, err := strconv.ParseFloat(row[column], 64)
	if err != nil {
		p.t.Fatalf("%s is %q in %v", column, row[column], row)
	}
	return x
}

// layer is a GeoJSON file's properties by code, or by area and provider.
func (p publication) layer(name string) map[string]map[string]any {
	var c struct {
		Features []struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(p.files[name+".geojson"], &c); err != nil {
		p.t.Fatal(err)
	}
	out := map[string]map[string]any{}
	for _, f := range c.Features {
		key, ok := f.Properties["code"].(string)
		if !ok {
			key = fmt.Sprint(f.Properties["area"], " ", f.Properties["provider"])
		}
		out[key] = f.Properties
	}
	return out
}

func (p publication) json() map[string]any {
	var object map[string]any
	if err := json.Unmarshal([]byte(p.stdout), &object); err != nil {
		p.t.Fatal(err)
	}
	return object
}

// of finds the footprint of an area.
func (p publication) of(area string) string { return p.layer("areas")[area]["footprint"].(string) }

// three is a world of three areas and two providers: A01 sends most to P01, the
// others to P02, and the small count is from A01 to P02.
const three = "area,provider,count\nA01,P01,97\nA01,P02,%d\nA02,P01,20\nA02,P02,196\nA03,P02,110\n"

// placed puts the areas of a world and its providers on the ground.
func placed() map[string]string {
	shapes := make([]string, 3)
	for i := range shapes {
		x := float64(i) * 0.2
		shapes[i] = fmt.Sprintf(`{"type":"Feature","properties":{"code":"A%02d"},"geometry":{"type":"Polygon","coordinates":[[[%.1f,51],[%.1f,51],[%.1f,51.2],[%.1f,51.2],[%.1f,51]]]}}`, i+1, x, x+0.2, x+0.2, x, x)
	}
	return map[string]string{
		"areas.geojson": `{"type":"FeatureCollection","features":[` + strings.Join(shapes, ",") + `]}`,
		"providers.csv": "provider_code,provider_name,lon,lat\nP01,One,0.1,51.1\nP02,Two,0.3,51.1\nP03,Three,0.55,51.1\n",
	}
}

// attacks are the twelve that found counts in what version 0.1.0 published.
var attacks = []attack{
	{name: "one provider in a footprint", flows: three, line: "run --flows @flows.csv --footprints 2 -o @out", deduce: func(p publication) float64 {
		rest := p.number(p.table("footprints.csv", 1)[p.of("A02")], "patients_treated")
		for key, f := range p.layer("flows") {
			if n := f["patients"].(float64); n >= 5 && strings.HasSuffix(key, "P02") {
				rest -= n
			}
		}
		return rest
	}},
	{name: "a footprint's inside by adding areas", flows: three, line: "run --flows @flows.csv --footprints 2 -o @out", deduce: func(p publication) float64 {
		rest := p.number(p.table("footprints.csv", 1)[p.of("A02")], "patients_treated")
		for _, code := range []string{"A02", "A03"} {
			a := p.layer("areas")[code]
			rest -= a["patients"].(float64) * a["localisation_index"].(float64)
		}
		return rest
	}},
	{
		name: "catchment population", flows: three, files: map[string]string{"population.csv": "area,population\nA01,10007\nA02,30011\nA03,20000\n"},
		line: "run --flows @flows.csv --population @population.csv --footprints 2 -o @out", deduce: func(p publication) float64 {
			share := (p.layer("providers")["P02"]["catchment_population"].(float64) - 30011*196./216 - 20000) / 10007
			return 97 * share / (1 - share)
		},
	},
	{name: "concentration", flows: three, line: "run --flows @flows.csv --footprints 2 -o @out", deduce: func(p publication) float64 {
		hhi, best := p.layer("areas")["A01"]["hhi"].(float64), 0.0
		miss := func(x float64) float64 { return math.Abs((97*97+x*x)/((97+x)*(97+x)) - hhi) }
		for x := 1.0; x < 5; x += 0.5 {
			if best == 0 || miss(x) < miss(best) {
				best = x
			}
		}
		return best
	}},
	{name: "the report's words", flows: three, line: "run --flows @flows.csv --footprints 2 -o @out", deduce: func(p publication) float64 {
		found := regexp.MustCompile(`loosest area is (?:[^"]*\()?A01\)?, with ([\d.]+)% of care inside`).FindSubmatch(p.files["report.html"])
		if found == nil {
			p.t.Fatal("the report says nothing of A01")
		}
		share, _ := strconv.ParseFloat(string(found[1]), 64)
		return 97/(share/100) - 97
	}},
	{
		name: "compare's weakest footprint", flows: three, files: map[string]string{
			"ours.csv": "area,group\nA01,F1\nP02,F1\nA02,F2\nA03,F2\nP01,F2\n", "theirs.csv": "area,group\nA01,R1\nA02,R2\nA03,R2\n",
		},
		line: "compare --flows @flows.csv --partition @ours.csv --reference @theirs.csv --json", deduce: func(p publication) float64 {
			// F2 keeps 20 of 326 patients: F1, with the small count alone, is weaker.
			li := p.json()["min_localisation_index"].(float64)
			return 97 * li / (1 - li)
		},
	},
	{
		name: "score's coverage", flows: three, files: map[string]string{
			"ours.csv": "area,group\nA01,F1\nP01,F1\nA02,F2\nA03,F2\nP02,F2\n", "figures.csv": "entity,indicator,numerator,denominator\nP01,ae_4h,9000,10000\n",
		},
		line: "score --flows @flows.csv --partition @ours.csv --indicators @figures.csv --draws 0 -o @out", deduce: func(p publication) float64 {
			return 97/p.number(p.table("indicators.csv", 2)["F1 ae_4h"], "coverage") - 97
		},
	},
	{name: "the hash of the flows", flows: three, line: "run --flows @flows.csv --footprints 2 -o @out", deduce: func(p publication) float64 {
		var l struct {
			Stpmap struct {
				SHA string `json:"flow_sha256"`
			}
		}
		if err := json.Unmarshal(p.files["areas.geojson"], &l); err != nil || l.Stpmap.SHA == "" {
			p.t.Fatal("no hash in areas.geojson", err)
		}
		for x := 1; x < 5; x++ {
			if sum := sha256.Sum256(fmt.Appendf(nil, three, x)); hex.EncodeToString(sum[:]) == l.Stpmap.SHA {
				return float64(x)
			}
		}
		return 0
	}},
	{
		name: "the gain of a move", flows: three, files: map[string]string{
			"ours.csv": "area,group\nA01,F1\nP01,F1\nA02,F2\nA03,F2\nP02,F2\n", "theirs.csv": "area,group\nA01,R2\nP01,R1\nA02,R2\nA03,R2\nP02,R2\n",
		},
		line: "compare --flows @flows.csv --partition @ours.csv --reference @theirs.csv -o @out", deduce: func(p publication) float64 {
			return 97 - math.Abs(p.number(p.table("moved.csv", 1)["A01"], "patients_inside_gain"))
		},
	},
	{
		name: "the distance to care", flows: three + "A01,P03,12\nA03,P03,400\n", files: placed(),
		line: "run --flows @flows.csv --boundaries @areas.geojson --providers @providers.csv --resolution 1 -o @out", deduce: func(p publication) float64 {
			// Along one parallel, of 0.1, 0.3 and 0.55 degrees: 1 km is the same everywhere.
			km := 0.2 * 111.32 * math.Cos(51.1*math.Pi/180)
			d := p.number(p.table("footprints.csv", 1)[p.of("A01")], "distance_outside_km")
			return math.Round(12 * (2.25*km - d) / (d - km))
		},
	},
	{
		name: "nested levels", flows: "area,provider,count\nA01,P01,97\nA01,P02,%d\nA02,P01,20\nA02,P02,196\nA03,P03,110\nA03,P02,7\n",
		line: "run --flows @flows.csv --levels 3,2 -o @out", deduce: func(p publication) float64 {
			inside := map[string]float64{}
			for _, row := range p.table("levels.csv", 2) {
				inside[row["level"]] += p.number(row, "patients_resident") * p.number(row, "localisation_index")
			}
			return inside["2"] - inside["3"] - 20
		},
	},
	{name: "what run prints as JSON", flows: three, line: "run --flows @flows.csv --footprints 2 --json -o @out", deduce: func(p publication) float64 {
		j := p.json() // two footprints: the stronger is as far from the median as the weaker
		li := 2*j["median_localisation_index"].(float64) - j["min_localisation_index"].(float64)
		return 97/li - 97
	}},
}

// publish runs the command on a world with the given small count.
func (a attack) publish(t *testing.T, count int, more string) publication {
	dir := t.TempDir()
	files := map[string]string{"flows.csv": fmt.Sprintf(a.flows, count)}
	for name, text := range a.files {
		files[name] = text
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var args []string
	for _, word := range strings.Fields(a.line + more) {
		if file, ok := strings.CutPrefix(word, "@"); ok {
			word = filepath.Join(dir, file)
		}
		args = append(args, word)
	}
	stdout, _ := mustRun(t, args...)
	return publication{t, contents(t, filepath.Join(dir, "out")), stdout}
}

// Each attack finds the count where all are kept, and says the same of every
// count behind the door.
func TestAttacksFail(t *testing.T) {
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			for _, count := range []int{1, 3} {
				if got := a.deduce(a.publish(t, count, " --suppress-below 0")); math.Abs(got-float64(count)) > 0.1 {
					t.Errorf("the attack is none: it makes %v of %d where all counts are kept", got, count)
				}
			}
			ofOne, ofThree := a.deduce(a.publish(t, 1, "")), a.deduce(a.publish(t, 3, ""))
			if ofOne != ofThree {
				t.Errorf("it makes %v of 1, and %v of 3", ofOne, ofThree)
			}
		})
	}
}
