#!/usr/bin/python3
"""pipeline.py [M L] [--runs 3] [--data DIR]: the whole job, from flows and boundaries to tables and maps: stpmap run against
the same job in Python (pipeline_peer.py: pandas, leidenalg, geopandas). stpmap does all that it does by default, with ten
restarts, flow lines, a QGIS project, pictures and a report; the peer clusters once and draws none of these."""
import shutil
from pathlib import Path

import measure


def size_table(a, stpmap, size):
    runs = a.runs or 3
    boundaries = measure.coverage(a.data, size)
    folder = measure.flows(a.data, size, boundaries)
    out = {n: a.work / f"{n}-{size}" for n in ("stpmap", "Python")}
    commands = {
        "stpmap": [stpmap, "run", "--flows", folder / "flows.csv", "--boundaries", boundaries, "--providers", folder / "providers.csv",
                   "--population", folder / "areas.csv", "--resolution", 1, "--quiet", "--json", "-o", out["stpmap"]],
        "Python": [measure.PYTHON, Path(__file__).with_name("pipeline_peer.py"), folder, boundaries, out["Python"]],
    }
    costs = {n: [] for n in commands}
    for i in range(runs):
        for name, command in commands.items():
            shutil.rmtree(out[name], ignore_errors=True)
            costs[name].append(measure.run(command))
        measure.say(f"{size}, run {i + 1}: " + ", ".join(f"{n} {c[-1].cpu:.2f} s {c[-1].mb:.0f} MB" for n, c in costs.items()))
    ours = measure.median([c.cpu for c in costs["stpmap"]])
    print(f"### {size}: {costs['stpmap'][0].json['areas']:,} areas, {sum(1 for _ in open(folder / 'flows.csv', 'rb')) - 1:,} flows, {runs} runs\n")
    measure.table(["", "CPU s", "least to most", "times stpmap", "MB", "footprints", "inside", "modularity"], [
        [n, measure.number(measure.median([c.cpu for c in costs[n]])), f"{min(c.cpu for c in costs[n]):.2f} to {max(c.cpu for c in costs[n]):.2f}",
         "1" if n == "stpmap" else f"{measure.median([c.cpu for c in costs[n]]) / ours:.1f}", measure.number(measure.median([c.mb for c in costs[n]])),
         costs[n][0].json["footprints"], f"{costs[n][0].json['inside_share']:.4f}", f"{costs[n][0].json['modularity']:.5f}"] for n in commands])


def main():
    a = measure.arguments(__doc__, ["M", "L"])
    print(f"## The whole job\n\n{measure.machine()}\n", flush=True)
    stpmap = measure.build(a.work)
    for size in a.sizes:
        size_table(a, stpmap, size)
    measure.done(a)


main()
