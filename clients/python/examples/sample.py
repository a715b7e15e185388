"""The sample clustered, drawn and scored, and a hospital closed.

    STPMAP=./stpmap python3 sample.py FOLDER
"""

import json
import os
import sys

import geopandas
import pandas

import stpmap

out = sys.argv[1]
stpmap.demo(out=os.path.join(out, "demo"), quiet=True)
sample = os.path.join(out, "demo", "sample")

flows = pandas.read_csv(os.path.join(sample, "flows.csv"))
areas = geopandas.read_file(os.path.join(sample, "areas.geojson"))
table = pandas.read_csv(os.path.join(sample, "providers.csv"))
providers = geopandas.GeoDataFrame(table, geometry=geopandas.points_from_xy(table.lon, table.lat), crs=4326)
figures = pandas.read_csv(os.path.join(sample, "indicators.csv"))

clustered = stpmap.cluster(flows=flows, boundaries=areas, footprints=30, contiguous=True)
partition = clustered["partition.csv"]
scored = stpmap.score(flows=flows, partition=partition, indicators=[figures], draws=500)
drawn = stpmap.render(partition=partition, boundaries=areas)
closed = stpmap.whatif(flows=flows, boundaries=areas, providers=providers, partition=partition, close=["SP007"], bootstrap=20)

footprints = drawn["map.geojson"]
print(json.dumps({
    "footprints": clustered.summary["footprints"],
    "inside_share": clustered.summary["inside_share"],
    "worst": scored.summary["worst"],
    "drawn": len(footprints),
    "km2": round(footprints.to_crs(27700).area.sum() / 1e6),
    "moved": closed.summary["patients_moved"],
}))
