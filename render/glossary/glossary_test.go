package glossary

import (
	"slices"
	"strings"
	"testing"
)

// Terms stand by the alphabet, each once, explained in short sentences.
func TestTerms(t *testing.T) {
	for i, term := range Terms {
		if i > 0 && strings.ToLower(Terms[i-1].Word) >= strings.ToLower(term.Word) {
			t.Errorf("%q stands after %q", term.Word, Terms[i-1].Word)
		}
		checkWords(t, term.Word, term.Meaning)
		if got := TermOf(strings.ToUpper(term.Word)); got != term.Meaning {
			t.Errorf("%q means %q", term.Word, got)
		}
	}
	if got := TermOf("no such word"); got != "" {
		t.Errorf("no such word means %q", got)
	}
}

// Columns are explained once for each table.
func TestColumns(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range slices.Concat(columns, results) {
		if seen[c.Name] {
			t.Errorf("%s stands twice", c.Name)
		}
		seen[c.Name] = true
		checkWords(t, c.Name, c.Meaning)
	}
	if c, ok := Of("scores", "failing"); !ok || c.Kind != Text || c.Name != "failing" {
		t.Errorf("failing of scores is %+v", c)
	}
	if c, ok := Of("indicators", "failing"); !ok || c.Kind != Flag {
		t.Errorf("failing of indicators is %+v", c)
	}
	if c, ok := Of("footprints", "no_such"); ok || c.Name != "no_such" {
		t.Errorf("no_such is %+v", c)
	}
}

func checkWords(t *testing.T, what, meaning string) {
	t.Helper()
	if !strings.HasSuffix(meaning, ".") {
		t.Errorf("%s: %q is no sentence", what, meaning)
	}
	for _, sentence := range slices.Collect(strings.SplitSeq(meaning, ". ")) {
		if n := len(strings.Fields(sentence)); n > 25 {
			t.Errorf("%s: %d words in %q", what, n, sentence)
		}
	}
}
