package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	mssql "github.com/microsoft/go-mssqldb"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

const secret = "hunter2/&x"

func environment(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

// fakeClickHouse answers each request with the next of answers.
func fakeClickHouse(t *testing.T, answers ...func(w http.ResponseWriter, sql string)) (from string, asked *int) {
	t.Helper()
	n := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("X-ClickHouse-User") != "analyst" || r.Header.Get("X-ClickHouse-Key") != secret {
			w.Header().Set("X-ClickHouse-Exception-Code", "516")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "Code: 516, e.displayText() = DB::Exception: %s: Authentication failed", r.Header.Get("X-ClickHouse-Key"))
			return
		}
		q := r.URL.Query()
		if q.Get("wait_end_of_query") != "1" || q.Get("readonly") != "2" || q.Get("database") != "lake" || strings.Contains(r.URL.String(), "hunter2") {
			t.Errorf("asked with %s", r.URL)
		}
		answers[min(n, len(answers)-1)](w, string(body))
		n++
	}))
	t.Cleanup(srv.Close)
	return "clickhouse://analyst@" + strings.TrimPrefix(srv.URL, "http://") + "/lake", &n
}

func answer(text string) func(http.ResponseWriter, string) {
	return func(w http.ResponseWriter, sql string) { _, _ = io.WriteString(w, text) }
}

func exception(code int, text string) func(http.ResponseWriter, string) {
	return func(w http.ResponseWriter, sql string) {
		w.Header().Set("X-ClickHouse-Exception-Code", fmt.Sprint(code))
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintf(w, "Code: %d, e.displayText() = DB::Exception: %s", code, text)
	}
}

const (
	whole = "E1\tR1\t5\t5\t5\t5\nE2\tR\\t2\t2\t2\t2\t2\n\n\t\t7\t7\t7\t2\n"
	cut   = "E1\tR1\t5\t5\t5\t5\n"
)

