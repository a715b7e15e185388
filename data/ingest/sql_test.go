package ingest

import (
	"errors"
	"strings"
	"testing"
)

func TestSQL(t *testing.T) {
	full := Statement{
		Table: `warehouse."apc 2016".records`, Area: "lsoa", Provider: "Provider Code", Count: "spells",
		Where: []ColumnValues{{"year", []string{"2016/17", "2017/18"}}, {"note", []string{"it's \\ here"}}, {"sex", []string{"*"}}},
	}
	for _, tt := range []struct {
		dialect Dialect
		want    string
	}{
		{Postgres, `SELECT CAST("lsoa" AS text) AS "area", CAST("Provider Code" AS text) AS "provider", SUM(CAST("spells" AS numeric)) AS "count"
FROM "warehouse"."apc 2016"."records"
WHERE "year" IN ('2016/17', '2017/18')
  AND "note" IN ('it''s \ here')
GROUP BY "lsoa", "Provider Code"`},
		{TSQL, `SELECT CAST([lsoa] AS nvarchar(4000)) AS [area], CAST([Provider Code] AS nvarchar(4000)) AS [provider], SUM(CAST([spells] AS decimal(38, 6))) AS [count]
FROM [warehouse].[apc 2016].[records]
WHERE [year] IN (N'2016/17', N'2017/18')
  AND [note] IN (N'it''s \ here')
GROUP BY [lsoa], [Provider Code]`},
		{Databricks, "SELECT CAST(`lsoa` AS string) AS `area`, CAST(`Provider Code` AS string) AS `provider`, SUM(CAST(`spells` AS decimal(38, 6))) AS `count`\n" +
			"FROM `warehouse`.`apc 2016`.`records`\nWHERE `year` IN ('2016/17', '2017/18')\n  AND `note` IN ('it\\'s \\\\ here')\nGROUP BY `lsoa`, `Provider Code`"},
		{Snowflake, `SELECT CAST("LSOA" AS varchar) AS "area", CAST("Provider Code" AS varchar) AS "provider", SUM(CAST("SPELLS" AS decimal(38, 6))) AS "count"
FROM "WAREHOUSE"."apc 2016"."RECORDS"
WHERE "YEAR" IN ('2016/17', '2017/18')
  AND "NOTE" IN ('it\'s \\ here')
GROUP BY "LSOA", "Provider Code"`},
		{Trino, `SELECT CAST("lsoa" AS varchar) AS "area", CAST("Provider Code" AS varchar) AS "provider", SUM(CAST("spells" AS decimal(38, 6))) AS "count"
FROM "warehouse"."apc 2016"."records"
WHERE CAST("year" AS varchar) IN ('2016/17', '2017/18')
  AND CAST("note" AS varchar) IN ('it''s \ here')
GROUP BY "lsoa", "Provider Code"`},
		{ClickHouse, "SELECT toString(`lsoa`) AS `area`, toString(`Provider Code`) AS `provider`, SUM(toDecimal128(`spells` * 1, 6)) AS `count`\n" +
			"FROM `warehouse`.`apc 2016`.`records`\nWHERE toString(`year`) IN ('2016/17', '2017/18')\n  AND toString(`note`) IN ('it\\'s \\\\ here')\nGROUP BY `lsoa`, `Provider Code`\nSETTINGS skip_unavailable_shards = 0"},
	} {
		got, err := SQL(tt.dialect, full)
		if err != nil {
			t.Fatal(err)
		}
		if got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.dialect, got, tt.want)
		}
	}

	got, err := SQL(Postgres, Statement{Query: "-- all\nSELECT * FROM a -- of it;\n;", Area: `x"; DROP TABLE a`, Provider: "p"})
	if err != nil {
		t.Fatal(err)
	}
	want := `SELECT CAST("x""; DROP TABLE a" AS text) AS "area", CAST("p" AS text) AS "provider", COUNT(*) AS "count"
FROM (
-- all
SELECT * FROM a -- of it;
) AS q
GROUP BY "x""; DROP TABLE a", "p"`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSQLRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		d    Dialect
		s    Statement
		is   error
		want string
	}{
		{"dialect", "oracle", Statement{Table: "t", Area: "a", Provider: "p"}, ErrDialect, `unknown dialect: "oracle"`},
		{"no columns", Postgres, Statement{Table: "t", Area: "a"}, ErrStatement, "must be named"},
		{"nothing", Postgres, Statement{Area: "a", Provider: "p"}, ErrStatement, "neither a table nor a query"},
		{"both", Postgres, Statement{Table: "t", Query: "SELECT 1", Area: "a", Provider: "p"}, ErrStatement, "both given"},
		{"empty part", Postgres, Statement{Table: "a..t", Area: "a", Provider: "p"}, ErrStatement, "empty part"},
		{"open quote", Postgres, Statement{Table: `a."t`, Area: "a", Provider: "p"}, ErrStatement, "quote is not closed"},
		{"DELETE", Postgres, Statement{Query: "delete from t", Area: "a", Provider: "p"}, ErrNotSelect, `starts with "delete"`},
		{"two statements", Postgres, Statement{Query: "SELECT 1; DROP TABLE t", Area: "a", Provider: "p"}, ErrNotSelect, "text after a semicolon"},
		{"our bracket closed", Postgres, Statement{Query: "SELECT 1) q; --", Area: "a", Provider: "p"}, ErrNotSelect, "never opened"},
		{"open bracket", Postgres, Statement{Query: "SELECT (1", Area: "a", Provider: "p"}, ErrNotSelect, "bracket is not closed"},
		{"open text", Postgres, Statement{Query: "SELECT 'a", Area: "a", Provider: "p"}, ErrNotSelect, "quote is not closed"},
		{"open comment", Postgres, Statement{Query: "SELECT 1 /* a", Area: "a", Provider: "p"}, ErrNotSelect, "comment is not closed"},
		{"empty", Postgres, Statement{Query: " -- nothing\n", Area: "a", Provider: "p"}, ErrNotSelect, "empty"},
		{"WITH in T-SQL", TSQL, Statement{Query: "WITH x AS (SELECT 1) SELECT * FROM x", Area: "a", Provider: "p"}, ErrStatement, "view"},
		{"NUL", Postgres, Statement{Table: "t\x00", Area: "a", Provider: "p"}, ErrStatement, "is no name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := SQL(tt.d, tt.s)
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What engines read in two ways is no single SELECT.
func TestSingleSelectQuotes(t *testing.T) {
	for _, c := range []struct {
		d     Dialect
		query string
		ok    bool
	}{
		{Postgres, `SELECT E'\'; DROP TABLE t; --'`, false},
		{Postgres, `SELECT E'\''; DROP TABLE t; --'`, false},
		{Postgres, `SELECT E'\\' FROM t`, true},
		{Postgres, `SELECT 'it''s; so' FROM t`, true},
		{ClickHouse, `SELECT 'a\'; DROP TABLE t; --'`, false},
		{ClickHouse, "SELECT `a;b` FROM t", true},
		{Postgres, "SELECT 1 ` ; DROP TABLE t; SELECT 1 ` 2", false},
		{Postgres, "SELECT $q$ ; $q$ FROM t", true},
		{TSQL, "SELECT $q$; DROP TABLE t; --$q$", false},
		{TSQL, "SELECT [a' ] FROM t; DROP TABLE t; -- '", false},
		{TSQL, "SELECT [a;b'c] FROM t", true},
		{Postgres, "SELECT 1 /* /* */ ' */ ; DROP TABLE t; --'", false},
	} {
		_, err := c.d.singleSelect(c.query)
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrNotSelect) {
			t.Errorf("%s, %s: %v", c.d, c.query, err)
		}
	}
}

// What is accepted as a single SELECT has no semicolon or closing bracket
// outside quotes and comments.
func FuzzSingleSelect(f *testing.F) {
	for i, s := range []string{"SELECT 'a;b' FROM t;", "with x as (select 1) select * from x", "SELECT $q$;$q$", "SELECT 1 /* ; */ -- )", "select \"a;\"\"b\"", `select E'\''`, "select [a;b]"} {
		f.Add(uint8(i), s)
	}
	f.Fuzz(func(t *testing.T, number uint8, query string) {
		d := Dialects()[int(number)%len(Dialects())]
		got, err := d.singleSelect(query)
		if err != nil {
			if !errors.Is(err, ErrNotSelect) {
				t.Fatal(err)
			}
			return
		}
		again, err := d.singleSelect(got)
		if err != nil || again != got {
			t.Fatalf("%q became %q and then %q, %v", query, got, again, err)
		}
	})
}
