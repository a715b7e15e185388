#!/usr/bin/python3
"""printlayout.py PROJECT.qgz OUT: opens a project in headless QGIS and prints each of its layouts to OUT.pdf and OUT.png.

Fails where there is no layout, an export fails, the sheet is not the layout's page, the map is blank,
or a part that a finished map needs (map, legend, scale bar, title) is missing."""
import os
import re
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
from qgis.core import (Qgis, QgsApplication, QgsLayoutExporter, QgsLayoutItemLabel, QgsLayoutItemLegend, QgsLayoutItemMap,
                       QgsLayoutItemScaleBar, QgsProject)

DPI = 100


def faults_of(layout, out):
    page = layout.pageCollection().page(0).pageSize()
    print(f"layout {layout.name()!r}: {page.width()} x {page.height()} mm")
    for kind in (QgsLayoutItemMap, QgsLayoutItemLegend, QgsLayoutItemScaleBar, QgsLayoutItemLabel):
        if not [i for i in layout.items() if isinstance(i, kind)]:
            yield f"no {kind.__name__}"
    for m in (i for i in layout.items() if isinstance(i, QgsLayoutItemMap)):
        if m.extent().isEmpty():
            yield "the map has no extent"
    titles = [i.currentText() for i in layout.items() if isinstance(i, QgsLayoutItemLabel)]
    print("labels:", titles)
    if not any(t.strip() for t in titles):
        yield "no title"
    exporter = QgsLayoutExporter(layout)
    pdf, png = out + ".pdf", out + ".png"
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = DPI
    if exporter.exportToPdf(pdf, settings) != QgsLayoutExporter.Success:
        yield "PDF: " + exporter.errorMessage()
        return
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = DPI
    if exporter.exportToImage(png, settings) != QgsLayoutExporter.Success:
        yield "PNG: " + exporter.errorMessage()
        return
    data = open(pdf, "rb").read()
    boxes = re.findall(rb"/MediaBox\s*\[\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)", data)
    if not data.startswith(b"%PDF") or len(data) < 20_000 or not boxes:
        yield f"PDF of {len(data)} bytes, {len(boxes)} pages"
    for x0, y0, x1, y1 in boxes:
        w, h = (float(x1) - float(x0)) / 72 * 25.4, (float(y1) - float(y0)) / 72 * 25.4
        if abs(w - page.width()) > 1 or abs(h - page.height()) > 1:
            yield f"PDF sheet of {w:.1f} x {h:.1f} mm"
    from qgis.PyQt.QtGui import QImage
    image = QImage(png)
    want = page.width() / 25.4 * DPI, page.height() / 25.4 * DPI
    if abs(image.width() - want[0]) > 2 or abs(image.height() - want[1]) > 2:
        yield f"PNG of {image.width()} x {image.height()}, want {want[0]:.0f} x {want[1]:.0f}"
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    print(f"PDF {len(data)} bytes; PNG {image.width()} x {image.height()}, {len(colours)} colours")
    if len(colours) < 20:
        yield f"the PNG has {len(colours)} colours"


def main():
    source, out = map(os.path.abspath, sys.argv[1:3])
    app = QgsApplication([], True)
    app.initQgis()
    logged = []
    QgsApplication.messageLog().messageReceived.connect(lambda m, tag, level: logged.append(f"{tag}: {m.strip()}") if level >= Qgis.Warning else None)
    project = QgsProject.instance()
    faults = []
    if not project.read(source):
        faults.append("does not open: " + project.error())
    layouts = project.layoutManager().printLayouts()
    if not layouts:
        faults.append("no print layout")
    for n, layout in enumerate(layouts):
        faults += faults_of(layout, out if n == 0 else f"{out}-{n + 1}")
    for m in sorted(set(logged)):
        print("log:", m)
    for f in faults:
        print("FAULT:", f)
    sys.stdout.flush()
    os._exit(1 if faults else 0)  # QGIS's own clean-up is known to crash


main()
