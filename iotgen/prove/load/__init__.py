"""Whether a pipeline carries a load: its handlers are measured, then the load runs in virtual time."""

from iotgen.prove.load.assumed import DEFAULTS, Assumed, assumed
from iotgen.prove.load.capacity import Answer, Demand, answer
from iotgen.prove.load.entry import Entry, entry_of
from iotgen.prove.load.measuring import measured
from iotgen.prove.load.plant import Plant, plant_of
from iotgen.prove.load.timing import Timing

__all__ = [
    "DEFAULTS",
    "Answer",
    "Assumed",
    "Demand",
    "Entry",
    "Plant",
    "Timing",
    "answer",
    "assumed",
    "entry_of",
    "measured",
    "plant_of",
]
