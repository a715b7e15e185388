"""Tests of the plugin in a QGIS without a window: results are the command's, layers
come styled, cancelling stops the program and leaves nothing.

    STPMAP=./stpmap QT_QPA_PLATFORM=offscreen /usr/bin/python3 qgis/tests/test_provider.py
"""

import filecmp
import glob
import os
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), "/usr/share/qgis/python/plugins"]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HOME"] = tempfile.mkdtemp(prefix="profile-")  # a profile that has never been used

from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback, QgsProject, QgsVectorLayer

APPLICATION = QgsApplication([], False)
APPLICATION.initQgis()

import processing
from processing.core.Processing import Processing

Processing.initialize()
from stpmap import tool
from stpmap.plugin import Plugin

PLUGIN = Plugin()
PLUGIN.initProcessing()


class Heard(QgsProcessingFeedback):
    """Keeps what it hears; cancels at the first step where that is asked for."""

    def __init__(self, cancel=False):
        super().__init__(False)
        self.cancel_at_once, self.steps, self.notes = cancel, [], []

    def setProgressText(self, text):
        self.steps.append(text)
        if self.cancel_at_once:
            self.cancel()

    def pushInfo(self, text):
        self.notes.append(text)


def children():
    """The programs that this process has started and that still run."""
    listed = subprocess.run(["ps", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False).stdout
    return [line for line in listed.splitlines() if tool.program() in line]


class Algorithms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.out = tempfile.mkdtemp(prefix="plugin-")
        cls.call("demo", "--out", cls.path("demo"))
        sample = os.path.join(cls.out, "demo", "sample")
        cls.flows, cls.areas, cls.indicators, cls.reference = (
            os.path.join(sample, f) for f in ("flows.csv", "areas.geojson", "indicators.csv", "reference_partition.csv")
        )
        cls.table = os.path.join(sample, "providers.csv")
        cls.providers = QgsVectorLayer(f"file://{cls.table}?type=csv&xField=lon&yField=lat&crs=EPSG:4326", "providers", "delimitedtext")
        cls.partition = os.path.join(cls.out, "demo", "partition.csv")
        cls.places = ["--flows", cls.flows, "--boundaries", cls.areas]

    @classmethod
    def path(cls, name):
        return os.path.join(cls.out, name)

    @classmethod
    def call(cls, *arguments):
        subprocess.run([tool.program(), *arguments, "--quiet"], check=True, stdout=subprocess.DEVNULL)

    def run_algorithm(self, name, heard=None, **parameters):
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        heard = heard or Heard()
        results = processing.run(f"stpmap:{name}", parameters, context=context, feedback=heard)
        return results, context, heard

    def same(self, files, got, want):
        for f in files:
            self.assertTrue(filecmp.cmp(os.path.join(self.path(got), f), os.path.join(self.path(want), f), shallow=False), f)

    def styled(self, context, number):
        """Layers are loaded, and the style beside each changes how it is drawn."""
        details = context.layersToLoadOnCompletion()
        self.assertEqual(len(details), number)
        for path, detail in details.items():
            options = QgsVectorLayer.LayerOptions()
            options.loadDefaultStyle = False  # as Processing loads layers
            layer = QgsVectorLayer(path, detail.name, "ogr", options)
            self.assertTrue(layer.isValid(), path)
            plain = layer.renderer().dump()
            detail.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback())
            self.assertNotEqual(layer.renderer().dump(), plain)

    def test_cluster(self):
        got, context, heard = self.run_algorithm(
            "cluster", FLOWS=self.flows, BOUNDARIES=self.areas, PROVIDERS=self.providers, FOOTPRINTS="30", CONTIGUOUS=True, OUTPUT=self.path("cluster"),
        )
        self.call("run", *self.places, "--providers", self.table, "--footprints", "30", "--contiguous", "--out", self.path("run"))
        self.same(["partition.csv", "footprints.csv"], "cluster", "run")
        self.assertEqual(got["FOOTPRINTS"], 30)
        self.assertGreater(got["INSIDE_SHARE"], 0.8)
        self.styled(context, 4)
        self.assertTrue(heard.steps)
        self.assertTrue(heard.notes)

    def test_compare(self):
        got, context, _ = self.run_algorithm(
            "compare", FLOWS=self.flows, BOUNDARIES=self.areas, PARTITION=self.partition, REFERENCE=self.reference, REFERENCE_COLUMN="footprint",
            OUTPUT=self.path("compare"),
        )
        self.call("compare", *self.places, "--partition", self.partition, "--reference", self.reference, "--reference-column", "footprint",
                  "--out", self.path("pair"))
        self.same(["moved.csv", "crosstab.csv"], "compare", "pair")
        self.assertEqual(got["AREAS_COMPARED"], 200)
        self.styled(context, 2)

    def test_a_map_held_against_itself(self):
        got, context, _ = self.run_algorithm(
            "compare", FLOWS=self.flows, BOUNDARIES=self.areas, PARTITION=self.partition, REFERENCE=self.partition, OUTPUT=self.path("itself"),
        )
        self.assertEqual((got["MOVED"], got["ARI"]), (0, 1))
        self.styled(context, 1)

    def test_score(self):
        got, context, _ = self.run_algorithm(
            "score", FLOWS=self.flows, BOUNDARIES=self.areas, PARTITION=self.partition, INDICATORS=self.indicators, DRAWS=200, OUTPUT=self.path("score"),
        )
        self.call("score", *self.places, "--partition", self.partition, "--indicators", self.indicators, "--draws", "200", "--out", self.path("scores"))
        self.same(["scores.csv", "indicators.csv"], "score", "scores")
        self.assertEqual(got["RATED"] + got["NOT_RATED"], got["FOOTPRINTS"])
        self.styled(context, 2)

    def test_merge(self):
        got, context, _ = self.run_algorithm(
            "merge", FLOWS=self.flows, BOUNDARIES=self.areas, PARTITION=self.partition, FOOTPRINTS="35", OUTPUT=self.path("merge"),
        )
        self.call("merge", *self.places, "--partition", self.partition, "--footprints", "35", "--out", self.path("merged"))
        self.same(["pairs.csv", "merged.csv"], "merge", "merged")
        self.assertGreaterEqual(got["INSIDE_SHARE"], got["INSIDE_SHARE_BEFORE"])
        self.styled(context, 1)

    def test_whatif(self):
        got, context, _ = self.run_algorithm(
            "whatif", FLOWS=self.flows, BOUNDARIES=self.areas, PROVIDERS=self.providers, PARTITION=self.partition, CLOSE="SP007\nSP008", BOOTSTRAP=20,
            OUTPUT=self.path("whatif"),
        )
        self.call("whatif", *self.places, "--providers", self.table, "--partition", self.partition, "--close", "SP007", "--close", "SP008",
                  "--bootstrap", "20", "--out", self.path("closed"))
        self.same(["flows_after.csv", "footprints.csv"], "whatif", "closed")
        self.assertGreater(got["PATIENTS_MOVED"], 0)
        self.styled(context, 2)

    def test_cancelling_stops_the_program_and_leaves_nothing(self):
        before = set(glob.glob(os.path.join(tempfile.gettempdir(), "stpmap-*")))
        start = time.monotonic()
        with self.assertRaises(QgsProcessingException):
            self.run_algorithm(
                "cluster", Heard(cancel=True), FLOWS=self.flows, BOUNDARIES=self.areas, FOOTPRINTS="30", EFFORT=10, RESTARTS=100000, OUTPUT=self.path("never"),
            )
        self.assertLess(time.monotonic() - start, 60)
        self.assertEqual(children(), [])
        self.assertFalse(os.path.exists(self.path("never")))
        self.assertEqual(set(glob.glob(os.path.join(tempfile.gettempdir(), "stpmap-*"))), before)

    def test_faults_are_said_with_their_place(self):
        bad = self.path("bad.csv")
        with open(bad, "w", encoding="utf-8") as file:
            file.write("area,provider,count\nSA001,SP001,5\nSA002,SP001,-3\n")
        with self.assertRaises(QgsProcessingException) as caught:
            self.run_algorithm("cluster", FLOWS=bad, BOUNDARIES=self.areas, OUTPUT=self.path("bad"))
        self.assertIn(":3:", str(caught.exception))
        self.assertIn("negative count: -3", str(caught.exception))

    def test_polygons_in_national_grid(self):
        layer = QgsVectorLayer(self.areas, "areas", "ogr")
        grid = processing.run("native:reprojectlayer", {"INPUT": layer, "TARGET_CRS": "EPSG:27700", "OUTPUT": "memory:"})["OUTPUT"]
        got, _, _ = self.run_algorithm("cluster", FLOWS=self.flows, BOUNDARIES=grid, FOOTPRINTS="30", CONTIGUOUS=True, OUTPUT=self.path("grid"))
        self.assertEqual(got["AREAS"], 200)


