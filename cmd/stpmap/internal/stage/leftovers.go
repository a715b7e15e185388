package stage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// TempMark is in the name of every file that is not complete. The number after
// it is that of the Files that writes the file. The file whose name is nothing
// but mark and number is the Files's own: it is there before any other and
// until after all others, and locked by the process, so that the system lets go
// of it even when the process is killed.
const TempMark = ".stpmap-part-"

// folderLock is a Files's own file in one folder.
type folderLock struct {
	file   *os.File
	number string
}

// lockFolder removes what killed processes left in a folder and makes the file
// that keeps others from doing so with what this process will write there.
func lockFolder(dir string) (*folderLock, error) {
	removeLeftovers(dir)
	for attempt := 1; ; attempt++ {
		f, err := os.CreateTemp(dir, TempMark+"*")
		if err != nil {
			return nil, err
		}
		// Another process may have seen the file before it was locked, and taken
		// it for a leftover.
		if holdLock(f) && isAt(f, f.Name()) || attempt == 10 {
			return &folderLock{f, strings.TrimPrefix(filepath.Base(f.Name()), TempMark)}, nil
		}
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
}

// isAt reports whether an open file still has that name.
func isAt(f *os.File, name string) bool {
	opened, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(name)
	return err == nil && os.SameFile(opened, there)
}

// release ends the lock, when nothing that it guards is left.
func (l *folderLock) release() {
	_ = l.file.Close()
	_ = os.Remove(l.file.Name())
}

// removeLeftovers removes the incomplete files of a folder whose process has
// ended. What cannot be told or removed stays.
func removeLeftovers(dir string) {
	entries, _ := os.ReadDir(dir)
	ended := map[string]bool{} // by number of the Files
	for _, e := range entries {
		number, ok := partNumber(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		gone, known := ended[number]
		if !known {
			lock := filepath.Join(dir, TempMark+number)
			_, err := os.Lstat(lock)
			gone = (errors.Is(err, fs.ErrNotExist) || err == nil && removeUnlocked(lock)) && recoverCommit(dir, number)
			ended[number] = gone
		}
		if gone {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// partNumber is the number of the Files that an incomplete file, a file aside or
// a journal belongs to: .NAME.stpmap-part-NUMBER, which a writer of its own may have put a dot before
// and a dot and digits behind.
func partNumber(name string) (string, bool) {
	mark, at := "", -1
	for _, m := range []string{TempMark, asideMark, journalMark} {
		if i := strings.LastIndex(name, m); i > at {
			mark, at = m, i
		}
	}
	if at < 0 || name[0] != '.' {
		return "", false
	}
	number, more, _ := strings.Cut(name[at+len(mark):], ".")
	digits := func(s string) bool { return strings.Trim(s, "0123456789") == "" }
	return number, number != "" && digits(number) && digits(more)
}
