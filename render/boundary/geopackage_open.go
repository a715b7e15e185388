package boundary

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"

	"stpmap/render/internal/sqlitefile"
)

// gpkgFile is a GeoPackage that is open for reading.
type gpkgFile struct {
	db   *sql.DB
	conn *sql.Conn
	copy string // a folder to be removed; empty if the file itself is open
	// beside is the name of the file that holds what is not in the database yet;
	// empty if there is none.
	beside string
}

// openGPKG opens a GeoPackage without changing it. Where another program has
// left changes beside it, a copy of both is read.
func openGPKG(ctx context.Context, path string) (*gpkgFile, error) {
	g := &gpkgFile{}
	query := "mode=ro&immutable=1"
	beside, err := unfinished(path)
	if err != nil {
		return nil, err
	}
	if beside != "" {
		g.beside = filepath.Base(beside)
		if g.copy, err = copyTogether(path, beside); err != nil {
			return nil, errors.Join(err, g.close())
		}
		path, query = filepath.Join(g.copy, "copy.gpkg"), "mode=rw"
	}
	uri, err := sqlitefile.URI(path, query)
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	if g.db, err = sql.Open("sqlite", uri); err != nil {
		return nil, errors.Join(err, g.close())
	}
	if g.conn, err = g.db.Conn(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: no GeoPackage: %w", ErrFormat, err), g.close())
	}
	if err := g.conn.Raw(readingOnly); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// readingOnly lets a connection do nothing but read, and not without end: views
// are the file's own queries, and one that calls itself may never stop.
func readingOnly(driver any) error {
	a, ok := driver.(sqlite.AuthorizerRegisterer)
	if !ok {
		return errors.New("the SQLite driver has no authorizer")
	}
	return a.RegisterAuthorizer(func(action sqlite.AuthorizerActionCode, _, _, _, _ string) sqlite.AuthorizerReturnCode {
		switch action {
		case sqlite.AuthSelect, sqlite.AuthRead, sqlite.AuthFunction, sqlite.AuthTransaction:
			return sqlite.AuthorizerOK
		}
		return sqlite.AuthorizerDeny
	})
}

func (g *gpkgFile) close() error {
	var errs []error
	if g.conn != nil {
		errs = append(errs, g.conn.Close())
	}
	if g.db != nil {
		errs = append(errs, g.db.Close())
	}
	if g.copy != "" {
		errs = append(errs, os.RemoveAll(g.copy))
	}
	return errors.Join(errs...)
}

// journalMagic begins a journal that is to be undone (SQLite's file format,
// section 3).
const journalMagic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"

// unfinished finds the file beside a database that holds changes not yet in it
// (-wal), or what to undo in it (-journal); empty if there is none.
func unfinished(path string) (string, error) {
	wal := path + "-wal"
	const header = 32
	if info, err := os.Stat(wal); err == nil && info.Mode().IsRegular() && info.Size() > header {
		return wal, nil
	}
	journal := path + "-journal"
	f, err := os.Open(journal)
	if err != nil {
		return "", nil
	}
	defer f.Close()
	head := make([]byte, len(journalMagic))
	if n, _ := io.ReadFull(f, head); string(head[:n]) == journalMagic {
		return journal, nil
	}
	return "", nil
}

// copyTogether copies a database and the file beside it as they were at one
// moment, and gives the folder.
func copyTogether(path, beside string) (string, error) {
	folder, err := os.MkdirTemp("", "stpmap-")
	if err != nil {
		return "", err
	}
	suffix := strings.TrimPrefix(beside, path)
	for range 3 {
		before := moment(path, beside)
		err := errors.Join(copyFile(path, filepath.Join(folder, "copy.gpkg")), copyFile(beside, filepath.Join(folder, "copy.gpkg"+suffix)))
		if err != nil {
			return folder, fmt.Errorf("%s lies beside it and cannot be read with it: close the program that has the file open: %w", filepath.Base(beside), err)
		}
		if before == moment(path, beside) {
			return folder, nil
		}
	}
	return folder, fmt.Errorf("%w: %s lies beside it and is being written to: close the program that has the file open", ErrTruncated, filepath.Base(beside))
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
