package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"stpmap/data/table"
)

// Dialect is a dialect of SQL.
type Dialect string

// The dialects that SQL writes.
const (
	Postgres   Dialect = "postgres"
	TSQL       Dialect = "tsql"
	Databricks Dialect = "databricks"
	Snowflake  Dialect = "snowflake"
	Trino      Dialect = "trino"
	ClickHouse Dialect = "clickhouse"
)

// Dialects lists them by name.
func Dialects() []Dialect {
	return []Dialect{ClickHouse, Databricks, Postgres, Snowflake, Trino, TSQL}
}

// Statement is what is to be counted in an engine.
type Statement struct {
	// Table is the table's name, its parts joined by points and in double
	// quotes where a point belongs to a part: warehouse."apc 2016".records.
	// Query is a SELECT in its place; one of them must be empty.
	Table, Query string
	// Area and Provider name the columns; Count the one to be summed, or every
	// record counts 1.
	Area, Provider, Count string
	// Where keeps the records whose columns have one of the values.
	Where []ColumnValues
}

// ColumnValues is a condition: the column has one of the values.
type ColumnValues struct {
	Column string
	Values []string
}

// Add adds a condition; several values of one column are alternatives.
func (s *Statement) Add(column, value string) {
	for i := range s.Where {
		if s.Where[i].Column == column {
			s.Where[i].Values = append(s.Where[i].Values, value)
			return
		}
	}
	s.Where = append(s.Where, ColumnValues{column, []string{value}})
}

// Errors of statements; test with errors.Is.
var (
	ErrDialect   = errors.New("unknown dialect")
	ErrStatement = errors.New("cannot be made into a statement")
	ErrNotSelect = errors.New("not a single SELECT")
)

// SQL writes the statement that counts pairs where the records live. It gives
// the columns area, provider and count: the records of each pair, or the sum
// of the count column. Names are quoted, so that they are taken literally; in
// Snowflake, which stores plain names in capitals, a name without capitals is
// put into them. The error wraps ErrDialect, ErrStatement or ErrNotSelect.
func SQL(d Dialect, s Statement) (string, error) { return writeSQL(d, s, false) }

// writeSQL writes the statement; checked adds the columns records, counts and
// least, by which the answer is looked at: the number of records, of those
// with a count, and the least count.
func writeSQL(d Dialect, s Statement, checked bool) (string, error) {
	if err := d.accepts(s); err != nil {
		return "", err
	}
	source, err := d.source(s)
	if err != nil {
		return "", err
	}
	where, err := d.where(s)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, c := range d.columns(s, checked) {
		sep := ", "
		if i == 0 {
			sep = "SELECT "
		}
		fmt.Fprintf(&b, "%s%s AS %s", sep, c.expr, d.alias(c.name))
	}
	// Names repeated: T-SQL takes no positions.
	fmt.Fprintf(&b, "\nFROM %s%s\nGROUP BY %s, %s", source, where, d.name(s.Area), d.name(s.Provider))
	if d == ClickHouse {
		if checked {
			b.WriteString(" WITH TOTALS")
		}
		b.WriteString("\nSETTINGS skip_unavailable_shards = 0")
	}
	return b.String(), nil
}

// accepts looks at a statement's names.
func (d Dialect) accepts(s Statement) error {
	if !slices.Contains(Dialects(), d) {
		return fmt.Errorf("%w: %q", ErrDialect, d)
	}
	if s.Area == "" || s.Provider == "" {
		return fmt.Errorf("%w: the columns of area and provider must be named", ErrStatement)
	}
	for _, name := range []string{s.Area, s.Provider, s.Count, s.Table} {
		if strings.ContainsAny(name, "\x00\r\n") {
			return fmt.Errorf("%w: %q is no name", ErrStatement, name)
		}
	}
	return nil
}

// sqlColumn is a column of the answer.
type sqlColumn struct{ expr, name string }

// columns are those of the answer; checked adds those by which it is looked at.
func (d Dialect) columns(s Statement, checked bool) []sqlColumn {
	count := "COUNT(*)"
	if s.Count != "" {
		count = "SUM(" + d.number(d.name(s.Count)) + ")"
	}
	columns := []sqlColumn{{d.text(d.name(s.Area)), "area"}, {d.text(d.name(s.Provider)), "provider"}, {count, "count"}}
	if !checked {
		return columns
	}
	counts, least := "COUNT(*)", "COUNT(*)"
	if s.Count != "" {
		counts, least = "COUNT("+d.name(s.Count)+")", "MIN("+d.number(d.name(s.Count))+")"
	}
	columns = append(columns, sqlColumn{"COUNT(*)", "records"}, sqlColumn{counts, "counts"}, sqlColumn{least, "least"})
	if d != ClickHouse { // which answers in text anyway
		for i := 2; i < len(columns); i++ {
			columns[i].expr = d.text(columns[i].expr)
		}
	}
	return columns
}

