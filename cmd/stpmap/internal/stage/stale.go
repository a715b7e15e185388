package stage

import (
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/words"
)

// SampleFolder is where the demo puts the sample's tables, below its folder.
const SampleFolder = "sample"

// CommitOver puts a folder's files in place, and takes away what an earlier run
// of the same command wrote there and this one does not: it would look like this
// run's result. What was changed since stays, and is named; so do the
// sample's tables.
func (s *Files) CommitOver(log *slog.Logger, command, dir string) error {
	last := s.files[len(s.files)-1].final
	changed := s.retire(command, dir, last)
	gone := make([]string, len(s.stale))
	for i, path := range s.stale {
		gone[i], _ = filepath.Rel(dir, path)
	}
	if err := s.Commit(); err != nil {
		return err
	}
	if n := len(gone); n > 0 {
		log.Info(fmt.Sprintf("%s of an earlier run, which this one does not give, %s removed: %s", words.Counted(n, "file"), words.Was(n), words.Few(gone)))
	}
	if n := len(changed); n > 0 {
		log.Warn(fmt.Sprintf("%s of an earlier run, changed since, %s left and not of this run: %s", words.Counted(n, "file"), words.Was(n), words.Few(changed)))
	}
	return nil
}

// retire marks as stale what the provenance that is to be replaced lists, as far
// as it is still as it was written. changed names the rest.
func (s *Files) retire(command, dir, provenance string) (changed []string) {
	old, ok := readProvenance(provenance)
	if !ok || !s.replaces(old, command) {
		return nil
	}
	written := map[string]bool{}
	for _, f := range s.files {
		written[filepath.Clean(f.final)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(old.Outputs)) {
		local := filepath.FromSlash(name)
		if !filepath.IsLocal(local) || strings.HasPrefix(name, SampleFolder+"/") {
			continue
		}
		path := filepath.Join(dir, local)
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() || written[path] {
			continue
		}
		if hash, err := hashFile(path); err != nil || hash != old.Outputs[name] {
			changed = append(changed, local)
			continue
		}
		s.stale = append(s.stale, path)
	}
	return changed
}
