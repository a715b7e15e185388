package published

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// rttHeading is the heading of the full extract whose bands end with last:
// 52 weeks until March 2021, 104 since.
func rttHeading(last int) []string {
	h := []string{
		"Period", "Provider Parent Org Code", "Provider Parent Name", "Provider Org Code", "Provider Org Name",
		"Commissioner Parent Org Code", "Commissioner Parent Name", "Commissioner Org Code", "Commissioner Org Name",
		"RTT Part Type", "RTT Part Description", "Treatment Function Code", "Treatment Function Name",
	}
	for w := range last {
		h = append(h, fmt.Sprintf("Gt %02d To %02d Weeks SUM 1", w, w+1))
	}
	return append(h, fmt.Sprintf("Gt %d Weeks SUM 1", last), "Total", "Patients with unknown clock start date", "Total All")
}

// rttRow is a row of it; bands gives the patients who waited up to a number of
// weeks.
func rttRow(last int, period, provider, commissioner, part, function string, bands map[int]int, unknown int) []string {
	r := []string{period, "QOP", "GREATER MANCHESTER", provider, "PROVIDER, " + provider, "QOP", "", commissioner, "NAME", part, "words", function, "Name"}
	sum := 0
	for w := 1; w <= last+1; w++ {
		n, ok := bands[w]
		sum += n
		cell := ""
		if ok {
			cell = fmt.Sprint(n)
		}
		r = append(r, cell)
	}
	total, clock := "", ""
	if part == "Part_1A" || part == "Part_1B" {
		total, clock = fmt.Sprint(sum), fmt.Sprint(unknown)
	}
	if part == "Part_3" {
		sum = unknown
		unknown = 0
	}
	return append(r, total, clock, fmt.Sprint(sum+unknown))
}

func rttExtract(last int, period string) [][]string {
	row := func(provider, commissioner, part, function string, bands map[int]int, unknown int) []string {
		return rttRow(last, period, provider, commissioner, part, function, bands, unknown)
	}
	return [][]string{
		rttHeading(last),
		row("R0A", "01W", "Part_1A", "C_100", map[int]int{1: 10, 18: 5, 19: 2}, 1),
		row("R0A", "01W", "Part_1A", "C_101", map[int]int{3: 4}, 0),
		row("R0A", "01W", "Part_1A", "C_999", map[int]int{1: 10, 3: 4, 18: 5, 19: 2}, 1),
		row("R0A", "01W", "Part_1B", "C_100", map[int]int{2: 30}, 0),
		row("R0A", "01W", "Part_1B", "C_999", map[int]int{2: 30}, 0),
		row("R0A", "01W", "Part_2", "C_100", map[int]int{18: 90, 19: 6, 53: 4}, 0),
		row("R0A", "01W", "Part_2", "C_999", map[int]int{18: 90, 19: 6, 53: 4}, 0),
		row("R0A", "01W", "Part_2A", "C_100", map[int]int{18: 20, 19: 3}, 0),
		row("R0A", "01W", "Part_2A", "C_999", map[int]int{18: 20, 19: 3}, 0),
		row("R0A", "01W", "Part_3", "C_999", nil, 70),
		row("NT447", "NONC", "Part_1A", "C_999", map[int]int{1: 7}, 0), // a total without its rows
		row("NVC04", "X24", "Part_2", "C_110", map[int]int{1: 8}, 0),
		row("NVC04", "X24", "Part_2", "C_999", map[int]int{1: 8}, 0),
	}
}

