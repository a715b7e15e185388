package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// longestSentence is how many words a sentence may have.
const longestSentence = 25

// exceptions are sentences that are longer, by their beginning, each with its
// reason.
var exceptions = map[string]string{
	"Cite the version and the SHA-256": "a list of what to cite",
}

var (
	notWords    = regexp.MustCompile("`[^`]*`")
	links       = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	sentenceEnd = regexp.MustCompile(`[.!?:;](?:[)”"*]*)(?:\s+|$)`)
)

// sentences are the sentences of a text of paragraphs, cells and list items. What
// stands after a colon or semicolon counts as a sentence of its own.
func sentences(text string) (list []string) {
	text = links.ReplaceAllString(notWords.ReplaceAllString(text, "code"), "$1")
	for _, s := range sentenceEnd.Split(text, -1) {
		if s = strings.Join(strings.Fields(s), " "); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// paragraphs are the parts of Markdown that hold prose: no commands, no headings;
// cells of tables are each their own.
func paragraphs(markdown string) (list []string) {
	code, current := false, ""
	end := func() {
		if current != "" {
			list = append(list, current)
		}
		current = ""
	}
	for line := range strings.Lines(markdown) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			code = !code
			end()
		case code:
		case line == "" || strings.HasPrefix(line, "#"):
			end()
		case strings.HasPrefix(line, "|"):
			end()
			list = append(list, strings.Split(line, "|")...)
		case strings.HasPrefix(line, "- "):
			end()
			current = line[2:]
		default:
			current += " " + line
		}
	}
	end()
	return list
}

// checkSentences reports sentences that are too long.
func checkSentences(t *testing.T, where string, texts []string) {
	t.Helper()
	for _, text := range texts {
		for _, s := range sentences(text) {
			if n := len(strings.Fields(s)); n > longestSentence && !excepted(s) {
				t.Errorf("%s: %d words: %s", where, n, s)
			}
		}
	}
}

func excepted(sentence string) bool {
	for begin := range exceptions {
		if strings.HasPrefix(sentence, begin) {
			return true
		}
	}
	return false
}

// No sentence of the README or of the pages it leads a newcomer to is too long.
func TestSentencesOfREADME(t *testing.T) {
	for _, file := range []string{"../../README.md", "../../docs/use-elsewhere.md"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		checkSentences(t, file, paragraphs(string(raw)))
	}
}

// No sentence of help is too long.
func TestSentencesOfHelp(t *testing.T) {
	command := regexp.MustCompile(`(?m)^  ([a-z]+)  `)
	main, _ := mustRun(t, "--help")
	names := []string{""}
	for _, m := range command.FindAllStringSubmatch(main, -1) {
		if m[1] != "man" && m[1] != "help" { // which say the same again
			names = append(names, m[1])
		}
	}
	if len(names) < 12 {
		t.Fatalf("help names %q only", names)
	}
	for _, name := range names {
		help, _ := mustRun(t, slices.DeleteFunc([]string{name, "--help"}, func(s string) bool { return s == "" })...)
		checkSentences(t, "stpmap "+name+" --help", helpTexts(help))
	}
}

// helpTexts are the descriptions in a help: paragraphs, and one text for each flag.
func helpTexts(help string) (list []string) {
	current := ""
	flag := regexp.MustCompile(`^\s+(-[a-z], )?--[a-z]|^  [a-z]+  `)
	for line := range strings.Lines(help) {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "stpmap ") || flag.MatchString(line):
			list = append(list, current)
			current = ""
			if i := strings.Index(trimmed, "  "); flag.MatchString(line) && i >= 0 {
				current = trimmed[i:]
			}
		default:
			current += " " + trimmed
		}
	}
	return append(list, current)
}

// No sentence that the report itself says is too long.
func TestSentencesOfReport(t *testing.T) {
	page, err := os.ReadFile("../../render/report/assets/report.html")
	if err != nil {
		t.Fatal(err)
	}
	tags := regexp.MustCompile(`<[^>]*>|\{\{[^}]*\}\}`)
	checkSentences(t, "report.html", strings.Split(tags.ReplaceAllString(string(page), "\n"), "\n"))
	script, err := os.ReadFile("../../render/report/assets/report.js")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`'((?:[^'\\]|\\.)*)'`)
	for _, m := range said.FindAllStringSubmatch(string(script), -1) {
		checkSentences(t, "report.js", []string{m[1]})
	}
}

// The counter itself: what it takes for a sentence.
func TestSentences(t *testing.T) {
	got := sentences("One `two three` four. [Five](x.md) six: seven.")
	if !slices.Equal(got, []string{"One code four", "Five six", "seven"}) {
		t.Errorf("sentences are %q", got)
	}
	if got := paragraphs("# No\n\na\nb\n\n```sh\nc\n```\n| d | e |\n- f\n"); !slices.Contains(got, " a b") || slices.Contains(got, "c") || !slices.Contains(got, "f") {
		t.Errorf("paragraphs are %q", got)
	}
}
