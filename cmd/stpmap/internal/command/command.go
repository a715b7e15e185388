// Package command lists the tool's commands and their flags. A command is a
// package below it: an options struct, the flags bound to it, and what it does.
//
// In: nothing. Out: the App that main runs. May import: every command,
// internal/cli, and what the table of flags quotes (footprint/score, render).
//
// The commands are in cluster, compare, drawing (render), ensemble, explain,
// imports, ingest (and sql), job (run and demo), merge, scores, validate, whatif
// and workbench (and replay). What several of them do is in clustering, mapping, scoring and sharing,
// which import no command. A command imports another only for what validate and
// import look codes up in.
//
// To add a flag, add a line to the table in flags.go and a field of that name to
// the options of each command that it is on.
package command

import (
	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/cluster"
	"stpmap/cmd/stpmap/internal/command/compare"
	"stpmap/cmd/stpmap/internal/command/drawing"
	"stpmap/cmd/stpmap/internal/command/ensemble"
	"stpmap/cmd/stpmap/internal/command/explain"
	"stpmap/cmd/stpmap/internal/command/imports"
	"stpmap/cmd/stpmap/internal/command/ingest"
	"stpmap/cmd/stpmap/internal/command/job"
	"stpmap/cmd/stpmap/internal/command/merge"
	"stpmap/cmd/stpmap/internal/command/scores"
	"stpmap/cmd/stpmap/internal/command/validate"
	"stpmap/cmd/stpmap/internal/command/whatif"
	"stpmap/cmd/stpmap/internal/command/workbench"
)

// description is what help says of the tool.
const description = `stpmap groups areas (or commissioners) and providers into candidate health
systems by patient flow, and writes maps that QGIS opens.

Start with the embedded sample, which is synthetic:

  stpmap demo -o out

Exit status: 0 done, 1 failed (disk, network, engine), 2 usage, 3 bad input,
130 interrupted.`

// commands stand in the order in which a user meets them.
func commands() []*cli.Command {
	return []*cli.Command{
		job.Demo, job.Run, validate.Command, cluster.Command, compare.Command, drawing.Command,
		explain.Command, scores.Command, merge.Command, ensemble.Command, whatif.Command,
		workbench.Command, workbench.Replay,
		imports.Command, ingest.Command, ingest.SQL,
	}
}

// App is the tool.
func App() *cli.App {
	return &cli.App{
		Usage:       "draw health systems on a map from patient flows",
		Description: description,
		Commands:    commands(),
		Flags:       flags(),
		Categories:  categories,
	}
}
