"""Calls stpmap, which draws health systems on a map from patient flows.

One function for each command: stpmap.cluster(flows=frame, footprints=37). The
flags are arguments, with _ for -. Tables go in as file names or as pandas data
frames, maps as file names or as geopandas data frames.
"""

from ._call import Fault, Failed, InputError, Interrupted, NotInstalled, StpmapError, UsageError, flags, program
from ._commands import COMMANDS, function
from ._result import Result

__all__ = ["Failed", "Fault", "InputError", "Interrupted", "NotInstalled", "Result", "StpmapError", "UsageError", "flags", "program"]
__all__ += COMMANDS


def __getattr__(name):
    if name in COMMANDS:
        made = globals()[name] = function(name)
        return made
    raise AttributeError(f"stpmap has no {name}")


def __dir__():
    return sorted(set(globals()) | set(COMMANDS))
