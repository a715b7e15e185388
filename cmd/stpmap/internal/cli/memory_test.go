package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
	}{
		{"1000000", 1e6},
		{"500MB", 5e8},
		{"2GB", 2e9},
		{"1GiB", 1 << 30},
		{"1.5 KiB", 1536},
		{"2g", 2e9},
		{" 3 mb ", 3e6},
		{"7B", 7},
		{"4kB", 4000},
		{"", 0},
		{"lots", 0},
		{"-1MB", 0},
		{"0", 0},
		{"MB", 0},
		{"NaN", 0},
		{"1e30GB", 0},
	} {
		got, err := ParseSize(c.text)
		if got != c.want || (err == nil) != (c.want > 0) {
			t.Errorf("%q: %d, %v; want %d", c.text, got, err, c.want)
		}
	}
}

// hoard is a job that holds more and more until it is stopped.
type hoard struct {
	Line
	Flows []string `flag:"flows"`
	held  [][]byte
}

func (h *hoard) Run(ctx context.Context, _ *Env) error {
	for range 64 {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		block := make([]byte, 4<<20)
		for i := range block {
			block[i] = byte(i)
		}
		h.held = append(h.held, block)
		time.Sleep(2 * time.Millisecond)
	}
	return nil
}

// A command that holds more than --max-memory ends with a sentence and status 3;
// one that holds less does not.
func TestMaxMemory(t *testing.T) {
	for _, c := range []struct {
		size   string
		status int
		says   string
	}{
		{"100MB", BadInput, "this takes more than the 100 MB of --max-memory: raise it, or give the command less to hold\n"},
		{"4GB", Done, ""},
		{"lots", Usage, "--max-memory: \"lots\" is not a size such as 500MB\n"},
	} {
		var flags []Flag
		for _, f := range testFlags() {
			if strings.Contains(" flows quiet verbose log-format progress help help-json max-memory ", " "+f.Name+" ") {
				flags = append(flags, f)
			}
		}
		app := &App{Flags: flags, Commands: []*Command{{Name: "job", Example: "stpmap job", New: func() Job { return &hoard{} }}}}
		var stdout, stderr bytes.Buffer
		status := app.Run(t.Context(), []string{"stpmap", "job", "--max-memory", c.size}, strings.NewReader(""), &stdout, &stderr)
		if status != c.status || !strings.HasPrefix(stderr.String(), c.says) || c.says == "" && stderr.Len() > 0 {
			t.Errorf("%s: status %d, want %d: %s", c.size, status, c.status, &stderr)
		}
	}
}
