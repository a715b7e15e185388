#!/usr/bin/python3
"""clustering.py [M L XL] [--runs 10] [--data DIR]: clustering alone, against leidenalg and igraph, one thread.

The peers run by ../shared/tools/peer_communities.py (n_iterations=2) and count their own CPU seconds of the clustering
call; so does stpmap (cpu_seconds), on one processor. Each seed runs all tools, turn about.
Peers' modularity is computed by eval_partition.py. At XL the peers run once."""
import json
import math

import measure

PEERS = {"leidenalg": "leidenalg_2", "igraph": "igraph_leiden"}
REPEATS = 1
ONE = {"GOMAXPROCS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def cluster(stpmap, flows, out, seed, restarts):
    return measure.run([stpmap, "cluster", "--flows", flows, "--seed", seed, "--restarts", restarts, "--jobs", 1,
                        "--quiet", "--json", "-o", out], ONE)


def quality(flows, members):
    return measure.run([measure.PYTHON, measure.TOOLS / "eval_partition.py", flows, members]).json


def peer(name, flows, members, seed):
    c = measure.run([measure.PYTHON, measure.TOOLS / "peer_communities.py", PEERS[name], flows, members, seed], ONE)
    got = c.json
    return got["algo_cpu_s"], quality(flows, members)["modularity"], got.get("ver"), c


def size_table(a, stpmap, size):
    runs = a.runs or 10
    folder = measure.flows(a.data, size)
    flows = folder / "flows.csv"
    rows = sum(1 for _ in open(flows, "rb")) - 1
    members, out = a.work / "members.csv", a.work / "partition.csv"
    seconds = {n: [] for n in ["stpmap", *PEERS]}
    scores = {n: [] for n in ["stpmap", *PEERS]}
    whole = {n: [] for n in ["stpmap", *PEERS]}
    versions = {}
    for seed in range(1, runs + 1):
        for name in PEERS:
            if size == "XL" and seed > 1:
                continue
            cpu, q, version, c = peer(name, flows, members, seed)
            seconds[name].append(cpu)
            scores[name].append(q)
            whole[name].append(c)
            versions[name] = version
        c = min((cluster(stpmap, flows, out, seed, 1) for _ in range(REPEATS)), key=lambda c: c.json["cpu_seconds"])
        seconds["stpmap"].append(c.json["cpu_seconds"])
        scores["stpmap"].append(c.json["modularity"])
        whole["stpmap"].append(c)
        measure.say(f"{size}, seed {seed}: " + ", ".join(f"{n} {seconds[n][-1]:.3f} s {scores[n][-1]:.6f}" for n in seconds))
    check(flows, out, members, scores["stpmap"][-1])
    ten = min((cluster(stpmap, flows, out, 1, 10) for _ in range(REPEATS)), key=lambda c: c.json["cpu_seconds"])
    ours = measure.median(seconds["stpmap"])
    lines = []
    for name in ["stpmap", *PEERS]:
        mid = measure.median(seconds[name])
        lines.append([
            name if name == "stpmap" else f"{name} {versions[name] or ''}".strip(),
            measure.number(mid), f"{min(seconds[name]):.3f} to {max(seconds[name]):.3f}", "1" if name == "stpmap" else f"{mid / ours:.1f}",
            f"{measure.median(scores[name]):.6f}", f"{max(scores[name]):.6f}",
            measure.number(measure.median([c.cpu for c in whole[name]])), measure.number(measure.median([c.mb for c in whole[name]])),
        ])
    lines.insert(1, ["stpmap `--restarts 10`", measure.number(ten.json["cpu_seconds"]), "", "", "", f"{ten.json['modularity']:.6f}",
                     measure.number(ten.cpu), measure.number(ten.mb)])
    print(f"### {size}: {rows:,} flows, {runs} seeds\n")
    measure.table(["", "clustering, s", "least to most", "times stpmap", "modularity, median", "best", "whole command, CPU s", "MB"], lines)
    reading = [measure.run([stpmap, "validate", "--flows", flows, "--quiet", "--json"], ONE) for _ in range(5)]
    print(f"Reading (`validate --flows`, {rows:,} rows): {measure.number(measure.median([c.cpu for c in reading]))} s of CPU, "
          f"{measure.number(measure.median([c.mb for c in reading]))} MB.\n", flush=True)
    return rows, ours


def check(flows, partition, members, claimed):
    """Our own modularity, computed by the peers' script, must be what we claim."""
    with open(partition) as f, open(members, "w") as w:
        w.write("node,cluster\n")
        heads = f.readline().strip().split(",")
        code, group = heads.index("code"), heads.index("footprint")
        for line in f:
            cells = line.rstrip("\n").split(",")
            w.write(f"{cells[code]},{cells[group]}\n")
    got = quality(flows, members)
    assert abs(got["modularity"] - claimed) < 2e-6, (got, claimed)
    assert got["disconnected"] == 0 and got["single_kind"] == 0, json.dumps(got)


def main():
    a = measure.arguments(__doc__, ["M", "L"])
    print(f"## Clustering alone, one thread\n\n{measure.machine()}\n", flush=True)
    stpmap = measure.build(a.work)
    grown = [size_table(a, stpmap, size) for size in a.sizes]
    for (n0, t0), (n1, t1) in zip(grown, grown[1:]):
        print(f"From {n0:,} to {n1:,} flows, stpmap's clustering grows as flows^{math.log(t1 / t0) / math.log(n1 / n0):.2f}.")
    measure.done(a)


main()
