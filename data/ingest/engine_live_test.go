//go:build unix

package ingest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"stpmap/data"
	tablepkg "stpmap/data/table"
	"stpmap/flow/fault"
)

// These tests start real servers on loopback, and so run only where
// STPMAP_ENGINES is set and PostgreSQL is installed; .ci/run does both.

// postgresBin finds PostgreSQL's programs.
func postgresBin(t *testing.T) string {
	t.Helper()
	if os.Getenv("STPMAP_ENGINES") == "" {
		t.Skip("STPMAP_ENGINES is not set: no real engine is asked")
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) > 0 {
		slices.Sort(found)
		return filepath.Dir(found[len(found)-1])
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		t.Skip("PostgreSQL is not installed")
	}
	return filepath.Dir(path)
}

// postgresServer is a server of the test's own.
type postgresServer struct {
	t    *testing.T
	bin  string
	dir  string
	port int
	cmd  *exec.Cmd
	cred *syscall.Credential
}

func startPostgres(t *testing.T) *postgresServer {
	t.Helper()
	s := &postgresServer{t: t, bin: postgresBin(t)}
	top, err := os.MkdirTemp("", "stpmap-postgres-") // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(top) })
	s.dir = filepath.Join(top, "data")
	pwfile := filepath.Join(top, "pw")
	if err := os.WriteFile(pwfile, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		// PostgreSQL will not run as root.
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Skip("no user to run PostgreSQL as:", err)
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		s.cred = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		for _, path := range []string{top, pwfile} {
			if err := os.Chown(path, uid, gid); err != nil {
				t.Fatal(err)
			}
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	if out, err := s.command("initdb", "-D", s.dir, "-U", "analyst", "--pwfile", pwfile, "-A", "scram-sha-256", "-N", "--locale=C", "-E", "UTF8").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	s.start()
	t.Cleanup(func() { s.kill() })
	return s
}

func (s *postgresServer) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.cred, Setpgid: true}
	return cmd
}

func (s *postgresServer) start() {
	s.t.Helper()
	s.cmd = s.command("postgres", "-D", s.dir, "-p", strconv.Itoa(s.port), "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_worker_processes=2")
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if conn, err := s.connect(); err == nil {
			_ = conn.Close(s.t.Context())
			return
		}
	}
	s.t.Fatal("the server does not start")
}

// kill ends the server as a power cut would.
func (s *postgresServer) kill() {
	if s.cmd == nil {
		return
	}
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	_ = s.cmd.Wait()
	s.cmd = nil
}

func (s *postgresServer) connect() (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return pgx.Connect(ctx, fmt.Sprintf("postgres://analyst:%s@127.0.0.1:%d/postgres", url.QueryEscape(secret), s.port))
}

func (s *postgresServer) exec(statements ...string) {
	s.t.Helper()
	conn, err := s.connect()
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, sql := range statements {
		if _, err := conn.Exec(context.Background(), sql); err != nil {
			s.t.Fatalf("%s: %v", sql, err)
		}
	}
}

func (s *postgresServer) url() string {
	return fmt.Sprintf("postgres://analyst@127.0.0.1:%d/postgres", s.port)
}

// askPostgres is Ingest of table, with the password in a file.
func askPostgres(t *testing.T, from, table, query string, change func(*Options)) (*Pairs, Report, error) {
	t.Helper()
	o := Options{Table: []tablepkg.Option{data.Columns("lsoa", "provider", "")}, Engine: EngineOptions{Table: table, Query: query, Backoff: 10 * time.Millisecond}}
	if change != nil {
		change(&o)
	}
	return Count(t.Context(), []string{from}, nil, o)
}

