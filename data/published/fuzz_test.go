package published

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// checkImport holds what every import that is accepted must hold: counts that
// are finite and not negative, known numbers that are finite, rows that are all
// accounted for.
func checkImport(t *testing.T, out *importer.Result, err error) {
	t.Helper()
	if err != nil {
		var faults *fault.List
		var bad *fault.Error
		for _, known := range []error{importer.ErrUnknownFormat, ErrPart, importer.ErrSubset, table.ErrMixedSets, importer.ErrPeriod} {
			if errors.Is(err, known) {
				return
			}
		}
		if !errors.As(err, &faults) && !errors.As(err, &bad) {
			t.Fatalf("an error without a place: %v", err)
		}
		return
	}
	for _, r := range out.Flows {
		c := r.Count
		if r.Area == "" || r.Provider == "" || !(c.Published >= 0 && c.Published <= c.Lower && c.Lower <= c.Value && c.Value <= c.Upper && c.Upper <= math.MaxFloat64) {
			t.Fatalf("flow %+v", r)
		}
	}
	for _, f := range out.Figures {
		if f.Entity == "" || f.Indicator == "" {
			t.Fatalf("figure %+v", f)
		}
		for _, n := range []data.Number{f.Numerator, f.Denominator, f.Value, f.Lower, f.Upper} {
			if math.IsNaN(n.Value) || math.IsInf(n.Value, 0) || !n.Known && n.Value != 0 {
				t.Fatalf("figure %+v", f)
			}
		}
	}
	for _, p := range out.Points {
		if !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180) {
			t.Fatalf("point %+v", p)
		}
	}
	for _, o := range out.Organisations {
		if !table.ODSCode.MatchString(o.Code) {
			t.Fatalf("organisation %+v", o)
		}
	}
}

// fuzzSeeds are small files of every format.
func fuzzSeeds() map[string]string {
	seeds := map[string]string{
		"rtt":            csvText(rttExtract(3, "RTT-June-2026")...),
		"ae-monthly":     aeEra1 + "March 2015,RA1,A,\"1,000\",900,-,-,200,200\nTOTAL,,,1000,900,-,-,200,200\n",
		"cwt":            "PERIOD,STANDARD,ORG CODE,TREATMENT MODALITY,CANCER TYPE,STAGE/ROUTE,TOTAL,WITHIN STANDARD,BREACHES\nAPR-2022,RTT,RA1,ALL MODALITIES,Breast,GP,10.5,8.5,2\n",
		"dtoc":           "Year,Period Name,Provider Org Code,Local Authority Code,Reason For Delay,NHS A SUM,NHS B SUM,Social Care B SUM,Both B SUM\n2016-17,OCTOBER,RA1,817,H_DISPUTES,1,31,10,0\n",
		"shmi":           "Provider code,Provider name,SHMI value,SHMI banding,Number of spells,Observed deaths,Expected deaths\nRA1,A,1.02,As expected,50000,1000,980\nRA2,B,1,2,5,*,*\n",
		"cqc":            csvText(cqcRows()...),
		"tac":            "OrganisationName,WorkSheetName,MainCode,SubCode,Total\nA,TAC02 SoCI,A02CY01,SCI0100A,\"£(1.2m)\"\nA,TAC02 SoCI,A02CY01,SCI0125A,(5)\nB,TAC02 SoCI,A02CY01,SCI0100A,90\nB,TAC02 SoCI,A02CY01,SCI0110A,10\nB,TAC02 SoCI,A02CY01,SCI0125A,(105)\n",
		"fingertips":     "Indicator ID,Area Code,Area Type,Sex,Age,Category Type,Time period,Value,Count,Denominator\n1,E38000001,CCGs,Persons,All,,2016/17,5,1,20\n",
		"kh03":           ",Available,Occupied\nOrg Code,Total,Total\nRA1,10,9\n",
		"gp-lsoa":        "EXTRACT_DATE,PRACTICE_CODE,LSOA_CODE,SEX,NUMBER_OF_PATIENTS\n01APR2024,A81001,E01000001,ALL,50\n01APR2024,A81001,E01000002,ALL,<5\n",
		"ohid-catchment": "CatchmentYear,msoa,TrustCode,patients\n2018,E02000001,R1H,120\n",
		"hes-tidy":       "FYEAR,LSOA11,PROCODE3,SPELLS\n2122,E01000001,R1H,*\n",
		"scotland-flows": "Quarter,QuarterQF,HBT,HBR,Attendances,CrossBoundaryFlag\n2024Q1,,S08000024,S08000016,40,0\n",
		"matrix":         "Area,A,B,Total\nE01000001,1,<5,5\nE92000001,,,\n",
		"long":           "from,to,n\nA,P,3\nA,Q,<5\n",
		"ods":            "R0A,\"A, B\",Y62,QOP,,,,,,M13 9WL,20171001,20200101\n",
		"successors":     "trust_code_old,trust_code_new,from_date\nRW6,RM3,2021-10-01\n",
		"lookup":         "LSOA11CD,CCG21CD,CCG21CDH,proportion\nE01000001,E38000001,01W,0.5\n",
		"postcodes":      "pcds,lat,long\nM13 9WL,53.4,-2.2\n",
	}
	seeds["dm01"] = strings.Replace("Period,Provider Org Code,Commissioner Org Code,Diagnostic Tests Sort Order,Diagnostic Tests,00 < 01 Week,06 < 07 Weeks,13+ Weeks,Total WL,Total Activity\nDM01-MAY-2024,RA1,01W,16,TOTAL,1,2,3,6,9\n", "\r", "", -1)
	return seeds
}

