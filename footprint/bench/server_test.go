package bench

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// served opens a server on a case.
func served(t *testing.T, c *Case) *Server {
	t.Helper()
	s := &Server{}
	if got := s.Open(c.Pack()); !strings.HasPrefix(got, `{"ok":{"places":`) || got != s.Call("info", "{}") {
		t.Fatal(got[:min(len(got), 200)])
	}
	return s
}

// asked calls a server and reads the answer.
func asked[T any](t *testing.T, s *Server, name, args string) (answer T) {
	t.Helper()
	var out struct {
		OK    T      `json:"ok"`
		Error string `json:"error"`
	}
	text := s.Call(name, args)
	if err := json.Unmarshal([]byte(text), &out); err != nil || out.Error != "" {
		t.Fatalf("%s %s: %s (%v)", name, args, text, err)
	}
	return out.OK
}

// The state has the keys that scripts rely on.
func TestKeys(t *testing.T) {
	s := served(t, town(t, 60, 6, 1))
	state := asked[map[string]any](t, s, "state", "{}")
	for _, key := range []string{"footprints", "inside_share", "min_localisation_index", "modularity", "breaches", "can_undo", "can_redo"} {
		if _, ok := state[key]; !ok {
			t.Errorf("the state has no %s", key)
		}
	}
	first := state["footprints"].([]any)[0].(map[string]any)
	for _, key := range []string{
		"id", "name", "population", "providers", "areas", "patients_resident", "patients_treated", "patients_inside",
		"localisation_index", "market_share_index", "contiguous",
	} {
		if _, ok := first[key]; !ok {
			t.Errorf("a footprint has no %s", key)
		}
	}
}

// Every call of the page, once, and what it leads to.
func TestCalls(t *testing.T) {
	c := town(t, 60, 6, 1)
	s := served(t, c)
	info := asked[map[string]any](t, s, "info", "{}")
	if n := len(info["places"].([]any)); n != 66 || info["areas"].(float64) != 60 {
		t.Errorf("%d places", n)
	}
	code, ids := c.Matrix.Areas()[0], c.Start.IDs
	to := ids[(c.Start.Areas[0]+1)%int32(len(ids))]
	step := asked[Step](t, s, "move", fmt.Sprintf(`{"code":%q,"footprint":%q}`, code, to))
	if !slices.Equal(step.Nodes, []int32{0}) || !step.State.CanUndo || ids[step.To[0]] != to {
		t.Errorf("the move did %+v", step)
	}
	moved := asked[[]Moved](t, s, "moved", "{}")
	if len(moved) != 1 || moved[0].To != to || moved[0].From != ids[c.Start.Areas[0]] {
		t.Errorf("moved are %+v", moved)
	}
	if log := asked[string](t, s, "log", `{"from":0}`); strings.Count(log, "\n") != 1 || !strings.Contains(log, `"op":"move"`) {
		t.Errorf("the log is %q", log)
	}
	kept := asked[string](t, s, "partition", "{}")
	session := asked[string](t, s, "session", "{}")
	asked[Step](t, s, "do", `{"op":"undo"}`)
	if step := asked[Step](t, s, "do", `{"op":"undo"}`); len(step.Nodes) > 0 || step.State.CanUndo {
		t.Errorf("an undo at the start did %+v", step)
	}
	text, _ := json.Marshal(map[string]string{"text": session})
	asked[Step](t, s, "continue", string(text))
	if asked[string](t, s, "partition", "{}") != kept {
		t.Error("the session does not go on where it was")
	}
	asked[Step](t, s, "continue", `{"text":""}`)
	if asked[string](t, s, "partition", "{}") == kept {
		t.Error("nothing to go on from does not give the start")
	}
	step = asked[Step](t, s, "lock", fmt.Sprintf(`{"code":%q,"on":true}`, to))
	if len(step.Locked) < 2 || step.State.Locked != len(step.Locked) {
		t.Errorf("the lock of a footprint did %+v", step)
	}
	asked[Step](t, s, "lock", fmt.Sprintf(`{"code":%q,"on":false}`, to))
	asked[Step](t, s, "do", `{"op":"option","name":"A"}`)
	if list := asked[[]map[string]any](t, s, "options", "{}"); len(list) != 1 || list[0]["name"] != "A" || list[0]["inside_share"] == nil {
		t.Errorf("options are %v", list)
	}
	asked[[]Suggestion](t, s, "suggest", "{}")
	was := asked[string](t, s, "partition", "{}")
	for i := range 3 {
		asked[bool](t, s, "warm", fmt.Sprintf(`{"from":%d}`, i))
	}
	if asked[string](t, s, "partition", "{}") != was {
		t.Error("a search for nothing changes the map")
	}
	if parts := asked[[]map[string]any](t, s, "flow", fmt.Sprintf(`{"code":%q}`, code)); len(parts) == 0 {
		t.Error("an area has no patients anywhere")
	}
}

// An answer about a move says in words what it would break.
func TestWhy(t *testing.T) {
	c := town(t, 100, 8, 2)
	c.Demands.Contiguous = true
	b := opened(t, c)
	broken := 0
	for v := range int32(100) {
		for _, id := range b.Book.IDs {
			a, err := b.Why(v, id)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Sentences) < 2 || !strings.HasSuffix(a.Sentences[0], ".") {
				t.Fatalf("%v is no answer", a.Sentences)
			}
			if a.Breaks {
				broken++
				if !strings.Contains(a.Sentences[0], "would") {
					t.Fatalf("it breaks something, and the answer is %q", a.Sentences[0])
				}
			}
		}
		if v == 8 {
			break
		}
	}
	if broken == 0 {
		t.Error("no move breaks anything")
	}
	if _, err := b.Why(0, "F99"); err == nil {
		t.Error("there is an answer about a footprint that is not there")
	}
	do(t, b, Record{Op: OpLock, Areas: c.Matrix.Areas()[:1]})
	if a, _ := b.Why(0, b.Book.IDs[0]); !a.Breaks || !strings.Contains(a.Sentences[0], "locked") {
		t.Errorf("of a locked area it says %q", a.Sentences)
	}
}

// What cannot be answered is an error in words, and changes nothing.
func TestBadCalls(t *testing.T) {
	if got := (&Server{}).Call("state", "{}"); !strings.Contains(got, "no case is open") {
		t.Error(got)
	}
	if got := (&Server{}).Open([]byte("no case")); !strings.Contains(got, `{"error":"the page's data are damaged`) {
		t.Error(got)
	}
	s := served(t, town(t, 40, 5, 4))
	before := asked[string](t, s, "session", "{}")
	for _, c := range [][3]string{
		{"fly", "{}", "unknown call"},
		{"move", "{", "cannot be read"},
		{"move", `{"code":"Q","footprint":"F01"}`, "no area or provider"},
		{"lock", `{"code":"Q","on":true}`, "no such footprint"},
		{"why", `{"code":"Q"}`, "no area or provider"},
		{"flow", `{"code":"Q"}`, "no area or provider"},
		{"log", `{"from":9}`, "no record 9"},
		{"continue", `{"text":"{\"stpmap\":\"session\",\"footprints\":[],\"places\":[]}"}`, "another map"},
		{"continue", `{"text":"{\"op\":\"fly\"}"}`, "unknown operation"},
		{"do", `{"op":"recluster","footprints":3,"resolution":2}`, "contradict"},
	} {
		if got := s.Call(c[0], c[1]); !strings.Contains(got, c[2]) || !strings.HasPrefix(got, `{"error":`) {
			t.Errorf("%s %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
	if asked[string](t, s, "session", "{}") != before {
		t.Error("a refused call changed the session")
	}
}