// where is the conditions; empty where there are none.
func (d Dialect) where(s Statement) (string, error) {
	var b strings.Builder
	and := "\nWHERE"
	for _, c := range s.Where {
		if len(c.Values) == 0 || slices.Contains(c.Values, "*") {
			continue
		}
		values := make([]string, len(c.Values))
		for i, v := range c.Values {
			if strings.ContainsRune(v, 0) {
				return "", fmt.Errorf("%w: NUL in a value of %s", ErrStatement, c.Column)
			}
			values[i] = d.literal(v)
		}
		column := d.name(c.Column)
		if d == ClickHouse || d == Trino {
			column = d.text(column) // these compare no number with text
		}
		fmt.Fprintf(&b, "%s %s IN (%s)", and, column, strings.Join(values, ", "))
		and = "\n  AND"
	}
	return b.String(), nil
}

// source is what stands after FROM.
func (d Dialect) source(s Statement) (string, error) {
	switch {
	case s.Table != "" && s.Query != "":
		return "", fmt.Errorf("%w: a table and a query are both given", ErrStatement)
	case s.Table != "":
		parts, err := nameParts(s.Table)
		if err != nil {
			return "", err
		}
		for i, p := range parts {
			parts[i] = d.name(p)
		}
		return strings.Join(parts, "."), nil
	case s.Query != "":
		query, err := d.singleSelect(s.Query)
		if err != nil {
			return "", err
		}
		if d == TSQL && strings.EqualFold(d.firstWord(query), "with") {
			return "", fmt.Errorf("%w: T-SQL takes no WITH inside another query; make it a view and name that as the table", ErrStatement)
		}
		// The line end guards against a comment at the end.
		return "(\n" + query + "\n) AS q", nil
	}
	return "", fmt.Errorf("%w: neither a table nor a query is given", ErrStatement)
}

// nameParts parts a table's name at its points.
func nameParts(table string) ([]string, error) {
	var parts []string
	for rest := table; ; {
		var part string
		if strings.HasPrefix(rest, `"`) {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 {
				return nil, fmt.Errorf("%w: quote is not closed in the table's name %s", ErrStatement, table)
			}
			part, rest = rest[1:1+end], rest[end+2:]
			if rest != "" && rest[0] != '.' {
				return nil, fmt.Errorf("%w: text after a quote in the table's name %s", ErrStatement, table)
			}
			rest = strings.TrimPrefix(rest, ".")
			if rest == "" {
				parts = append(parts, part)
				return parts, nil
			}
		} else {
			var more bool
			part, rest, more = strings.Cut(rest, ".")
			if !more {
				if part == "" {
					return nil, fmt.Errorf("%w: the table's name %q has an empty part", ErrStatement, table)
				}
				return append(parts, part), nil
			}
		}
		if part == "" {
			return nil, fmt.Errorf("%w: the table's name %q has an empty part", ErrStatement, table)
		}
		parts = append(parts, part)
	}
}

// name quotes a name.
func (d Dialect) name(s string) string {
	switch d {
	case TSQL:
		return "[" + strings.ReplaceAll(s, "]", "]]") + "]"
	case Databricks:
		return "`" + strings.ReplaceAll(s, "`", "``") + "`"
	case ClickHouse:
		return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(s) + "`"
	case Snowflake:
		if plainName(s) {
			s = strings.ToUpper(s)
		}
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// alias is a name of ours for a column of the answer, which is lower case in
// every dialect.
func (d Dialect) alias(s string) string {
	if d == Snowflake {
		return `"` + s + `"`
	}
	return d.name(s)
}

// plainName reports whether Snowflake would store s in capitals.
func plainName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c == '_' || i > 0 && (c >= '0' && c <= '9' || c == '$')) {
			return false
		}
	}
	return s != ""
}

// text casts an expression to text.
func (d Dialect) text(expr string) string {
	switch d {
	case TSQL:
		return "CAST(" + expr + " AS nvarchar(4000))"
	case Databricks:
		return "CAST(" + expr + " AS string)"
	case Postgres:
		return "CAST(" + expr + " AS text)"
	case ClickHouse:
		return "toString(" + expr + ")"
	}
	return "CAST(" + expr + " AS varchar)"
}

// number casts an expression to a number whose sum is exact.
func (d Dialect) number(expr string) string {
	switch d {
	case Postgres:
		return "CAST(" + expr + " AS numeric)"
	case ClickHouse:
		// Times one, since old servers make 0 of text that is no number, but
		// multiply no text.
		return "toDecimal128(" + expr + " * 1, 6)"
	}
	return "CAST(" + expr + " AS decimal(38, 6))"
}

// literal is text as a value.
func (d Dialect) literal(s string) string {
	quoted := strings.ReplaceAll(s, "'", "''")
	switch d {
	case TSQL:
		return "N'" + quoted + "'"
	case ClickHouse, Databricks, Snowflake:
		return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
	}
	return "'" + quoted + "'"
}

