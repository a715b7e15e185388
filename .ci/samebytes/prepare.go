package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// prepare makes the tables that cases read, with the old binary where it takes
// one, so that both builds are given the same.
func (s *sides) prepare() error {
	if s.cache != "" {
		if err := s.openCache(); err != nil {
			return err
		}
		if _, err := os.Stat(s.made); err == nil {
			return nil
		}
	}
	part := s.made + "-part"
	if err := os.MkdirAll(part, 0o755); err != nil {
		return err
	}
	for _, step := range []func(folder string) error{s.makeIndicators, s.makePlaces, s.makeTexts, s.makeRecords, s.makePartitions} {
		if err := step(part); err != nil {
			return err
		}
	}
	return os.Rename(part, s.made)
}

// openCache goes to the cache of these cases and this old binary.
func (s *sides) openCache() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	sum := sha256.New()
	for _, file := range []string{self, s.oldBinary} {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		sum.Write(text)
	}
	if s.cache, err = filepath.Abs(filepath.Join(s.cache, hex.EncodeToString(sum.Sum(nil)[:6]))); err != nil {
		return err
	}
	s.made = filepath.Join(s.cache, "made")
	return os.MkdirAll(s.cache, 0o755)
}

func (s *sides) england(name string) string { return filepath.Join(s.shared, "england", name) }

// makeIndicators puts the published figures of England into the long form: A&E
// by trust, referral to treatment by commissioner.
func (s *sides) makeIndicators(folder string) error {
	rows := [][]string{{"entity", "indicator", "period", "numerator", "denominator"}}
	emergency, err := table(s.england("indicator_provider_ae.csv"))
	if err != nil {
		return err
	}
	for _, r := range emergency[1:] {
		attended, err := strconv.Atoi(r[2])
		breached, err2 := strconv.Atoi(r[3])
		if err == nil && err2 == nil {
			rows = append(rows, []string{r[0], "ae_4h", r[1], strconv.Itoa(attended - breached), r[2]})
		}
	}
	waits, err := table(s.england("indicator_ccg17_rtt_mar2015.csv"))
	if err != nil {
		return err
	}
	for _, r := range waits[1:] {
		rows = append(rows, []string{r[0], "rtt_18w", "2015-03", r[5], r[2]})
	}
	return writeTable(filepath.Join(folder, "indicators.csv"), rows)
}

// makePlaces makes the areas' points and people out of their boundaries.
func (s *sides) makePlaces(folder string) error {
	text, err := os.ReadFile(s.england("areas.geojson"))
	if err != nil {
		return err
	}
	var plan struct {
		Features []struct {
			Properties struct {
				Code       string  `json:"area_code"`
				Population float64 `json:"population"`
				Lon        float64 `json:"lon"`
				Lat        float64 `json:"lat"`
			} `json:"properties"`
		} `json:"features"`
	}
	if err := json.Unmarshal(text, &plan); err != nil {
		return err
	}
	points, people := [][]string{{"area", "lon", "lat"}}, [][]string{{"area", "population"}}
	for _, f := range plan.Features {
		p := f.Properties
		points = append(points, []string{p.Code, fmt.Sprint(p.Lon), fmt.Sprint(p.Lat)})
		people = append(people, []string{p.Code, strconv.Itoa(int(p.Population))})
	}
	if err := writeTable(filepath.Join(folder, "points.csv"), points); err != nil {
		return err
	}
	return writeTable(filepath.Join(folder, "people.csv"), people)
}

// makeTexts makes lists of codes and files of flags.
func (s *sides) makeTexts(folder string) error {
	for name, text := range map[string]string{
		"together.txt": "E38000001,E38000019\nE38000002,E38000029,E38000184\n",
		"apart.txt":    "E38000001,E38000018\nE38000006,E38000008,E38000071\n",
		"contrary.txt": "E38000001,E38000002\n",
		"fix.txt":      "E38000001\nE38000002\nE38000003\n",
		"config.yaml": "flows: ../shared/england/flows.csv\nboundaries: ../shared/england/areas.geojson\n" +
			"providers: ../shared/england/providers.csv\nfootprints: 44\nseed: 3\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// makeRecords makes the flows of England in other containers.
func (s *sides) makeRecords(folder string) error {
	text, err := os.ReadFile(s.england("flows.csv"))
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	marked, err := withSmallCounts(s.england("flows_ltla19_trust_covid_link_counts.csv"))
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"flows.csv.gz": packed.Bytes(),
		"flows.tsv":    []byte(strings.ReplaceAll(string(text), ",", "\t")),
		"marked.csv":   marked,
		"faulty.csv":   []byte("area,provider,count\nE1,R1,5\nE1,R2,-3\nE2,R1,x\nE2\n"),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return err
		}
	}
	return s.old(folder, "ingest", "--from", s.england("flows.csv"), "--area", "commissioner_code", "--provider", "provider_code",
		"--count", "patients", "-o", "flows.parquet")
}

// withSmallCounts is a table of flows with marks and numbers under 5 in place of
// its smallest counts.
func withSmallCounts(file string) ([]byte, error) {
	rows, err := table(file)
	if err != nil {
		return nil, err
	}
	small := []string{"<5", "*", "3", "1"}
	for i, r := range rows {
		if n, err := strconv.Atoi(r[2]); err == nil && n < 14 {
			rows[i][2] = small[i%len(small)]
		}
	}
	var b bytes.Buffer
	err = csv.NewWriter(&b).WriteAll(rows)
	return b.Bytes(), err
}

// makePartitions makes maps to judge and to draw: the sample whole, England by
// the rules of 2016, and England with confidence.
func (s *sides) makePartitions(folder string) error {
	england := []string{"--flows", s.england("flows.csv"), "--boundaries", s.england("areas.geojson")}
	for _, arguments := range [][]string{
		{"demo", "-o", "demo"},
		append([]string{
			"cluster", "--footprints", "44", "--contiguous", "--min-population", "300000", "--max-population", "3000000",
			"-o", "rules.csv",
		}, england...),
		{"cluster", "--footprints", "40", "--flows", "marked.csv", "-o", "covid.csv"},
		append([]string{"cluster", "--footprints", "37", "--bootstrap", "20", "-o", "firm.csv"}, england...),
		append([]string{"cluster", "--footprints", "44", "--bootstrap", "12", "--shard", "1/2", "-o", "parts"}, england...),
		append([]string{"cluster", "--footprints", "44", "--bootstrap", "12", "--shard", "2/2", "-o", "parts"}, england...),
	} {
		if err := s.old(folder, arguments...); err != nil {
			return err
		}
	}
	return nil
}

func (s *sides) old(folder string, arguments ...string) error {
	c := exec.Command(s.oldBinary, arguments...)
	c.Dir = folder
	if said, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(arguments, " "), err, said)
	}
	return nil
}

func table(file string) ([][]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return csv.NewReader(f).ReadAll()
}

func writeTable(file string, rows [][]string) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}
