package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	monthNames  = [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	monthFull   = [...]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
	isoDate     = regexp.MustCompile(`^(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ].*)?$`)
	slashDate   = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})$`)
	namedMonth  = regexp.MustCompile(`(?i)(?:^|[^a-z])(` + strings.Join(monthNames[:], "|") + `)([a-z]*)[\s\-_/]*(\d{4}|\d{2})(?:$|\D)`)
	monthFirst  = regexp.MustCompile(`(?i)(?:^|\D)(\d{4})[\s\-_/]*(` + strings.Join(monthNames[:], "|") + `)([a-z]*)(?:$|[^a-z])`)
	finYear     = regexp.MustCompile(`(?:^|\D)(20\d{2})[-/_](\d{2}|20\d{2})(?:$|\D)`)
	finYearRun  = regexp.MustCompile(`(?:^|\D)(20\d{2})(\d{2})(?:$|\D)`)
	quarterWord = regexp.MustCompile(`(?i)(?:^|[^a-z])q(?:uarter)?\s*([1-4])(?:$|\D)`)
	plainYear   = regexp.MustCompile(`^(19|20)\d{2}(?:\.0)?$`)
	compactDate = regexp.MustCompile(`(?:^|\D)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:$|\D)`)
)

// Period gives a published period in one form that sorts by time: a month as
// "2016-10", a financial quarter as "2016/17 Q3", a financial year as
// "2016/17", a calendar year as "2016". It reads "RTT-June-2026",
// "MSitAE-DECEMBER-2018", "March 2015", "2017-03-01", "01APR2024", "Apr15",
// "2016-17 Q3" and the serial numbers that Excel makes of dates. ok is false
// for text that is none of these.
func Period(text string) (period string, ok bool) {
	s := strings.TrimSpace(text)
	if m := isoDate.FindStringSubmatch(s); m != nil {
		month, _ := strconv.Atoi(m[2])
		if month >= 1 && month <= 12 {
			return m[1] + "-" + m[2], true
		}
	}
	if m := slashDate.FindStringSubmatch(s); m != nil { // day first, as in Britain
		month, _ := strconv.Atoi(m[2])
		if month >= 1 && month <= 12 {
			return fmt.Sprintf("%s-%02d", fullYear(m[3]), month), true
		}
	}
	if plainYear.MatchString(s) {
		return s[:4], true
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		if n < 30000 || n > 60000 { // 1982 to 2064
			return "", false
		}
		day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n))
		return day.Format("2006-01"), true
	}
	return PeriodIn(s)
}

// ISODay gives a day that is written as "2017-10-01", with a time behind it or
// not; ok is false for text that is none.
func ISODay(text string) (day string, ok bool) {
	m := isoDate.FindStringSubmatch(text)
	if m == nil || m[3] == "" {
		return "", false
	}
	return text[:len("2017-10-01")], true
}

// Day gives a day as "2017-10-01", written so or as "01/10/2017", day first; ok
// is false for text that is none.
func Day(text string) (day string, ok bool) {
	if m := slashDate.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s-%02s-%02s", fullYear(m[3]), m[2], m[1]), true
	}
	return ISODay(text)
}

// PeriodIn finds a period within text, such as the name of a file.
func PeriodIn(s string) (string, bool) {
	for _, m := range namedMonth.FindAllStringSubmatch(s, -1) {
		if i := monthIndex(m[1] + m[2]); i > 0 {
			return fmt.Sprintf("%s-%02d", fullYear(m[3]), i), true
		}
	}
	for _, m := range monthFirst.FindAllStringSubmatch(s, -1) {
		if i := monthIndex(m[2] + m[3]); i > 0 {
			return fmt.Sprintf("%s-%02d", m[1], i), true
		}
	}
	year := ""
	if m := finYear.FindStringSubmatch(s); m != nil && follows(m[1], m[2]) {
		year = m[1] + "/" + m[2][len(m[2])-2:]
	} else if m := compactDate.FindStringSubmatch(s); m != nil {
		return m[1] + "-" + m[2], true
	} else if m := finYearRun.FindStringSubmatch(s); m != nil && follows(m[1], m[2]) {
		year = m[1] + "/" + m[2]
	}
	if year == "" {
		return "", false
	}
	if q := quarterWord.FindStringSubmatch(s); q != nil {
		return year + " Q" + q[1], true
	}
	return year, true
}

// follows reports whether b (of two or four digits) is the year after a.
func follows(a, b string) bool {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b[len(b)-2:])
	return (x+1)%100 == y
}

func fullYear(s string) string {
	if len(s) == 2 {
		return "20" + s
	}
	return s
}

// monthIndex is 1 to 12 for the name of a month or its first three or four
// letters, 0 for anything else.
func monthIndex(s string) int {
	s = strings.ToLower(s)
	for i, full := range monthFull {
		if s == monthNames[i] || s == full || s == "sept" && i == 8 {
			return i + 1
		}
	}
	return 0
}

// MonthOfYear is the month of a financial year ("2016-17", "OCTOBER").
func MonthOfYear(year, month string) (string, bool) {
	i := monthIndex(strings.TrimSpace(month))
	if i == 0 {
		return Period(month)
	}
	// "2010-11" is a financial year here, and not November.
	y, ok := PeriodIn(year)
	if !ok {
		y, ok = Period(year)
	}
	if !ok || len(y) < 4 {
		return "", false
	}
	first, err := strconv.Atoi(y[:4])
	if err != nil {
		return "", false
	}
	if i < 4 && strings.Contains(y, "/") {
		first++
	}
	return fmt.Sprintf("%04d-%02d", first, i), true
}

// Longer puts a month into its financial quarter or year; other periods and
// other wishes leave it as it is.
func Longer(period, by string) string {
	if by == "" || len(period) != 7 || period[4] != '-' {
		if by == "year" && len(period) == len("2016/17 Q1") && period[8] == 'Q' {
			return period[:7]
		}
		return period
	}
	y, err1 := strconv.Atoi(period[:4])
	m, err2 := strconv.Atoi(period[5:])
	if err1 != nil || err2 != nil {
		return period
	}
	if m < 4 {
		y, m = y-1, m+12
	}
	year := fmt.Sprintf("%04d/%02d", y, (y+1)%100)
	if by == "quarter" {
		return fmt.Sprintf("%s Q%d", year, (m-1)/3)
	}
	return year
}

// DaysIn is the number of days of a month "2016-10", 0 for other periods.
func DaysIn(period string) int {
	t, err := time.Parse("2006-01", period)
	if err != nil {
		return 0
	}
	return t.AddDate(0, 1, -1).Day()
}
