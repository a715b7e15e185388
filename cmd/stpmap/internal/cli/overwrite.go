package cli

import (
	"io"
	"os"
	"slices"
)

// Writer is a Job that writes other files than the one that --out names.
type Writer interface {
	// Writes are the files that the command may write, as far as they could be
	// the user's own.
	Writes() []string
}

// refuseOverwriting is a usage error where a command would write its result
// over one of its own inputs.
func (l *Line) refuseOverwriting(job Job, stdin io.Reader) error {
	outputs := l.outputs(job)
	if len(outputs) == 0 {
		return nil
	}
	written := func(info os.FileInfo) bool {
		return slices.ContainsFunc(outputs, func(o os.FileInfo) bool { return os.SameFile(o, info) })
	}
	if f, ok := stdin.(interface{ Stat() (os.FileInfo, error) }); ok {
		if info, err := f.Stat(); err == nil && written(info) {
			return Usagef("", "--out %s would write over the file that standard input reads: name another file or folder", l.out())
		}
	}
	for _, b := range l.flags {
		if !b.reads() {
			continue
		}
		for _, file := range b.files() {
			info, err := os.Stat(file)
			if err == nil && written(info) {
				return Usagef("", "--out %s would write over %s, which --%s reads: name another file or folder", l.out(), file, b.Name)
			}
		}
	}
	return nil
}

// out is the value of --out, "" where there is none or it is standard output.
func (l *Line) out() string {
	b := l.find("out")
	if b == nil || len(b.names()) == 0 || b.names()[0] == "-" {
		return ""
	}
	return b.names()[0]
}

// outputs are the files that are there already and would be written.
func (l *Line) outputs(job Job) []os.FileInfo {
	out := l.out()
	if out == "" {
		return nil
	}
	names := []string{out}
	if w, ok := job.(Writer); ok {
		names = w.Writes()
	}
	var there []os.FileInfo
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			there = append(there, info)
		}
	}
	return there
}
