package stage

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Files are the files of one result. They are written beside their final names and puts them in place only
// when all of them are complete, so that a failure leaves what was there.
type Files struct {
	files []stagedFile
	made  []string               // folders that were made for it
	stale []string               // what an earlier run wrote and this one does not: goes on commit
	locks map[string]*folderLock // by folder
	disk  *disk                  // nil for the system's
}

// stagedFile is a file that is being written. mode is that of the file that it
// replaces, 0 where there is none: a new one has the mode that the umask leaves.
type stagedFile struct {
	temp, final, hash string
	mode              fs.FileMode
}

// keepMode gives the new file the mode of the old one. Where the file system
// refuses, as FAT and some networks do, its modes mean nothing.
func (f *stagedFile) keepMode() {
	if f.mode != 0 {
		_ = os.Chmod(f.temp, f.mode)
	}
}

// Create writes one file aside. write gets a buffered writer.
func (s *Files) Create(final string, write func(io.Writer) error) (err error) {
	f, err := s.Open(final)
	if err != nil {
		return err
	}
	h := sha256.New()
	bw := bufio.NewWriterSize(io.MultiWriter(f, h), 1<<18)
	err = write(bw)
	if err == nil {
		err = bw.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	s.files[len(s.files)-1].keepMode()
	s.files[len(s.files)-1].hash = hex.EncodeToString(h.Sum(nil))
	return nil
}

// CreateAt is for writers that need a path: write fills the file at the given
// name, which is not the final one.
func (s *Files) CreateAt(final string, write func(path string) error) error {
	f, err := s.Open(final)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	name := s.files[len(s.files)-1].temp
	if err := write(name); err != nil {
		return fmt.Errorf("writing %s: %w", final, err)
	}
	s.files[len(s.files)-1].keepMode()
	hash, err := hashFile(name)
	s.files[len(s.files)-1].hash = hash
	return err
}

// Open opens a file aside, to be written and closed by the caller.
func (s *Files) Open(final string) (*os.File, error) {
	mode, create := fs.FileMode(0), fs.FileMode(0o666)
	if info, err := os.Stat(final); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder", final)
	} else if err == nil && !info.Mode().IsRegular() {
		// A rename would put a file in the place of the device.
		return nil, fmt.Errorf("%s is a device or a pipe, and not a file: take -o - for standard output, and lead that there", final)
	} else if err == nil {
		mode, create = info.Mode().Perm(), info.Mode().Perm()|0o600
	}
	dir, name := filepath.Split(final)
	dir = filepath.Clean(dir)
	if err := s.folder(dir); err != nil {
		return nil, err
	}
	if s.locks[dir] == nil {
		l, err := lockFolder(dir)
		if err != nil {
			return nil, err
		}
		if s.locks == nil {
			s.locks = map[string]*folderLock{}
		}
		s.locks[dir] = l
	}
	f, err := os.OpenFile(filepath.Join(dir, "."+name+TempMark+s.locks[dir].number), os.O_RDWR|os.O_CREATE|os.O_EXCL, create)
	if err != nil {
		return nil, err
	}
	s.files = append(s.files, stagedFile{temp: f.Name(), final: final, mode: mode})
	return f, nil
}

// folder makes a folder with its parents and remembers which ones are new.
func (s *Files) folder(dir string) error {
	var missing []string
	for d := dir; ; d = filepath.Dir(d) {
		_, err := os.Stat(d)
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		missing = append(missing, d)
	}
	slices.Reverse(missing)
	for _, d := range missing {
		if err := os.Mkdir(d, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		s.made = append(s.made, d)
	}
	return nil
}

// Discard removes what was not committed; after a commit it does nothing.
func (s *Files) Discard() {
	for _, f := range s.files {
		_ = os.Remove(f.temp)
	}
	s.unlock()
	for _, d := range slices.Backward(s.made) {
		_ = os.Remove(d) // only if empty
	}
	s.files, s.made = nil, nil
}

func (s *Files) unlock() {
	for _, l := range s.locks {
		l.release()
	}
	s.locks = nil
}

// Hashes gives the SHA-256 of every staged file by its path from the folder of
// the first one, with slashes: two folders may hold files of one name.
func (s *Files) Hashes() map[string]string {
	out := map[string]string{}
	for _, f := range s.files {
		name, err := filepath.Rel(filepath.Dir(s.files[0].final), f.final)
		if err != nil {
			name = f.final
		}
		out[filepath.ToSlash(name)] = f.hash
	}
	return out
}

// hashFile is the SHA-256 of a file, in hexadecimal.
func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// File is one file of a result: its name in the folder, and what writes it.
type File struct {
	Name  string
	Write func(io.Writer) error
	Table any // what a workbook holds of it; nil for nothing
}

// CreateIn writes files aside for a folder, in their order.
func (s *Files) CreateIn(dir string, files ...File) error {
	for _, f := range files {
		if err := s.Create(filepath.Join(dir, f.Name), f.Write); err != nil {
			return err
		}
	}
	return nil
}

// WriteOut writes one result to out: a file, written aside and renamed, or
// standard output for "-" and for "".
func WriteOut(stdout io.Writer, out string, write func(io.Writer) error) error {
	if out == "" || out == "-" {
		bw := bufio.NewWriter(stdout)
		if err := write(bw); err != nil {
			return err
		}
		return bw.Flush()
	}
	var s Files
	defer s.Discard()
	if err := s.Create(out, write); err != nil {
		return err
	}
	return s.Commit()
}

// WriteJSON writes one JSON object, indented, names and text as they are.
func WriteJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Format is the format that a file name asks for: its suffix without the
// dot, or what --format says.
func Format(out, format string) string {
	if format != "" {
		return strings.ToLower(format)
	}
	return strings.ToLower(strings.TrimPrefix(filepath.Ext(out), "."))
}

// Nullable is x for JSON, null where it is not known.
func Nullable(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// Within are the paths of files in a folder, and of the folder itself.
func Within(dir string, names []string) []string {
	all := []string{dir}
	for _, n := range names {
		all = append(all, filepath.Join(dir, n))
	}
	return all
}