class Dialogs(unittest.TestCase):
    def test_every_algorithm_has_the_flags_of_its_command(self):
        registry = QgsApplication.processingRegistry()
        found = {a.id(): a for a in registry.providerById("stpmap").algorithms()}
        self.assertEqual(sorted(found), [f"stpmap:{n}" for n in ("cluster", "compare", "merge", "score", "whatif")])
        for a in found.values():
            names = [p.name() for p in a.parameterDefinitions()]
            self.assertGreater(len(names), 40, a.id())
            self.assertEqual(len(names), len(set(names)), a.id())
            self.assertIn("OUTPUT", names)

    def test_without_the_program_the_dialog_says_where_to_get_it(self):
        kept = os.environ.pop("STPMAP")
        path = os.environ["PATH"]
        os.environ["STPMAP"], os.environ["PATH"] = "nonesuch-stpmap", ""
        try:
            ok, why = QgsApplication.processingRegistry().createAlgorithmById("stpmap:cluster").canExecute()
        finally:
            os.environ["STPMAP"], os.environ["PATH"] = kept, path
        self.assertFalse(ok)
        self.assertIn("docs/install.md", why)


if __name__ == "__main__":
    ended = unittest.main(exit=False).result
    sys.stdout.flush()
    os._exit(0 if ended.wasSuccessful() else 1)  # QGIS's own end may crash without a window
