"""Tests of the client: its results are the command's.

    STPMAP=./stpmap python3 -m unittest discover -s clients/python/tests
"""

import inspect
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import geopandas
import pandas

import stpmap


def command(*arguments):
    done = subprocess.run([stpmap.program(), *arguments, "--quiet"], capture_output=True, check=True)
    return json.loads(done.stdout) if "--json" in arguments else done.stdout


def without_seconds(summary):
    return {k: v for k, v in summary.items() if k not in ("seconds", "cpu_seconds")}


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.out = cls.temporary.name
        stpmap.demo(out=os.path.join(cls.out, "demo"), quiet=True)
        cls.sample = os.path.join(cls.out, "demo", "sample")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def file(self, name):
        return os.path.join(self.sample, name)

    def test_cluster_from_data_frames_gives_the_commands_bytes(self):
        flows = pandas.read_csv(self.file("flows.csv"))
        areas = geopandas.read_file(self.file("areas.geojson"))
        got = stpmap.cluster(flows=flows, boundaries=areas, footprints=30, contiguous=True)
        want = os.path.join(self.out, "want.csv")
        summary = command(
            "cluster", "--flows", self.file("flows.csv"), "--boundaries", self.file("areas.geojson"), "--footprints", "30", "--contiguous", "--json",
            "-o", want,
        )
        self.assertEqual(read(got.path("partition.csv")), read(want))
        self.assertEqual(without_seconds(got.summary), without_seconds(summary))
        self.assertEqual(len(got["partition.csv"]), 340)
        self.assertTrue(any("flows" in n for n in got.notes), got.notes)

    def test_boundaries_in_national_grid_are_brought_to_degrees(self):
        areas = geopandas.read_file(self.file("areas.geojson")).to_crs(27700)
        got = stpmap.validate(flows=self.file("flows.csv"), boundaries=areas)
        self.assertEqual(got.summary["areas_without_boundary"], 0)
        self.assertEqual(got.summary["areas"], 200)

    def test_points_give_lon_and_lat(self):
        table = pandas.read_csv(self.file("providers.csv"))
        points = geopandas.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=geopandas.points_from_xy(table.lon, table.lat), crs=4326)
        got = stpmap.validate(flows=self.file("flows.csv"), providers=points)
        want = command("validate", "--flows", self.file("flows.csv"), "--providers", self.file("providers.csv"), "--json")
        self.assertEqual(got.summary["providers_without_location"], want["providers_without_location"])

    def test_run_writes_where_it_is_told_and_reads_maps(self):
        out = os.path.join(self.out, "run")
        got = stpmap.run(flows=self.file("flows.csv"), boundaries=self.file("areas.geojson"), footprints=37, out=out)
        self.assertIn("footprints.qgz", got)
        footprints = got["footprints.geojson"]
        self.assertEqual(len(footprints), 37)
        self.assertEqual(footprints.crs.to_epsg(), 4326)
        self.assertEqual(list(got["footprints.csv"].footprint), sorted(footprints.footprint))

    def test_levels_are_several_files(self):
        got = stpmap.cluster(flows=self.file("flows.csv"), levels=[60, 37])
        self.assertTrue(any(f.endswith(".csv") for f in got.files), got.files)

    def test_sql_is_text(self):
        got = stpmap.sql(dialect="trino", table="records", area="lsoa", provider="procode")
        self.assertIn("records", got.text)

    def test_progress_is_called(self):
        steps = []
        stpmap.cluster(flows=self.file("flows.csv"), footprints=30, progress=lambda *step: steps.append(step))
        self.assertTrue(steps)
        self.assertEqual(steps[-1][1], steps[-1][2])

    def test_an_exception_in_progress_stops_the_program(self):
        def stop(*_):
            raise KeyboardInterrupt

        out = os.path.join(self.out, "never.csv")
        with self.assertRaises(KeyboardInterrupt):
            stpmap.cluster(flows=self.file("flows.csv"), footprints=30, out=out, progress=stop)
        self.assertFalse(os.path.exists(out))

    def test_help_lists_the_flags(self):
        self.assertIn("min_population", stpmap.cluster.__doc__)
        self.assertIn("min_population", inspect.signature(stpmap.cluster).parameters)
        self.assertIn("from_", inspect.signature(stpmap.ingest).parameters)

    def test_the_example_equals_the_command(self):
        example = os.path.join(os.path.dirname(HERE), "examples", "sample.py")
        said = subprocess.run(
            [sys.executable, example, os.path.join(self.out, "example")], capture_output=True, check=True,
            env={**os.environ, "PYTHONPATH": os.path.dirname(HERE)},
        )
        got = json.loads(said.stdout)
        want = os.path.join(self.out, "e.csv")
        flows, areas = self.file("flows.csv"), self.file("areas.geojson")
        clustered = command("cluster", "--flows", flows, "--boundaries", areas, "--footprints", "30", "--contiguous", "--json", "-o", want)
        scored = command(
            "score", "--flows", flows, "--partition", want, "--indicators", self.file("indicators.csv"), "--draws", "500", "--json", "-o",
            os.path.join(self.out, "e-scores"),
        )
        closed = command(
            "whatif", "--flows", flows, "--boundaries", areas, "--providers", self.file("providers.csv"), "--partition", want, "--close", "SP007",
            "--bootstrap", "20", "--json", "-o", os.path.join(self.out, "e-closed"),
        )
        self.assertEqual(got["footprints"], clustered["footprints"])
        self.assertEqual(got["inside_share"], clustered["inside_share"])
        self.assertEqual(got["worst"], scored["worst"])
        self.assertEqual(got["moved"], closed["patients_moved"])
        self.assertEqual(got["drawn"], 30)
        self.assertGreater(got["km2"], 100_000)


