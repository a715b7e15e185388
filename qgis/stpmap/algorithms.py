"""The algorithms: each is one command of stpmap, and where it draws nothing
itself, stpmap render after it."""

import os
import shutil
import tempfile

from qgis.core import (
    QgsProcessing, QgsProcessingAlgorithm, QgsProcessingException, QgsProcessingOutputFile, QgsProcessingOutputNumber, QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
)

from . import parameters as flags_of
from . import inputs, outputs, tool

# The inputs that may be layers: the parameter, its flag, its kind and its title.
LAYERS = {
    "FLOWS": ("flows", QgsProcessing.TypeVector, "Flows: a table of patients by area and provider"),
    "BOUNDARIES": ("boundaries", QgsProcessing.TypeVectorPolygon, "Areas: polygons with a code"),
    "PROVIDERS": ("providers", QgsProcessing.TypeVectorPoint, "Providers: points with a code"),
    "PARTITION": ("partition", QgsProcessing.TypeVector, "Partition: a table of codes and footprints"),
    "REFERENCE": ("reference", QgsProcessing.TypeVector, "Reference: a table of codes and their official group"),
    "INDICATORS": ("indicators", QgsProcessing.TypeVector, "Indicators: a table of entity, indicator, numerator, denominator"),
}


def output_name(file):
    """The name of the output that a layer's file is."""
    return os.path.splitext(file)[0].upper() + "_LAYER"


class Command(QgsProcessingAlgorithm):
    """One command. The classes below say what differs."""

    command = title = slug = help = ""
    layers = {}  # parameter: whether it may be left out
    basic = ()  # flags that stand open in the dialog; the others are advanced
    numbers = ()  # keys of --json that are results
    draws = ()  # the layers' files that are loaded, the lowest first

    def createInstance(self):
        return type(self)()

    def name(self):
        return self.slug

    def displayName(self):
        return self.title

    def group(self):
        return "Health systems"

    def groupId(self):
        return "health-systems"

    def shortHelpString(self):
        return self.help if tool.program() else self.help + "\n\n" + tool.WHERE

    def canExecute(self):
        return (True, "") if tool.program() else (False, tool.WHERE)

    def initAlgorithm(self, configuration=None):
        for name, optional in self.layers.items():
            _, kind, title = LAYERS[name]
            self.addParameter(QgsProcessingParameterFeatureSource(name, title, [kind], None, optional))
        for flag in self.flags_used():
            self.addParameter(flags_of.parameter(flag, flag["name"] in self.basic))
        self.addParameter(QgsProcessingParameterFolderDestination("OUTPUT", "Folder for the results"))
        for key in self.numbers:
            self.addOutput(QgsProcessingOutputNumber(key.upper(), key.replace("_", " ")))
        for file in self.draws:
            self.addOutput(QgsProcessingOutputFile(output_name(file), file))

    def flags_used(self):
        """The flags of the command, the open ones first, in the order of basic."""
        layers = {LAYERS[name][0] for name in self.layers}
        found = flags_of.usable(tool.flags(self.command), layers)
        return sorted(found, key=lambda f: self.basic.index(f["name"]) if f["name"] in self.basic else len(self.basic))

    def processAlgorithm(self, parameters, context, feedback):
        out = self.parameterAsString(parameters, "OUTPUT", context)
        existed = os.path.isdir(out)
        work = tempfile.mkdtemp(prefix="stpmap-")
        try:
            given = self.write_layers(parameters, work, context, feedback)
            for flag in self.flags_used():
                given[flag["name"]] = flags_of.words(self, flag, parameters, context)
            summary = self.run_commands(given, out, feedback)
        except tool.Stopped as e:
            if not existed:
                shutil.rmtree(out, ignore_errors=True)
            raise QgsProcessingException(str(e)) from e
        except tool.Refused as e:
            raise QgsProcessingException(str(e)) from e
        finally:
            shutil.rmtree(work, ignore_errors=True)
        outputs.load([(os.path.join(out, f), self.layer_title(f)) for f in self.draws], context)
        results = {"OUTPUT": out}
        results.update({k.upper(): summary[k] for k in self.numbers if isinstance(summary.get(k), (int, float))})
        results.update({output_name(f): os.path.join(out, f) for f in self.draws if os.path.exists(os.path.join(out, f))})
        return results

    def layer_title(self, file):
        return os.path.splitext(file)[0].replace("_", " ").capitalize()

    def write_layers(self, parameters, folder, context, feedback):
        given = {}
        for name in self.layers:
            path = inputs.file_or_layer(self, parameters, name, folder, context, feedback)
            if path:
                flag = LAYERS[name][0]
                given[flag] = ["--" + flag, path]
        return given

    def run_commands(self, given, out, feedback):
        return self.call(self.command, given, out, feedback)

    def call(self, command, given, out, feedback, *more):
        """Runs a command with those of the given flags that it has."""
        has = tool.flags(command)
        line = [w for flag, words in given.items() if flag in has for w in words]
        return tool.run([command, *line, *more, "--out", out], feedback)


