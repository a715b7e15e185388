package main

import (
	"fmt"
	"html"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// site is what the pages are made of.
type site struct {
	sources map[string]string // Markdown by file
	bodies  map[string]string // the same as HTML, with links as they stood
	extra   [][2]string       // pages that are made elsewhere: name and title
	dropped []string          // links to what is not in the site
}

// pageOf is the page that a file becomes.
func pageOf(file string) string {
	switch {
	case file == "README.md":
		return "index.html"
	case strings.HasSuffix(file, ".md"):
		return strings.TrimSuffix(file, ".md") + ".html"
	}
	return file
}

// pages is every page by its name.
func (s *site) pages() map[string]string {
	pages := map[string]string{}
	for _, file := range sortedKeys(s.bodies) {
		name := pageOf(file)
		pages[name] = s.page(name, title(s.sources[file]), s.relink(file, s.bodies[file]))
	}
	return pages
}

var (
	heading   = regexp.MustCompile(`(?m)^# (.+)$`)
	marks     = strings.NewReplacer("`", "", "*", "")
	reference = regexp.MustCompile(`<a href="([^"]*)">((?s:.*?))</a>`)
	image     = regexp.MustCompile(`src="([^"]*)"`)
	remote    = regexp.MustCompile(`^[a-z][a-z0-9+.-]*:`)
)

// title is a page's first heading.
func title(source string) string {
	if m := heading.FindStringSubmatch(source); m != nil {
		return marks.Replace(m[1])
	}
	return "stpmap"
}

// relink turns links between files into links between pages. A link to a file that
// has no page becomes its text.
func (s *site) relink(file, body string) string {
	from := pageOf(file)
	body = reference.ReplaceAllStringFunc(body, func(link string) string {
		m := reference.FindStringSubmatch(link)
		to, ok := s.target(file, from, html.UnescapeString(m[1]))
		if !ok {
			s.dropped = append(s.dropped, fmt.Sprintf("%s: no page for %s", file, m[1]))
			return m[2]
		}
		return fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(to), m[2])
	})
	return image.ReplaceAllStringFunc(body, func(link string) string {
		to := html.UnescapeString(image.FindStringSubmatch(link)[1])
		if remote.MatchString(to) {
			return link
		}
		return fmt.Sprintf(`src="%s"`, html.EscapeString(relative(from, path.Join(path.Dir(file), to))))
	})
}

// target is where a link of a file leads, from its page.
func (s *site) target(file, from, link string) (string, bool) {
	if remote.MatchString(link) || strings.HasPrefix(link, "#") {
		return link, true
	}
	name, fragment, _ := strings.Cut(link, "#")
	name = path.Join(path.Dir(file), name)
	if _, ok := s.sources[name]; !ok {
		return "", false
	}
	to := relative(from, pageOf(name))
	if fragment != "" {
		to += "#" + fragment
	}
	return to, true
}

// relative is the way from one page to a file of the site.
func relative(from, to string) string {
	return strings.Repeat("../", strings.Count(from, "/")) + to
}

// page is a whole page.
func (s *site) page(name, title, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:">
<title>%s</title>
<style>%s</style>
</head>
<body>
<a class="skip" href="#content">To the text</a>
<nav aria-label="Pages">
<ul>
`, html.EscapeString(title), style)
	for _, link := range s.menu() {
		here := ""
		if link[0] == name {
			here = ` aria-current="page"`
		}
		fmt.Fprintf(&b, "<li><a href=\"%s\"%s>%s</a></li>\n", relative(name, link[0]), here, html.EscapeString(link[1]))
	}
	fmt.Fprintf(&b, "</ul>\n</nav>\n<main id=\"content\">\n%s</main>\n</body>\n</html>\n", body)
	return b.String()
}

// menu is the pages that every page leads to, with their titles.
func (s *site) menu() [][2]string {
	links := [][2]string{{"index.html", "stpmap"}, {"commands/index.html", "Commands"}}
	links = append(links, s.extra...)
	var rest [][2]string
	for _, file := range sortedKeys(s.sources) {
		if strings.HasPrefix(file, "docs/") {
			rest = append(rest, [2]string{pageOf(file), title(s.sources[file])})
		}
	}
	slices.SortFunc(rest, func(a, b [2]string) int { return strings.Compare(a[1], b[1]) })
	return append(append(links, rest...), [2]string{"CHANGELOG.html", "Changelog"})
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

const style = `
:root { color-scheme: light dark; }
body { margin: 0; font: 17px/1.55 system-ui, sans-serif; display: grid; grid-template-columns: minmax(13rem, 17rem) minmax(0, 52rem); gap: 0 2.5rem; }
nav { padding: 1.5rem 0 1.5rem 1.5rem; font-size: 15px; }
nav ul { list-style: none; margin: 0; padding: 0; position: sticky; top: 1.5rem; }
nav li { margin: 0 0 .45rem; }
nav [aria-current] { font-weight: 600; text-decoration: none; color: inherit; }
main { padding: 1rem 1.5rem 4rem; overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.2; margin: 1.6em 0 .5em; }
img { max-width: 100%; height: auto; }
pre { overflow-x: auto; padding: .8rem 1rem; background: #8881; border: 1px solid #8884; }
code { font: .88em/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-size: 15px; }
th, td { border: 1px solid #8886; padding: .35rem .6rem; text-align: left; vertical-align: top; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; }
@media (max-width: 60rem) { body { display: block; } nav { padding: 1rem 1.5rem 0; } nav ul { position: static; columns: 2; } }
@media print { nav, .skip { display: none; } body { display: block; } }
`
