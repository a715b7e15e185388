package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// postgresEngine asks PostgreSQL, and what speaks its protocol.
type postgresEngine struct {
	config *pgx.ConnConfig
	source *engineSource
}

func newPostgres(u *url.URL, s *engineSource) (engine, error) {
	config, err := pgx.ParseConfig(u.String())
	if err != nil {
		return nil, err
	}
	if config.Password != "" {
		// From PGPASSWORD or the file that PGPASSFILE names.
		s.secrets = append(s.secrets, config.Password)
	}
	config.RuntimeParams["application_name"] = "stpmap"
	// A server behind a pool of connections may keep no prepared statements.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	return &postgresEngine{config, s}, nil
}

func (e *postgresEngine) dialect() Dialect { return Postgres }

func (e *postgresEngine) query(ctx context.Context, sql string, row func(engineRow) error) (err error) {
	conn, err := pgx.ConnectConfig(ctx, e.config)
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		_ = conn.Close(end)
	}()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	// Nothing is ever committed: closing the connection ends the transaction.
	if err := e.settings(ctx, tx); err != nil {
		return err
	}
	return postgresRows(ctx, tx, sql, row)
}

// settings of the transaction: partitions on other servers count their own rows;
// text is taken as the standard says; no statement outlives its time.
func (e *postgresEngine) settings(ctx context.Context, tx pgx.Tx) error {
	for _, set := range []string{
		"SET LOCAL enable_partitionwise_aggregate = on",
		"SET LOCAL standard_conforming_strings = on",
		"SET LOCAL statement_timeout = " + strconv.FormatInt(e.source.timeout.Milliseconds(), 10),
	} {
		if _, err := tx.Exec(ctx, set); err != nil {
			var pg *pgconn.PgError
			if errors.As(err, &pg) && pg.Code == "42704" {
				// A relative of PostgreSQL without the setting.
				return fmt.Errorf("%s: %w", set, err)
			}
			return err
		}
	}
	return nil
}

// postgresRows asks, and hands on the rows of the answer.
func postgresRows(ctx context.Context, tx pgx.Tx, sql string, row func(engineRow) error) error {
	rows, err := tx.Query(ctx, sql)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		// Every column was cast to text, which is the same in both formats.
		r := rows.RawValues()
		if len(r) != 6 {
			return fmt.Errorf("answer of %d columns", len(r))
		}
		if err := row(engineRow{area: r[0], provider: r[1], count: r[2], records: r[3], counts: r[4], least: r[5]}); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (e *postgresEngine) permanent(err error) (final, input bool) {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false, false
	}
	switch class := pg.Code[:min(2, len(pg.Code))]; {
	case pg.Code == "57014", // the statement's time is over
		class == "28", // no entry
		pg.Code == "3D000",
		pg.Code == "42501": // no right to read
		return true, false
	case class == "22", class == "25", class == "42", class == "3F":
		return true, true // text that is no number, a write, no such table or column
	}
	return strings.HasPrefix(pg.Code, "0A"), strings.HasPrefix(pg.Code, "0A")
}
