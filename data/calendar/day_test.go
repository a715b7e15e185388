package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestDay(t *testing.T) {
	for text, want := range map[string]string{
		"2017-10-01": "2017-10-01", "2017-10-01T12:30:00Z": "2017-10-01", "2017-10-01 00:00": "2017-10-01",
		"01/10/2017": "2017-10-01", "1/4/19": "2019-04-01", "2017-10": "", "2017-10 and on": "", "20171001": "", "October 2017": "", "": "",
	} {
		if got, ok := Day(text); got != want || ok != (want != "") {
			t.Errorf("%q: got %q, %t, want %q", text, got, ok, want)
		}
	}
	if _, ok := ISODay("01/10/2017"); ok {
		t.Error("a British date is no ISO date")
	}
}

// Every month of twenty years is read back from every way of writing it, and lies
// in the quarter and financial year that the calendar says.
func TestMonthsOfTwentyYears(t *testing.T) {
	for m := time.Date(2005, 1, 1, 0, 0, 0, 0, time.UTC); m.Year() < 2025; m = m.AddDate(0, 1, 0) {
		want := m.Format("2006-01")
		for _, layout := range []string{"2006-01", "2006-01-02", "January 2006", "Jan-06", "January-2006", "02/01/2006", "02Jan2006", "Jan06"} {
			if got, ok := Period(m.Format(layout)); !ok || got != want {
				t.Errorf("%s: got %q, want %s", m.Format(layout), got, want)
			}
		}
		name := fmt.Sprintf("RTT-%s-full-extract.csv", m.Format("January-2006"))
		if got, ok := PeriodIn(name); !ok || got != want {
			t.Errorf("%s: got %q", name, got)
		}
		first := m.Year()
		if m.Month() < 4 {
			first--
		}
		year := fmt.Sprintf("%d/%02d", first, (first+1)%100)
		quarter := fmt.Sprintf("%s Q%d", year, (int(m.Month())+8)%12/3+1)
		if got := Longer(want, "year"); got != year {
			t.Errorf("%s is in %s, want %s", want, got, year)
		}
		if got := Longer(want, "quarter"); got != quarter {
			t.Errorf("%s is in %s, want %s", want, got, quarter)
		}
		if Longer(quarter, "year") != year || Longer(want, "") != want {
			t.Errorf("%s of %s is in %s", quarter, want, Longer(quarter, "year"))
		}
		// By the financial year and the name of the month alone.
		written := fmt.Sprintf("%d-%02d", first, (first+1)%100)
		for _, month := range []string{m.Format("January"), m.Format("Jan"), " " + strings.ToUpper(m.Format("January")) + " "} {
			if got, ok := MonthOfYear(written, month); !ok || got != want {
				t.Errorf("%q of %s: got %q, want %s", month, written, got, want)
			}
		}
		if got, days := DaysIn(want), m.AddDate(0, 1, -1).Day(); got != days {
			t.Errorf("%s has %d days, want %d", want, got, days)
		}
	}
	for _, bad := range []struct{ year, month string }{{"soon", "May"}, {"2016-17", "Mai"}, {"", ""}} {
		if got, ok := MonthOfYear(bad.year, bad.month); ok {
			t.Errorf("%v: got %q", bad, got)
		}
	}
	if DaysIn("2016/17") != 0 || DaysIn("") != 0 {
		t.Error("a year has no days of a month")
	}
}
