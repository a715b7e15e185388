package published

import (
	"testing"

	"stpmap/data/codebook"
	"stpmap/data/importer"
)

// The official list has no heading: old, new, reason, date.
func TestSuccessorList(t *testing.T) {
	out := importBytes(t, "", "succ.csv", []byte("RM2,R0A,R,20171001,I\nRW3,R0A,R,20171001,I\n"), importer.Options{})
	if len(out.Successors) != 2 || out.Successors[1] != (codebook.Succession{Old: "RW3", New: "R0A", Date: "2017-10-01", Line: 2}) {
		t.Errorf("%s: %+v", out.Format.Name, out.Successors)
	}
}
