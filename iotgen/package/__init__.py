"""Handlers to zips, and requirements to layer zips: the same bytes on every machine."""

from iotgen.package.artifact import Artifact
from iotgen.package.functions import zip_function
from iotgen.package.layers import build_layer, layer_modules
from iotgen.package.limits import size_problems, zip_problems
from iotgen.package.requirements import requirement_problems

__all__ = [
    "Artifact",
    "build_layer",
    "layer_modules",
    "requirement_problems",
    "size_problems",
    "zip_function",
    "zip_problems",
]
