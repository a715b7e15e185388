package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// EngineOptions says how an engine is asked.
type EngineOptions struct {
	// Table names the table, or Query is a SELECT in its place; see Statement.
	Table, Query string
	// Timeout ends a statement; 0 means an hour.
	Timeout time.Duration
	// Backoff is the wait before the second attempt, doubled before each
	// further one; 0 means a second.
	Backoff time.Duration
	// Getenv looks up the environment; nil is os.Getenv.
	Getenv func(string) string
}

// Attempts is how often the whole query is asked before its error is final.
const Attempts = 4

// Errors of engines; test with errors.Is.
var (
	// ErrSource says that a source's URL or its options contradict themselves.
	ErrSource = errors.New("source cannot be used")
	// ErrEngine wraps what an engine or the way to it reported.
	ErrEngine = errors.New("engine failed")
)

// engine is one way of asking. A new tally is given for every attempt: what an
// attempt that fails has brought is thrown away.
type engine interface {
	dialect() Dialect
	// query runs a statement and calls row for each row of the answer, in any
	// order. The text is valid until row returns.
	query(ctx context.Context, sql string, row func(engineRow) error) error
	// permanent reports whether asking again could not help, and whether the
	// fault is in what was asked.
	permanent(err error) (final, input bool)
}

// engineRow is a row of the answer; nil for NULL.
type engineRow struct {
	area, provider, count  []byte
	records, counts, least []byte
}

var engineSchemes = map[string]func(*url.URL, *engineSource) (engine, error){
	"postgres":   newPostgres,
	"postgresql": newPostgres,
	"clickhouse": newClickHouse,
	"sqlserver":  newSQLServer,
}

// IsEngine reports whether a source is the URL of an engine.
func IsEngine(from string) bool {
	scheme, _, ok := strings.Cut(from, "://")
	return ok && engineSchemes[strings.ToLower(scheme)] != nil
}

// engineSource is where an engine is, without its secrets.
type engineSource struct {
	name    string // for messages: scheme, host and database
	secrets []string
	getenv  func(string) string
	timeout time.Duration
}

// secret looks up a password in the environment and remembers to keep it out
// of messages.
func (s *engineSource) secret(names ...string) string {
	for _, n := range names {
		if v := s.getenv(n); v != "" {
			s.secrets = append(s.secrets, v)
			return v
		}
	}
	return ""
}

