"""Makes parameters of flags, and flags of parameters."""

from qgis.core import (
    QgsProcessingParameterBoolean, QgsProcessingParameterDefinition, QgsProcessingParameterEnum, QgsProcessingParameterFile,
    QgsProcessingParameterNumber, QgsProcessingParameterString,
)

# Flags that the plugin sets itself, or that make no sense in a dialog.
LEFT_OUT = {"Several machines", "Help and messages", "Flows from an engine"}
OURS = {"out", "json", "print-definitions", "print-schema", "resume", "config", "format", "layer", "layers", "crs", "publish"}


def usable(flags, inputs):
    """The flags that become parameters: all but the inputs that are layers."""
    return [f for f in flags.values() if f["name"] not in OURS and f["name"] not in inputs and f["category"] not in LEFT_OUT]


def name_of(flag):
    return flag["name"].upper().replace("-", "_")


def parameter(flag, basic):
    """The parameter of a flag."""
    default = flag.get("unset") or flag.get("default")
    title = f"--{flag['name']}: {flag['help']}" + (f" (default: {default})" if default else "")
    if flag["repeatable"]:
        title += " (several: one a line)"
    name, kind = name_of(flag), flag["kind"]
    if kind == "switch":
        p = QgsProcessingParameterBoolean(name, title, False, True)
    elif kind in ("whole", "number", "share") and not flag["repeatable"]:
        whole = kind == "whole"
        p = QgsProcessingParameterNumber(name, title, QgsProcessingParameterNumber.Integer if whole else QgsProcessingParameterNumber.Double, None, True)
    elif kind in ("file", "builtin") and not flag["repeatable"] and not flag.get("builtins"):
        p = QgsProcessingParameterFile(name, title, optional=True)
    elif flag.get("words") and not flag["repeatable"]:
        p = QgsProcessingParameterEnum(name, title, flag["words"], False, None, True, True)
    else:
        p = QgsProcessingParameterString(name, title, None, flag["repeatable"], True)
    if not basic:
        p.setFlags(p.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
    return p


def words(algorithm, flag, parameters, context):
    """The words of a command line for a parameter."""
    name, word = name_of(flag), "--" + flag["name"]
    if parameters.get(name) in (None, ""):
        return []
    if flag["kind"] == "switch":
        return [word] if algorithm.parameterAsBool(parameters, name, context) else []
    if flag["kind"] == "whole" and not flag["repeatable"]:
        return [word, str(algorithm.parameterAsInt(parameters, name, context))]
    if flag["kind"] in ("number", "share") and not flag["repeatable"]:
        return [word, repr(algorithm.parameterAsDouble(parameters, name, context))]
    text = algorithm.parameterAsString(parameters, name, context)
    values = text.splitlines() if flag["repeatable"] else [text]
    return [w for v in values if v.strip() for w in (word, v.strip())]
