package main

import (
	"strings"
	"testing"
)

func small() *site {
	return &site{
		sources: map[string]string{
			"README.md": "# stpmap\n", "CHANGELOG.md": "# Changelog\n", "docs/merge.md": "# Which `systems` *merge*\n", "docs/scale.md": "# Scale\n",
			"commands/run.md": "# stpmap run\n",
		},
		bodies: map[string]string{
			"README.md":       `<p><a href="docs/merge.md#pairs">mergers</a> <img src="docs/merge.png" alt="a"> <a href="go.mod">modules</a></p>`,
			"docs/merge.md":   `<p><a href="../README.md">home</a> <a href="scale.md">scale</a> <a href="https://doi.org/x?a=1&amp;b">paper</a> <a href="#pairs">pairs</a> <img src="merge.png" alt=""></p>`,
			"commands/run.md": `<p>run</p>`,
		},
		extra: [][2]string{{"demo/report.html", "The sample's report"}},
	}
}

func TestLinksLeadToPages(t *testing.T) {
	s := small()
	pages := s.pages()
	for page, wants := range map[string][]string{
		"index.html":        {`<a href="docs/merge.html#pairs">mergers</a>`, `src="docs/merge.png"`, "modules</p>", `<a href="index.html" aria-current="page">`},
		"docs/merge.html":   {`<a href="../index.html">home</a>`, `<a href="../docs/scale.html">scale</a>`, `<a href="https://doi.org/x?a=1&amp;b">`, `<a href="#pairs">`, `src="../docs/merge.png"`},
		"commands/run.html": {`<a href="../demo/report.html">The sample&#39;s report</a>`, `<title>stpmap run</title>`},
	} {
		for _, want := range wants {
			if !strings.Contains(pages[page], want) {
				t.Errorf("%s lacks %s:\n%s", page, want, pages[page])
			}
		}
	}
	if len(s.dropped) != 1 || s.dropped[0] != "README.md: no page for go.mod" {
		t.Errorf("dropped: %q", s.dropped)
	}
}

func TestPagesAskForNothing(t *testing.T) {
	for name, page := range small().pages() {
		if !strings.Contains(page, "default-src 'none'") || strings.Contains(page, "<script") || strings.Contains(page, "<link") {
			t.Errorf("%s may ask for more than itself", name)
		}
	}
}

func TestTitleIsTheFirstHeading(t *testing.T) {
	for source, want := range map[string]string{"# A `b` *c*\n\n# D\n": "A b c", "text": "stpmap", "## small\n# Large\n": "Large"} {
		if got := title(source); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}

func TestMenuIsByTitle(t *testing.T) {
	var titles []string
	for _, link := range small().menu() {
		titles = append(titles, link[1])
	}
	if got, want := strings.Join(titles, "; "), "stpmap; Commands; The sample's report; Scale; Which systems merge; Changelog"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCommandsPageHasItsFlags(t *testing.T) {
	c := command{Name: "run", Usage: "the whole job", Description: "More:\n\n  stpmap run --x", Example: "stpmap run -o out"}
	fallback := "1"
	c.Flags = append(c.Flags, struct {
		Name     string   `json:"name"`
		Aliases  []string `json:"aliases"`
		Category string   `json:"category"`
		Value    string   `json:"value"`
		Default  *string  `json:"default"`
		Unset    string   `json:"unset"`
		Help     string   `json:"help"`
		Required bool     `json:"required"`
		Repeats  bool     `json:"repeatable"`
	}{Name: "seed", Aliases: []string{"s"}, Category: "Method", Value: "SEED", Default: &fallback, Help: "a|b_c", Repeats: true})
	got := c.markdown()
	for _, want := range []string{"# stpmap run", "```sh\nstpmap run -o out\n```", "    stpmap run --x", "## Method", "| `--seed SEED`, `-s` | a\\|b\\_c; can be given several times | 1 |"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	if index := commandIndex([]command{c}); !strings.Contains(index, "[run](run.md)") {
		t.Errorf("got %s", index)
	}
}

// The pages of the project itself: every link of the texts has its page.
func TestSourcesOfTheProject(t *testing.T) {
	sources, err := readSources("../..")
	if err != nil {
		t.Fatal(err)
	}
	if sources["README.md"] == "" || sources["docs/architecture.md"] == "" || sources["CHANGELOG.md"] == "" {
		t.Fatalf("got %d sources", len(sources))
	}
	s := &site{sources: sources}
	for file := range sources {
		if page := pageOf(file); strings.HasSuffix(page, ".md") {
			t.Errorf("%s becomes %s", file, page)
		}
	}
	if menu := s.menu(); len(menu) < len(sources) {
		t.Errorf("a menu of %d for %d pages", len(menu), len(sources))
	}
}
