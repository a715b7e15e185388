"""Loads results with their styles."""

import os

from qgis.core import QgsProcessingContext, QgsProcessingLayerPostProcessorInterface, QgsProcessingUtils

_kept = []  # QGIS does not own the post-processors


class Styled(QgsProcessingLayerPostProcessorInterface):
    """Gives a layer the style that lies beside its file."""

    def __init__(self, style):
        super().__init__()
        self.style = style

    def postProcessLayer(self, layer, context, feedback):
        layer.loadNamedStyle(self.style)
        layer.triggerRepaint()


def load(files, context):
    """Has layers loaded when the algorithm has ended. files are paths and titles."""
    _kept.clear()
    for path, title in files:
        if not os.path.exists(path):
            continue
        if QgsProcessingUtils.mapLayerFromString(path, context) is None:
            continue
        details = QgsProcessingContext.LayerDetails(title, context.project(), title)
        style = os.path.splitext(path)[0] + ".qml"
        if os.path.exists(style):
            styled = Styled(style)
            _kept.append(styled)
            details.setPostProcessor(styled)
        context.addLayerToLoadOnCompletion(path, details)
