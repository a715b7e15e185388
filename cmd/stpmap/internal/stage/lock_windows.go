package stage

import "os"

// holdLock has nothing to do: Windows keeps a file that is open.
func holdLock(*os.File) bool { return true }

// removeUnlocked removes a file that no process has open.
func removeUnlocked(name string) bool { return os.Remove(name) == nil }