// singleSelect checks that a query is one SELECT, without a semicolon that
// would end it or a bracket that would close ours, and cuts a semicolon at the
// end. It reads quotes as the dialect does, and refuses what engines read in two
// ways. The engine's read-only transaction is the guard behind this one.
func (d Dialect) singleSelect(query string) (string, error) {
	query = strings.TrimSpace(strings.TrimPrefix(query, "\ufeff"))
	depth, end := 0, -1
	for i := 0; i < len(query); {
		if skip, err := d.skipQuoted(query[i:]); err != nil {
			return "", err
		} else if skip > 0 {
			comment := strings.HasPrefix(query[i:], "--") || strings.HasPrefix(query[i:], "/*")
			if end >= 0 && !comment {
				return "", fmt.Errorf("%w: text after a semicolon", ErrNotSelect)
			}
			i += skip
			continue
		}
		switch c := query[i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		case c == ';':
			if end < 0 {
				end = i
			}
		case end >= 0:
			return "", fmt.Errorf("%w: text after a semicolon", ErrNotSelect)
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return "", fmt.Errorf("%w: a bracket closes that was never opened", ErrNotSelect)
			}
		case c == 0:
			return "", fmt.Errorf("%w: NUL byte", ErrNotSelect)
		}
		i++
	}
	if depth > 0 {
		return "", fmt.Errorf("%w: a bracket is not closed", ErrNotSelect)
	}
	if end >= 0 {
		query = strings.TrimSpace(query[:end])
	}
	switch w := strings.ToLower(d.firstWord(query)); w {
	case "select", "with":
		return query, nil
	case "":
		return "", fmt.Errorf("%w: the query is empty", ErrNotSelect)
	default:
		return "", fmt.Errorf("%w: the query starts with %s", ErrNotSelect, table.Quoted(w))
	}
}

// quoteMarks are the characters that open and close a text or a name.
func (d Dialect) quoteMarks() map[byte]byte {
	marks := map[byte]byte{'\'': '\'', '"': '"'}
	switch d {
	case ClickHouse, Databricks:
		marks['`'] = '`'
	case TSQL:
		marks['['] = ']'
	}
	return marks
}

// skipQuoted gives the length of the comment, text or quoted name that s
// starts with; 0 for none.
func (d Dialect) skipQuoted(s string) (int, error) {
	switch {
	case strings.HasPrefix(s, "--"):
		if end := strings.IndexByte(s, '\n'); end >= 0 {
			return end + 1, nil
		}
		return len(s), nil
	case strings.HasPrefix(s, "/*"):
		n, err := closedBy(s, 2, "*/", "a comment")
		if err == nil && strings.Contains(s[2:n], "/*") {
			return 0, fmt.Errorf("%w: a comment in a comment, which not all engines allow", ErrNotSelect)
		}
		return n, err
	case s[0] == '$' && (d == Postgres || d == Snowflake || d == ClickHouse):
		if tag := dollarTag(s); tag != "" {
			return closedBy(s, len(tag), tag, "a quote")
		}
		return 0, nil
	}
	end, quote := d.quoteMarks()[s[0]]
	if !quote {
		return 0, nil
	}
	// A doubled mark starts the next piece.
	n, err := closedBy(s, 1, string(end), "a quote")
	if err == nil && escapes(s[1:n-1]) {
		return 0, fmt.Errorf(`%w: a quote behind a backslash, which may or may not end the text: write a quote in a text twice`, ErrNotSelect)
	}
	return n, err
}

// closedBy is where s goes on behind the next closing mark.
func closedBy(s string, from int, mark, what string) (int, error) {
	end := strings.Index(s[from:], mark)
	if end < 0 {
		return 0, fmt.Errorf("%w: %s is not closed", ErrNotSelect, what)
	}
	return from + end + len(mark), nil
}

// escapes reports whether a text ends in a backslash that itself is not escaped:
// some engines, and texts like E'…', then go on behind the quote.
func escapes(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

// dollarTag is the mark $tag$ that s starts with, "" for none.
func dollarTag(s string) string {
	end := strings.IndexByte(s[1:], '$')
	if end < 0 {
		return ""
	}
	tag := s[:end+2]
	for _, c := range tag[1 : len(tag)-1] {
		if !(c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return ""
		}
	}
	return tag
}

// firstWord is the first word behind comments.
func (d Dialect) firstWord(query string) string {
	for query != "" {
		if strings.HasPrefix(query, "--") || strings.HasPrefix(query, "/*") {
			n, err := d.skipQuoted(query)
			if err != nil {
				return ""
			}
			query = query[n:]
			continue
		}
		if trimmed := strings.TrimLeft(query, " \t\r\n("); trimmed != query {
			query = trimmed
			continue
		}
		break
	}
	end := strings.IndexFunc(query, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_')
	})
	if end < 0 {
		return query
	}
	return query[:max(end, min(1, len(query)))]
}
