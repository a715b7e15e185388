"""Registers the provider, and where the program lies as a setting of Processing."""

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsApplication, QgsProcessingProvider

from . import tool
from .algorithms import ALGORITHMS


class Provider(QgsProcessingProvider):
    def id(self):
        return "stpmap"

    def name(self):
        return "stpmap"

    def load(self):
        ProcessingConfig.settingIcons["stpmap"] = self.icon()
        ProcessingConfig.addSetting(Setting("stpmap", tool.SETTING, "the program stpmap", "", valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self):
        ProcessingConfig.removeSetting(tool.SETTING)

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())


class Plugin:
    def __init__(self):
        self.provider = None

    def initProcessing(self):
        self.provider = Provider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        self.initProcessing()

    def unload(self):
        if self.provider:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
