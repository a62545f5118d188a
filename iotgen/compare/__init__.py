"""What differs between two environments of a spec, or two revisions of it, in the spec's words.

Both sides are resolved with the same suffix, so what differs only by it is no difference.
"""

from iotgen.compare.compare import compare
from iotgen.compare.difference import Absent, Change, Difference, FileChange, Origin, Permission, Source
from iotgen.compare.side import Pins, Side

__all__ = [
    "Absent",
    "Change",
    "Difference",
    "FileChange",
    "Origin",
    "Permission",
    "Pins",
    "Side",
    "Source",
    "compare",
]
