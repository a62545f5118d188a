"""What a deployed resource holds: what would be lost with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iotgen.model.change import Attributes

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")

# boto3's client of a service, by the service's name.
Clients = Callable[[str], Any]


@dataclass(frozen=True)
class Amount:
    """How much a resource holds, in `words`; `empty` when nothing is lost with it."""

    words: str
    empty: bool


# Asks AWS what a resource with these attributes holds at this time, in a few calls; raises what boto3 does.
Look = Callable[[Clients, Attributes, datetime], Amount]


def counted(number: int, noun: str) -> str:
    """A number and its noun: `1 item`, `1,204 items`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def size(number: int) -> str:
    """A number of bytes, to three digits: `12.3 kB`."""
    value, unit = float(number), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g} {_UNITS[unit]}"


@dataclass(frozen=True)
class Refusal:
    """That AWS refuses to destroy a deployed resource by a `setting` of the spec.

    So it is `when` what Terraform has as the `type`, under the resource's label, has such attributes.
    """

    setting: str
    type: str
    when: Callable[[Attributes], bool]
