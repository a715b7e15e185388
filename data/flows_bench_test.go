package data

import (
	"bytes"
	"fmt"
	"testing"

	"stpmap/flow"
)

// flowTable makes a table of pairs, sorted by area, that looks like the flows
// of small areas to hospitals.
func flowTable(areas, perArea int) []byte {
	var b bytes.Buffer
	b.WriteString("area,provider,patients\n")
	x := uint32(1)
	for a := range areas {
		for range perArea {
			x = x*1664525 + 1013904223
			fmt.Fprintf(&b, "A%05d,P%03d,%d\n", a, x>>16%400, 1+x>>24%40)
		}
	}
	return b.Bytes()
}

func BenchmarkReadFlows(b *testing.B) {
	text := flowTable(35_000, 43)
	b.Run("rows=1505000", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			builder := flow.NewBuilder()
			if _, err := ReadFlows(b.Context(), "flows.csv", bytes.NewReader(text), builder); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rows=1505000/build", func(b *testing.B) {
		for b.Loop() {
			builder := flow.NewBuilder()
			if _, err := ReadFlows(b.Context(), "flows.csv", bytes.NewReader(text), builder); err != nil {
				b.Fatal(err)
			}
			if _, _, err := builder.Build(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rows=1505000/records", func(b *testing.B) {
		for b.Loop() {
			for _, err := range Records(b.Context(), "flows.csv", bytes.NewReader(text)) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
