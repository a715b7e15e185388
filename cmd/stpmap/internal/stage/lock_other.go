//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || windows)

package stage

import "os"

// holdLock has no lock to take on this system.
func holdLock(*os.File) bool { return true }

// removeUnlocked removes nothing: whether a file is held cannot be told.
func removeUnlocked(string) bool { return false }
