package cli

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"stpmap/cmd/stpmap/internal/words"
	"stpmap/flow/plaintext"
)

// bound is a flag with the field of a command's options that holds its value.
// It is what the parser sees as a flag.
type bound struct {
	*Flag
	to    any // pointer to the field
	given bool
}

var _ flag.Value = (*bound)(nil)

// What a flag says of a text that is not its value.
var (
	errWhole  = errors.New("takes a whole number")
	errNumber = errors.New("takes a number")
	errTime   = errors.New("takes a time such as 30m")
	errSwitch = errors.New("takes true or false, or no value")
)

// Set reads the value from text; a repeatable flag takes one more. Words for
// people are shown as they are: see plaintext.
func (b *bound) Set(text string) error {
	if holdsSecret(text) {
		return errSecret
	}
	if b.Kind == Text {
		text = plaintext.Name(text)
	}
	if err := b.read(text); err != nil {
		return err
	}
	b.given = true
	return nil
}

func (b *bound) read(text string) (err error) {
	switch to := b.to.(type) {
	case *string:
		*to = text
	case *[]string:
		*to = append(*to, text)
	case *bool:
		*to, err = strconv.ParseBool(text)
		err = or(err, errSwitch)
	case *int:
		var n int64
		n, err = strconv.ParseInt(text, 0, strconv.IntSize)
		*to, err = int(n), or(err, errWhole)
	case *int64:
		*to, err = strconv.ParseInt(text, 0, 64)
		err = or(err, errWhole)
	case *uint64:
		*to, err = strconv.ParseUint(text, 0, 64)
		err = or(err, errWhole)
	case *float64:
		*to, err = strconv.ParseFloat(text, 64)
		err = or(err, errNumber)
	case *time.Duration:
		*to, err = time.ParseDuration(text)
		err = or(err, errTime)
	default:
		panic(fmt.Sprintf("stpmap: --%s is bound to a %T", b.Name, b.to))
	}
	return err
}

// or gives another error in place of err, and nil for nil.
func or(err, instead error) error {
	if err == nil {
		return nil
	}
	return instead
}

// String is for the parser, which asks for no value.
func (b *bound) String() string { return "" }

// IsBoolFlag says that the flag stands without a value.
func (b *bound) IsBoolFlag() bool {
	_, ok := b.to.(*bool)
	return ok
}

// Apply gives the flag to the parser under all its names.
func (b *bound) Apply(set *flag.FlagSet) error {
	set.Var(b, b.Name, b.Help)
	if b.Short != "" {
		set.Var(b, b.Short, b.Help)
	}
	return nil
}

// Names is for suggestions.
func (b *bound) Names() []string { return []string{b.Name} }

// IsSet reports whether the flag was given.
func (b *bound) IsSet() bool { return b.given }

// repeatable reports whether the flag may be given several times.
func (b *bound) repeatable() bool {
	_, ok := b.to.(*[]string)
	return ok
}

// names are the values of a flag that names files, none where it is empty.
func (b *bound) names() []string {
	switch to := b.to.(type) {
	case *[]string:
		return *to
	case *string:
		if *to != "" {
			return []string{*to}
		}
	}
	return nil
}

// text is the value as outputs carry it: of files, their names without folders.
func (b *bound) text() string {
	if b.reads() || b.Kind == Output {
		names := slices.Clone(b.names())
		for i, name := range names {
			names[i] = published(name)
		}
		return strings.Join(names, ",")
	}
	switch to := b.to.(type) {
	case *string:
		return *to
	case *[]string:
		return strings.Join(*to, ",")
	case *bool:
		return strconv.FormatBool(*to)
	case *float64:
		return words.Plain(*to)
	case *int:
		return strconv.Itoa(*to)
	case *int64:
		return strconv.FormatInt(*to, 10)
	case *uint64:
		return strconv.FormatUint(*to, 10)
	case *time.Duration:
		return to.String()
	}
	panic(fmt.Sprintf("stpmap: --%s is bound to a %T", b.Name, b.to))
}

// published is the name of an input or output as outputs carry it: the last part
// of its path, also of one with backslashes, or of a URL its scheme.
func published(name string) string {
	if scheme, _, ok := strings.Cut(name, "://"); ok {
		return scheme + "://"
	}
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

// number is the value as a number; ok is false for what is none.
func (b *bound) number() (x float64, ok bool) {
	switch to := b.to.(type) {
	case *int:
		return float64(*to), true
	case *int64:
		return float64(*to), true
	case *uint64:
		return float64(*to), true
	case *float64:
		return *to, true
	}
	return 0, false
}
