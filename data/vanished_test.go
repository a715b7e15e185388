package data

import (
	"fmt"
	"testing"
)

func TestVanished(t *testing.T) {
	rows := []Membership{
		{Code: "A1", Group: "S1", GroupName: "North"},
		{Code: "A2", Group: "S2", GroupName: "Lancashire"},
		{Code: "A3", Group: "S2"},
		{Code: "A4", Group: "S1"},
		{Provider: true, Code: "RA", Group: "S3"},
	}
	here := map[string]bool{"A1": true}
	got := fmt.Sprint(Vanished(rows, func(m Membership) bool { return here[m.Code] }))
	if want := "[Lancashire (S2) S3]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := Vanished(rows, func(Membership) bool { return true }); got != nil {
		t.Errorf("all are there, and %v vanished", got)
	}
}
