//go:build !linux

package main

import (
	"io"
	"os"
)

// standardOutput is where results go that no flag names a file for.
func standardOutput() io.Writer { return os.Stdout }
