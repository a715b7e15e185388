#!/usr/bin/env python3
"""Proposals a second of stpmap ensemble on a case, and of GerryChain's ReCom on
the same neighbours, where that package is installed.

    .ci/bench/ensemble.py STPMAP FOLDER

FOLDER has flows.csv, areas.geojson (code in area_code, people in population) and
reference_partition.csv, as England's case does.
"""
import csv
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

PARTS, LOW, HIGH = 44, 300_000, 3_000_000
STEPS = 2_000


def ours(tool, folder, out):
    command = [
        tool, "ensemble", "--flows", folder / "flows.csv", "--boundaries", folder / "areas.geojson",
        "--partition", folder / "reference_partition.csv", "--footprints", str(PARTS),
        "--min-population", str(LOW), "--max-population", str(HIGH), "--jobs", "1", "--quiet", "--json", "-o", out,
    ]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"stpmap: {result['proposals_per_second']:,.0f} proposals/s, {result['cpu_seconds']:.1f} s for {result['maps']:,} maps "
          f"(the whole command {used.ru_utime + used.ru_stime:.1f} s), {used.ru_maxrss / 1024:.0f} MB, "
          f"R-hat {result['rhat']:.4f}, ESS {result['ess']:.0f}")


def theirs(folder, out):
    try:
        import networkx
        from gerrychain import Graph, MarkovChain, Partition, accept, constraints, proposals, updaters
    except ImportError as missing:
        print(f"GerryChain: left out ({missing})")
        return
    people = {f["properties"]["area_code"]: f["properties"]["population"] for f in json.load(open(folder / "areas.geojson"))["features"]}
    graph = networkx.Graph()
    for f in json.load(open(out / "borders.geojson"))["features"]:
        graph.add_edge(f["properties"]["area"], f["properties"]["neighbour"])
    for code in list(graph):
        graph.nodes[code]["people"] = people[code]
    group = {r["area_code"]: r["stp_code"] for r in csv.DictReader(open(folder / "reference_partition.csv"))}
    graph = Graph.from_networkx(graph)
    start = Partition(graph, {code: group[code] for code in graph.nodes}, {"people": updaters.Tally("people")})
    ideal = sum(people[code] for code in graph.nodes) / PARTS
    chain = MarkovChain(
        lambda p: proposals.recom(p, pop_col="people", pop_target=ideal, epsilon=0.75, node_repeats=2),
        [constraints.within_percent_of_ideal_population(start, 1.5, "people")], accept.always_accept, start, STEPS)
    begin = time.process_time()
    for _ in chain:
        pass
    print(f"GerryChain: {STEPS / (time.process_time() - begin):,.0f} ReCom steps/s")


def main():
    tool, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / "ensemble"
        ours(tool, folder, out)
        theirs(folder, out)


main()
