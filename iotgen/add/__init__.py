"""What is added to a project by a command: a function, with its handler, its test and the spec's lines."""

from iotgen.add.function import Addition, ByEndpoint, ByTrigger, addition
from iotgen.add.write import write

__all__ = ["Addition", "ByEndpoint", "ByTrigger", "addition", "write"]
