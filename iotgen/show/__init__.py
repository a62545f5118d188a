"""One resource as it will be in an environment: its settings with their origins, and what concerns it."""

from iotgen.show.describe import describe
from iotgen.show.description import Cost, Description
from iotgen.show.spec import Spec, spec_of
from iotgen.show.subject import Subject, find, subjects

__all__ = ["Cost", "Description", "Spec", "Subject", "describe", "find", "spec_of", "subjects"]
