package claims

import (
	"bytes"
	"testing"
)

// A footer of any bytes is accepted or refused, and takes no more room than the
// file has.
func FuzzCheck(f *testing.F) {
	f.Add(footed([]byte{0x15, 2, 0}, 3))
	f.Add(footed([]byte{0x19, 0xfc, 0xff, 0xff, 0xff, 0x0f}, 6))
	f.Add(footed([]byte{0x1c, 0x1c, 0x1c, 0}, 4))
	f.Add([]byte("PAR1\xff\xff\xff\xffPAR1"))
	f.Fuzz(func(t *testing.T, file []byte) {
		err := Check(bytes.NewReader(file), int64(len(file)))
		if err == nil && (len(file) < 12 || string(file[len(file)-4:]) != "PAR1") {
			t.Fatalf("%q is accepted", file)
		}
	})
}
