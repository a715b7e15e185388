package sqlitefile

import (
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
)

// uriOf names a database to SQLite by an absolute path of this system, or,
// with windows, of that one. As a URI, or a question mark in a folder's name
// would start the options. query may be empty.
func uriOf(path string, windows bool, query string) string {
	if windows {
		path = strings.ReplaceAll(path, `\`, "/")
		switch {
		case strings.HasPrefix(path, "//?/UNC/"): // the long form of //server/share
			path = "//" + strings.TrimPrefix(path, "//?/UNC/")
		case strings.HasPrefix(path, "//?/"):
			path = strings.TrimPrefix(path, "//?/")
		}
		if !strings.HasPrefix(path, "/") {
			path = "/" + path // a drive letter must not be taken for a host
		}
	}
	uri := "file://" + (&url.URL{Path: path}).EscapedPath()
	if query != "" {
		uri += "?" + query
	}
	return uri
}

// URI is the URI of a file by any path of this system.
func URI(path, query string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return uriOf(full, runtime.GOOS == "windows", query), nil
}
