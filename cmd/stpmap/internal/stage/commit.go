package stage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// disk is what a commit asks of the file system, so that tests can make every
// call fail once.
type disk struct {
	rename, link func(from, to string) error
	remove       func(name string) error
}

var system = disk{rename: os.Rename, link: os.Link, remove: os.Remove}

// Commit puts every file under its final name, in the order in which they were
// made, or leaves all as it was. The last one is taken away first: where it is
// there, the set is complete. What is replaced lies aside until all is in place,
// and a journal says so: a run that is killed meanwhile is undone by the next.
// Deleting the journal is what makes the new state hold.
func (s *Files) Commit() error {
	on := s.disk
	if on == nil {
		on = &system
	}
	if len(s.files) == 0 {
		return nil
	}
	if len(s.files) == 1 && len(s.stale) == 0 {
		if err := on.rename(s.files[0].temp, s.files[0].final); err != nil {
			return err
		}
		s.settle()
		return nil
	}
	j, err := s.begin()
	if err != nil {
		return err
	}
	if err := j.forward(on); err != nil {
		if again := j.undo(on); again != nil {
			return fmt.Errorf("%w; and putting back what was there: %w (the next run in %s does so)", err, again, j.dir)
		}
		_ = on.remove(j.path)
		return err
	}
	syncFolder(j.dir)
	if err := on.remove(j.path); err != nil {
		if again := j.undo(on); again != nil {
			return fmt.Errorf("%w; and putting back what was there: %w", err, again)
		}
		return err
	}
	j.sweep(on)
	s.settle()
	return nil
}

// settle ends a commit that holds: nothing is left to discard.
func (s *Files) settle() {
	dirs := map[string]bool{}
	for _, f := range s.files {
		dirs[filepath.Dir(f.final)] = true
	}
	for _, path := range s.stale {
		_ = os.Remove(filepath.Dir(path)) // only if empty
	}
	s.files, s.made, s.stale = nil, nil, nil
	s.unlock()
	for d := range dirs {
		syncFolder(d)
	}
}

// syncFolder makes the names in a folder last; not every file system can.
func syncFolder(dir string) {
	if f, err := os.Open(dir); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}

// begin writes the journal of all that a commit is about to do.
func (s *Files) begin() (*journal, error) {
	dir := filepath.Clean(filepath.Dir(s.files[0].final))
	number := s.locks[dir].number
	j := &journal{dir: dir, path: filepath.Join(dir, journalMark+number)}
	add := func(final, temp, hash string) {
		aside := ""
		if _, err := os.Lstat(final); err == nil {
			// All lie in the one folder: its lock guards them.
			aside = filepath.Join(dir, asideName(len(j.Entries), final, number))
		}
		j.Entries = append(j.Entries, entry{Final: final, Temp: temp, Aside: aside, Hash: hash})
	}
	for _, f := range s.files {
		add(f.final, f.temp, f.hash)
	}
	for _, path := range s.stale {
		add(path, "", "")
	}
	j.Last = len(s.files) - 1
	return j, j.write()
}

// forward does what the journal says.
func (j *journal) forward(on *disk) error {
	last := &j.Entries[j.Last]
	if last.Aside != "" {
		if err := on.rename(last.Final, last.Aside); err != nil {
			return err
		}
	}
	for i := range j.Entries {
		e := &j.Entries[i]
		if e.Aside != "" && e != last {
			if err := e.setAside(on); err != nil {
				return err
			}
		}
		if e.Temp == "" || e == last {
			continue
		}
		if err := on.rename(e.Temp, e.Final); err != nil {
			return err
		}
	}
	return on.rename(last.Temp, last.Final)
}

// setAside keeps what a file replaces. A second name is enough where the file
// system has them: the first one is then never missing.
func (e *entry) setAside(on *disk) error {
	if e.Temp != "" && on.link(e.Final, e.Aside) == nil {
		return nil
	}
	return on.rename(e.Final, e.Aside)
}

// undo puts back what was there before a commit, and at the end the file that
// says that all are there. It goes on after an error, and gives all errors.
func (j *journal) undo(on *disk) error {
	var errs []error
	for i := range j.Entries {
		if i != j.Last {
			errs = append(errs, j.Entries[i].undo(on))
		}
	}
	errs = append(errs, j.Entries[j.Last].undo(on))
	syncFolder(j.dir)
	return errors.Join(errs...)
}

func (e *entry) undo(on *disk) error {
	if e.Aside == "" {
		return e.takeBack(on)
	}
	old, err := os.Lstat(e.Aside)
	if err != nil {
		return ignoreMissing(err) // not yet moved, or back already
	}
	if now, err := os.Lstat(e.Final); err == nil && os.SameFile(old, now) {
		return ignoreMissing(on.remove(e.Aside)) // two names of one file
	}
	return on.rename(e.Aside, e.Final)
}

// takeBack removes a new file that replaced none, if it is still as it was
// written.
func (e *entry) takeBack(on *disk) error {
	if _, err := os.Lstat(e.Temp); err == nil {
		return nil // it was not put in place
	}
	if hash, err := hashFile(e.Final); err != nil || hash != e.Hash {
		return ignoreMissing(err)
	}
	return ignoreMissing(on.remove(e.Final))
}

// sweep removes what was replaced. What cannot be removed, the next run does.
func (j *journal) sweep(on *disk) {
	for _, e := range j.Entries {
		if e.Aside != "" {
			_ = on.remove(e.Aside)
		}
	}
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
