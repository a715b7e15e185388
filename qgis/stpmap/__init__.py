"""A QGIS plugin: the Processing provider stpmap."""


def classFactory(iface):  # the name that QGIS asks for
    from .plugin import Plugin

    return Plugin()
