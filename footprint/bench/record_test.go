package bench

import (
	"errors"
	"strings"
	"testing"

	"stpmap/flow/fault"
)

// small is a book of three areas and two providers in two footprints.
func small() *Book {
	return NewBook([]Place{{Area, "A", "Aber"}, {Area, "B", "=1+1"}, {Area, "C", ""}, {Provider, "A", "Hospital, old"}, {Provider, "X", "X"}}, 3,
		[]string{"F01", "F02"}, []int32{0, 0, 1, 0, -1})
}

// A session that is written reads back as it was.
func TestSessionComesBack(t *testing.T) {
	b := small()
	s := NewSession("1.2", "abc", b)
	records := []Record{
		{Op: OpMove, Areas: []string{"B"}, Footprint: "F02", Stroke: 3},
		{Op: OpMove, Providers: []string{"A"}, Footprint: ""},
		{Op: OpLock, Areas: []string{"A"}},
		{Op: OpAdd, Footprint: "F03"},
		{Op: OpRecluster, Resolution: 1.5, Seed: 4, IDs: []string{"F01", "F02", "F03"}, Label: []int32{2, 1, 0, 0, 0}},
		{Op: OpOption, Name: "so & so"},
		{Op: OpUndo},
		{Op: OpRestore, Name: "so & so"},
	}
	var out strings.Builder
	if err := s.Write(&out, records); err != nil {
		t.Fatal(err)
	}
	got, err := ReadSession("s", strings.NewReader("\ufeff"+strings.ReplaceAll(out.String(), "\n", "\r\n")+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got.Version != "1.2" || got.FlowSHA256 != "abc" || len(got.Records) != len(records) || got.Lines[0] != 2 {
		t.Errorf("got %+v", got)
	}
	if err := got.Replay("s"); err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := got.Book.WritePartition(&table); err != nil {
		t.Fatal(err)
	}
	want := "kind,code,name,footprint,confidence\narea,A,Aber,F03,\narea,B,'=1+1,F02,\narea,C,,F01,\nprovider,A,\"Hospital, old\",F01,\nprovider,X,X,F01,\n"
	if table.String() != want {
		t.Errorf("the partition is\n%s, want\n%s", table.String(), want)
	}
}

// What is no session is refused with the line where it ends to be one.
func TestBadSessions(t *testing.T) {
	head := `{"stpmap":"session","version":"1","flow_sha256":"","footprints":["F01"],"places":[["area","A","","F01"],["provider","X","","F01"]]}` + "\n"
	for _, c := range []struct {
		name, text, want string
		line             int
	}{
		{"nothing", "", "nothing in the file", 1},
		{"a table", "kind,code\narea,A\n", "no session of the workbench", 1},
		{"another object", `{"type":"Feature"}`, "no session of the workbench", 1},
		{"a footprint twice", `{"stpmap":"session","footprints":["F01","F01"]}`, "twice", 1},
		{"a place twice", `{"stpmap":"session","footprints":["F01"],"places":[["area","A","","F01"],["area","A","","F01"]]}`, "twice", 1},
		{"areas after providers", `{"stpmap":"session","footprints":["F01"],"places":[["provider","A","","F01"],["area","A","","F01"]]}`, "after the providers", 1},
		{"a place nowhere", `{"stpmap":"session","footprints":["F01"],"places":[["area","A","","F09"]]}`, "no footprint", 1},
		{"half a line", head + `{"op":"mo`, "no line of a session", 2},
		{"two objects", head + `{"op":"undo"}{"op":"undo"}`, "more than one object", 2},
		{"an unknown key", head + "\n" + `{"op":"undo","times":3}`, "unknown field", 3},
		{"an unknown step", head + `{"op":"fly"}`, "unknown operation", 2},
		{"an unknown place", head + `{"op":"move","areas":["Q"],"footprint":"F01"}`, `no area "Q"`, 2},
		{"an unknown footprint", head + `{"op":"move","areas":["A"],"footprint":"F07"}`, `no footprint "F07"`, 2},
		{"undo before anything", head + `{"op":"undo"}`, "nothing to undo", 2},
		{"a map of another size", head + `{"op":"recluster","ids":["F01"],"label":[0]}`, "a map of 1 places, where there are 2", 2},
		{"a label out of range", head + `{"op":"recluster","ids":["F01"],"label":[0,4]}`, "footprint number 4", 2},
		{"a footprint again", head + `{"op":"add","footprint":"F01"}`, "cannot be called", 2},
		{"an option never kept", head + `{"op":"restore","name":"A"}`, "no option", 2},
		{"a locked place", head + `{"op":"add","footprint":"F02"}` + "\n" + `{"op":"lock","areas":["A"]}` + "\n" + `{"op":"move","areas":["A"],"footprint":"F02"}`, "is locked", 4},
	} {
		s, err := ReadSession("s.jsonl", strings.NewReader(c.text))
		if err == nil {
			err = s.Replay("s.jsonl")
		}
		var at *fault.Error
		if !errors.As(err, &at) || at.Line != c.line || at.File != "s.jsonl" || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want line %d: %s", c.name, err, c.line, c.want)
		}
	}
}

// A code that an area and a provider share is the area's, unless the kind is named.
func TestFind(t *testing.T) {
	b := small()
	for _, c := range []struct {
		kind, code string
		want       int32
	}{{"", "A", 0}, {Area, "A", 0}, {Provider, "A", 3}, {"", "X", 4}} {
		if v, err := b.Find(c.kind, c.code); err != nil || v != c.want {
			t.Errorf("%q %q is %d (%v), want %d", c.kind, c.code, v, err, c.want)
		}
	}
	for _, c := range [][2]string{{Area, "X"}, {"", "Q"}, {Provider, "B"}} {
		if _, err := b.Find(c[0], c[1]); err == nil {
			t.Errorf("%q is found", c)
		}
	}
}

// A change that changes nothing is no step; a new step ends what could be done
// again.
func TestSteps(t *testing.T) {
	b := small()
	apply := func(r Record) {
		t.Helper()
		if _, _, err := b.Apply(r); err != nil {
			t.Fatal(err)
		}
	}
	apply(Record{Op: OpMove, Areas: []string{"A"}, Footprint: "F01"})
	apply(Record{Op: OpUnlock, Areas: []string{"A"}})
	if b.CanUndo() {
		t.Error("nothing changed, and it can be undone")
	}
	apply(Record{Op: OpMove, Areas: []string{"A"}, Footprint: "F02"})
	apply(Record{Op: OpAdd, Footprint: "F03"})
	apply(Record{Op: OpLock, Areas: []string{"C"}})
	apply(Record{Op: OpUndo})
	if b.Locked[2] || !b.CanRedo() {
		t.Error("the lock is not undone")
	}
	apply(Record{Op: OpUndo})
	if len(b.IDs) != 2 {
		t.Errorf("the new footprint stays: %q", b.IDs)
	}
	apply(Record{Op: OpMove, Areas: []string{"B"}, Footprint: "F02"})
	if b.CanRedo() {
		t.Error("a new step leaves others to do again")
	}
	if _, _, err := b.Apply(Record{Op: OpRedo}); !errors.Is(err, ErrNothing) {
		t.Errorf("got %v", err)
	}
}
