package attribution

import (
	"errors"
	"slices"
	"testing"
)

func TestParsePeriods(t *testing.T) {
	for _, tc := range []struct {
		name    string
		labels  []string
		want    []string
		ordered bool
		end     string // of the last
		months  int
	}{
		{"financial years", []string{"2018/19", "2016/17", "2017/18"}, []string{"2016/17", "2017/18", "2018/19"}, true, "2019-03-31", 12},
		{"financial years in dashes", []string{"2011-12", "2010-11"}, []string{"2010-11", "2011-12"}, true, "2012-03-31", 12},
		{"months in dashes", []string{"2011-12", "2011-11"}, []string{"2011-11", "2011-12"}, true, "2011-12-31", 1},
		{"named months", []string{"April 2017", "Mar-17", "2017 May"}, []string{"Mar-17", "April 2017", "2017 May"}, true, "2017-05-31", 1},
		{"quarters", []string{"2017 Q2", "Q1 2017"}, []string{"Q1 2017", "2017 Q2"}, true, "2017-06-30", 3},
		{"financial quarters", []string{"2016/17 Q4", "2016/17 Q1"}, []string{"2016/17 Q1", "2016/17 Q4"}, true, "2017-03-31", 3},
		{"first of month", []string{"2017-04-01", "2017-03-01"}, []string{"2017-03-01", "2017-04-01"}, true, "2017-04-30", 1},
		{"years", []string{"2017", "2009"}, []string{"2009", "2017"}, true, "2017-12-31", 12},
		{"compact months", []string{"201704", "201703"}, []string{"201703", "201704"}, true, "2017-04-30", 1},
		{"words", []string{"later", "2017"}, []string{"2017", "later"}, false, "", 0},
		{"one word", []string{"baseline"}, []string{"baseline"}, true, "", 0},
		{"none", []string{"", ""}, []string{""}, true, "", 0},
		{"impossible", []string{"2017-13", "2016/19"}, []string{"2016/19", "2017-13"}, false, "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ordered := parsePeriods(tc.labels)
			var labels []string
			for _, p := range got {
				labels = append(labels, p.Label)
			}
			if !slices.Equal(labels, tc.want) || ordered != tc.ordered {
				t.Errorf("got %v, %v; want %v, %v", labels, ordered, tc.want, tc.ordered)
			}
			if last := got[len(got)-1]; tc.end != "" && (last.End.Format("2006-01-02") != tc.end || last.Months() != tc.months) {
				t.Errorf("got %v of %d months, want %v of %d", last.End, last.Months(), tc.end, tc.months)
			}
		})
	}
	periods, _ := parsePeriods([]string{"2016/17", "2017/18"})
	if i, err := FindPeriod(periods, "2016-17"); err != nil || i != 0 {
		t.Errorf("got %d, %v: the same year in other writing", i, err)
	}
	if _, err := FindPeriod(periods, "2019/20"); !errors.Is(err, ErrUnknownPeriod) {
		t.Errorf("got %v, want ErrUnknownPeriod", err)
	}
}