class Refusals(unittest.TestCase):
    def test_bad_input_has_its_place(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "flows.csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write("area,provider,count\nE01,RJ1,120\nE02,RJ1,-3\n")
            with self.assertRaises(stpmap.InputError) as caught:
                stpmap.cluster(flows=path)
        e = caught.exception
        self.assertEqual((e.file, e.line, e.column, e.status), (path, 3, 9, 3))
        self.assertEqual(e.faults[0].message, "negative count: -3")
        self.assertIsNone(e.row)

    def test_bad_data_frame_has_its_row(self):
        frame = pandas.DataFrame({"area": ["E01", "E02"], "provider": ["RJ1", "RJ1"], "count": [120, -3]})
        with self.assertRaises(stpmap.InputError) as caught:
            stpmap.cluster(flows=frame)
        e = caught.exception
        self.assertEqual((e.argument, e.row, e.file), ("flows", 1, "flows"))
        self.assertNotIn("stpmap-in-", str(e))

    def test_unknown_arguments_are_refused(self):
        with self.assertRaises(stpmap.UsageError):
            stpmap.cluster(flows="flows.csv", footprint=3)
        with self.assertRaises(stpmap.UsageError):
            stpmap.cluster(flows="flows.csv", contiguous="yes")
        with self.assertRaises(AttributeError):
            stpmap.nonesuch

    def test_a_usage_error_suggests_what_works(self):
        with self.assertRaises(stpmap.UsageError) as caught:
            stpmap.cluster(footprints=3)
        self.assertEqual(caught.exception.status, 2)
        self.assertIn("stpmap cluster", caught.exception.suggestion)

    def test_without_the_program_the_error_says_where_to_get_it(self):
        kept = os.environ.get("STPMAP")
        os.environ["STPMAP"] = "/nonesuch/stpmap"
        try:
            with self.assertRaises(stpmap.NotInstalled) as caught:
                stpmap.cluster(flows="flows.csv")
        finally:
            if kept is None:
                del os.environ["STPMAP"]
            else:
                os.environ["STPMAP"] = kept
        self.assertIn("docs/install.md", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