func TestIngestClickHouse(t *testing.T) {
	password := map[string]string{"CLICKHOUSE_PASSWORD": secret}
	for _, tt := range []struct {
		name     string
		answers  []func(http.ResponseWriter, string)
		o        Options
		env      map[string]string
		want     string // the pairs
		attempts int
		is       error
		message  string
		input    bool
	}{
		{name: "right", answers: []func(http.ResponseWriter, string){answer(strings.ReplaceAll(whole, "R\\t2", "R2"))}, want: "E1,R1,5\nE2,R2,2\n", attempts: 1},
		{
			name: "cut short and asked again", attempts: 3, want: "E1,R1,5\nE2,R2,2\n",
			answers: []func(http.ResponseWriter, string){answer(cut), exception(210, "connection refused"), answer(strings.ReplaceAll(whole, "R\\t2", "R2"))},
		},
		{name: "always cut short", answers: []func(http.ResponseWriter, string){answer(cut)}, attempts: 4, is: ErrEngine, message: "unexpected EOF (asked 4 times)"},
		{name: "total differs", answers: []func(http.ResponseWriter, string){answer("E1\tR1\t5\t5\t5\t5\n\n\t\t7\t7\t7\t2\n")}, attempts: 4, is: ErrEngine, message: "holds 5 records and its total says 7"},
		{name: "exception among the rows", answers: []func(http.ResponseWriter, string){answer(cut + "Code: 32, e.displayText() = DB::Exception: Attempt to read after eof\n")}, attempts: 4, is: ErrEngine, message: "Attempt to read after eof"},
		{name: "no such table", answers: []func(http.ResponseWriter, string){exception(60, "Table lake.adms doesn't exist.")}, attempts: 1, message: "Table lake.adms doesn't exist", input: true},
		{name: "wrong password", answers: []func(http.ResponseWriter, string){answer(whole)}, env: map[string]string{"CLICKHOUSE_PASSWORD": secret + "no"}, attempts: 1, is: ErrEngine, message: "Authentication failed"},
		{name: "lost a shard's rows", answers: []func(http.ResponseWriter, string){answer(strings.ReplaceAll(whole, "R\\t2", "R2"))}, o: Options{ExpectRows: 9}, attempts: 1, is: ErrExpectedRows, message: "7, not 9"},
		{name: "a NULL code", answers: []func(http.ResponseWriter, string){answer("\\N\tR1\t5\t5\t5\t5\n\n\t\t5\t5\t5\t5\n")}, attempts: 1, is: table.ErrMissingCode, message: "records without area", input: true},
		{name: "a NULL code left out", answers: []func(http.ResponseWriter, string){answer("\\N\tR1\t5\t5\t5\t5\nE1\tR1\t1\t2\t1\t1\n\n\t\t6\t7\t6\t1\n")}, o: Options{SkipMissing: true}, attempts: 1, want: "E1,R1,1\n"},
		{name: "a negative count", answers: []func(http.ResponseWriter, string){answer("E1\tR1\t5\t2\t2\t-1\n\n\t\t5\t2\t2\t-1\n")}, attempts: 1, is: table.ErrNegativeCount, message: "negative count: -1", input: true},
		{name: "decimal counts", answers: []func(http.ResponseWriter, string){answer("E1\tR1\t5.250000\t2\t2\t0.250000\n\n\t\t5.25\t2\t2\t0.25\n")}, attempts: 1, want: "E1,R1,5.25\n"},
		{name: "no rows", answers: []func(http.ResponseWriter, string){answer("\n\t\t0\t0\t0\t0\n")}, attempts: 1, is: table.ErrEmptyTable, message: "no rows to count", input: true},
		{name: "the other port", answers: []func(http.ResponseWriter, string){answer("Port 9000 is for clickhouse-client program.\n")}, attempts: 4, is: ErrEngine, message: "answer of 1 columns"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from, asked := fakeClickHouse(t, tt.answers...)
			if tt.env == nil {
				tt.env = password
			}
			tt.o.Table = []table.Option{data.Columns("lsoa", "provider", "")}
			tt.o.Engine = EngineOptions{Table: "adm", Getenv: environment(tt.env), Backoff: time.Millisecond}
			p, rep, err := Count(t.Context(), []string{from}, nil, tt.o)
			if rep.Attempts != tt.attempts || *asked > tt.attempts {
				t.Errorf("%d attempts, %d requests, want %d", rep.Attempts, *asked, tt.attempts)
			}
			if tt.want != "" {
				if err != nil {
					t.Fatal(err)
				}
				if got := pairsCSV(t, p); got != "area,provider,count\n"+tt.want {
					t.Errorf("got %s", got)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			if tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.message) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v", err)
			}
			var bad *fault.Error
			var faults *fault.List
			if got := errors.As(err, &bad) || errors.As(err, &faults); got != tt.input {
				t.Errorf("%v is a fault of the input: %t", err, got)
			}
		})
	}
}

func TestIngestEngineUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := l.Addr().String()
	_ = l.Close()
	for _, scheme := range []string{"postgres", "clickhouse", "sqlserver"} {
		env := environment(map[string]string{"CLICKHOUSE_PASSWORD": secret, "MSSQL_PASSWORD": secret})
		_, rep, err := Count(t.Context(), []string{scheme + "://analyst@" + host + "/lake"}, nil, Options{
			Table: []table.Option{data.Columns("lsoa", "provider", "")}, Engine: EngineOptions{Table: "adm", Getenv: env, Backoff: time.Millisecond},
		})
		if !errors.Is(err, ErrEngine) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") || rep.Attempts != Attempts {
			t.Errorf("%s: %d attempts, %v", scheme, rep.Attempts, err)
		}
	}
}

func TestIngestEngineCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("enough")
	from, _ := fakeClickHouse(t, func(w http.ResponseWriter, _ string) {
		cancel(stop)
		exception(210, "gone")(w, "")
	})
	_, _, err := Count(ctx, []string{from}, nil, Options{
		Table: []table.Option{data.Columns("lsoa", "provider", "")}, Engine: EngineOptions{Table: "adm", Getenv: environment(map[string]string{"CLICKHOUSE_PASSWORD": secret})},
	})
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

