package dbase

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// ErrCharset is text in a character set that is not known, or not the one that a
// file names; test with errors.Is.
var ErrCharset = errors.New("unknown character set")

// codePages are character sets by Microsoft's numbers.
var codePages = map[int]encoding.Encoding{
	437: charmap.CodePage437, 850: charmap.CodePage850, 852: charmap.CodePage852, 855: charmap.CodePage855,
	858: charmap.CodePage858, 860: charmap.CodePage860, 862: charmap.CodePage862, 863: charmap.CodePage863,
	865: charmap.CodePage865, 866: charmap.CodePage866, 874: charmap.Windows874,
	932: japanese.ShiftJIS, 936: simplifiedchinese.GBK, 949: korean.EUCKR, 950: traditionalchinese.Big5,
	1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252, 1253: charmap.Windows1253,
	1254: charmap.Windows1254, 1255: charmap.Windows1255, 1256: charmap.Windows1256, 1257: charmap.Windows1257,
	1258: charmap.Windows1258, 10000: charmap.Macintosh, 10007: charmap.MacintoshCyrillic,
	20866: charmap.KOI8R, 21866: charmap.KOI8U, 54936: simplifiedchinese.GB18030, 51932: japanese.EUCJP,
}

// isoPages are the parts of ISO 8859. The first is read as Windows-1252, which
// has letters where it has control codes that no table holds.
var isoPages = map[int]encoding.Encoding{
	1: charmap.Windows1252, 2: charmap.ISO8859_2, 3: charmap.ISO8859_3, 4: charmap.ISO8859_4, 5: charmap.ISO8859_5,
	6: charmap.ISO8859_6, 7: charmap.ISO8859_7, 8: charmap.ISO8859_8, 9: charmap.ISO8859_9, 10: charmap.ISO8859_10,
	13: charmap.ISO8859_13, 14: charmap.ISO8859_14, 15: charmap.ISO8859_15, 16: charmap.ISO8859_16,
}

// languagePages are code pages by a .dbf file's language driver id, byte 29 of
// its header (ESRI's list). 0 names none.
var languagePages = map[byte]int{
	1: 437, 2: 850, 3: 1252, 4: 10000, 8: 865, 9: 437, 10: 850, 11: 437, 13: 437, 14: 850, 15: 437, 16: 850, 17: 437,
	18: 850, 19: 932, 20: 850, 21: 437, 22: 850, 23: 865, 24: 437, 25: 437, 26: 850, 27: 437, 28: 863, 29: 850,
	31: 852, 34: 852, 35: 852, 36: 860, 37: 850, 38: 866, 55: 850, 64: 852, 77: 936, 78: 949, 79: 950, 80: 874,
	87: 1252, 88: 1252, 89: 1252, 100: 852, 101: 866, 102: 865, 103: 861, 104: 895, 105: 620, 106: 737, 107: 857,
	108: 863, 120: 950, 121: 949, 122: 936, 123: 932, 124: 874, 134: 737, 135: 852, 136: 857, 150: 10007,
	151: 10029, 152: 10006, 200: 1250, 201: 1251, 202: 1254, 203: 1253, 204: 1257,
}

var (
	isoName   = regexp.MustCompile(`^(?:ISO)?8859(\d{1,2})$`)
	pageName  = regexp.MustCompile(`^(?:ANSI|OEM|XCP|CP|WINDOWS|WIN|IBM|DOS|MSCP|MS)?(\d{3,5})$`)
	ldidName  = regexp.MustCompile(`^LDID(\d{1,3})$`)
	notLetter = regexp.MustCompile(`[^A-Z0-9]+`)
)