func FuzzImport(f *testing.F) {
	seeds := fuzzSeeds()
	for _, format := range Formats() {
		text := seeds[format.Name] // a format may come without one
		f.Add([]byte(text), format.Name, "", "")
		for _, k := range format.Kinds {
			f.Add([]byte(text), "", string(k), "year")
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, format, kind, by string) {
		out, err := Import(context.Background(), format, []importer.Input{{Name: "x.csv", R: bytes.NewReader(text)}}, importer.Options{Kind: importer.Kind(kind), By: by})
		checkImport(t, out, err)
		if err != nil {
			return
		}
		if out.Kind == importer.FlowTable {
			var b bytes.Buffer
			if _, err := data.WriteFlows(&b, out.Flows); err != nil && !errors.Is(err, data.ErrBounds) {
				t.Fatal(err)
			}
		}
		if out.Lookup != nil && len(out.Lookup.Columns) > 1 {
			if m, err := out.Lookup.Map(out.Lookup.Columns[0].Heading, out.Lookup.Columns[1].Heading, "", nil); err == nil {
				for _, code := range strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(",;|\t\r\n", r) }) {
					sum := 0.0
					for _, p := range m.Of(code) {
						sum += p.Share
					}
					if len(m.Of(code)) > 0 && math.Abs(sum-1) > 1e-9 {
						t.Fatalf("shares add up to %v", sum)
					}
				}
			}
		}
	})
}

func FuzzWorkbook(f *testing.F) {
	f.Add(workbookOf(f, "Data", [][]string{{"from", "to", "n"}, {"A", "P", "3"}}))
	f.Add(workbookOf(f, "Providers", cqcRows()))
	f.Add(odsOf(f, map[string][][]string{"Providers": cqcRows()}))
	f.Add(zipOf(f, map[string]string{"a.csv": "from,to,n\nA,P,3\n"}))
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := Import(context.Background(), "", []importer.Input{{Name: "x.zip", R: bytes.NewReader(b)}}, importer.Options{})
		checkImport(t, out, err)
	})
}

func FuzzOpenDocument(f *testing.F) {
	b := odsOf(f, map[string][][]string{"Providers": cqcRows()[:2]})
	f.Add(odsContent(f, b))
	f.Fuzz(func(t *testing.T, content string) {
		b := zipOf(t, map[string]string{"content.xml": content})
		out, err := Import(context.Background(), "cqc", []importer.Input{{Name: "x.ods", R: bytes.NewReader(b)}}, importer.Options{})
		checkImport(t, out, err)
	})
}
