#!/usr/bin/python3
"""elsewhere.py PLAIN.geojson FILE...: what GDAL reads of each file is what it
reads of the GeoJSON: rows, places to the last digit, and the columns. A
Shapefile has short names and no flags, so that its numbers and texts alone are
compared, and rings may begin elsewhere."""

import sys

from osgeo import ogr

ogr.UseExceptions()


def rows(name):
    layer = (data := ogr.Open(name)).GetLayer(0)
    out = {}
    for feature in layer:
        values = {feature.GetFieldDefnRef(i).GetName(): feature.GetField(i) for i in range(feature.GetFieldCount())}
        values.pop("id", None)
        out[values["footprint"]] = (values, feature.GetGeometryRef().Clone())
    del data
    return out


def same(a, b):
    return a == b or isinstance(a, float) and isinstance(b, (int, float)) and abs(a - b) <= 1e-15 * abs(a)


want, faults = rows(sys.argv[1]), []
for name in sys.argv[2:]:
    got, short = rows(name), name.endswith(".shp")
    if got.keys() != want.keys():
        faults.append(f"{name} has the footprints {sorted(got)}")
        continue
    for code, (values, place) in want.items():
        other, there = got[code]
        if short:
            ok = place.SymDifference(there).Area() < 1e-9
            pairs = [(k, v, w) for (k, v), w in zip(values.items(), other.values()) if not isinstance(v, bool) and k != "contiguous"]
        else:
            ok = place.ExportToWkt() == there.ExportToWkt()
            pairs = [(k, v, other.get(k)) for k, v in values.items()]
        if not ok:
            faults.append(f"{name}: {code} lies elsewhere")
        faults += [f"{name}: {code}: {k} is {w!r}, not {v!r}" for k, v, w in pairs if not same(v, w)]
    print(f"ok    GDAL reads {len(got)} rows of {name}")
print("\n".join(faults[:40]))
sys.exit(bool(faults))
