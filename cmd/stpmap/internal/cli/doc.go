// Package cli is the frame around the commands: it binds flags to a command's
// options, prints help, reads a configuration, logs, draws progress, and turns
// errors into exit statuses.
//
// In: a table of flags, the commands and a command line. Out: options with
// their values, sentences on standard error, an exit status. May import:
// flow/fault and footprint (their errors decide the exit status) and
// internal/words; no command.
//
// A command is a struct whose fields carry the names of flags:
//
//	type Options struct {
//		cli.Line
//		Flows []string `flag:"flows"`
//		Seed  uint64   `flag:"seed"`
//	}
//
//	func (o *Options) Run(ctx context.Context, env *cli.Env) error
package cli
