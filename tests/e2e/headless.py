"""Makes QGIS run without a window, with a profile of its own that goes with the process: import this before it."""

import os
import tempfile

# QGIS writes a profile and a cache; they go with the folder.
scratch = tempfile.TemporaryDirectory(prefix="cadastre-qgis-")
os.environ.update(
    HOME=scratch.name,
    XDG_RUNTIME_DIR=scratch.name,
    QGIS_CUSTOM_CONFIG_PATH=scratch.name,
    QT_QPA_PLATFORM="offscreen",
)
