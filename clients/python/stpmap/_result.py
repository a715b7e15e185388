"""What a command wrote and said."""

import json
import os
import shutil
import tempfile
import weakref

# Columns of codes and names, which are text though they look like numbers.
TEXT = {
    "a", "area", "area_code", "b", "code", "domain", "entity", "footprint", "from", "group", "indicator", "kind", "name", "next_footprint", "period",
    "provider", "provider_code", "provider_name", "area_name", "system", "to", "top_provider", "unit",
}


class Result:
    """The outcome of one command.

    summary is what --json says, text what went to standard output, notes what the
    program said. result["partition.csv"] reads a file of the output: tables as
    data frames, GeoJSON and GeoPackage as geopandas data frames, JSON as it is.
    Without out the files lie in a temporary folder that goes with the result.
    """

    def __init__(self, out=None):
        self._file = None
        self.summary, self.text, self.notes = None, "", []
        if out is None:
            self.folder = tempfile.mkdtemp(prefix="stpmap-")
            weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        elif os.path.isdir(out) or not os.path.splitext(os.fspath(out))[1]:
            self.folder = os.fspath(out)
        else:
            self.folder, self._file = os.path.split(os.path.abspath(out))

    def take(self, output, is_json):
        self.text = output.decode("utf-8")
        if is_json and self.text.strip():
            self.summary = json.loads(self.text)
        elif self.text.lstrip().startswith("{"):
            try:
                self.summary = json.loads(self.text)
            except ValueError:
                pass

    @property
    def files(self):
        """The names of the files, as self[name] takes them."""
        if self._file:
            return [self._file]
        found = []
        for at, _, files in os.walk(self.folder):
            inside = os.path.relpath(at, self.folder)
            found += [f if inside == "." else os.path.join(inside, f).replace(os.sep, "/") for f in files]
        return sorted(found)

    def path(self, name):
        """The path of a file of the output."""
        path = os.path.join(self.folder, name)
        if not os.path.isfile(path):
            raise KeyError(f"no file {name}: there are {', '.join(self.files)}")
        return path

    def __getitem__(self, name):
        path = self.path(name)
        if path.endswith(".csv"):
            return read_table(path)
        if path.endswith((".geojson", ".gpkg")):
            import geopandas

            return geopandas.read_file(path)
        if path.endswith(".json"):
            with open(path, encoding="utf-8") as file:
                return json.load(file)
        with open(path, "rb") as file:
            return file.read()

    def __contains__(self, name):
        return name in self.files

    def __repr__(self):
        return f"<stpmap.Result of {len(self.files)} files in {self.folder}>"


def read_table(path):
    """A table as a data frame: codes as text, empty cells as missing."""
    import pandas

    columns = pandas.read_csv(path, nrows=0, encoding="utf-8").columns
    text = {c: str for c in columns if c in TEXT}
    return pandas.read_csv(path, dtype=text, keep_default_na=False, na_values=[""], encoding="utf-8")
