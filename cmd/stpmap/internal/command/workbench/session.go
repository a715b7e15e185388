package workbench

import (
	"io"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint/bench"
)

// session reads a session to go on from, and does it once: a page never opens
// with one that does not fit.
func session(env *cli.Env, name string, c *bench.Case) (string, error) {
	text, err := readAll(env, name)
	if err != nil {
		return "", err
	}
	s, err := bench.ReadSession(shown(name), strings.NewReader(text))
	if err != nil {
		return "", err
	}
	if err := bench.New(c).Continue(s); err != nil {
		return "", cli.Inputf("%s: %v", shown(name), err)
	}
	return text, nil
}

// readAll reads a file, or standard input for -.
func readAll(env *cli.Env, name string) (string, error) {
	f, err := study.Disk{Stdin: env.Stdin}.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	return string(b), err
}

// shown is the name of a file in messages.
func shown(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}
