package boundary

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

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
	var err error
	if beside := sqlitefile.Unfinished(path); beside != "" {
		g.beside = filepath.Base(beside)
		if g.copy, err = sqlitefile.CopyTogether(path, beside); err != nil {
			return nil, errors.Join(err, g.close())
		}
		path, query = filepath.Join(g.copy, sqlitefile.CopyName), "mode=rw"
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
