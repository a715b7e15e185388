package published

import (
	"errors"
	"fmt"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/table"
)

func TestFingertips(t *testing.T) {
	heading := "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,Compared to England value or percentiles,Compared to percentiles,Time period Sortable,New data,Compared to goal\n"
	row := func(area, kind, sex, category, value, count string) string {
		return fmt.Sprintf("92848,Dementia,E92000001,England,%s,Name,%s,%s,65+ yrs,%s,,2016/17,%s,60,70,58,72,%s,1000,,,,,20160000,,\n", area, kind, sex, category, value, count)
	}
	text := heading +
		row("E92000001", "England", "Persons", "", "66", "660") +
		row("E38000001", "CCGs", "Persons", "", "65.5", "655") +
		row("E38000001", "CCGs", "Persons", "", "65.5", "655") + // under another parent
		row("E38000001", "CCGs", "Persons", "Deprivation deciles", "1", "10") +
		row("E38000002", "CCGs", "Persons", "", "", "")
	same(t, figuresFrom(t, "fingertips", "f.csv", text, importer.Options{Indicators: map[string]string{"92848": "dementia"}}), map[string]string{"E38000001 dementia 2016/17": "65.5"})
	for name, more := range map[string]string{
		"sexes":      row("E38000001", "CCGs", "Female", "", "64", "300"),
		"area types": row("E06000001", "Counties & UAs", "Persons", "", "64", "300"),
	} {
		if _, err := importText(t, "", "f.csv", text+more, importer.Options{}); !errors.Is(err, table.ErrMixedSets) {
			t.Errorf("%s mixed: %v", name, err)
		}
	}
	same(t, figuresFrom(t, "fingertips", "f.csv", text+row("E38000001", "CCGs", "Female", "", "64", "300"), importer.Options{Where: []table.Condition{{Column: "Sex", Value: "Female"}}}),
		map[string]string{"E38000001 92848 2016/17": "64"})
}
