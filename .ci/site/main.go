// Command site makes the documentation's site: README, CHANGELOG and docs/ as HTML,
// a page of flags for each command, and the sample's report, with the workbench where
// the tool has that command.
//
//	go run ./.ci/site -o site
//
// The pages ask for nothing from elsewhere and have no scripts; only the report and
// the workbench have their own. The same source gives the same bytes.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", "site", "the folder for the site")
	flag.Parse()
	if err := build(*out); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}

// build makes the whole site.
func build(out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	tool, err := newTool(out)
	if err != nil {
		return err
	}
	defer os.RemoveAll(tool.folder)
	extra, err := tool.demo()
	if err != nil {
		return err
	}
	sources, err := readSources(".")
	if err != nil {
		return err
	}
	commands, err := tool.commands()
	if err != nil {
		return err
	}
	for _, c := range commands {
		sources["commands/"+c.Name+".md"] = c.markdown()
	}
	sources["commands/index.md"] = commandIndex(commands)
	bodies, err := convert(sources)
	if err != nil {
		return err
	}
	s := &site{sources: sources, bodies: bodies, extra: extra}
	pages := s.pages()
	for _, name := range sortedKeys(pages) {
		if err := write(filepath.Join(out, filepath.FromSlash(name)), []byte(pages[name])); err != nil {
			return err
		}
	}
	if err := copyPictures("docs", out); err != nil {
		return err
	}
	for _, said := range s.dropped {
		fmt.Println(said)
	}
	fmt.Printf("%d pages in %s\n", len(pages), out)
	return nil
}

// readSources is README, CHANGELOG and docs/ by their names.
func readSources(root string) (map[string]string, error) {
	names, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		return nil, err
	}
	sources := map[string]string{}
	for _, name := range append(names, filepath.Join(root, "README.md"), filepath.Join(root, "CHANGELOG.md")) {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		inside, err := filepath.Rel(root, name)
		if err != nil {
			return nil, err
		}
		sources[filepath.ToSlash(inside)] = string(text)
	}
	return sources, nil
}

// convert turns pages into HTML by the program in the folder markdown.
func convert(sources map[string]string) (map[string]string, error) {
	in, err := json.Marshal(sources)
	if err != nil {
		return nil, err
	}
	command := exec.Command("go", "run", "-modfile=.ci/tools.mod", "./.ci/site/markdown")
	command.Stdin, command.Stderr = bytes.NewReader(in), os.Stderr
	text, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("markdown: %w", err)
	}
	bodies := map[string]string{}
	err = json.Unmarshal(text, &bodies)
	return bodies, err
}

// copyPictures copies what pages show.
func copyPictures(from, to string) error {
	names, err := filepath.Glob(filepath.Join(from, "*.png"))
	if err != nil {
		return err
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(to, "docs", filepath.Base(name)), content); err != nil {
			return err
		}
	}
	return nil
}

func write(name string, content []byte) error {
	return errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, content, 0o644))
}

// tool is the tool, built for this, and where its results go.
type tool struct{ binary, folder, out string }

func newTool(out string) (*tool, error) {
	folder, err := os.MkdirTemp("", "site")
	if err != nil {
		return nil, err
	}
	t := &tool{filepath.Join(folder, "stpmap"), folder, out}
	if text, err := exec.Command("go", "build", "-trimpath", "-o", t.binary, "./cmd/stpmap").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, text)
	}
	return t, nil
}

func (t *tool) run(arguments ...string) ([]byte, error) {
	text, err := exec.Command(t.binary, arguments...).Output()
	if err != nil {
		return nil, fmt.Errorf("stpmap %s: %w", strings.Join(arguments, " "), err)
	}
	return text, nil
}

// demo puts the sample's report, and the workbench where there is one, into the
// site. It returns their names and titles.
func (t *tool) demo() ([][2]string, error) {
	made := filepath.Join(t.folder, "demo")
	if _, err := t.run("demo", "--quiet", "-o", made); err != nil {
		return nil, err
	}
	page, err := os.ReadFile(filepath.Join(made, "report.html"))
	if err != nil {
		return nil, err
	}
	if err := write(filepath.Join(t.out, "demo", "report.html"), page); err != nil {
		return nil, err
	}
	extra := [][2]string{{"demo/report.html", "The sample's report"}}
	if exec.Command(t.binary, "workbench", "--help").Run() != nil {
		return extra, nil // a tool without that command
	}
	sample := filepath.Join(made, "sample")
	_, err = t.run("workbench", "--quiet", "--flows", filepath.Join(sample, "flows.csv"), "--boundaries", filepath.Join(sample, "areas.geojson"),
		"--providers", filepath.Join(sample, "providers.csv"), "--footprints", "37", "-o", filepath.Join(t.out, "demo", "workbench.html"))
	return append(extra, [2]string{"demo/workbench.html", "The sample's workbench"}), err
}
