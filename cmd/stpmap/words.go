package main

import (
	"fmt"
	"strconv"
	"strings"
)

// counted is a number with its noun: "1 area", "3 areas".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "y") {
		return thousands(n) + " " + strings.TrimSuffix(noun, "y") + "ies"
	}
	return thousands(n) + " " + noun + "s"
}

func has(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// thousands writes a number with commas, for people.
func thousands(n int) string {
	s := strconv.Itoa(n)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "-" + s
	}
	return s
}

// firstFew lists up to five codes and the number of the rest.
func firstFew(codes []string) string {
	const few = 5
	if len(codes) <= few {
		return strings.Join(codes, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(codes[:few], ", "), len(codes)-few)
}

// percent writes a share for people.
func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + "%" }
