package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// refuseEmpty refuses flags that are given without a value, as a variable of
// the shell that is not set leaves them: they would be taken for not given.
func refuseEmpty(c *cli.Context) error {
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if !c.IsSet(name) {
			continue
		}
		values := c.StringSlice(name)
		if values == nil {
			text, ok := c.Value(name).(string)
			if !ok {
				continue
			}
			values = []string{text}
		}
		if slices.ContainsFunc(values, func(v string) bool { return strings.TrimSpace(v) == "" }) {
			return usagef("stpmap "+c.Command.Name+" --help", "--%s is empty: give it a value, or leave it out", name)
		}
	}
	return nil
}