// redact takes secrets out of an error's text. The chain of errors is cut, so
// that none of it can be printed by another way.
func (s *engineSource) redact(err error) string {
	text := err.Error()
	for _, secret := range s.secrets {
		if len(secret) > 0 {
			text = strings.ReplaceAll(text, secret, "***")
			text = strings.ReplaceAll(text, url.QueryEscape(secret), "***")
			text = strings.ReplaceAll(text, url.PathEscape(secret), "***")
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// engineError is an engine's error, in one line and without secrets.
type engineError struct {
	source, text string
	kind         error
}

func (e *engineError) Error() string { return e.source + ": " + e.text }
func (e *engineError) Unwrap() error { return e.kind }

// openEngine reads a URL. The error wraps ErrSource, and never quotes a
// password.
func openEngine(from string, o EngineOptions) (engine, *engineSource, error) {
	u, err := url.Parse(from)
	if err != nil {
		// url.Error quotes the URL, which may hold a password.
		scheme, _, _ := strings.Cut(from, "://")
		return nil, nil, fmt.Errorf("%w: the %s URL cannot be read", ErrSource, scheme)
	}
	s := &engineSource{getenv: o.Getenv, timeout: o.Timeout}
	if s.getenv == nil {
		s.getenv = os.Getenv
	}
	if s.timeout <= 0 {
		s.timeout = time.Hour
	}
	scheme := strings.ToLower(u.Scheme)
	s.name = scheme + "://" + u.Host + u.Path
	_, inURL := u.User.Password()
	for key := range u.Query() {
		switch k := strings.ToLower(key); {
		case strings.Contains(k, "password"), strings.Contains(k, "pwd"), strings.Contains(k, "secret"), strings.Contains(k, "token"):
			inURL = true
		}
	}
	if inURL {
		return nil, nil, fmt.Errorf("%w: %s: a password does not belong in the URL, where others can read it; put it into %s", ErrSource, s.name, passwordPlaces[scheme])
	}
	if u.Host == "" && !(strings.HasPrefix(scheme, "postgres") && (u.Query().Get("host") != "" || s.getenv("PGHOST") != "")) {
		return nil, nil, fmt.Errorf("%w: %s: the URL names no host", ErrSource, s.name)
	}
	e, err := engineSchemes[scheme](u, s)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s: %s", ErrSource, s.name, s.redact(err))
	}
	return e, s, nil
}

var passwordPlaces = map[string]string{
	"postgres":   "the file that PGPASSFILE names, or the variable PGPASSWORD",
	"postgresql": "the file that PGPASSFILE names, or the variable PGPASSWORD",
	"clickhouse": "the variable CLICKHOUSE_PASSWORD",
	"sqlserver":  "the variable MSSQL_PASSWORD",
}

// ingestEngine has an engine count the pairs.
func ingestEngine(ctx context.Context, from string, o Options) (*Pairs, Report, error) {
	rep := Report{}
	e, src, err := openEngine(from, o.Engine)
	if err != nil {
		return nil, rep, err
	}
	rep.Sources = []string{src.name}
	opts := table.Collect(o.Table)
	st := Statement{
		Table: o.Engine.Table, Query: o.Engine.Query,
		Area: opts.Columns[data.AreaRole.Name], Provider: opts.Columns[data.ProviderRole.Name], Count: opts.Columns[data.CountRole.Name],
	}
	for _, c := range opts.Where {
		st.Add(c.Column, c.Value)
	}
	sql, err := writeSQL(e.dialect(), st, true)
	if err != nil {
		if errors.Is(err, ErrNotSelect) {
			return nil, rep, &fault.Error{File: "query", Err: err}
		}
		return nil, rep, fmt.Errorf("%w: %w", ErrSource, err)
	}

	wait := o.Engine.Backoff
	if wait <= 0 {
		wait = time.Second
	}
	for rep.Attempts = 1; ; rep.Attempts++ {
		pairs, err := askEngine(ctx, e, src, sql, o, opts, &rep)
		if err == nil {
			return pairs, rep, rep.finish(pairs, o.ExpectRows)
		}
		var bad *fault.Error
		if ctx.Err() != nil {
			return nil, rep, context.Cause(ctx)
		}
		if errors.As(err, &bad) || errors.Is(err, ErrMemory) {
			if bad != nil {
				rep.Faults.Add(bad)
			}
			return nil, rep, err
		}
		final, input := e.permanent(err)
		if input {
			bad := &fault.Error{File: src.name, Err: errors.New(src.redact(err))}
			rep.Faults.Add(bad)
			return nil, rep, bad
		}
		if final || rep.Attempts == Attempts {
			text := src.redact(err)
			if rep.Attempts > 1 {
				text += fmt.Sprintf(" (asked %d times)", rep.Attempts)
			}
			return nil, rep, &engineError{src.name, text, ErrEngine}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, rep, context.Cause(ctx)
		}
		wait *= 2
	}
}

// askEngine asks once. Errors that are an *fault.Error or wrap ErrMemory are
// about the answer.
func askEngine(ctx context.Context, e engine, src *engineSource, sql string, o Options, opts *table.Settings, rep *Report) (*Pairs, error) {
	ctx, cancel := context.WithTimeout(ctx, src.timeout)
	defer cancel()
	g := &counting{tally: newTally(o.MaxMemory), skipMissing: o.SkipMissing}
	stop := g.watch(o.Progress)
	defer stop()
	c := g.tally.counter()
	refused := func(err error) error { return &fault.Error{File: src.name, Err: err} }
	rows := 0
	rep.Rows, rep.Absent, rep.Missing = 0, 0, 0
	err := e.query(ctx, sql, func(r engineRow) error {
		if rows++; rows%table.ContextRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		records, ok := table.Digits(r.records)
		counts, ok2 := table.Digits(r.counts)
		if !ok || !ok2 {
			return refused(fmt.Errorf("%w: number of records %s", table.ErrNotANumber, table.Quoted(string(r.records))))
		}
		rep.Rows += int64(records)
		g.rows.Add(int64(records))
		area, provider := trimSpace(r.area), trimSpace(r.provider)
		if len(area) == 0 || len(provider) == 0 {
			if !o.SkipMissing {
				what := data.AreaRole.Name
				if len(area) > 0 {
					what = data.ProviderRole.Name
				}
				return refused(fmt.Errorf("%w: there are records without %s (--skip-missing leaves them out and counts them)", table.ErrMissingCode, what))
			}
			rep.Missing += int64(records)
			return nil
		}
		rep.Absent += int64(records - counts)
		if counts == 0 {
			return nil
		}
		if least, err := table.ParseNumber(string(r.least)); err != nil {
			return refused(fmt.Errorf("in the count column: %w", err))
		} else if least < 0 {
			return refused(fmt.Errorf("%w: %s", table.ErrNegativeCount, r.least))
		}
		whole, part, err := wholeAndPart(string(r.count))
		if err != nil {
			return refused(err)
		}
		a, p, keep, err := c.pair(area, provider, o.SkipMissing, opts.Columns[data.CountRole.Name] != "", int64(records), func() float64 { return float64(whole) })
		if err != nil {
			return refused(err)
		}
		if !keep {
			return nil
		}
		if err := c.add(a, p, whole); err != nil {
			return err
		}
		if part != 0 {
			return c.addPart(a, p, part)
		}
		return nil
	})
	if err == nil {
		err = c.close()
	}
	if err != nil {
		return nil, err
	}
	pairs := g.tally.take()
	g.tally.rows.missing += rep.Missing
	g.tally.rows.dropSums(pairs)
	rep.settle(&g.tally.rows)
	return pairs, nil
}
