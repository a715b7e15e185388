package stage

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// journalMark begins the name of a journal; the number of the Files follows.
// asideMark is in the name of a file that a commit replaces.
const (
	journalMark = ".stpmap-journal-"
	asideMark   = ".stpmap-old-"
)

// InProgress reports whether a name is that of a file that is not yet, or no
// longer, part of a result.
func InProgress(name string) bool {
	return strings.Contains(name, TempMark) || strings.Contains(name, asideMark) || strings.Contains(name, journalMark)
}

// journal says what a commit does. It lies in the folder of the first file.
type journal struct {
	Entries []entry `json:"files"`
	Last    int     `json:"last"` // the entry that says that all are there
	dir     string
	path    string
}

// entry is one file of a commit. In a journal its paths are relative to the
// journal's folder.
type entry struct {
	Final string `json:"file"`
	Temp  string `json:"new,omitempty"`    // "" for a file that goes
	Aside string `json:"old,omitempty"`    // "" where there was none
	Hash  string `json:"sha256,omitempty"` // of the new one
}

// write writes the journal, whole, before anything else is moved.
func (j *journal) write() (err error) {
	stored := journal{Entries: make([]entry, len(j.Entries)), Last: j.Last}
	for i, e := range j.Entries {
		if e, err = e.moved(func(p string) (string, error) { return filepath.Rel(j.dir, p) }); err != nil {
			return err
		}
		stored.Entries[i] = e
	}
	text, err := json.Marshal(stored)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(j.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(j.path)
		return err
	}
	syncFolder(j.dir)
	return nil
}

// moved is the entry with its paths as place gives them.
func (e entry) moved(place func(string) (string, error)) (entry, error) {
	for _, p := range []*string{&e.Final, &e.Temp, &e.Aside} {
		if *p == "" {
			continue
		}
		to, err := place(*p)
		if err != nil {
			return e, err
		}
		*p = to
	}
	return e, nil
}

// errJournal is a journal that no commit wrote.
var errJournal = errors.New("not a journal of ours")

// readJournal reads the journal of a Files in a folder. One that is cut off was
// never acted upon. Paths that do not lie below the folder, or that are no
// names of ours, are refused: anybody may write there.
func readJournal(dir, number string) (*journal, error) {
	j := &journal{dir: dir, path: filepath.Join(dir, journalMark+number)}
	text, err := os.ReadFile(j.path)
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(text, j) != nil || j.Last < 0 || j.Last >= len(j.Entries) {
		return nil, errJournal
	}
	for i, e := range j.Entries {
		if !e.ours(i, number) {
			return nil, errJournal
		}
		j.Entries[i], _ = e.moved(func(p string) (string, error) { return filepath.Join(dir, p), nil })
	}
	return j, nil
}

// ours reports whether an entry, as a journal holds it, names only what a commit
// of ours touches: a file below the folder, and our own names for it.
func (e *entry) ours(i int, number string) bool {
	temp := filepath.Join(filepath.Dir(e.Final), "."+filepath.Base(e.Final)+TempMark)
	return filepath.IsLocal(e.Final) &&
		(e.Aside == "" || e.Aside == asideName(i, e.Final, number)) &&
		(e.Temp == "" || strings.HasPrefix(e.Temp, temp) && filepath.Dir(e.Temp) == filepath.Dir(e.Final))
}

// asideName is what the file that entry i of a commit replaces is called
// meanwhile.
func asideName(i int, final, number string) string {
	return "." + strconv.Itoa(i) + "." + filepath.Base(final) + asideMark + number
}

// recoverCommit undoes the commit of a Files whose process has ended in the middle of
// it. It reports whether nothing of it is left to undo.
func recoverCommit(dir, number string) bool {
	j, err := readJournal(dir, number)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return true
	case err == nil && j.undo(&system) != nil:
		return false
	case err != nil && !errors.Is(err, errJournal):
		return false
	}
	return ignoreMissing(os.Remove(filepath.Join(dir, journalMark+number))) == nil
}
