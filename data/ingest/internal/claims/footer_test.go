package claims

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// footed is a file with a footer that claims n bytes.
func footed(footer []byte, n uint32) []byte {
	return append(binary.LittleEndian.AppendUint32(append([]byte("PAR1"), footer...), n), "PAR1"...)
}

func TestCheckFooter(t *testing.T) {
	var good bytes.Buffer
	type row struct {
		A string
		B int64
	}
	if err := parquet.Write(&good, []row{{"a", 1}, {"b", 2}}); err != nil {
		t.Fatal(err)
	}
	list := func(more ...byte) []byte { return append([]byte{0x29}, more...) } // field 2 is a list
	deep := bytes.Repeat([]byte{0x1c}, 1000)
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"one that the library wrote", good.Bytes(), nil},
		{"a list of a billion", footed(list(0xfc, 0x80, 0x94, 0xeb, 0xdc, 0x03), 7), errFooter},
		{"a text of a billion", footed([]byte{0x18, 0x80, 0x94, 0xeb, 0xdc, 0x03, 0}, 7), errFooter},
		{"longer than the file", footed(make([]byte, 4), 1<<30), errFooter},
		{"no stop", footed([]byte{0x15, 2}, 2), errFooter},
		{"too deep", footed(deep, uint32(len(deep))), errFooter},
		{"no magic", []byte("PAR1\x00\x00\x00\x00\x01\x00\x00\x00PARX"), errFooter},
		{"short", []byte("PAR1"), errFooter},
	} {
		if err := Check(bytes.NewReader(c.file), int64(len(c.file))); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	many := append(list(0xf3, 0x80, 0x80, 0x80, 0x04), make([]byte, 8<<20+1)...) // eight million bytes in a list
	if err := Check(bytes.NewReader(footed(many, uint32(len(many)))), int64(len(many)+12)); !errors.Is(err, errFooterLarge) {
		t.Errorf("very many items: got %v", err)
	}
}
