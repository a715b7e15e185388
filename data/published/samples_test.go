package published

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/flow/flowtest"
)

func TestSampleMappings(t *testing.T) {
	b := flowtest.Read(t, "samples/epiforecasts_covid19_nhs_data/mappings_from_sysdata.csv")
	_, err := Import(t.Context(), "", []importer.Input{{Name: "mappings.csv", R: bytes.NewReader(b)}}, importer.Options{Kind: importer.FlowTable})
	if !errors.Is(err, table.ErrMixedSets) {
		t.Fatalf("four sets added up: error is %v", err)
	}
	out := importBytes(t, "", "mappings.csv", b, importer.Options{Kind: importer.FlowTable, Where: []table.Condition{{Column: "map_source", Value: "Link"}, {Column: "map_level", Value: "ltla"}}})
	n, areas, trusts := flowSize(out.Flows)
	if n != 135097 || areas != 314 || trusts != 136 || len(out.Flows) != 1394 {
		t.Errorf("got %v patients, %d areas, %d trusts, %d pairs, want 135097, 314, 136, 1394", n, areas, trusts, len(out.Flows))
	}
	if out.Format.Name != "long" {
		t.Errorf("read as %s", out.Format.Name)
	}
}

func TestSampleDevon(t *testing.T) {
	b := flowtest.Read(t, "samples/devon_jsna/NonElectiveAdmissions_Number_excerpt.csv")
	var published, marks float64
	areas := 0
	for _, row := range flowtest.CSV(t, b)[1:] {
		if row[1] == "" {
			continue
		}
		areas++
		for _, c := range row[1:7] {
			if c == "<5" {
				marks++
			} else {
				published += atoi(t, c)
			}
		}
	}
	out := importBytes(t, "", "devon.csv", b, importer.Options{})
	if out.Format.Name != "matrix" || out.Kind != importer.FlowTable {
		t.Fatalf("read as %s, %s", out.Format.Name, out.Kind)
	}
	var pub, lower, upper float64
	seen := map[string]bool{}
	for _, r := range out.Flows {
		pub, lower, upper = pub+r.Count.Published, lower+r.Count.Lower, upper+r.Count.Upper
		seen[r.Area] = true
		if strings.HasPrefix(r.Area, "E92") || strings.HasPrefix(r.Area, "E12") || r.Provider == "Total" {
			t.Errorf("a sum was counted: %+v", r)
		}
	}
	if pub != published || lower != published+marks || upper != published+4*marks || len(seen) != areas {
		t.Errorf("got %v in [%v, %v] of %d areas, want %v in [%v, %v] of %d",
			pub, lower, upper, len(seen), published, published+marks, published+4*marks, areas)
	}
	if out.Report.Suppressed != int(marks) {
		t.Errorf("%d suppressed cells, want %v", out.Report.Suppressed, marks)
	}
	if len(out.Report.Outside) != 1 || out.Report.Outside[0].Codes[0] != "Outside Devon" {
		t.Errorf("outside: %+v", out.Report.Outside)
	}
}

func TestSampleEmergency(t *testing.T) {
	b := flowtest.Read(t, "samples/NHSRdatasets_ae/ae_attendances.csv")
	england := flowtest.Read(t, "england/indicator_provider_ae.csv")
	out := importBytes(t, "", "ae.csv", b, importer.Options{By: "year"})
	if out.Format.Name != "ae-monthly" {
		t.Fatalf("read as %s", out.Format.Name)
	}
	got := map[string]data.Figure{}
	var attended, breached float64
	for _, f := range out.Figures {
		got[f.Entity+f.Indicator+f.Period] = f
		if f.Indicator == "ae_4h" {
			attended += f.Denominator.Value
			breached += f.Denominator.Value - f.Numerator.Value
		}
	}
	var wantAttended, wantBreached float64
	for _, row := range flowtest.CSV(t, b)[1:] {
		wantAttended += atoi(t, row[3])
		wantBreached += atoi(t, row[4])
	}
	if attended != wantAttended || breached != wantBreached {
		t.Errorf("%v attendances, %v breaches, want %v, %v", attended, breached, wantAttended, wantBreached)
	}
	matched := 0
	for _, row := range flowtest.CSV(t, england)[1:] {
		f, ok := got[row[0]+"ae_4h"+row[1]]
		if !ok {
			continue
		}
		matched++
		if f.Denominator.Value != atoi(t, row[2]) || f.Denominator.Value-f.Numerator.Value != atoi(t, row[3]) {
			// Trusts of that file are those of 2021: some add up mergers.
			if f.Denominator.Value > atoi(t, row[2]) {
				t.Errorf("%s %s: %v of %v, want %s breaches of %s", row[0], row[1], f.Numerator.Value, f.Denominator.Value, row[3], row[2])
			} else {
				matched--
			}
		}
	}
	if matched < 330 {
		t.Errorf("only %d trusts and years are equal", matched)
	}
}

func TestSampleRTTByCommissioner(t *testing.T) {
	b := flowtest.Read(t, "samples/rtt/Incomplete-Commissioner-Apr15_excerpt.csv")
	rows := flowtest.CSV(t, b)
	type sums struct{ all, within float64 }
	detail := map[string]*sums{}
	details := map[string]bool{}
	for _, row := range rows[1:] {
		details[row[2]] = details[row[2]] || row[4] != "IP999"
	}
	for _, row := range rows[1:] {
		code, n := row[2], len(row)
		if row[4] == "IP999" && details[code] {
			continue
		}
		if detail[code] == nil {
			detail[code] = &sums{}
		}
		detail[code].all += atoi(t, row[n-5])
		detail[code].within += atoi(t, row[n-4])
	}
	out := importBytes(t, "", "Incomplete-Commissioner-Apr15_excerpt.csv", b, importer.Options{Kind: importer.IndicatorTable})
	n := 0
	for _, f := range out.Figures {
		if f.Indicator != "rtt_18w" {
			continue
		}
		n++
		w := detail[f.Entity]
		if f.Numerator.Value != w.within || f.Denominator.Value != w.all || f.Period != "2015-04" {
			t.Errorf("%+v, want %+v", f, *w)
		}
	}
	if n != len(detail) {
		t.Errorf("%d commissioners, want %d", n, len(detail))
	}
	if _, err := Import(t.Context(), "rtt", []importer.Input{{Name: "x.csv", R: bytes.NewReader(b)}}, importer.Options{Kind: importer.FlowTable}); err == nil {
		t.Error("a table of one organisation was read as flows")
	}
}

