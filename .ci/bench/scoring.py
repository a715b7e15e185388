#!/usr/bin/python3
"""scoring.py [M L XL] [--runs 3] [--data DIR]: clusters and scores without boundaries, whole commands: stpmap cluster, then
stpmap score of its partition (10,000 draws), and stpmap run, which does both and writes the folder. Indicators are made
up: ten of providers in two periods and two of areas."""
import csv
import math
import shutil

import measure

# The headline set's indicators: the middle of the providers' values, and what a unit counts.
BY_PROVIDER = {"ae_4h": (0.94, 40_000), "dtoc": (0.035, 90_000), "diag_6w": (0.012, 6_000), "cancer_62d": (0.86, 400), "cancer_31d": (0.97, 700),
               "cancer_2ww": (0.94, 3_000), "c_difficile": (0.95, 40), "shmi": (1.0, 1_200), "mrsa": (0.9, 150_000), "cqc": (None, None)}
BY_AREA = {"rtt_18w": (0.92, 600), "fft": (0.95, 150)}
BANDS = ("outstanding", "good", "good", "good", "requires improvement", "inadequate")
MASK = (1 << 64) - 1


def mixed(*numbers):
    """A number in [0, 1) that hangs on the given ones alone (splitmix64)."""
    x = 0
    for n in numbers:
        x = (x + n + 0x9E3779B97F4A7C15) & MASK
        x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & MASK
        x = ((x ^ x >> 27) * 0x94D049BB133111EB) & MASK
        x ^= x >> 31
    return x / 2**64


def indicators(a, folder, size):
    """The figures of a size, made once."""
    out = a.data / f"indicators-{size}.csv"
    if out.exists():
        return out

    def codes(name):
        with (folder / name).open() as f:
            return [row[0] for row in csv.reader(f)][1:]

    part = out.with_suffix(".part")
    with part.open("w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["entity", "indicator", "period", "numerator", "denominator", "value"])
        for kind, names, entities, periods in ((1, BY_PROVIDER, codes("providers.csv"), ("2016/17", "2017/18")), (2, BY_AREA, codes("areas.csv"), ("2017/18",))):
            for e, entity in enumerate(entities):
                quality = mixed(kind, e) - 0.5  # good places are good at most things
                for k, (name, (middle, most)) in enumerate(names.items()):
                    for p, period in enumerate(periods):
                        if middle is None:
                            w.writerow([entity, name, period, "", "", BANDS[int(mixed(kind, e, k) * len(BANDS))]])
                            continue
                        n = max(1, int(most * (0.2 + 1.6 * mixed(kind, e, k, 7))))
                        away = 0.35 * (0.5 * quality + mixed(kind, e, k, p) - 0.5)
                        x = 1 - (1 - middle) * math.exp(4 * away) if 0.5 < middle < 0.99 and name != "c_difficile" else middle * math.exp(2 * away)
                        per = 100_000 if name == "mrsa" else 1
                        w.writerow([entity, name, period, max(0, round(n * x / per)), n, ""])
    part.rename(out)
    return out


def size_table(a, stpmap, size):
    runs = a.runs or 3
    folder = measure.flows(a.data, size)
    figures = indicators(a, folder, size)
    partition, scores, out = a.work / f"partition-{size}.csv", a.work / f"scores-{size}", a.work / f"run-{size}"
    flows = ["--flows", folder / "flows.csv", "--quiet", "--json"]
    commands = {
        "cluster": [stpmap, "cluster", *flows, "--population", folder / "areas.csv", "-o", partition],
        "score": [stpmap, "score", *flows, "--population", folder / "areas.csv", "--partition", partition, "--indicators", figures, "-o", scores],
        "run": [stpmap, "run", *flows, "--population", folder / "areas.csv", "--resolution", 1, "--indicators", figures, "-o", out],
    }
    costs = {n: [] for n in commands}
    for i in range(runs):
        for name, command in commands.items():
            shutil.rmtree(scores, ignore_errors=True)
            shutil.rmtree(out, ignore_errors=True)
            costs[name].append(measure.run(command))
        measure.say(f"{size}, run {i + 1}: " + ", ".join(f"{n} {c[-1].cpu:.2f} s {c[-1].mb:.0f} MB" for n, c in costs.items()))
    cluster, score = costs["cluster"][0].json, costs["score"][0].json
    n = sum(1 for _ in (folder / "flows.csv").open("rb")) - 1
    print(f"### {size}: {cluster['areas']:,} areas, {cluster['providers']:,} providers, {n:,} flows, "
          f"{sum(1 for _ in figures.open('rb')) - 1:,} figures, {cluster['footprints']} footprints ({score['rated']} rated), {runs} runs\n")
    measure.table(["", "CPU s", "least to most", "MB"], [
        [f"`{n}`", measure.number(measure.median([c.cpu for c in costs[n]])), f"{min(c.cpu for c in costs[n]):.2f} to {max(c.cpu for c in costs[n]):.2f}",
         measure.number(max(c.mb for c in costs[n]))] for n in commands])
    return n, {name: measure.median([c.cpu for c in costs[name]]) for name in commands}


def main():
    a = measure.arguments(__doc__, ["M", "L", "XL"])
    print(f"## Clusters and scores without boundaries\n\n{measure.machine()}\n", flush=True)
    stpmap = measure.build(a.work)
    sizes = [(size, *size_table(a, stpmap, size)) for size in a.sizes]
    (low, n0, first), (top, n1, last) = sizes[0], sizes[-1]
    if n1 > n0:
        print(f"From {low} to {top} the whole commands grow as flows to the power of "
              + ", ".join(f"{math.log(last[name] / first[name]) / math.log(n1 / n0):.2f} (`{name}`)" for name in first) + ".\n", flush=True)
    measure.done(a)


main()