func passFile(t *testing.T, password string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pgpass")
	if err := os.WriteFile(path, []byte("*:*:*:analyst:"+strings.ReplaceAll(password, ":", `\:`)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PGPASSFILE", path)
	t.Setenv("PGSSLMODE", "disable")
}

const (
	// 12,000 records of 60 areas and 7 providers.
	makeRecords = `SELECT 'E' || lpad((i*37 % 60)::text, 3, '0') AS lsoa, 'R' || i % 7 AS provider, 2015 + i % 3 AS year, (i % 4)::numeric / 4 AS n, i AS id FROM generate_series(1, 12000) AS i`
	recordCount = 12000
)

func wantRecords() string {
	counts := map[string]int{}
	for i := 1; i <= recordCount; i++ {
		counts[fmt.Sprintf("E%03d,R%d", i*37%60, i%7)]++
	}
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b strings.Builder
	b.WriteString("area,provider,count\n")
	for _, k := range keys {
		fmt.Fprintf(&b, "%s,%d\n", k, counts[k])
	}
	return b.String()
}

func TestLivePostgres(t *testing.T) {
	s := startPostgres(t)
	passFile(t, secret)
	s.exec("CREATE TABLE adm AS "+makeRecords, "CREATE SCHEMA lake", `CREATE TABLE lake."Adm" AS SELECT lsoa AS "LSOA", provider, n::text AS n FROM adm`,
		"CREATE TABLE gaps AS SELECT NULLIF(lsoa, 'E001') AS lsoa, provider, NULLIF(n, 0) AS n FROM adm", "CREATE TABLE bad AS SELECT lsoa, provider, 'few' AS n FROM adm",
		"CREATE FUNCTION touch() RETURNS text LANGUAGE sql AS $$ INSERT INTO adm VALUES ('x', 'y', 1, 1, 1) RETURNING lsoa $$",
		"CREATE VIEW slow AS SELECT lsoa, provider FROM adm WHERE id % 12 > 0 OR pg_sleep(0.002) IS NOT NULL")

	p, rep, err := askPostgres(t, s.url(), "adm", "", func(o *Options) { o.ExpectRows = recordCount })
	if err != nil {
		t.Fatal(err)
	}
	if got := pairsCSV(t, p); got != wantRecords() || rep.Counted != recordCount || rep.Attempts != 1 {
		t.Errorf("report %+v, pairs\n%s", rep, got)
	}
	p, _, err = askPostgres(t, s.url(), "", "SELECT * FROM adm WHERE year = 2016 -- one year", func(o *Options) {
		o.Table = append(o.Table, tablepkg.Where("provider", "R1"), tablepkg.Where("provider", "R2"), tablepkg.Column("count", "n"))
	})
	sum := 0.0
	for i := 1; i <= recordCount; i++ {
		if i%3 == 1 && (i%7 == 1 || i%7 == 2) {
			sum += float64(i%4) / 4
		}
	}
	if err != nil || len(p.Providers) != 2 || p.Total() != sum {
		t.Errorf("got %v, %+v", err, p)
	}
	p, rep, err = askPostgres(t, s.url(), "gaps", "", func(o *Options) {
		o.SkipMissing = true
		o.Table = append(o.Table, tablepkg.Column("count", "n"))
	})
	if err != nil || rep.Missing == 0 || rep.Absent == 0 || rep.Rows != recordCount || p.Total() == 0 {
		t.Errorf("got %v, %+v", err, rep)
	}
	p, _, err = askPostgres(t, s.url(), "lake.Adm", "", func(o *Options) { o.Table = []tablepkg.Option{data.Columns("LSOA", "provider", "n")} })
	if err != nil || p.Total() != 4500 {
		t.Errorf("got %v", err)
	}

	for _, tt := range []struct {
		name, table, query string
		change             func(*Options)
		is                 error
		want               string
		input              bool
	}{
		{name: "no table", table: "amd", want: `relation "amd" does not exist`, input: true},
		{name: "no column", table: "adm", change: func(o *Options) { o.Table = []tablepkg.Option{data.Columns("lsao", "provider", "")} }, want: `column "lsao" does not exist`, input: true},
		{name: "text in a count", table: "bad", change: func(o *Options) { o.Table = append(o.Table, tablepkg.Column("count", "n")) }, want: `invalid input syntax for type numeric: "few"`, input: true},
		{name: "NULL code", table: "gaps", is: tablepkg.ErrMissingCode, want: "there are records without area", input: true},
		{name: "a write in disguise", query: "SELECT touch() AS lsoa, 'R' AS provider", want: "read-only transaction", input: true},
		{name: "a short answer", table: "adm", change: func(o *Options) { o.ExpectRows = 1 }, is: ErrExpectedRows, want: "12000, not 1"},
		{name: "out of time", table: "slow", change: func(o *Options) { o.Engine.Timeout = 100 * time.Millisecond }, is: ErrEngine, want: ""},
		{name: "no database", table: "adm", change: func(o *Options) { o.Engine.Getenv = nil }, want: "", is: nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from := s.url()
			if tt.name == "no database" {
				from, tt.want, tt.is = strings.Replace(from, "/postgres", "/none", 1), `database "none" does not exist`, ErrEngine
			}
			_, rep, err := askPostgres(t, from, tt.table, tt.query, tt.change)
			var bad *fault.Error
			if err == nil || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) || errors.As(err, &bad) != tt.input || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v", err)
			}
			if tt.name != "out of time" && rep.Attempts != 1 {
				t.Errorf("%d attempts", rep.Attempts)
			}
		})
	}

	// A backend that is ended in mid-query: asked again, and right.
	go func() {
		for range 100 {
			time.Sleep(50 * time.Millisecond)
			conn, err := s.connect()
			if err != nil {
				return
			}
			var ended bool
			err = conn.QueryRow(context.Background(), "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity WHERE application_name = 'stpmap' AND query LIKE '%slow%' AND state = 'active'").Scan(&ended)
			_ = conn.Close(context.Background())
			if err != nil || ended {
				return
			}
		}
	}()
	p, rep, err = askPostgres(t, s.url(), "slow", "", nil)
	if err != nil || pairsCSV(t, p) != wantRecords() || rep.Attempts != 2 {
		t.Errorf("got %v, %+v", err, rep)
	}

	// The wrong password is refused at once, and shown by nobody.
	passFile(t, "hunter2-wrong")
	_, rep, err = askPostgres(t, s.url(), "adm", "", nil)
	if !errors.Is(err, ErrEngine) || !strings.Contains(err.Error(), "password authentication failed") || strings.Contains(err.Error(), "hunter2") || rep.Attempts != 1 {
		t.Errorf("got %v, %+v", err, rep)
	}
}

