package main

import "github.com/urfave/cli/v2"

// commands lists every command, in the order in which a user meets them.
func commands(env *environment) []*cli.Command {
	return []*cli.Command{
		demoCommand(env),
		runCommand(env),
		validateCommand(env),
		clusterCommand(env),
		compareCommand(env),
		renderCommand(env),
		explainCommand(env),
		scoreCommand(env),
		importCommand(env),
		ingestCommand(env),
		sqlCommand(env),
	}
}
