#!/usr/bin/python3
"""dissolve.py [S M L] [--runs 5] [--data DIR]: read a coverage, dissolve it by attribute, write it: stpmap render against
mapshaper and geopandas, whole commands. stpmap's result is then held against GEOS's union by check_coverage.py."""
import measure

GEOPANDAS = """
import sys, geopandas
areas = geopandas.read_file(sys.argv[1])
areas.dissolve(by="grp").to_file(sys.argv[2], driver="GeoJSON")
"""


def size_table(a, stpmap, mapshaper, versions, size):
    runs = a.runs or 5
    source = measure.coverage(a.data, size)
    out = {n: a.work / f"{n}-{size}.geojson" for n in versions}
    commands = {
        "stpmap": [stpmap, "render", "--boundaries", source, "--by", "grp", "--quiet", "--json", "-o", out["stpmap"]],
        "mapshaper": ["node", mapshaper / "bin" / "mapshaper", source, "-dissolve", "grp", "-o", out["mapshaper"]],
        "geopandas": [measure.PYTHON, "-c", GEOPANDAS, source, out["geopandas"]],
    }
    costs = {n: [] for n in commands}
    for i in range(runs):
        for name, command in commands.items():
            if name == "geopandas" and i >= 3:
                continue  # a minute each at L, and they differ little
            out[name].unlink(missing_ok=True)
            costs[name].append(measure.run(command))
        measure.say(f"{size}, run {i + 1}: " + ", ".join(f"{n} {c[-1].cpu:.2f} s {c[-1].mb:.0f} MB" for n, c in costs.items()))
    ours = measure.median([c.cpu for c in costs["stpmap"]])
    said = costs["stpmap"][0].json
    print(f"### {size}: {said['vertices_in']:,} vertices, {source.stat().st_size / 1e6:.0f} MB, {said['features']} groups, {runs} runs\n")
    measure.table(["", "CPU s", "least to most", "times stpmap", "MB"], [
        [f"{n} {versions[n]}".strip(), measure.number(measure.median([c.cpu for c in costs[n]])),
         f"{min(c.cpu for c in costs[n]):.2f} to {max(c.cpu for c in costs[n]):.2f}",
         "1" if n == "stpmap" else f"{measure.median([c.cpu for c in costs[n]]) / ours:.1f}",
         measure.number(measure.median([c.mb for c in costs[n]]))] for n in commands])
    measure.run([measure.PYTHON, measure.TOOLS / "check_coverage.py", out["stpmap"], "--inputs", source, "--by", "grp", "--out-key", "footprint", "--fast"])
    print("stpmap's result equals GEOS's union of its inputs (`check_coverage.py`).\n", flush=True)


def main():
    a = measure.arguments(__doc__, ["M", "L"])
    print(f"## Read, dissolve, write\n\n{measure.machine()}\n", flush=True)
    stpmap = measure.build(a.work)
    mapshaper, version = measure.npm(a.work, "mapshaper", "--ignore-scripts")  # nothing of it need be compiled
    geopandas = measure.run([measure.PYTHON, "-c", "import geopandas; print(geopandas.__version__)"]).out.strip()
    versions = {"stpmap": "", "mapshaper": version, "geopandas": geopandas}
    for size in a.sizes:
        size_table(a, stpmap, mapshaper, versions, size)
    measure.done(a)


main()
