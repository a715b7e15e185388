"""Finds the program stpmap, asks it for its flags, and runs it."""

import functools
import json
import os
import queue
import shutil
import subprocess
import threading

SETTING = "STPMAP_PROGRAM"
WHERE = (
    "The program stpmap was not found. Install it as docs/install.md of the project says. "
    "Then give its path in Settings, Options, Processing, Providers, stpmap, or put it on the path."
)


class Stopped(Exception):
    """The user stopped the program."""


class Refused(Exception):
    """The program ended with an error."""


def program():
    """The program's path, or None."""
    from processing.core.ProcessingConfig import ProcessingConfig

    wanted = ProcessingConfig.getSetting(SETTING) or os.environ.get("STPMAP") or "stpmap"
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/bin", "/opt/homebrew/bin"])  # macOS starts QGIS with a short path
    return shutil.which(wanted, path=places)


def flags(command):
    """The flags of a command, by name; none without the program."""
    path = program()
    if not path:
        return {}
    return _flags(path, os.stat(path).st_mtime_ns, command)


@functools.lru_cache(maxsize=None)
def _flags(path, _changed, command):
    done = subprocess.run([path, command, "--help-json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, **_quiet())
    if done.returncode:
        return {}
    return {f["name"]: f for f in json.loads(done.stdout)["flags"]}


def _quiet():
    """No window of its own under Windows."""
    return {"creationflags": 0x08000000} if os.name == "nt" else {}


def run(arguments, feedback):
    """Runs the program and returns what --json says of the result.

    Notes go to the log and steps to the progress bar. When the user cancels, the
    program is asked to stop, which takes back what it has written; what does not
    stop within ten seconds is ended.
    """
    line = [program(), *arguments, "--json", "--log-format", "json", "--progress", "json"]
    with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **_quiet()) as process:
        return _follow(process, feedback)


def _follow(process, feedback):
    """Hears what the program says until it ends."""
    output, said = [], queue.Queue()
    readers = [
        threading.Thread(target=lambda: output.append(process.stdout.read()), daemon=True),
        threading.Thread(target=lambda: [said.put(text) for text in process.stderr], daemon=True),
    ]
    for reader in readers:
        reader.start()
    faults = []
    while process.poll() is None or any(r.is_alive() for r in readers) or not said.empty():
        if feedback.isCanceled():
            _stop(process)
            raise Stopped("Stopped. Nothing was left.")
        try:
            _hear(said.get(timeout=0.1), feedback, faults)
        except queue.Empty:
            pass
    if process.returncode:
        raise Refused("\n".join(faults) or f"stpmap ended with status {process.returncode}")
    text = b"".join(output).decode("utf-8")
    return json.loads(text) if text.strip() else {}


def _stop(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _hear(line, feedback, faults):
    """One line of what the program says."""
    text = line.decode("utf-8", "replace").strip()
    try:
        record = json.loads(text)
    except ValueError:
        record = {"msg": text}
    if "stage" in record and "level" not in record:
        if record.get("of"):
            feedback.setProgress(100 * record["done"] / record["of"])
        left = record.get("seconds_left")
        feedback.setProgressText(record["stage"] + (f", {left} s left" if left else ""))
    elif record.get("level") == "ERROR":
        faults.append(record["msg"])
    elif record.get("msg"):
        (feedback.pushWarning if record.get("level") == "WARN" else feedback.pushInfo)(record["msg"])
