package sqlitefile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// JournalMagic begins a journal that is to be undone (SQLite's file format,
// section 3).
const JournalMagic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"

// Unfinished finds the file beside a database that holds changes not yet in it
// (-wal), or what to undo in it (-journal); empty if there is none.
func Unfinished(path string) string {
	wal := path + "-wal"
	const header = 32
	if info, err := os.Stat(wal); err == nil && info.Mode().IsRegular() && info.Size() > header {
		return wal
	}
	journal := path + "-journal"
	f, err := os.Open(journal)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, len(JournalMagic))
	if n, _ := io.ReadFull(f, head); string(head[:n]) == JournalMagic {
		return journal
	}
	return ""
}

// CopyName is the name that CopyTogether gives to the copy of the database.
const CopyName = "copy.db"

// ErrBusy says that a file beside a database was written to whenever it was read.
var ErrBusy = errors.New("is being written to: close the program that has the file open")

// CopyTogether copies a database and the file beside it as they were at one
// moment, and gives the folder.
func CopyTogether(path, beside string) (string, error) {
	folder, err := os.MkdirTemp("", "stpmap-")
	if err != nil {
		return "", err
	}
	suffix := strings.TrimPrefix(beside, path)
	for range 3 {
		before := moment(path, beside)
		err := errors.Join(copyFile(path, filepath.Join(folder, CopyName)), copyFile(beside, filepath.Join(folder, CopyName+suffix)))
		if err != nil {
			return folder, fmt.Errorf("%s lies beside it and cannot be read with it: close the program that has the file open: %w", filepath.Base(beside), err)
		}
		if before == moment(path, beside) {
			return folder, nil
		}
	}
	return folder, fmt.Errorf("%s lies beside it and %w", filepath.Base(beside), ErrBusy)
}

// moment tells states of files apart by their sizes and times.
func moment(paths ...string) (s string) {
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil {
			s += fmt.Sprint(info.Size(), info.ModTime().UnixNano(), " ")
		}
	}
	return s
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
