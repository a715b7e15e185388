#!/usr/bin/python3
"""ingest.py [MILLIONS...] [--runs 5] [--data DIR]: records counted into pairs and written as CSV: stpmap ingest against
DuckDB (from npm), whole commands, from CSV and from Parquet. Pairs, total and sum of squares must be the same."""
import csv
import subprocess

import measure

DUCKDB = """
const { DuckDBInstance } = require(process.argv[2]);
(async () => {
  const c = await (await DuckDBInstance.create(':memory:')).connect();
  await c.run("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false");
  await c.run(`COPY (SELECT lsoa AS area, provider, COUNT(*) AS count FROM '${process.argv[3]}' GROUP BY ALL) TO '${process.argv[4]}' (FORMAT csv, HEADER)`);
  const v = await c.runAndReadAll("SELECT version()");
  console.log(v.getRows()[0][0]);
})();
"""


def records(a, binary, millions, suffix):
    """The records, made once."""
    out = a.data / f"records-{millions}m.{suffix}"
    if not out.exists():
        part = a.data / f"part-{millions}m.{suffix}"
        subprocess.run([binary, "-rows", str(int(float(millions) * 1e6)), "-o", part], check=True)
        part.rename(out)
    return out


def answer(path):
    """Number of pairs, total and sum of squares of a table of pairs."""
    pairs = total = squares = 0
    with path.open() as f:
        rows = csv.reader(f)
        next(rows)
        for row in rows:  # not held: a child's peak memory starts from its parent's
            n = int(row[2])
            pairs, total, squares = pairs + 1, total + n, squares + n * n
    return pairs, total, squares


def size_table(a, stpmap, maker, duckdb, millions):
    runs = a.runs or 5
    script = a.work / "duckdb.js"
    script.write_text(DUCKDB)
    rows = []
    for suffix in ("csv", "parquet"):
        source = records(a, maker, millions, suffix)
        out = {n: a.work / f"{n}.csv" for n in ("stpmap", "duckdb")}
        commands = {
            "stpmap": [stpmap, "ingest", "--from", source, "--area", "lsoa", "--provider", "provider", "--quiet", "-o", out["stpmap"]],
            "duckdb": ["node", script, duckdb, source, out["duckdb"]],
        }
        costs = {n: [] for n in commands}
        for i in range(runs):
            for name, command in commands.items():
                costs[name].append(measure.run(command))
            measure.say(f"{millions}m {suffix}, run {i + 1}: " + ", ".join(f"{n} {c[-1].cpu:.2f} s {c[-1].mb:.0f} MB" for n, c in costs.items()))
        ours, theirs = answer(out["stpmap"]), answer(out["duckdb"])
        if ours != theirs or ours[1] != int(float(millions) * 1e6):
            raise SystemExit(f"{suffix}: stpmap counts {ours}, DuckDB {theirs}")
        base = measure.median([c.cpu for c in costs["duckdb"]])
        for n in commands:
            cpu = measure.median([c.cpu for c in costs[n]])
            label = "stpmap" if n == "stpmap" else f"DuckDB {costs[n][0].out.strip()}"
            rows.append([f"{suffix}, {label}", measure.number(cpu), f"{min(c.cpu for c in costs[n]):.2f} to {max(c.cpu for c in costs[n]):.2f}",
                         f"{cpu / base:.2f}", measure.number(max(c.mb for c in costs[n]))])
    print(f"### {millions} million records, {ours[0]:,} pairs, {runs} runs\n")
    measure.table(["", "CPU s", "least to most", "times DuckDB", "MB"], rows)
    print(f"Both give {ours[0]:,} pairs, {ours[1]:,} records and a sum of squares of {ours[2]:,}.\n", flush=True)


def main():
    a = measure.arguments(__doc__, ["20"])
    print(f"## Records into pairs\n\n{measure.machine()}\n")
    stpmap = measure.build(a.work)
    maker = a.work / "records"
    subprocess.run(["go", "build", "-o", maker, "./.ci/bench/records"], cwd=measure.REPO, check=True)
    duckdb, _ = measure.npm(a.work, "@duckdb/node-api")
    for millions in a.sizes:
        size_table(a, stpmap, maker, duckdb, millions)
    measure.done(a)


if __name__ == "__main__":
    main()
