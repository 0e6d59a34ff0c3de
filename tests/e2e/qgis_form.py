#!/usr/bin/python3
"""Opens a template in QGIS, without a window, and fills in one record with the editors that its form gives.

usage: qgis_form.py GEOPACKAGE LAYER FIELD=CHOICE...

CHOICE is what the editor of the field shows, such as the label of a code. Prints one JSON object: for each
field its title, its editor, the choices of a list, whether it has to be filled in and may be.
"""

import json
import sys

import headless  # noqa: F401  before QGIS

from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsFieldConstraints,
    QgsGeometry,
    QgsPointXY,
    QgsVectorLayer,
)
from qgis.gui import QgsGui
from qgis.PyQt.QtWidgets import QComboBox, QWidget

STRENGTHS = {
    QgsFieldConstraints.ConstraintStrengthNotSet: None,
    QgsFieldConstraints.ConstraintStrengthHard: "required",
    QgsFieldConstraints.ConstraintStrengthSoft: "wished",
}


def setup(layer, at):
    """The editor that a form takes: the one that the style names, else the one that suits best."""
    return QgsGui.editorWidgetRegistry().findBest(layer, layer.fields()[at].name())


def editor(layer, at, parent):
    best = setup(layer, at)
    return QgsGui.editorWidgetRegistry().create(best.type(), layer, at, best.config(), None, parent)


def choices(widget):
    if not isinstance(widget, QComboBox):
        return []
    return [widget.itemText(row) for row in range(widget.count())]


def described(layer, at, parent):
    constraints = layer.fields()[at].constraints()
    return {
        "title": layer.attributeDisplayName(at),
        "editor": setup(layer, at).type(),
        "choices": choices(editor(layer, at, parent).widget()),
        "needed": STRENGTHS[constraints.constraintStrength(QgsFieldConstraints.ConstraintNotNull)],
        "fixed": layer.editFormConfig().readOnly(at),
    }


def chosen(layer, at, said, parent):
    """The value that an editor gives when somebody chooses in it."""
    wrapper = editor(layer, at, parent)
    widget = wrapper.widget()
    if isinstance(widget, QComboBox):
        row = widget.findText(said)
        if row < 0:
            sys.exit(f"{said} is none of {choices(widget)}")
        widget.setCurrentIndex(row)
        return wrapper.value()
    return said


application = QgsApplication([], True)
application.initQgis()
QgsGui.editorWidgetRegistry().initEditors()
path, name, *values = sys.argv[1:]
layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
parent = QWidget()
fields = layer.fields()
told = {fields[at].name(): described(layer, at, parent) for at in range(fields.count())}
layer.startEditing()
feature = QgsFeature(fields)
feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(22.31, 44.21)))
for value in values:
    field, said = value.split("=", 1)
    at = fields.indexOf(field)
    feature.setAttribute(at, chosen(layer, at, said, parent))
layer.addFeature(feature)
if not layer.commitChanges():
    sys.exit("\n".join(layer.commitErrors()))
print(json.dumps(told))