func TestRTTFlows(t *testing.T) {
	for _, era := range []struct {
		name, preamble, period string
		last                   int
	}{
		{"2026", "", "RTT-June-2026", 104},
		{"2019", "", "RTT-OCTOBER-2019", 52},
		{"2017, two lines above the heading", "RTT monthly extract,,\nMarch 2017,,\n", "RTT-MARCH-2017", 52},
	} {
		t.Run(era.name, func(t *testing.T) {
			text := era.preamble + csvText(rttExtract(era.last, era.period)...)
			for _, c := range []struct {
				parts []string
				want  map[string]float64
			}{
				{nil, map[string]float64{"01W R0A": 22 + 30, "NONC NT447": 7}},
				{[]string{"Part_1A"}, map[string]float64{"01W R0A": 22, "NONC NT447": 7}},
				{[]string{"part 2"}, map[string]float64{"01W R0A": 100, "X24 NVC04": 8}},
				{[]string{"2A"}, map[string]float64{"01W R0A": 23}},
				{[]string{"Part_3"}, map[string]float64{"01W R0A": 70}},
			} {
				out, err := importText(t, "", "rtt.csv", text, importer.Options{Parts: c.parts})
				if err != nil {
					t.Fatal(err)
				}
				if got := pairsOf(out.Flows); fmt.Sprint(got) != fmt.Sprint(c.want) {
					t.Errorf("%v: got %v, want %v", c.parts, got, c.want)
				}
				if out.Format.Name != "rtt" || out.Kind != importer.FlowTable {
					t.Errorf("read as %s, %s", out.Format.Name, out.Kind)
				}
				r := out.Report
				left := 0
				for _, l := range r.LeftOut {
					left += l.Rows
				}
				if r.Rows != 13 || r.Used+left != r.Rows {
					t.Errorf("%d rows, %d used, %d left out: not all accounted for", r.Rows, r.Used, left)
				}
			}
			out, err := importText(t, "rtt", "rtt.csv", text, importer.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Report.Outside) != 1 || out.Report.Outside[0].Codes[0] != "NONC" || out.Report.Outside[0].Patients.Value != 7 {
				t.Errorf("outside: %+v", out.Report.Outside)
			}
			for _, parts := range [][]string{{"Part_2", "Part_2A"}, {"Part_1A", "Part_2"}, {"Part_7"}} {
				if _, err := importText(t, "rtt", "rtt.csv", text, importer.Options{Parts: parts}); !errors.Is(err, ErrPart) {
					t.Errorf("%v added up: %v", parts, err)
				}
			}
		})
	}
}

func TestRTTIndicators(t *testing.T) {
	for _, last := range []int{52, 104} {
		text := csvText(rttExtract(last, "RTT-APRIL-2022")...)
		out, err := importText(t, "", "rtt.csv", text, importer.Options{Kind: importer.IndicatorTable})
		if err != nil {
			t.Fatal(err)
		}
		want := []data.Figure{
			{Entity: "NVC04", Indicator: "rtt_18w", Period: "2022-04", Numerator: data.Known(8), Denominator: data.Known(8)},
			{Entity: "NVC04", Indicator: "rtt_52w", Period: "2022-04", Numerator: data.Known(0), Denominator: data.Known(8)},
			{Entity: "R0A", Indicator: "rtt_18w", Period: "2022-04", Numerator: data.Known(90), Denominator: data.Known(100)},
			{Entity: "R0A", Indicator: "rtt_52w", Period: "2022-04", Numerator: data.Known(4), Denominator: data.Known(100)},
		}
		if !slices.Equal(out.Figures, want) {
			t.Errorf("%d: got %+v", last, out.Figures)
		}
		out, err = importText(t, "", "rtt.csv", text, importer.Options{Kind: importer.IndicatorTable, Level: "commissioner", Parts: []string{"1A"}})
		if err != nil {
			t.Fatal(err)
		}
		if f := out.Figures[0]; f.Entity != "01W" || f.Indicator != "rtt_18w_admitted" || f.Numerator.Value != 19 || f.Denominator.Value != 21 {
			t.Errorf("by commissioner: %+v", f)
		}
	}
}

// Patients of commissioners outside England do not count for the standard, unless
// asked for; both ways every row is accounted for.
func TestRTTNonEnglish(t *testing.T) {
	rows := rttExtract(52, "RTT-APRIL-2022")
	for _, code := range []string{"NONC", "7A3"} {
		rows = append(rows,
			rttRow(52, "RTT-APRIL-2022", "R0A", code, "Part_2", "C_100", map[int]int{19: 40}, 0),
			rttRow(52, "RTT-APRIL-2022", "R0A", code, "Part_2", "C_999", map[int]int{19: 40}, 0))
	}
	for non, want := range map[bool]float64{false: 100, true: 180} {
		out, err := importText(t, "", "rtt.csv", csvText(rows...), importer.Options{Kind: importer.IndicatorTable, NonEnglish: non})
		if err != nil {
			t.Fatal(err)
		}
		left := 0
		for _, l := range out.Report.LeftOut {
			left += l.Rows
		}
		if f := out.Figures[2]; f.Entity != "R0A" || f.Denominator.Value != want || f.Numerator.Value != 90 || out.Report.Used+left != out.Report.Rows {
			t.Errorf("%v: got %+v, want 90 of %v; report %+v", non, f, want, out.Report)
		}
	}
}

