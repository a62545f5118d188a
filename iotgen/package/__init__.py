"""Packages handlers and requirements into zips, with the same bytes on every machine."""

from iotgen.package.artifact import Artifact
from iotgen.package.built import archive_digest, archive_folder, take_archive
from iotgen.package.functions import file_digests, function_files, zip_function, zip_layer
from iotgen.package.layers import build_layer, layer_folder, layer_modules
from iotgen.package.limits import size_problems, zip_problems
from iotgen.package.requirements import read_requirements, requirement_problems

__all__ = [
    "Artifact",
    "archive_digest",
    "archive_folder",
    "build_layer",
    "file_digests",
    "function_files",
    "layer_folder",
    "layer_modules",
    "read_requirements",
    "requirement_problems",
    "size_problems",
    "take_archive",
    "zip_function",
    "zip_layer",
    "zip_problems",
]
