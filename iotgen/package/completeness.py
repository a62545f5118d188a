"""Whether a layer has everything that its packages need, on the platform where they will run.

pip can't tell: it reads environment markers for the machine that it runs on, whatever --platform and
--python-version say (https://github.com/pypa/pip/issues/11664), so it would ask for other packages on macOS
or Python 3.13 than Lambda does.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion

from iotgen.errors import IotgenError
from iotgen.package.requirements import Pin, normalise
from iotgen.package.wheels import Wheel

_NAME = re.compile(r"\s*[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def applying(pins: Sequence[Pin], markers: Mapping[str, str]) -> tuple[Pin, ...]:
    """Give the pins whose environment marker holds."""
    return tuple(pin for pin in pins if _holds(Marker(pin.marker) if pin.marker else None, "", markers))


def lacking(pins: Sequence[Pin], wheels: Sequence[Wheel], markers: Mapping[str, str]) -> tuple[str, ...]:
    """Say which package needs what the pins don't have: one message for each."""
    made = {wheel.name: wheel for wheel in wheels}
    faults = (_fault(wheel, need, made) for wheel, need in _needs(pins, made, markers))
    return tuple(sorted({fault for fault in faults if fault}))


def _needs(
    pins: Sequence[Pin], made: Mapping[str, Wheel], markers: Mapping[str, str]
) -> Iterator[tuple[Wheel, Requirement]]:
    """Walk the dependencies of each package, with the extras that are asked for on the way."""
    wanted = [(pin.name, extra) for pin in pins for extra in ("", *pin.extras)]
    seen = set(wanted)
    while wanted:
        name, extra = wanted.pop()
        if name not in made:
            continue
        for text in made[name].requires:
            need = _read(made[name], text)
            if not _holds(need.marker, extra, markers):
                continue
            yield made[name], need
            further = {(normalise(need.name), normalise(more)) for more in need.extras} - seen
            seen |= further
            wanted += sorted(further)


def _fault(wheel: Wheel, need: Requirement, made: Mapping[str, Wheel]) -> str | None:
    name, range_ = normalise(need.name), str(need.specifier)
    if name not in made:
        return f"{wheel.name} {wheel.version} needs {name}{range_}, which is not listed"
    if not _fits(need, made[name].version):
        return f"{wheel.name} {wheel.version} needs {name}{range_}, but {made[name].version} is listed"
    return None


def _read(wheel: Wheel, text: str) -> Requirement:
    """Read a requirement of a wheel; of one that is older than the standard only its name and marker."""
    try:
        return Requirement(text)
    except InvalidRequirement:
        pass
    name, marker = _NAME.match(text), text.partition(";")[2]
    try:
        return Requirement(f"{name[0] if name else ''}{'; ' if marker else ''}{marker}")
    except InvalidRequirement as error:
        raise IotgenError(
            f"{wheel.name} {wheel.version} needs `{text}`, which cannot be read", "Pin a newer version of it."
        ) from error


def _fits(need: Requirement, version: str) -> bool:
    try:
        return need.specifier.contains(version, prereleases=True)
    except InvalidVersion:  # of before PEP 440: it is older than any that can be compared
        return not need.specifier


def _holds(marker: Marker | None, extra: str, markers: Mapping[str, str]) -> bool:
    try:
        return marker is None or marker.evaluate({**markers, "extra": extra})
    except (UndefinedComparison, UndefinedEnvironmentName, InvalidVersion):
        return False  # it compares what cannot be compared, so it holds nowhere
