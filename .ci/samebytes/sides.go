package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
)

// Names under which the streams and the status of a command are kept beside its
// output files.
const (
	standardOutput = "(standard output)"
	standardError  = "(standard error)"
	exitStatus     = "(exit status)"
)

// sides runs the same command with both binaries, each in a folder of its own
// that holds links to the shared data and to the tables made for the cases.
type sides struct {
	oldBinary, newBinary string
	shared, made, work   string
	cache                string // of what the old binary wrote; empty for none
}

// run runs every case with both binaries, some at once, and returns the
// differences in the order of the cases.
func (s *sides) run(cases []command, jobs int) ([]difference, error) {
	found := make([][]difference, len(cases))
	failed := make([]error, len(cases))
	var all sync.WaitGroup
	free := make(chan struct{}, max(jobs, 1))
	for i, c := range cases {
		free <- struct{}{}
		all.Go(func() {
			found[i], failed[i] = s.both(c)
			<-free
		})
	}
	all.Wait()
	var flat []difference
	for _, f := range found {
		flat = append(flat, f...)
	}
	return flat, errors.Join(failed...)
}

func (s *sides) both(c command) ([]difference, error) {
	oldFolder, err := s.oldOutputs(c)
	if err != nil {
		return nil, err
	}
	newFolder := filepath.Join(s.work, "new-outputs", c.name)
	defer os.RemoveAll(newFolder)
	if err := s.one(s.newBinary, newFolder, c); err != nil {
		return nil, err
	}
	found, err := differences(c.name, oldFolder, newFolder)
	if s.cache == "" {
		err = errors.Join(err, os.RemoveAll(oldFolder))
	}
	return found, err
}

// oldOutputs is the folder of what the old binary wrote: now, or the last time.
func (s *sides) oldOutputs(c command) (string, error) {
	if s.cache == "" {
		folder := filepath.Join(s.work, "old-outputs", c.name)
		return folder, s.one(s.oldBinary, folder, c)
	}
	folder := filepath.Join(s.cache, c.name)
	if _, err := os.Stat(filepath.Join(folder, exitStatus)); err == nil {
		return folder, nil
	}
	part, err := os.MkdirTemp(s.cache, "part-")
	if err != nil {
		return "", err
	}
	if err := errors.Join(os.Chmod(part, 0o755), s.one(s.oldBinary, part, c)); err != nil {
		return "", err
	}
	// Another run that shares the cache may have been faster: its folder is as good.
	if err := os.Rename(part, folder); err != nil {
		return folder, os.RemoveAll(part)
	}
	return folder, nil
}

// one runs a command in a folder and keeps its streams and status there.
func (s *sides) one(binary, folder string, c command) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, target := range map[string]string{"shared": s.shared, "made": s.made} {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			return err
		}
		defer os.Remove(filepath.Join(folder, name))
	}
	var stdout, stderr bytes.Buffer
	p := exec.Command(binary, c.arguments...)
	p.Dir, p.Stdout, p.Stderr = folder, &stdout, &stderr
	if c.input != "" {
		f, err := os.Open(filepath.Join(folder, c.input))
		if err != nil {
			return err
		}
		defer f.Close()
		p.Stdin = f
	}
	var ended *exec.ExitError
	if err := p.Run(); err != nil && !errors.As(err, &ended) {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, standardOutput), stdout.Bytes(), 0o644),
		os.WriteFile(filepath.Join(folder, standardError), stderr.Bytes(), 0o644),
		os.WriteFile(filepath.Join(folder, exitStatus), []byte(strconv.Itoa(p.ProcessState.ExitCode())+"\n"), 0o644),
	)
}

// filesOf reads every file below a folder, by its path there.
func filesOf(folder string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	return files, err
}
