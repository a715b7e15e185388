"""What the rule of compare recommends where the ends, steps and seeds of the
sweep are moved 54 ways: on England, on the counts by local authority, and on
the embedded sample.

    python3 .ci/bench/number.py ./stpmap ../shared/england

It prints, for each data set, how often each number was recommended, its
interval, the agreement of the map with the reference, and the people of its
smallest and largest footprint.
"""

import collections
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile

RANGES = ["0.2:{}", "0.45:{}", "0.8:{}", "1:{}", "1.5:{}", "2.5:{}"]
ENDS = ["10", "15", "20"]
STEPS = [("log8", 1), ("log11", 7), ("log16", 3)]
COUNTS = ["30:60:5", "50:104:9"]


def sweeps():
    """54 sweeps: 52 ranges of resolutions, and 2 of numbers of footprints."""
    ranges = list(itertools.product(RANGES, ENDS, STEPS))
    for low, high, (steps, seed) in ranges[: 54 - len(COUNTS)]:
        yield ["--resolution", f"{low.format(high)}:{steps}", "--seed", str(seed)]
    for counts in COUNTS:
        yield ["--footprints", counts]


def recommended(stpmap, inputs, sweep):
    args = [stpmap, "compare", *inputs, *sweep, "--seeds", "1", "--quiet", "--json"]
    return json.loads(subprocess.run(args, check=True, capture_output=True, text=True).stdout)


def report(name, stpmap, inputs):
    numbers, aris, people, intervals = collections.Counter(), [], [], set()
    for sweep in sweeps():
        answer = recommended(stpmap, inputs, sweep)
        numbers[answer["footprints"]] += 1
        setting = answer["setting"]
        if setting is None:
            continue
        intervals.add(tuple(answer["interval"]))
        if setting["ari"] is not None:
            aris.append(setting["ari"])
        if setting["min_population"] is not None:
            people.append((setting["min_population"], setting["max_population"]))
    print(f"{name}: recommended {dict(sorted(numbers.items(), key=str))}, interval {sorted(intervals)}")
    if aris:
        print(f"  ARI {min(aris):.4f} to {max(aris):.4f}")
    if people:
        print(f"  people {min(p[0] for p in people):,.0f} to {max(p[1] for p in people):,.0f}")


def main():
    stpmap, england = sys.argv[1], pathlib.Path(sys.argv[2])
    report("England", stpmap, [
        "--flows", england / "flows.csv", "--boundaries", england / "areas.geojson",
        "--reference", england / "reference_partition.csv"])
    report("LTLA counts", stpmap, [
        "--flows", england / "flows_ltla19_trust_covid_link_counts.csv",
        "--reference", england / "reference_trust_stp17.csv"])
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([stpmap, "demo", "-o", folder, "--quiet"], check=True, capture_output=True)
        sample = pathlib.Path(folder) / "sample"
        report("sample", stpmap, [
            "--flows", sample / "flows.csv", "--population", sample / "population.csv",
            "--reference", sample / "reference_partition.csv"])


if __name__ == "__main__":
    main()