func TestOpenEngineRefuses(t *testing.T) {
	table := []table.Option{data.Columns("lsoa", "provider", "")}
	for _, tt := range []struct {
		name, from string
		o          Options
		is         error
		want       string
	}{
		{"password in the URL", "postgres://analyst:hunter2@host/db", Options{Table: table}, ErrSource, "PGPASSFILE"},
		{"password as a parameter", "postgres://host/db?password=hunter2", Options{Table: table}, ErrSource, "PGPASSFILE"},
		{"ClickHouse's", "clickhouse://a:hunter2@host/db", Options{Table: table}, ErrSource, "CLICKHOUSE_PASSWORD"},
		{"SQL Server's", "sqlserver://a:hunter2@host?database=db", Options{Table: table}, ErrSource, "MSSQL_PASSWORD"},
		{"a broken URL", "postgres://a:hunter2@[host/db", Options{Table: table}, ErrSource, "cannot be read"},
		{"no host", "clickhouse:///db", Options{Table: table}, ErrSource, "no host"},
		{"unknown parameter", "clickhouse://h/db?sercure=1", Options{Table: table}, ErrSource, "unknown parameter"},
		{"no columns", "postgres://host/db", Options{Engine: EngineOptions{Table: "t"}}, ErrSource, "must be named"},
		{"no table", "postgres://host/db", Options{Table: table}, ErrSource, "neither a table nor a query"},
		{"not a SELECT", "postgres://host/db", Options{Table: table, Engine: EngineOptions{Query: "UPDATE t SET a = 1"}}, ErrNotSelect, "query: not a single SELECT"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Engine.Getenv = environment(nil)
			_, rep, err := Count(t.Context(), []string{tt.from}, nil, tt.o)
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v", err)
			}
			if strings.Contains(fmt.Sprint(rep), "hunter2") {
				t.Errorf("report %+v", rep)
			}
		})
	}
	if _, _, err := Count(t.Context(), []string{"postgres://h/db", "a.csv"}, nil, Options{}); err == nil || !strings.Contains(err.Error(), "alone") {
		t.Errorf("got %v", err)
	}
}

func TestIsEngine(t *testing.T) {
	for from, want := range map[string]bool{"postgres://h": true, "PostgreSQL://h": true, "clickhouse://h": true, "sqlserver://h": true, "a.csv": false, "-": false, "http://h": false, "postgres": false} {
		if IsEngine(from) != want {
			t.Errorf("%s: %t", from, !want)
		}
	}
}

func TestSQLServer(t *testing.T) {
	s := &engineSource{getenv: environment(map[string]string{"MSSQL_PASSWORD": secret}), timeout: time.Second}
	u, err := url.Parse("sqlserver://analyst@host:1433?database=lake")
	if err != nil {
		t.Fatal(err)
	}
	e, err := newSQLServer(u, s)
	if err != nil {
		t.Fatal(err)
	}
	dsn, err := url.Parse(e.(*sqlServerEngine).dsn)
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := dsn.User.Password(); p != secret || dsn.Query().Get("ApplicationIntent") != "ReadOnly" || dsn.Query().Get("database") != "lake" {
		t.Errorf("connects with %s", dsn.Redacted())
	}
	if got := s.redact(fmt.Errorf("login with %s\n  failed", e.(*sqlServerEngine).dsn)); strings.Contains(got, "hunter2") || strings.Contains(got, "\n") {
		t.Errorf("redacted to %s", got)
	}
	for number, want := range map[int32][2]bool{208: {true, true}, 8114: {true, true}, 18456: {true, false}, 1205: {false, false}} {
		if final, input := e.permanent(fmt.Errorf("asked: %w", mssql.Error{Number: number})); [2]bool{final, input} != want {
			t.Errorf("error %d: final %t, input %t", number, final, input)
		}
	}
}