// charsetNamed finds a character set by what a .cpg file says: a name, a code
// page or a language driver id.
func charsetNamed(name string) (set encoding.Encoding, known bool) {
	plain := notLetter.ReplaceAllString(strings.ToUpper(name), "")
	if m := isoName.FindStringSubmatch(plain); m != nil {
		n, _ := strconv.Atoi(m[1])
		set, known = isoPages[n]
		return set, known
	}
	if m := pageName.FindStringSubmatch(plain); m != nil {
		n, _ := strconv.Atoi(m[1])
		if n > 28590 && n < 28610 {
			set, known = isoPages[n-28590]
			return set, known
		}
		set, known = codePages[n]
		return set, known
	}
	if m := ldidName.FindStringSubmatch(plain); m != nil {
		n, _ := strconv.Atoi(m[1])
		set, known = codePages[languagePages[byte(min(n, 255))]]
		return set, known
	}
	switch plain {
	case "ANSI", "LATIN1", "ISOLATIN1", "ASCII", "USASCII":
		return charmap.Windows1252, true
	case "SJIS", "SHIFTJIS":
		return japanese.ShiftJIS, true
	}
	set, err := htmlindex.Get(strings.TrimSpace(name))
	if err != nil {
		return nil, false
	}
	// What does not hold plain letters as single bytes is no set of a .dbf file.
	if b, err := set.NewDecoder().Bytes([]byte("Az09")); err != nil || string(b) != "Az09" {
		return nil, false
	}
	return set, true
}

// Text turns the bytes of a .dbf file into text.
type Text struct {
	Name string            // of the set, for messages; empty if none is named
	set  encoding.Encoding // nil if it is not known
	utf8 bool              // the file says UTF-8
	open bool              // it says none, or that of Western Windows, which UTF-8 passes for
	// Guessed and wrong say that bytes were taken for Windows-1252 where no set,
	// or UTF-8, is named.
	Guessed, Wrong bool
}

// NewText takes the .cpg file before the table's own language driver id.
func NewText(cpg string, ldid byte) Text {
	cpg, _, _ = strings.Cut(strings.TrimSpace(strings.TrimPrefix(cpg, "\ufeff")), "\n")
	cpg = strings.TrimSpace(cpg)
	switch plain := notLetter.ReplaceAllString(strings.ToUpper(cpg), ""); plain {
	case "UTF8", "65001", "CP65001", "UTF8MB4", "UNICODE":
		return Text{Name: cpg, utf8: true, set: charmap.Windows1252}
	case "":
		page, named := languagePages[ldid]
		t := Text{set: codePages[page], open: page == 1252}
		switch {
		case named:
			t.Name = fmt.Sprintf("code page %d", page)
		case ldid == 0:
			t.set, t.open = charmap.Windows1252, true
		default:
			t.Name = fmt.Sprintf("language driver %d", ldid)
		}
		return t
	}
	set, _ := charsetNamed(cpg)
	return Text{Name: cpg, set: set}
}

// Decode gives a field's text without padding. Letters of English are the same
// in every set; an unknown one matters only where there are others.
func (t *Text) Decode(raw []byte) (string, error) {
	b := field(raw)
	if isASCII(b) || (t.utf8 || t.open) && utf8.Valid(b) {
		return string(b), nil
	}
	if t.utf8 {
		if cut := withoutHalf(b); len(b) > 0 && raw[len(raw)-1] == b[len(b)-1] && utf8.Valid(cut) {
			return string(cut), nil // the field is full: its end fell within a letter
		}
		t.Wrong = true
	}
	if t.set == nil {
		return "", fmt.Errorf("%w: %s; save the file with UTF-8, or the .cpg file with the name of its set", ErrCharset, t.Name)
	}
	t.Guessed = t.Guessed || t.Name == ""
	out, err := t.set.NewDecoder().Bytes(b)
	if err != nil {
		return "", fmt.Errorf("%w: the text is not in %s", ErrCharset, t.Name)
	}
	return string(out), nil
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// withoutHalf drops the bytes of a letter that is not all there from the end.
func withoutHalf(b []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if utf8.RuneStart(b[len(b)-n]) {
			return bytes.TrimRight(b[:len(b)-n], " ")
		}
	}
	return b
}
