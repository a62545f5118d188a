"""One handler with its environment, here: in a process of its own, with an event of the caller's."""

from iotgen.invoke.invocation import AwsCall, Failure, Invocation
from iotgen.invoke.place import Place
from iotgen.invoke.run import other_python, run
from iotgen.invoke.sample import SAMPLES, Sample, sample
from iotgen.invoke.variables import deployed_variables, variables

__all__ = [
    "SAMPLES",
    "AwsCall",
    "Failure",
    "Invocation",
    "Place",
    "Sample",
    "deployed_variables",
    "other_python",
    "run",
    "sample",
    "variables",
]
