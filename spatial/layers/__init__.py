"""What a layer is: which columns it has, what they hold, and whether one that was read is whole.

`fields` are those of users' files, `LAYERS` those that the platform gives.
"""

from spatial.layers.fields import (
    AREA_FIELDS,
    AREA_REQUIRED,
    CASE_FIELDS,
    CASE_REQUIRED,
    Names,
    plain,
    resolve,
)
from spatial.layers.platform import LAYERS, VERSION, Column, Kind, Layer
from spatial.layers.whole import typed, validate

__all__ = [
    "AREA_FIELDS",
    "AREA_REQUIRED",
    "CASE_FIELDS",
    "CASE_REQUIRED",
    "LAYERS",
    "VERSION",
    "Column",
    "Kind",
    "Layer",
    "Names",
    "plain",
    "resolve",
    "typed",
    "validate",
]