func TestRTTTotals(t *testing.T) {
	rows := rttExtract(52, "RTT-APRIL-2019")
	rows[1][len(rows[1])-1] = "19" // C_100: one more than C_999 has
	text := csvText(rows...)
	_, err := importText(t, "rtt", "rtt.csv", text, importer.Options{})
	var at *fault.Error
	if !errors.Is(err, importer.ErrTotal) || !errors.As(err, &at) || at.Line != 4 {
		t.Fatalf("a wrong total passed: %v", err)
	}
	out, err := importText(t, "rtt", "rtt.csv", text, importer.Options{IgnoreTotals: true})
	if err != nil || pairsOf(out.Flows)["01W R0A"] != 53 || len(out.Report.Differences) != 1 {
		t.Errorf("waived: %v, %v", err, out)
	}
	// Incomplete pathways of two months are the same people.
	rows = append(rttExtract(52, "RTT-APRIL-2019"), rttExtract(52, "RTT-MAY-2019")[1:]...)
	if _, err := importText(t, "rtt", "rtt.csv", csvText(rows...), importer.Options{Parts: []string{"Part_2"}}); !errors.Is(err, importer.ErrPeriod) {
		t.Errorf("two months of a waiting list added up: %v", err)
	}
	out, err = importText(t, "rtt", "rtt.csv", csvText(rows...), importer.Options{Parts: []string{"Part_2"}, Period: "2019-05"})
	if err != nil || pairsOf(out.Flows)["01W R0A"] != 100 {
		t.Errorf("one of two months: %v", err)
	}
	out, err = importText(t, "rtt", "rtt.csv", csvText(rows...), importer.Options{})
	if err != nil || pairsOf(out.Flows)["01W R0A"] != 104 {
		t.Errorf("completed pathways of two months: %v", err)
	}
}