class Cluster(Command):
    command, slug, title = "run", "cluster", "Cluster footprints"
    help = (
        "Groups areas and providers into candidate health systems (footprints) by patient flow, and draws them. Without a number of footprints, "
        "the number is chosen from the flows."
    )
    layers = {"FLOWS": False, "BOUNDARIES": False, "PROVIDERS": True, "INDICATORS": True}
    basic = ("footprints", "contiguous", "min-population", "max-population", "resolution", "method", "seed")
    numbers = ("footprints", "areas", "providers", "patients", "inside_share", "modularity", "min_localisation_index", "median_localisation_index")
    draws = ("areas.geojson", "flows.geojson", "footprints.geojson", "providers.geojson")


class Compare(Command):
    command, slug, title = "compare", "compare", "Compare with a reference"
    help = "Holds one map of footprints against another: how far they agree, and which areas lie elsewhere."
    layers = {"FLOWS": False, "BOUNDARIES": False, "PARTITION": False, "REFERENCE": False}
    basic = ("reference-column",)
    numbers = ("ari", "ami", "nmi", "vi", "areas_compared", "moved", "inside_share", "reference_inside_share", "footprints", "reference_groups")
    draws = ("moved_footprints.geojson", "moved.geojson")

    def run_commands(self, given, out, feedback):
        summary = self.call("compare", given, out, feedback)
        if summary.get("moved"):
            self.call("render", given, os.path.join(out, "moved.geojson"), feedback, "--layers", "moved,footprints")
        else:
            self.call("render", given, os.path.join(out, "moved_footprints.geojson"), feedback, "--layers", "footprints")
        return summary


class Score(Command):
    command, slug, title = "score", "score", "Score"
    help = "Scores the footprints of a partition: which have serious underperformance, and how sure that is."
    layers = {"FLOWS": False, "BOUNDARIES": False, "PARTITION": False, "INDICATORS": False}
    basic = ("definitions", "view", "period", "draws", "seed")
    numbers = ("footprints", "indicators", "rated", "not_rated")
    draws = ("map_footprints.geojson", "map.geojson")

    def run_commands(self, given, out, feedback):
        summary = self.call("score", given, out, feedback)
        self.call("render", given, os.path.join(out, "map.geojson"), feedback, "--layers", "scores,footprints")
        return summary

    def layer_title(self, file):
        return "Scores" if file == "map.geojson" else "Footprints"


class Merge(Command):
    command, slug, title = "merge", "merge", "Mergers"
    help = "Says which of today's systems should become one: every pair, and the best map of whole systems for each number of them."
    layers = {"FLOWS": False, "BOUNDARIES": False, "PARTITION": False}
    basic = ("footprints", "contiguous", "min-population", "max-population", "preset", "proposed")
    numbers = ("systems", "footprints", "inside_share_before", "inside_share", "min_localisation_index", "bound")
    draws = ("merged.geojson",)


class WhatIf(Command):
    command, slug, title = "whatif", "whatif", "What if"
    help = "A provider closes, opens, moves or merges: where its patients go, and what that does to the footprints."
    layers = {"FLOWS": False, "BOUNDARIES": False, "PROVIDERS": False, "PARTITION": True}
    basic = ("close", "open", "move", "join", "capacity", "headroom", "use", "bootstrap", "seed")
    numbers = ("patients", "patients_moved", "inside_share_before", "inside_share_after")
    draws = ("affected.geojson", "moves.geojson")


ALGORITHMS = [Cluster, Compare, Score, Merge, WhatIf]
