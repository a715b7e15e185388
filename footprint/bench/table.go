package bench

import (
	"encoding/csv"
	"io"

	"stpmap/flow/plaintext"
)

// WritePartition writes the map as partition.csv: kind, code, name, footprint
// and confidence, which a map made by hand has none of.
func (b *Book) WritePartition(w io.Writer) error {
	cw := csv.NewWriter(w)
	if err := cw.Write([]string{"kind", "code", "name", "footprint", "confidence"}); err != nil {
		return err
	}
	for v, p := range b.Places {
		id := ""
		if f := b.Label[v]; f >= 0 {
			id = b.IDs[f]
		}
		if err := cw.Write([]string{p.Kind, plaintext.Cell(p.Code), plaintext.Cell(p.Name), plaintext.Cell(id), ""}); err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}