// Headings in another order, in capitals, quoted, with a mark, another line
// end, another encoding, further columns: the same flows.
func TestHeadingVariations(t *testing.T) {
	rows := rttExtract(104, "RTT-June-2026")
	want := pairsOf(mustImport(t, csvText(rows...)).Flows)
	upper := func(rows [][]string) [][]string {
		out := slices.Clone(rows)
		out[0] = strings.Split(strings.ToUpper(strings.Join(rows[0], "\x00")), "\x00")
		return out
	}
	reversed := make([][]string, len(rows))
	extra := make([][]string, len(rows))
	for i, r := range rows {
		c := slices.Clone(r)
		slices.Reverse(c)
		reversed[i] = c
		extra[i] = append([]string{fmt.Sprint(i)}, append(slices.Clone(r), "note é")...)
	}
	extra[0][0], extra[0][len(extra[0])-1] = "Row", "Notes"
	latin := slices.Clone(rows)
	latin[1] = slices.Clone(rows[1])
	latin[1][4] = "H\xf4pital"
	quotedText := func(rows [][]string) string {
		var b strings.Builder
		for _, r := range rows {
			b.WriteString(`"` + strings.Join(r, `","`) + "\"\n")
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"reordered":    csvText(reversed...),
		"upper case":   csvText(upper(rows)...),
		"underscores":  strings.Replace(csvText(rows...), csvText(rows[0]), strings.ReplaceAll(csvText(rows[0]), " ", "_"), 1),
		"quoted":       quotedText(rows),
		"mark":         "\ufeff" + csvText(rows...),
		"CRLF":         strings.ReplaceAll(csvText(rows...), "\n", "\r\n"),
		"Windows-1252": csvText(latin...),
		"extra":        csvText(extra...),
		"tabs":         strings.ReplaceAll(strings.ReplaceAll(csvText(rows...), `"PROVIDER, `, `"PROVIDER `), ",", "\t"),
		"repeated":     csvText(rows[:4]...) + csvText(rows[0]) + csvText(rows[4:]...),
	} {
		out, err := importText(t, "", "rtt.csv", text, importer.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := pairsOf(out.Flows); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	_, err := importText(t, "", "rtt.csv", strings.Replace(csvText(rows...), "Provider Org Code", "Provder Org Code", 1), importer.Options{Kind: importer.FlowTable})
	if !errors.Is(err, table.ErrMissingColumn) || !strings.Contains(err.Error(), `did you mean "Provder Org Code"`) {
		t.Errorf("a heading that nearly fits: %v", err)
	}
}

func TestRTTZip(t *testing.T) {
	text := csvText(rttExtract(104, "RTT-June-2026")...)
	b := zipOf(t, map[string]string{"20260630-RTT-June-2026-full-extract.csv": text, "notes.csv": "a,b\n1,2\n", "readme.pdf": "x"})
	for _, r := range []io.Reader{bytes.NewReader(b), bytes.NewBuffer(bytes.Clone(b))} {
		out, err := Import(t.Context(), "", []importer.Input{{Name: "rtt.zip", R: r}}, importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := pairsOf(out.Flows)["01W R0A"]; got != 52 {
			t.Errorf("got %v", got)
		}
		if len(out.Report.Notes) < 2 {
			t.Errorf("members that are not read are not named: %v", out.Report.Notes)
		}
	}
}

// writeRTT writes an extract of 121 columns, rows wide, and gives the sum of
// Total All over the rows of Part_1A and Part_1B.
func writeRTT(t testing.TB, path string, rows int) (total float64) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString(csvText(rttHeading(104)))
	parts := []string{"Part_1A", "Part_1B", "Part_2", "Part_2A"}
	state := uint32(1)
	for i := range rows {
		part := parts[i%4]
		provider, commissioner, function := i/4%530, i/4/530%129, i/4/530/129%30
		fmt.Fprintf(&b, "RTT-June-2026,QOP,NHS GREATER MANCHESTER INTEGRATED CARE BOARD,R%02X,PROVIDER WITH A LONG NAME NHS FOUNDATION TRUST,QWO,NHS WEST YORKSHIRE INTEGRATED CARE BOARD,%02dW,NHS COMMISSIONER SUB-ICB LOCATION,%s,Completed Pathways For Admitted Patients,C_%d,General Surgery Service",
			provider, commissioner, part, 100+function)
		sum := uint32(0)
		for range 105 {
			state = state*1664525 + 1013904223
			n := state >> 24 % 4 * 7
			sum += n
			if n > 0 {
				fmt.Fprintf(&b, ",%d", n)
			} else {
				b.WriteByte(',')
			}
		}
		fmt.Fprintf(&b, ",%d,0,%d\n", sum, sum)
		if i%4 < 2 {
			total += float64(sum)
		}
		if b.Len() > 1<<20 || i == rows-1 {
			if _, err := f.Write(b.Bytes()); err != nil {
				t.Fatal(err)
			}
			b.Reset()
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return total
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// An extract of the real size must take little: 500,000 rows under 2 s of CPU
// and 100 MB. The usual run does a fifth; STPMAP_FULL_SIZE=1 does all.
func TestRTTCost(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("too slow here")
	}
	rows, seconds := 100_000, 0.4
	if os.Getenv("STPMAP_FULL_SIZE") != "" {
		rows, seconds = 500_000, 2
	}
	path := filepath.Join(t.TempDir(), "rtt.csv")
	want := writeRTT(t, path, rows)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu := cpuSeconds()
	out, err := Import(t.Context(), "", []importer.Input{{Name: "rtt.csv", R: f}}, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cpu = cpuSeconds() - cpu
	runtime.ReadMemStats(&after)
	got, _, _ := flowSize(out.Flows)
	if got != want {
		t.Errorf("%v patients, want %v", got, want)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 100<<20 {
		t.Errorf("%d MB allocated in all, want under 100", allocated>>20)
	}
	t.Logf("%d rows, %d MB: %.2f s of CPU, %d MB allocated", rows, info.Size()>>20, cpu, (after.TotalAlloc-before.TotalAlloc)>>20)
	// Other work on the machine slows this one down: allow twice the time.
	if cpu > 2*seconds {
		t.Errorf("%.2f s of CPU, want %.2f", cpu, seconds)
	}
}