// Three servers, the records parted by area over two of them.
func TestLivePostgresShards(t *testing.T) {
	head, shards := startPostgres(t), []*postgresServer{startPostgres(t), startPostgres(t)}
	passFile(t, secret)
	setup := []string{"CREATE EXTENSION postgres_fdw", "CREATE TABLE adm (lsoa text, provider text) PARTITION BY HASH (lsoa)", "CREATE TABLE slow (lsoa text, provider text) PARTITION BY HASH (lsoa)"}
	for i, s := range shards {
		// Every shard makes all records in a table parted alike, and keeps its own.
		s.exec("CREATE TABLE whole (lsoa text, provider text) PARTITION BY HASH (lsoa)",
			"CREATE UNLOGGED TABLE p0 PARTITION OF whole FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
			"CREATE UNLOGGED TABLE p1 PARTITION OF whole FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
			"INSERT INTO whole SELECT lsoa, provider FROM ("+makeRecords+") AS r",
			fmt.Sprintf("CREATE VIEW slow AS SELECT lsoa, provider FROM p%d WHERE pg_sleep(0.0005) IS NOT NULL", i))
		setup = append(setup,
			fmt.Sprintf("CREATE SERVER s%d FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '%d', dbname 'postgres')", i, s.port),
			fmt.Sprintf("CREATE USER MAPPING FOR analyst SERVER s%d OPTIONS (user 'analyst', password '%s')", i, secret),
			fmt.Sprintf("CREATE FOREIGN TABLE adm%d PARTITION OF adm FOR VALUES WITH (MODULUS 2, REMAINDER %d) SERVER s%d OPTIONS (table_name 'p%d')", i, i, i, i),
			fmt.Sprintf("CREATE FOREIGN TABLE slow%d PARTITION OF slow FOR VALUES WITH (MODULUS 2, REMAINDER %d) SERVER s%d OPTIONS (table_name 'slow')", i, i, i))
	}
	head.exec(setup...)
	p, rep, err := askPostgres(t, head.url(), "adm", "", func(o *Options) { o.ExpectRows = recordCount })
	if err != nil || pairsCSV(t, p) != wantRecords() {
		t.Fatalf("got %v, %+v", err, rep)
	}

	// The shards do the counting.
	sql, err := writeSQL(Postgres, Statement{Table: "adm", Area: "lsoa", Provider: "provider"}, true)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := head.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "SET enable_partitionwise_aggregate = on"); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(t.Context(), "EXPLAIN (VERBOSE) "+sql)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if plan := strings.Join(lines, "\n"); strings.Count(plan, "Remote SQL") != 2 || strings.Count(plan, "GROUP BY") != 2 {
		t.Errorf("the aggregation is not pushed down:\n%s", plan)
	}

	// A shard is killed in mid-query: an error, never a short answer.
	watching := make(chan struct{})
	go func() {
		defer close(watching)
		for range 200 {
			time.Sleep(20 * time.Millisecond)
			conn, err := shards[1].connect()
			if err != nil {
				return
			}
			var busy bool
			err = conn.QueryRow(context.Background(), "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'postgres_fdw' AND state = 'active'").Scan(&busy)
			_ = conn.Close(context.Background())
			if err == nil && busy {
				shards[1].kill()
				return
			}
		}
	}()
	_, rep, err = askPostgres(t, head.url(), "slow", "", nil)
	<-watching
	if !errors.Is(err, ErrEngine) || rep.Attempts != Attempts {
		t.Fatalf("got %v, %+v", err, rep)
	}

	// Started again, it has lost its unlogged rows: only the expected number
	// tells.
	shards[1].start()
	p, rep, err = askPostgres(t, head.url(), "adm", "", nil)
	if err != nil || rep.Counted >= recordCount || rep.Counted == 0 {
		t.Fatalf("the shard kept its rows, or lost all: %v, %+v", err, rep)
	}
	if _, rep, err = askPostgres(t, head.url(), "adm", "", func(o *Options) { o.ExpectRows = recordCount }); !errors.Is(err, ErrExpectedRows) {
		t.Errorf("got %v, %+v", err, rep)
	}
	if p.Total() != float64(rep.Counted) {
		t.Errorf("%v in the pairs, %d counted", p.Total(), rep.Counted)
	}
}
