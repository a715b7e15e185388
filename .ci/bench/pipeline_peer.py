#!/usr/bin/python3
"""pipeline_peer.py FLOWS_FOLDER BOUNDARIES OUT: footprints, tables and maps as an analyst would make them in Python.

Reads flows with pandas, clusters once with leidenalg (modularity, n_iterations=2), joins boundaries with geopandas,
dissolves, and writes partition.csv, footprints.csv, three GeoJSON files and one GeoPackage."""
import json
import os
import sys

import geopandas
import igraph
import leidenalg
import numpy as np
import pandas as pd

source, boundaries, out = sys.argv[1:]
os.makedirs(out)
flows = pd.read_csv(f"{source}/flows.csv", dtype={"area": str, "provider": str})
people = pd.read_csv(f"{source}/areas.csv", dtype={"area": str}).set_index("area")["population"]

area, areas = pd.factorize(flows["area"])
provider, providers = pd.factorize(flows["provider"])
graph = igraph.Graph(n=len(areas) + len(providers), edges=np.column_stack([area, provider + len(areas)]))
graph.es["weight"] = flows["patients"].tolist()
found = leidenalg.find_partition(graph, leidenalg.ModularityVertexPartition, weights="weight", n_iterations=2, seed=1)
member = np.array(found.membership)

# Footprints by falling population, as in stpmap.
population = people.reindex(areas).fillna(0).to_numpy()
held = np.bincount(member[: len(areas)], population, member.max() + 1)
rank = np.empty(len(held), int)
rank[np.argsort(-held, kind="stable")] = np.arange(len(held))
names = np.array([f"F{i + 1:03d}" for i in range(len(held))])[rank]
of_area = pd.Series(names[member[: len(areas)]], index=areas)
of_provider = pd.Series(names[member[len(areas):]], index=providers)
pd.concat([
    pd.DataFrame({"kind": "area", "code": areas, "footprint": of_area.to_numpy()}),
    pd.DataFrame({"kind": "provider", "code": providers, "footprint": of_provider.to_numpy()}),
]).to_csv(f"{out}/partition.csv", index=False)

flows["from"] = flows["area"].map(of_area)
flows["to"] = flows["provider"].map(of_provider)
flows["inside"] = flows["patients"].where(flows["from"] == flows["to"], 0)
table = pd.DataFrame({
    "areas": of_area.groupby(of_area).size(),
    "providers": of_provider.groupby(of_provider).size(),
    "population": people.groupby(of_area).sum(),
    "patients_resident": flows.groupby("from")["patients"].sum(),
    "patients_treated": flows.groupby("to")["patients"].sum(),
    "patients_inside": flows.groupby("from")["inside"].sum(),
}).fillna(0).rename_axis("footprint")
table["localisation_index"] = table["patients_inside"] / table["patients_resident"]
table["market_share_index"] = table["patients_inside"] / table["patients_treated"]
table.to_csv(f"{out}/footprints.csv")

by_area = flows.groupby("area")
share = flows["patients"] / by_area["patients"].transform("sum")
largest = flows.loc[by_area["patients"].idxmax()].set_index("area")["provider"]
shapes = geopandas.read_file(boundaries)[["code", "name", "geometry"]]
shapes["footprint"] = shapes["code"].map(of_area)
shapes["population"] = shapes["code"].map(people)
shapes["patients"] = shapes["code"].map(by_area["patients"].sum())
shapes["localisation_index"] = shapes["code"].map(by_area["inside"].sum() / by_area["patients"].sum())
shapes["hhi"] = shapes["code"].map((share**2).groupby(flows["area"]).sum())
shapes["top_provider"] = shapes["code"].map(largest)
footprints = shapes[["footprint", "geometry"]].dissolve(by="footprint").join(table)
footprints["area_km2"] = footprints.to_crs(27700).area / 1e6
points = pd.read_csv(f"{source}/providers.csv", dtype={"provider": str})
points = geopandas.GeoDataFrame(
    {"code": points["provider"], "footprint": points["provider"].map(of_provider),
     "patients": points["provider"].map(flows.groupby("provider")["patients"].sum())},
    geometry=geopandas.points_from_xy(points["lon"], points["lat"]), crs=4326)
for name, layer in {"footprints": footprints.reset_index(), "areas": shapes, "providers": points}.items():
    layer.to_file(f"{out}/{name}.geojson", driver="GeoJSON")
    layer.to_file(f"{out}/footprints.gpkg", layer=name, driver="GPKG")
print(json.dumps({
    "footprints": len(table),
    "inside_share": float(table["patients_inside"].sum() / flows["patients"].sum()),
    "modularity": found.quality(),
}))
