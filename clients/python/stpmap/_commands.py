"""Makes one function for each command, from what --help-json says of it."""

import inspect
import keyword
import os
import tempfile
import textwrap

from ._call import UsageError, call, flags
from ._result import Result

# The functions, by the names of their commands; import is a word of Python.
COMMANDS = [
    "cluster", "compare", "demo", "ensemble", "explain", "import_", "ingest", "merge", "render", "replay", "run", "score", "sql", "validate",
    "whatif", "workbench",
]

# What a command writes where out is not given and it writes one file.
FILES = {"cluster": "partition.csv", "import": "flows.csv", "ingest": "pairs.csv", "render": "map.geojson", "replay": "partition.csv", "workbench": "workbench.html"}

# What the functions do themselves.
OURS = {"log-format", "progress", "help", "help-json", "json"}


def function(name):
    """The function of a command. Its help asks the program for the flags."""
    command = name.rstrip("_")

    def run(*, progress=None, **arguments):
        return _run(command, arguments, progress)

    run.__name__ = run.__qualname__ = name
    run.__module__ = "stpmap"
    try:
        described = flags(command)
    except Exception:  # without the program, help is short
        run.__doc__ = f"Runs stpmap {command}."
        return run
    run.__doc__ = _doc(described)
    run.__signature__ = inspect.Signature([
        inspect.Parameter(_argument(f["name"]), inspect.Parameter.KEYWORD_ONLY, default=None)
        for f in described["flags"] if f["name"] not in OURS
    ] + [inspect.Parameter("progress", inspect.Parameter.KEYWORD_ONLY, default=None)])
    return run


def _argument(flag):
    """The argument of a flag: words of Python, such as from and for, end in "_"."""
    name = flag.replace("-", "_")
    return name + "_" if keyword.iskeyword(name) else name


def _doc(described):
    lines = [described["usage"] + ".", ""]
    for f in described["flags"]:
        if f["name"] not in OURS:
            kind = "list of " + f["kind"] if f["repeatable"] else f["kind"]
            default = f.get("unset") or f.get("default")
            end = f" (default: {default})" if default else ""
            lines += textwrap.wrap(f"{_argument(f['name'])}: {kind}. {f['help']}{end}", 88, subsequent_indent="    ")
    return "\n".join(lines)


def _run(command, arguments, progress):
    described = {_argument(f["name"]): f for f in flags(command)["flags"] if f["name"] not in OURS}
    takes_json = any(f["name"] == "json" for f in flags(command)["flags"])
    inputs = tempfile.TemporaryDirectory(prefix="stpmap-in-")
    line, names = [command], {}
    with inputs:
        for name, value in arguments.items():
            if value is None:
                continue
            if name not in described:
                raise UsageError(f"stpmap {command} has no {name}", 2)
            line += _words(described[name], value, inputs.name, names)
        result = Result(arguments.get("out"))
        if "out" in described and arguments.get("out") is None:
            line += _place(command, described["out"], arguments, result.folder)
        standard = arguments.get("out") == "-"
        if takes_json and not standard:
            line.append("--json")
        output, result.notes = call(line, names, progress)
    result.take(output, takes_json and not standard)
    return result


def _place(command, out, arguments, folder):
    """Where a command writes that was not told: nowhere, if it prints a text."""
    if command in FILES and arguments.get("levels") is None:
        return ["--out", os.path.join(folder, FILES[command])]
    return ["--out", folder] if out.get("value") == "FOLDER" or arguments.get("levels") is not None else []


def _words(flag, value, folder, names):
    """A flag with its value, or values, as words of a command line."""
    word = "--" + flag["name"]
    if flag["kind"] == "switch":
        if not isinstance(value, (bool,)):
            raise UsageError(f"{_argument(flag['name'])} is True or False", 2)
        return [word] if value else []
    values = value if isinstance(value, (list, tuple)) else [value]
    if len(values) > 1 and flag["kind"] == "list" and not flag["repeatable"]:
        values = [",".join(str(v) for v in values)]
    if len(values) > 1 and not flag["repeatable"]:
        raise UsageError(f"{_argument(flag['name'])} takes one value", 2)
    words = []
    for v in values:
        if hasattr(v, "to_csv"):
            v = _write(flag, v, folder, names)
        words += [word, os.fspath(v) if hasattr(v, "__fspath__") else str(v)]
    return words


def _write(flag, frame, folder, names):
    """Writes a data frame where the program can read it."""
    if flag["kind"] not in ("file", "source", "builtin"):
        raise UsageError(f"{_argument(flag['name'])} takes no data frame", 2)
    path = os.path.join(folder, f"{flag['name']}{len(names) or ''}")
    if not hasattr(frame, "geometry") or not hasattr(frame, "to_crs"):
        path += ".csv"
        frame.to_csv(path, index=False, encoding="utf-8")
    else:
        if frame.crs is not None:
            frame = frame.to_crs(4326)
        if (frame.geom_type == "Point").all():
            path += ".csv"
            table = frame.drop(columns=frame.geometry.name).drop(columns=["lon", "lat"], errors="ignore")
            table.assign(lon=frame.geometry.x, lat=frame.geometry.y).to_csv(path, index=False, encoding="utf-8")
        else:
            path += ".geojson"
            with open(path, "w", encoding="utf-8") as file:
                file.write(frame.to_json(drop_id=True))
    names[path] = _argument(flag["name"])
    return path
