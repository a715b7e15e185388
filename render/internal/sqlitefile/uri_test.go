package sqlitefile

import (
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite"
)

func TestSQLiteURI(t *testing.T) {
	for _, tt := range []struct {
		path    string
		windows bool
		want    string
	}{
		{`/data/areas.gpkg`, false, "file:///data/areas.gpkg?mode=ro"},
		{`/a b/50%/why?/#1.gpkg`, false, "file:///a%20b/50%25/why%3F/%231.gpkg?mode=ro"},
		{`/back\slash.gpkg`, false, "file:///back%5Cslash.gpkg?mode=ro"},
		{`C:\data\areas.gpkg`, true, "file:///C:/data/areas.gpkg?mode=ro"},
		{`c:/data/areas.gpkg`, true, "file:///c:/data/areas.gpkg?mode=ro"},
		{`D:\My Maps\Łódź 100%\a#1.gpkg`, true, "file:///D:/My%20Maps/%C5%81%C3%B3d%C5%BA%20100%25/a%231.gpkg?mode=ro"},
		{`\\server\share\areas.gpkg`, true, "file:////server/share/areas.gpkg?mode=ro"},
		{`\\?\C:\long\areas.gpkg`, true, "file:///C:/long/areas.gpkg?mode=ro"},
		{`\\?\UNC\server\share\areas.gpkg`, true, "file:////server/share/areas.gpkg?mode=ro"},
	} {
		got := uriOf(tt.path, tt.windows, "mode=ro")
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.path, got, tt.want)
		}
		// SQLite refuses any host but none.
		if u, err := url.Parse(got); err != nil || u.Host != "" {
			t.Errorf("%s: host %q, %v", got, u.Host, err)
		}
	}
}

// SQLite itself opens what the URI names.
func TestSQLiteURIOpens(t *testing.T) {
	for _, name := range []string{"plain.db", "a b?#%.db", "Łódź.db", "a&b=c;d'.db"} {
		path := filepath.Join(t.TempDir(), name)
		uri, err := URI(path, "")
		if err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", uri)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("CREATE TABLE a (b)"); err != nil {
			t.Errorf("%s: %v", uri, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: %v", uri, err)
		}
	}
}
