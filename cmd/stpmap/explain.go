package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"stpmap/footprint"
)

func explainCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "explain",
		Usage: "why an area, provider or footprint lies where it lies, and the next best place",
		Description: `Examples:

  stpmap explain --flows flows.csv --partition partition.csv --area E38000001
  stpmap explain --flows flows.csv --partition partition.csv --footprint F07 --json
  stpmap explain --flows flows.csv --boundaries areas.geojson --contiguous \
      --min-population 300000 --partition partition.csv --area E38000001
  stpmap explain --flows flows.csv --partition partition.csv --indicators indicators.csv --footprint F07

With the demands that the partition was made under, it names those that the
next best place would break.`,
		Flags: join(flowFlags(), placeFlags(), partitionFlags(), demandFlags(), scoreFlags(), []cli.Flag{
			&cli.IntFlag{Name: "footprints", Usage: "the number `K` of footprints that there must be"},
			&cli.StringFlag{Name: "area", Usage: "`CODE` of an area"},
			&cli.StringFlag{Name: "provider", Usage: "`CODE` of a provider"},
			&cli.StringFlag{Name: "footprint", Usage: "`ID` of a footprint"},
			&cli.Float64Flag{Name: "resolution", Value: 1, Usage: "`γ` at which gains are weighed"},
			suppressFlag("explain"),
			jsonFlag(),
		}),
	}, []string{"flows", "partition"}, func(c *cli.Context) error {
		try := "stpmap explain --flows flows.csv --partition partition.csv --area E38000001"
		asked := 0
		for _, f := range []string{"area", "provider", "footprint"} {
			if c.IsSet(f) {
				asked++
			}
		}
		if asked != 1 {
			return usagef(try, "explain takes one of --area, --provider and --footprint")
		}
		if len(c.StringSlice("partition")) != 1 {
			return usagef(try, "explain takes one --partition")
		}
		gamma := c.Float64("resolution")
		if !(gamma > 0) || math.IsInf(gamma, 0) {
			return usagef(try+" --resolution 1.5", "--resolution must be a number above 0, got %v", gamma)
		}
		cl, err := boundsFromFlags(c)
		if err != nil {
			return err
		}
		if cl.footprints = c.Int("footprints"); c.IsSet("footprints") && cl.footprints < 1 {
			return usagef(try+" --footprints 37", "--footprints must be at least 1, got %d", cl.footprints)
		}
		in, err := env.load(c.Context, c, needs{})
		if err != nil {
			return err
		}
		demands, err := cl.constraints(in)
		if err != nil {
			return err
		}
		given := in.given[0]
		var sentences []string
		var object any
		if id := c.String("footprint"); id != "" {
			f := slices.Index(given.partition.IDs, id)
			if f < 0 {
				return inputf("no footprint %q in %s; there are %s", id, given.file, firstFew(given.partition.IDs))
			}
			ms := footprint.Measure(in.matrix, given.partition, in.population, in.adjacency)
			ex := footprint.ExplainFootprint(in.matrix, given.partition, ms, f, gamma)
			ex.Bind(in.matrix, given.partition, demands)
			sentences, object = ex.Sentences(given.names[f]), ex
			if c.IsSet("indicators") {
				text, err := env.explainScore(c, in, id)
				if err != nil {
					return err
				}
				sentences = append(sentences, text)
			}
		} else {
			node, name, err := in.nodeAsked(c)
			if err != nil {
				return err
			}
			ex := footprint.ExplainNode(in.matrix, given.partition, node, gamma)
			ex.Bind(in.matrix, given.partition, node, demands)
			if all := slices.Concat(given.confidence, given.providerConfidence); node < len(all) {
				ex.Confidence = nullable(all[node])
			}
			sentences, object = ex.Sentences(name), ex
		}
		if c.Bool("json") {
			return writeJSON(env.stdout, struct {
				Explanation any      `json:"explanation"`
				Sentences   []string `json:"sentences"`
				Version     string   `json:"version"`
				FlowSHA256  string   `json:"flow_sha256"`
			}{object, sentences, version, in.matrix.SHA256()})
		}
		_, err = fmt.Fprintln(env.stdout, strings.Join(sentences, "\n"))
		return err
	})
}

// explainScore scores the partition and says what is failing in a footprint.
func (env *environment) explainScore(c *cli.Context, in *inputs, id string) (string, error) {
	options, err := scoreOptions(c)
	if err != nil {
		return "", err
	}
	given := in.given[0]
	res, err := env.score(c, filesOnDisk{stdin: env.stdin}, in, given.partition, given.namesOrNil(), given.confidence, options, sharing{})
	if err != nil {
		return "", err
	}
	return explainText(res, id)
}

// nodeAsked finds the area or provider that the flags name.
func (in *inputs) nodeAsked(c *cli.Context) (node int, name string, err error) {
	m := in.matrix
	if code := c.String("area"); code != "" {
		a, ok := m.AreaIndex(code)
		if !ok {
			return 0, "", inputf("no area %q in the flows; the first are %s", code, firstFew(m.Areas()))
		}
		if in.areaNames != nil {
			name = in.areaNames[a]
		}
		return a, name, nil
	}
	code := c.String("provider")
	j, ok := m.ProviderIndex(code)
	if !ok || m.OneMode() {
		return 0, "", inputf("no provider %q in the flows; the first are %s", code, firstFew(m.Providers()))
	}
	if in.providerNames != nil {
		name = in.providerNames[j]
	}
	return len(m.Areas()) + j, name, nil
}
