#!/usr/bin/env python3
"""The sweep of `stpmap compare` written with public tools, timed in one run.

    python3 .ci/bench/compare.py STPMAP FLOWS.csv [RESOLUTIONS] [SEEDS]

Needs Debian's python3-leidenalg and python3-sklearn. Runs leidenalg's Leiden
(until nothing moves) at every resolution with every seed, and scikit-learn's
adjusted_mutual_info_score over all pairs of a resolution's runs, then the
same sweep with stpmap. CPU seconds are user and system time of the process;
peak memory is its largest resident size.
"""
import csv
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time

import igraph
import leidenalg
import numpy
from sklearn.metrics import adjusted_mutual_info_score


def read(path):
    areas, providers, edges, weights = {}, {}, [], []
    with open(path, newline="") as f:
        rows = csv.reader(f)
        next(rows)
        for area, provider, n in rows:
            a = areas.setdefault(area, len(areas))
            p = providers.setdefault(provider, len(providers))
            edges.append((a, p))
            weights.append(float(n))
    n = len(areas)
    graph = igraph.Graph(n + len(providers), [(a, n + p) for a, p in edges])
    return graph, weights, n


def peer(path, resolutions, seeds):
    graph, weights, areas = read(path)
    start = time.process_time()
    labels, counts = [], []
    for gamma in resolutions:
        one = []
        for seed in range(1, seeds + 1):
            p = leidenalg.find_partition(
                graph, leidenalg.RBConfigurationVertexPartition, weights=weights,
                resolution_parameter=gamma, n_iterations=-1, seed=seed)
            one.append(p.membership[:areas])
            counts.append(len(p))
        labels.append(one)
    runs = time.process_time() - start
    start = time.process_time()
    stability = [numpy.mean([adjusted_mutual_info_score(a, b) for a, b in itertools.combinations(one, 2)]) for one in labels]
    return runs, time.process_time() - start, min(counts), max(counts), stability


def ours(stpmap, path, text, seeds, jobs):
    with tempfile.TemporaryDirectory() as out:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall = time.perf_counter()
        command = [stpmap, "compare", "--flows", path, "--resolution", text, "--seeds", str(seeds), "--jobs", str(jobs), "--quiet", "-o", os.path.join(out, "sweep")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wall = time.perf_counter() - wall
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(os.path.join(out, "sweep", "summary.csv"), newline="") as f:
            rows = list(csv.DictReader(f))
        with open(os.path.join(out, "sweep", "runs.csv"), newline="") as f:
            counts = [int(r["footprints"]) for r in csv.DictReader(f)]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, after.ru_maxrss / 1024, min(counts), max(counts), [float(r["stability"]) for r in rows]


def main():
    stpmap, path = sys.argv[1], sys.argv[2]
    n = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    seeds = int(sys.argv[4]) if len(sys.argv) > 4 else 20
    resolutions = [0.2 * 75 ** (i / (n - 1)) for i in range(n)]
    print(f"{n} resolutions, {seeds} seeds: {n * seeds} runs")
    results = [ours(stpmap, path, f"0.2:15:log{n}", seeds, jobs) for jobs in (1, 1, 1, 2, 2, 2)]
    one, two = sorted(results[:3])[1], sorted(results[3:])[1]
    wall1, wall2 = min(r[1] for r in results[:3]), min(r[1] for r in results[3:])
    print(f"stpmap: {one[0]:.2f} s CPU on one core, {two[0]:.2f} s on two, charts and all; peak {max(r[2] for r in results):.0f} MB; {one[3]} to {one[4]} footprints")
    print(f"stpmap: {wall1:.2f} s by the clock on one core, {wall2:.2f} s on two (best of three): {wall1 / wall2:.2f} times as fast")
    runs, pairs, least, most, stability = peer(path, resolutions, seeds)
    best = max(range(n), key=lambda i: stability[i])
    print(f"leidenalg: {runs:.2f} s CPU; scikit-learn's AMI: {pairs:.2f} s; {least} to {most} communities; steadiest at {resolutions[best]:.3g} with {stability[best]:.3f}")
    print(f"stpmap needs {(runs + pairs) / one[0]:.0f} times less CPU")


if __name__ == "__main__":
    main()
