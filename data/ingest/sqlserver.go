package ingest

import (
	"context"
	"database/sql"
	"errors"
	"net/url"

	mssql "github.com/microsoft/go-mssqldb"
)

// sqlServerEngine asks SQL Server. No server of that kind was at hand when
// this was written: the statement, the URL and the reading of errors are
// tested, talking to a server is not exercised.
type sqlServerEngine struct {
	dsn    string
	source *engineSource
}

func newSQLServer(u *url.URL, s *engineSource) (engine, error) {
	dsn := *u
	query := dsn.Query()
	query.Set("app name", "stpmap")
	if query.Get("ApplicationIntent") == "" && query.Get("database") != "" {
		query.Set("ApplicationIntent", "ReadOnly")
	}
	dsn.RawQuery = query.Encode()
	if user := u.User.Username(); user != "" {
		dsn.User = url.UserPassword(user, s.secret("MSSQL_PASSWORD", "SQLCMDPASSWORD"))
	}
	return &sqlServerEngine{dsn.String(), s}, nil
}

func (e *sqlServerEngine) dialect() Dialect { return TSQL }

func (e *sqlServerEngine) query(ctx context.Context, statement string, row func(engineRow) error) error {
	connector, err := mssql.NewConnector(e.dsn)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	// Nothing is ever committed.
	defer func() { _ = tx.Rollback() }()
	rows, err := tx.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r [6]sql.RawBytes
		if err := rows.Scan(&r[0], &r[1], &r[2], &r[3], &r[4], &r[5]); err != nil {
			return err
		}
		if err := row(engineRow{area: r[0], provider: r[1], count: r[2], records: r[3], counts: r[4], least: r[5]}); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (e *sqlServerEngine) permanent(err error) (final, input bool) {
	var fault mssql.Error
	if errors.As(err, &fault) {
		switch fault.Number {
		case 102, 156, 207, 208, 245, 8114, 8115, 8117, 8120, 1033:
			return true, true // syntax, no such column or table, text that is no number
		case 18456, 4060, 229, 230:
			return true, false // no entry, no right to read
		}
		return false, false
	}
	return errors.Is(err, context.DeadlineExceeded), false
}
