package ingest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"stpmap/data/table"
)

// clickHouseEngine asks ClickHouse over its HTTP interface, which servers of
// every age have.
type clickHouseEngine struct {
	url            string
	user, password string
	params         url.Values
	source         *engineSource
}

func newClickHouse(u *url.URL, s *engineSource) (engine, error) {
	e := &clickHouseEngine{source: s, user: u.User.Username(), params: url.Values{}}
	if e.user == "" {
		if e.user = s.getenv("CLICKHOUSE_USER"); e.user == "" {
			e.user = "default"
		}
	}
	e.password = s.secret("CLICKHOUSE_PASSWORD")
	scheme, port := "http", "8123"
	for key, values := range u.Query() {
		switch key {
		case "secure":
			if secure, err := strconv.ParseBool(values[0]); err != nil {
				return nil, fmt.Errorf("secure=%s is neither true nor false", values[0])
			} else if secure {
				scheme, port = "https", "8443"
			}
		default:
			return nil, fmt.Errorf("unknown parameter %s; there is secure=true", key)
		}
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), port)
	}
	if db := strings.Trim(u.Path, "/"); db != "" {
		e.params.Set("database", db)
	}
	// The answer is held back until it is whole: an error in mid-query then
	// comes as one, not as rows that end early.
	e.params.Set("wait_end_of_query", "1")
	e.params.Set("readonly", "2") // reading only, but the settings of the query itself hold
	e.params.Set("max_execution_time", strconv.Itoa(max(int(s.timeout.Seconds()), 1)))
	e.url = scheme + "://" + host + "/"
	return e, nil
}

func (e *clickHouseEngine) dialect() Dialect { return ClickHouse }

// clickHouseError is an answer other than rows.
type clickHouseError struct {
	status int
	code   int // ClickHouse's own; 0 where it gave none
	text   string
}

func (e *clickHouseError) Error() string { return e.text }

func (e *clickHouseEngine) query(ctx context.Context, sql string, row func(engineRow) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url+"?"+e.params.Encode(), strings.NewReader(sql+"\nFORMAT TabSeparated"))
	if err != nil {
		return err
	}
	req.Header.Set("X-ClickHouse-User", e.user)
	if e.password != "" {
		req.Header.Set("X-ClickHouse-Key", e.password)
	}
	client := http.Client{
		// A redirect would carry the password to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the URL's settings
		}
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("X-ClickHouse-Exception-Code") != "" {
		return clickHouseAnswer(resp)
	}
	return e.rows(bufio.NewReaderSize(resp.Body, 1<<18), row)
}

// clickHouseAnswer is the error that an answer holds.
func clickHouseAnswer(resp *http.Response) *clickHouseError {
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	bad := &clickHouseError{status: resp.StatusCode, text: strings.TrimSpace(string(text))}
	bad.code, _ = strconv.Atoi(resp.Header.Get("X-ClickHouse-Exception-Code"))
	if bad.code == 0 {
		_, _ = fmt.Sscanf(bad.text, "Code: %d", &bad.code)
	}
	if bad.text == "" {
		bad.text = resp.Status
	}
	if strings.Contains(bad.text, "clickhouse-client program") {
		bad.text = "this is the port of ClickHouse's own protocol; give that of HTTP, usually 8123"
	}
	return bad
}

// rows reads the rows, an empty line, and the totals that the server made of
// them. An answer without its totals, or with others, is not whole.
func (e *clickHouseEngine) rows(lines *bufio.Reader, row func(engineRow) error) error {
	fields := make([][]byte, 6)
	var records, counts int64
	for {
		line, err := lines.ReadSlice('\n')
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if len(line) == 1 {
			break
		}
		one, err := e.row(line[:len(line)-1], fields)
		if err != nil {
			return err
		}
		n, _ := table.Digits(one.records)
		m, _ := table.Digits(one.counts)
		records, counts = records+int64(n), counts+int64(m)
		if err := row(one); err != nil {
			return err
		}
	}
	return e.totals(lines, fields, records, counts)
}

// totals holds the server's totals against the rows that came.
func (e *clickHouseEngine) totals(lines io.Reader, fields [][]byte, records, counts int64) error {
	rest, err := io.ReadAll(io.LimitReader(lines, 1<<16))
	if err != nil {
		return err
	}
	total, err := e.row(bytes.TrimRight(rest, "\n"), fields)
	if err != nil {
		return err
	}
	n, ok1 := table.Digits(total.records)
	m, ok2 := table.Digits(total.counts)
	if !ok1 || !ok2 || int64(n) != records || int64(m) != counts {
		return fmt.Errorf("the answer holds %d records and its total says %s", records, total.records)
	}
	return nil
}

// row parts a line of the format TabSeparated.
func (e *clickHouseEngine) row(line []byte, fields [][]byte) (engineRow, error) {
	n := 0
	for rest := line; ; n++ {
		if n == len(fields) {
			return engineRow{}, fmt.Errorf("answer of more than %d columns", len(fields))
		}
		field, more, found := bytes.Cut(rest, []byte{'\t'})
		fields[n] = unescapeTSV(field)
		if !found {
			break
		}
		rest = more
	}
	if n+1 != len(fields) {
		if bytes.HasPrefix(line, []byte("Code: ")) {
			return engineRow{}, &clickHouseError{text: string(line)}
		}
		return engineRow{}, fmt.Errorf("answer of %d columns", n+1)
	}
	return engineRow{area: fields[0], provider: fields[1], count: fields[2], records: fields[3], counts: fields[4], least: fields[5]}, nil
}

// unescapeTSV undoes the escapes of TabSeparated; NULL is nil.
func unescapeTSV(f []byte) []byte {
	if string(f) == `\N` {
		return nil
	}
	if bytes.IndexByte(f, '\\') < 0 {
		return f
	}
	out := make([]byte, 0, len(f))
	for i := 0; i < len(f); i++ {
		c := f[i]
		if c == '\\' && i+1 < len(f) {
			i++
			switch c = f[i]; c {
			case 'b':
				c = '\b'
			case 'f':
				c = '\f'
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case '0':
				c = 0
			}
		}
		out = append(out, c)
	}
	return out
}

func (e *clickHouseEngine) permanent(err error) (final, input bool) {
	var fault *clickHouseError
	if !errors.As(err, &fault) {
		return false, false
	}
	switch fault.code {
	case 192, 193, 194, 516, 497, 81, 164: // user, password, rights, database, a write
		return true, false
	case 159: // the statement's time is over
		return true, false
	case 6, 16, 27, 43, 46, 47, 53, 60, 62, 69, 70, 72, 386, 407:
		return true, true // syntax, types, text that is no number, no such table or column
	}
	return fault.status == http.StatusUnauthorized || fault.status == http.StatusForbidden, false
}
