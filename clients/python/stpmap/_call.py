"""Finds the program, calls it, and turns what it complains of into exceptions."""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Optional


@dataclass
class Fault:
    """One fault in an input."""

    message: str
    file: Optional[str] = None
    line: Optional[int] = None  # from 1
    column: Optional[int] = None  # in bytes, from 1
    argument: Optional[str] = None  # the argument, where that was a data frame

    @property
    def row(self):
        """The row of the data frame, from 0; None where it is not known."""
        return self.line - 2 if self.argument and self.line and self.line > 1 else None


class StpmapError(Exception):
    """The program ended with another status than 0."""

    def __init__(self, message, status=None, faults=(), suggestion=None):
        super().__init__(message)
        self.status = status
        self.faults = list(faults)
        self.suggestion = suggestion  # a command line that would work

    def _first(self, name):
        return getattr(self.faults[0], name) if self.faults else None

    file = property(lambda self: self._first("file"))
    line = property(lambda self: self._first("line"))
    column = property(lambda self: self._first("column"))
    argument = property(lambda self: self._first("argument"))
    row = property(lambda self: self._first("row"))


class Failed(StpmapError):
    """A disk, a network or an engine failed."""


class UsageError(StpmapError):
    """The arguments are wrong or contradict each other."""


class InputError(StpmapError):
    """The input has faults, or the demands cannot be met on it."""


class Interrupted(StpmapError):
    """The program was stopped."""


class NotInstalled(StpmapError):
    """The program is not there."""


BY_STATUS = {1: Failed, 2: UsageError, 3: InputError, 130: Interrupted}


def program():
    """The program's path: the variable STPMAP, else stpmap on the path."""
    wanted = os.environ.get("STPMAP") or "stpmap"
    found = shutil.which(wanted)
    if not found:
        raise NotInstalled(
            f"the program {wanted} was not found: install stpmap (see docs/install.md of the project), "
            "or set the variable STPMAP to its path"
        )
    return found


def flags(command):
    """What `stpmap COMMAND --help-json` says."""
    path = program()
    return _flags(path, os.stat(path).st_mtime_ns, command)


@functools.lru_cache(maxsize=None)
def _flags(path, _changed, command):
    done = subprocess.run([path, command, "--help-json"], capture_output=True, check=False)
    if done.returncode:
        raise UsageError(done.stderr.decode("utf-8", "replace").strip(), done.returncode)
    return json.loads(done.stdout)


def call(arguments, names=None, progress=None):
    """Runs the program. Returns its standard output and its notes.

    names says which argument each temporary file stands for.
    """
    line = [program(), *arguments, "--log-format", "json"]
    line += ["--progress", "json"] if progress else []
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE)
        try:
            records = list(_said(process.stderr, progress))
            status = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        finally:
            process.stderr.close()
        if status:
            raise _error(status, records, names or {})
        out.seek(0)
        return out.read(), [r["msg"] for r in records if r.get("msg")]


def _said(stream, progress):
    """What the program says, line by line, without the steps."""
    for raw in stream:
        text = raw.decode("utf-8", "replace").rstrip("\r\n")
        try:
            record = json.loads(text)
        except ValueError:
            record = {"msg": text}
        if not isinstance(record, dict):
            record = {"msg": text}
        if "stage" in record and "level" not in record:
            if progress:
                progress(record["stage"], record.get("done"), record.get("of"), record.get("seconds_left"))
        elif record.get("msg"):
            yield record


def _error(status, records, names):
    if status < 0:
        status = 130  # ended by a signal
    complaints = [r for r in records if r.get("level") == "ERROR"] or records[-1:]
    faults = []
    for c in complaints:
        file = c.get("file")
        argument = names.get(file)
        faults.append(Fault(c.get("message") or c["msg"], argument or file, c.get("line"), c.get("column"), argument))
    text = "\n".join(c["msg"] for c in complaints) or f"stpmap ended with status {status}"
    for temporary, argument in names.items():
        text = text.replace(temporary, argument)
    suggestion = next((c["try"] for c in complaints if c.get("try")), None)
    return BY_STATUS.get(status, Failed)(text, status, faults, suggestion)
