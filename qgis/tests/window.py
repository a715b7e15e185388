"""Runs in a QGIS window (qgis --code window.py): clusters the sample by the plugin,
waits until the map is drawn, and says which layers are in the project and how they
are drawn. The folder of the sample and the file to write come by the environment.
"""

import json
import os

import processing
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

SAMPLE, OUT = os.environ["WINDOW_SAMPLE"], os.environ["WINDOW_OUT"]


def said():
    canvas = iface.mapCanvas()
    canvas.saveAsImage(OUT + ".png")
    layers = {layer.name(): layer.renderer().type() for layer in QgsProject.instance().mapLayers().values()}
    order = [node.name() for node in QgsProject.instance().layerTreeRoot().findLayers()]
    with open(OUT + ".part", "w", encoding="utf-8") as file:
        json.dump({"layers": layers, "order": order}, file)
    os.replace(OUT + ".part", OUT)


def run():
    try:
        processing.runAndLoadResults("stpmap:cluster", {
            "FLOWS": os.path.join(SAMPLE, "flows.csv"), "BOUNDARIES": os.path.join(SAMPLE, "areas.geojson"),
            "PROVIDERS": f"delimitedtext://file://{SAMPLE}/providers.csv?type=csv&xField=lon&yField=lat&crs=EPSG:4326",
            "FOOTPRINTS": "37", "OUTPUT": OUT + "-results",
        })
        iface.mapCanvas().zoomToFullExtent()
        iface.mapCanvas().waitWhileRendering()
    except Exception as e:
        with open(OUT, "w", encoding="utf-8") as file:
            json.dump({"error": str(e)}, file)
        return
    QTimer.singleShot(5000, said)


QTimer.singleShot(1000, run)
