package cli

import (
	"context"
	"log/slog"
	"slices"
	"sync"
)

// Said keeps what a command tells a person, so that a page can hold it as well.
type Said struct {
	mu    sync.Mutex
	lines []string
}

// Lines are what was said, each once, in order.
func (s *Said) Lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lines)
}

// Keeping is an Env whose log is kept as well as shown. What is said is kept
// whether or not --quiet shows it.
func (env *Env) Keeping(s *Said) *Env {
	other := *env
	other.Log = slog.New(&keeper{Handler: env.Log.Handler(), said: s})
	return &other
}

// keeper is a handler that keeps messages.
type keeper struct {
	slog.Handler
	said *Said
}

func (k *keeper) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelInfo || k.Handler.Enabled(ctx, l)
}

func (k *keeper) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelInfo && r.NumAttrs() == 0 {
		k.said.mu.Lock()
		if !slices.Contains(k.said.lines, r.Message) {
			k.said.lines = append(k.said.lines, r.Message)
		}
		k.said.mu.Unlock()
	}
	if !k.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return k.Handler.Handle(ctx, r)
}
