//go:build unix

package ingest

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// clickHouseServer is one process of the test's own cluster.
type clickHouseServer struct {
	t                *testing.T
	dir              string
	http, tcp, inter int
	cmd              *exec.Cmd
}

func clickHouseBin(t *testing.T) string {
	t.Helper()
	if os.Getenv("STPMAP_ENGINES") == "" {
		t.Skip("STPMAP_ENGINES is not set: no real engine is asked")
	}
	for _, path := range []string{"/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-server"} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skip("ClickHouse is not installed")
	return ""
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// startClickHouse starts three servers that hold three shards with two copies:
// server k has shard k in database r0, and shard k-1 in database r1.
func startClickHouse(t *testing.T) []*clickHouseServer {
	t.Helper()
	bin := clickHouseBin(t)
	nodes := make([]*clickHouseServer, 3)
	for i := range nodes {
		nodes[i] = &clickHouseServer{t: t, dir: t.TempDir(), http: freePort(t), tcp: freePort(t), inter: freePort(t)}
	}
	var cluster strings.Builder
	for k := range nodes {
		cluster.WriteString("<shard>")
		for copyOf, node := range []*clickHouseServer{nodes[k], nodes[(k+1)%3]} {
			fmt.Fprintf(&cluster, "<replica><host>127.0.0.1</host><port>%d</port><user>analyst</user><password>%s</password><default_database>r%d</default_database></replica>",
				node.tcp, html.EscapeString(secret), copyOf)
		}
		cluster.WriteString("</shard>")
	}
	for _, n := range nodes {
		config := fmt.Sprintf(`<yandex><logger><level>error</level><log>%[1]s/log</log><errorlog>%[1]s/err</errorlog></logger>
<http_port>%[2]d</http_port><tcp_port>%[3]d</tcp_port><interserver_http_port>%[4]d</interserver_http_port><listen_host>127.0.0.1</listen_host>
<path>%[1]s/data/</path><tmp_path>%[1]s/scratch/</tmp_path><user_files_path>%[1]s/files/</user_files_path><mark_cache_size>100000000</mark_cache_size>
<users_config>%[1]s/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<remote_servers><lake>%[5]s</lake></remote_servers></yandex>`, n.dir, n.http, n.tcp, n.inter, cluster.String())
		users := fmt.Sprintf(`<yandex><profiles><default><max_memory_usage>1000000000</max_memory_usage></default></profiles>
<users><analyst><password>%s</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></analyst></users>
<quotas><default></default></quotas></yandex>`, html.EscapeString(secret))
		for name, text := range map[string]string{"config.xml": config, "users.xml": users} {
			if err := os.WriteFile(filepath.Join(n.dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		n.cmd = exec.Command(bin, "--config-file="+filepath.Join(n.dir, "config.xml"))
		n.cmd.Dir = n.dir
		n.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := n.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(n.kill)
	}
	for _, n := range nodes {
		n.wait()
	}
	return nodes
}

func (n *clickHouseServer) kill() {
	if n.cmd != nil {
		_ = syscall.Kill(-n.cmd.Process.Pid, syscall.SIGKILL)
		_ = n.cmd.Wait()
		n.cmd = nil
	}
}

func (n *clickHouseServer) wait() {
	n.t.Helper()
	var err error
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if _, err = n.ask("SELECT 1"); err == nil {
			return
		}
	}
	log, _ := os.ReadFile(filepath.Join(n.dir, "err"))
	n.t.Fatalf("the server does not start: %v\n%s", err, log)
}

func (n *clickHouseServer) ask(sql string) (string, error) {
	req, err := http.NewRequest(http.MethodPost, fmt.Sprintf("http://127.0.0.1:%d/", n.http), strings.NewReader(sql))
	if err != nil {
		return "", err
	}
	req.Header.Set("X-ClickHouse-User", "analyst")
	req.Header.Set("X-ClickHouse-Key", secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(string(text))
	}
	return string(text), err
}

func (n *clickHouseServer) exec(statements ...string) {
	n.t.Helper()
	for _, sql := range statements {
		if _, err := n.ask(sql); err != nil {
			n.t.Fatalf("%s: %v", sql, err)
		}
	}
}

func TestLiveClickHouse(t *testing.T) {
	nodes := startClickHouse(t)
	const columns = "lsoa String, provider String, n Nullable(Float64), note String"
	for k, n := range nodes {
		for db, shard := range []int{k, (k + 2) % 3} {
			n.exec(fmt.Sprintf("CREATE DATABASE r%d", db),
				fmt.Sprintf("CREATE TABLE r%d.adm (%s) ENGINE = MergeTree ORDER BY lsoa", db, columns),
				// The records of makeRecords whose number is the shard's, by three.
				fmt.Sprintf(`INSERT INTO r%d.adm SELECT concat('E', substring(concat('000', toString(i * 37 %% 60)), -3)), concat('R', toString(i %% 7)), i %% 4 = 0 ? NULL : (i %% 4) / 4, 'few'
FROM (SELECT toInt64(number) + 1 AS i FROM numbers(%d)) WHERE i %% 3 = %d`, db, recordCount, shard))
		}
		n.exec(fmt.Sprintf("CREATE TABLE default.adm (%s) ENGINE = Distributed(lake, '', adm)", columns))
	}
	from := fmt.Sprintf("clickhouse://analyst@127.0.0.1:%d/default", nodes[0].http)
	ask := func(change func(*Options)) (*Pairs, Report, error) {
		o := Options{
			Table:  []table.Option{data.Columns("lsoa", "provider", "")},
			Engine: EngineOptions{Table: "adm", Backoff: 10 * time.Millisecond, Getenv: environment(map[string]string{"CLICKHOUSE_PASSWORD": secret})},
		}
		if change != nil {
			change(&o)
		}
		return Count(t.Context(), []string{from}, nil, o)
	}

	p, rep, err := ask(func(o *Options) { o.ExpectRows = recordCount })
	if err != nil {
		t.Fatal(err)
	}
	if got := pairsCSV(t, p); got != wantRecords() || rep.Attempts != 1 {
		t.Errorf("report %+v, pairs\n%s", rep, got)
	}
	p, rep, err = ask(func(o *Options) {
		o.Table = append(o.Table, table.Column("count", "n"), table.Where("provider", "R1"), table.Where("provider", "R2"))
	})
	if err != nil || rep.Absent == 0 || len(p.Providers) != 2 || p.Total() != float64(int(p.Total()*4))/4 {
		t.Errorf("got %v, %+v", err, rep)
	}
	for _, tt := range []struct {
		name   string
		change func(*Options)
		want   string
		input  bool
	}{
		{"no table", func(o *Options) { o.Engine.Table = "amd" }, "doesn't exist", true},
		{"no column", func(o *Options) { o.Table = []table.Option{data.Columns("lsao", "provider", "")} }, "lsao", true},
		{"text in a count", func(o *Options) { o.Table = append(o.Table, table.Column("count", "note")) }, "", true},
		{"wrong password", func(o *Options) {
			o.Engine.Getenv = environment(map[string]string{"CLICKHOUSE_PASSWORD": "hunter2-wrong"})
		}, "", false},
	} {
		_, rep, err := ask(tt.change)
		var bad *fault.Error
		if err == nil || rep.Attempts != 1 || errors.As(err, &bad) != tt.input || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v after %d attempts", tt.name, err, rep.Attempts)
		}
	}

	// A server is killed in mid-query: the copies answer, at once or when asked
	// again.
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		for range 200 {
			time.Sleep(10 * time.Millisecond)
			if n, err := nodes[1].ask("SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow%' AND query NOT LIKE '%system%'"); err != nil || strings.TrimSpace(n) != "0" {
				break
			}
		}
		nodes[1].kill()
	}()
	p, rep, err = ask(func(o *Options) {
		o.Engine.Table, o.Engine.Query = "", "SELECT lsoa, provider FROM adm WHERE sleepEachRow(0.0002) = 0"
	})
	<-killed
	if err != nil || pairsCSV(t, p) != wantRecords() {
		t.Fatalf("got %v, %+v", err, rep)
	}
	t.Logf("asked %d times", rep.Attempts)

	// With both copies of a shard gone there is no answer, and no short one.
	nodes[2].kill()
	_, rep, err = ask(nil)
	if !errors.Is(err, ErrEngine) || rep.Attempts != Attempts {
		t.Errorf("got %v, %+v", err, rep)
	}
}
