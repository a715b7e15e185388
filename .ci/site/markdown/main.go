// Command markdown turns pages in Markdown, as a JSON object by name on standard
// input, into HTML, as such an object on standard output. It is apart from the
// program that makes the site so that goldmark stays out of the tool's modules:
//
//	go run -modfile=.ci/tools.mod ./.ci/site/markdown
//
// goldmark is CommonMark and GitHub's tables without dependencies of its own.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "markdown:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	var pages map[string]string
	if err := json.NewDecoder(in).Decode(&pages); err != nil {
		return err
	}
	convert := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	for name, text := range pages {
		var b bytes.Buffer
		if err := convert.Convert([]byte(text), &b); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		pages[name] = b.String()
	}
	return json.NewEncoder(out).Encode(pages)
}
