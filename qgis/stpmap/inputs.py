"""Writes layers where the program can read them."""

import csv
import os

from qgis.core import (
    NULL, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFeatureRequest, QgsProcessingException, QgsVectorFileWriter, QgsWkbTypes,
)

WGS84 = QgsCoordinateReferenceSystem("EPSG:4326")


def write(source, path, context, feedback):
    """Writes the features of a source and returns the file's name.

    Polygons become GeoJSON in degrees, points a table with lon and lat, and what
    has no geometry a table.
    """
    kind = QgsWkbTypes.geometryType(source.wkbType())
    if kind == QgsWkbTypes.PolygonGeometry:
        return _polygons(source, path + ".geojson", context, feedback)
    return _table(source, path + ".csv", context, kind == QgsWkbTypes.PointGeometry)


def _polygons(source, path, context, feedback):
    layer = source.materialize(QgsFeatureRequest(), feedback)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GeoJSON"
    options.fileEncoding = "UTF-8"
    options.layerOptions = ["COORDINATE_PRECISION=12", "RFC7946=NO"]
    if source.sourceCrs().isValid():
        options.ct = QgsCoordinateTransform(source.sourceCrs(), WGS84, context.transformContext())
    # The names of the function's versions differ: V3 is that of QGIS 3.20 and newer.
    result = QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, context.transformContext(), options)
    if result[0] != QgsVectorFileWriter.NoError:
        raise QgsProcessingException(f"the layer could not be written: {result[1]}")
    return path


def _table(source, path, context, points):
    names = source.fields().names()
    kept = [i for i, name in enumerate(names) if not (points and name.lower() in ("lon", "lat"))]
    transform = None
    if points and source.sourceCrs().isValid():
        transform = QgsCoordinateTransform(source.sourceCrs(), WGS84, context.transformContext())
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([names[i] for i in kept] + (["lon", "lat"] if points else []))
        for feature in source.getFeatures():
            values = feature.attributes()
            row = [_text(values[i]) for i in kept]
            if points:
                row += _place(feature.geometry(), transform)
            rows.writerow(row)
    return path


def _place(geometry, transform):
    if geometry.isNull() or geometry.isEmpty():
        return ["", ""]
    point = geometry.centroid().asPoint()
    if transform:
        point = transform.transform(point)
    return [repr(point.x()), repr(point.y())]


def _text(value):
    if value is None or value == NULL:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def file_or_layer(algorithm, parameters, name, folder, context, feedback):
    """A file for a layer parameter that was given, else None."""
    source = algorithm.parameterAsSource(parameters, name, context)
    if source is None:
        return None
    return write(source, os.path.join(folder, name.lower()), context, feedback)
