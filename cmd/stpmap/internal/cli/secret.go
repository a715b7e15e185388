package cli

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

// credentials is the part of a URL with a name and a password: what lies from
// the scheme to the last @ before the next slash. The password may hold an @.
var credentials = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*:/+)([^/?#\s:@]*):([^/?#\s]*)@`)

// errSecret refuses a value that holds a password.
var errSecret = errors.New("holds a password, which others on this machine can read and outputs could carry: leave it out of the URL; an engine takes it from PGPASSFILE, PGPASSWORD and their like")

// holdsSecret reports whether a value holds a URL with a password.
func holdsSecret(text string) bool {
	if credentials.MatchString(text) {
		return true
	}
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || !strings.Contains(rest, "@") {
		return false
	}
	// What the pattern does not see, such as a slash in the password.
	if u, err := url.Parse(text); err == nil {
		_, has := u.User.Password()
		return has
	}
	before := rest[:strings.LastIndexByte(rest, '@')]
	return scheme != "" && strings.Contains(before, ":")
}

// WithoutSecret is a text with the passwords of its URLs left out.
func WithoutSecret(text string) string { return credentials.ReplaceAllString(text, "$1$2:***@") }
