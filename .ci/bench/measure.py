"""What the benchmarks share: made-up data, commands timed by their CPU, medians, Markdown tables.

Times are CPU seconds (user and system, all threads and children), because they hardly change when a machine has other
work; memory is the peak resident size. Every peer runs in the same run as stpmap, turn about."""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
TOOLS = REPO.parent / "shared" / "tools"
PYTHON = "/usr/bin/python3"  # Debian's own, which has the peers


def arguments(description, sizes):
    """The command line that every benchmark takes."""
    p = argparse.ArgumentParser(description=description)
    p.add_argument("sizes", nargs="*", default=sizes, help=f"sizes of the generators (default: {' '.join(sizes)})")
    p.add_argument("--runs", type=int, default=0, help="runs of each tool (default: the benchmark's own)")
    p.add_argument("--data", type=Path, help="folder to make the data in and to find it again (default: one that is deleted)")
    a = p.parse_args()
    if not TOOLS.is_dir():
        sys.exit("../shared/tools is not there: it makes the data and runs the peers")
    a.work = Path(tempfile.mkdtemp(prefix="stpmap-bench-"))
    a.data = (a.data or a.work / "data").resolve()
    a.data.mkdir(parents=True, exist_ok=True)
    return a


def build(work):
    """The stpmap command, built as it is released."""
    out = work / "stpmap"
    subprocess.run(["go", "build", "-o", str(out), "./cmd/stpmap"], cwd=REPO, check=True, env={**os.environ, "CGO_ENABLED": "0"})
    return str(out)


def flows(data, size, coverage=None):
    """The folder with flows.csv and providers.csv of a size."""
    out = data / f"flows-{size}{'-places' if coverage else ''}"
    if not (out / "MANIFEST.sha256").exists():
        more = ["--areas-from", str(coverage)] if coverage else []
        subprocess.run([PYTHON, str(TOOLS / "gen_flows.py"), size, str(out), *more], check=True, stdout=subprocess.DEVNULL)
    return out


def coverage(data, size):
    """The GeoJSON of a size, in WGS84."""
    out = data / f"{size}.geojson"
    if not (data / f"{size}_groups.csv").exists():
        subprocess.run([PYTHON, str(TOOLS / "gen_coverage.py"), size], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "OUT_DIR": str(data)})
    return out


def npm(work, package, *flags):
    """The folder of an npm package, and its version."""
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", *flags, "--prefix", str(work / "npm"), package], check=True, stdout=subprocess.DEVNULL)
    folder = work / "npm" / "node_modules" / package
    return folder, json.loads((folder / "package.json").read_text())["version"]


class Cost:
    """One command's CPU seconds, peak memory in MB, and output."""

    def __init__(self, cpu, mb, out):
        self.cpu, self.mb, self.out = cpu, mb, out

    @property
    def json(self):
        return json.loads(self.out)


def run(command, env=None):
    """Runs a command to its end; it must succeed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        p = subprocess.Popen([str(c) for c in command], stdout=out, stderr=err, stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
        _, status, used = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if p.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}\nended with {p.returncode}\n{err.read().decode(errors='replace')[-4000:]}")
        return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out.read().decode())


def median(values):
    return statistics.median(values)


def number(x):
    """Three figures that count."""
    if x is None:
        return ""
    if x >= 100:
        return f"{x:,.0f}"
    return f"{x:.3g}" if x >= 0.0995 else f"{x:.2g}"


def table(heads, rows):
    print("| " + " | ".join(heads) + " |")
    print("| --- |" + " ---: |" * (len(heads) - 1))
    for r in rows:
        print("| " + " | ".join(str(c) for c in r) + " |")
    print(flush=True)


def machine():
    """The machine in the only terms that these figures need."""
    with open("/proc/meminfo") as f:
        gb = int(f.readline().split()[1]) / (1 << 20)
    go = subprocess.run(["go", "version"], capture_output=True, text=True, check=True).stdout.split()[2].removeprefix("go")
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {gb:.0f} GB, Go {go}, Python {platform.python_version()}; load {load:.1f} at the start"


def say(text):
    print(text, file=sys.stderr, flush=True)


def done(a):
    shutil.rmtree(a.work, ignore_errors=True)