func TestSampleOrganisations(t *testing.T) {
	for _, c := range []struct{ name, era string }{
		{"samples/ebmdatalab_ods/etr.csv", "without heading"},
		{"samples/epiforecasts_covid19_nhs_data/etr_style_trust_list.csv", "without heading"},
		{"samples/hpdm139_geo/geographic_etr_head40.csv", "ODS with heading"},
	} {
		b := flowtest.Read(t, c.name)
		want := flowtest.CSV(t, b)
		if c.era != "without heading" {
			want = want[1:]
		}
		out := importBytes(t, "", c.name, b, importer.Options{})
		if len(out.Organisations) != len(want) || out.Format.Name != "ods" || out.Report.Layouts[0] != c.era {
			t.Fatalf("%s: %d organisations, want %d; %s, %v", c.name, len(out.Organisations), len(want), out.Format.Name, out.Report.Layouts)
		}
		closed := 0
		for i, o := range out.Organisations {
			if o.Code != want[i][0] || o.Name != want[i][1] || o.Geography != want[i][3] || o.Postcode != want[i][9] ||
				strings.ReplaceAll(o.Opened, "-", "") != want[i][10] {
				t.Errorf("%s: got %+v, want %v", c.name, o, want[i])
			}
			if o.Closed != "" {
				closed++
			}
		}
		if strings.HasSuffix(c.name, "etr.csv") && closed == 0 {
			t.Errorf("%s: no closed trust", c.name)
		}
	}
}

func TestSampleSuccessors(t *testing.T) {
	for _, c := range []struct {
		name string
		kind importer.Kind
	}{
		{"samples/epiforecasts_covid19_nhs_data/trust_mergers.csv", importer.SuccessorTable},
		{"england/trust_successors.csv", importer.SuccessorTable},
	} {
		b := flowtest.Read(t, c.name)
		want := flowtest.CSV(t, b)[1:]
		out := importBytes(t, "", c.name, b, importer.Options{})
		if len(out.Successors) != len(want) {
			t.Fatalf("%s: %d, want %d", c.name, len(out.Successors), len(want))
		}
		for i, s := range out.Successors {
			if got := fmt.Sprint(s.Old, s.New, s.Date); got != strings.Join(want[i], "") && got != fmt.Sprint(want[i][0], want[i][1], want[i][2]) {
				t.Errorf("got %v, want %v", s, want[i])
			}
		}
	}
	b := flowtest.Read(t, "samples/ebmdatalab_ods/CCG_STP_RefFile_Apr20.xlsx")
	out := importBytes(t, "successors", "CCG_STP_RefFile_Apr20.xlsx", b, importer.Options{})
	to := map[string]string{}
	for _, s := range out.Successors {
		to[s.Old] = s.New
	}
	if to["00D"] != "84H" || to["00C"] != "16C" || to["02R"] != "36J" || len(out.Successors) != 74 {
		t.Errorf("%d mergers of groups; 00D to %s", len(out.Successors), to["00D"])
	}
}

// On the real case, trusts of 2020 are diagnosed against those of 2022.
func TestSampleDiagnosis(t *testing.T) {
	mappings := flowtest.Read(t, "samples/epiforecasts_covid19_nhs_data/mappings_from_sysdata.csv")
	succ := importBytes(t, "", "s.csv", flowtest.Read(t, "england/trust_successors.csv"), importer.Options{}).Successors
	etr := importBytes(t, "", "etr.csv", flowtest.Read(t, "samples/ebmdatalab_ods/etr.csv"), importer.Options{}).Organisations
	flows := importBytes(t, "", "m.csv", mappings, importer.Options{Kind: importer.FlowTable, Where: []table.Condition{{Column: "map_source", Value: "SUS"}, {Column: "map_level", Value: "ltla"}}}).Flows
	var uses []codebook.CodeUse
	for _, r := range flows {
		uses = append(uses, codebook.CodeUse{Code: r.Provider, Patients: r.Count.Value})
	}
	s := codebook.NewSuccessors(succ)
	s.Rules["*"] = "equal"
	var known []string
	for _, row := range flowtest.Rows(t, "england/providers.csv") {
		known = append(known, row[0])
	}
	d := codebook.Diagnose(uses, known, codebook.References{Organisations: etr, Successors: s})
	merged, unknown := 0, 0
	for _, m := range d.Mismatches {
		if m.Reason == codebook.ReasonMerged {
			merged++
		}
		if m.Reason == codebook.ReasonUnlisted {
			unknown++
		}
	}
	if merged == 0 || unknown > merged || d.Coverage() < 0.8 || d.Coverage() >= 1 {
		t.Errorf("%d merged, %d unknown, coverage %v: %+v", merged, unknown, d.Coverage(), d.Reasons)
	}
	moved, moves, err := s.Flows(flows, "", false)
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := flowSize(flows)
	after, _, _ := flowSize(moved)
	if before != after || len(moves) == 0 {
		t.Errorf("%v patients before, %v after, %d moves", before, after, len(moves))
	}
}
