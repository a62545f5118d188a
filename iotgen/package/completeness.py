"""Checks that a layer has all dependencies of its packages, for the platform where they will run.

pip cannot check that: it evaluates environment markers for the machine that it runs on, regardless of
--platform and --python-version (https://github.com/pypa/pip/issues/11664), so on macOS or Python 3.13 it
would require other packages than Lambda does.
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
    """The pins whose environment marker is true."""
    return tuple(pin for pin in pins if _holds(Marker(pin.marker) if pin.marker else None, "", markers))


def lacking(pins: Sequence[Pin], wheels: Sequence[Wheel], markers: Mapping[str, str]) -> tuple[str, ...]:
    """A message for each dependency that the pins lack, or pin to a wrong version."""
    by_name = {wheel.name: wheel for wheel in wheels}
    messages = (_message(wheel, need, by_name) for wheel, need in _needs(pins, by_name, markers))
    return tuple(sorted({message for message in messages if message}))


def _needs(
    pins: Sequence[Pin], wheels: Mapping[str, Wheel], markers: Mapping[str, str]
) -> Iterator[tuple[Wheel, Requirement]]:
    """The dependencies of each package, including those of the extras that others require."""
    pending = [(pin.name, extra) for pin in pins for extra in ("", *pin.extras)]
    seen = set(pending)
    while pending:
        name, extra = pending.pop()
        if name not in wheels:
            continue
        for text in wheels[name].requires:
            need = _read(wheels[name], text)
            if not _holds(need.marker, extra, markers):
                continue
            yield wheels[name], need
            further = {(normalise(need.name), normalise(more)) for more in need.extras} - seen
            seen |= further
            pending += sorted(further)


def _message(wheel: Wheel, need: Requirement, wheels: Mapping[str, Wheel]) -> str | None:
    name, range_ = normalise(need.name), str(need.specifier)
    if name not in wheels:
        return f"{wheel.name} {wheel.version} needs {name}{range_}, which is not listed"
    if not _fits(need, wheels[name].version):
        return f"{wheel.name} {wheel.version} needs {name}{range_}, but {wheels[name].version} is listed"
    return None


def _read(wheel: Wheel, text: str) -> Requirement:
    """A requirement of a wheel; of one that predates the standard only its name and marker."""
    try:
        return Requirement(text)
    except InvalidRequirement:
        pass
    name, marker = _NAME.match(text), text.partition(";")[2]
    try:
        return Requirement(f"{name[0] if name else ''}{'; ' if marker else ''}{marker}")
    except InvalidRequirement as error:
        raise IotgenError(
            f"{wheel.name} {wheel.version} needs `{text}`, which cannot be parsed",
            f"Pin a newer version of {wheel.name}.",
        ) from error


def _fits(need: Requirement, version: str) -> bool:
    try:
        return need.specifier.contains(version, prereleases=True)
    except InvalidVersion:  # predates PEP 440, so it is older than any valid version
        return not need.specifier


def _holds(marker: Marker | None, extra: str, markers: Mapping[str, str]) -> bool:
    try:
        return marker is None or marker.evaluate({**markers, "extra": extra})
    except (UndefinedComparison, UndefinedEnvironmentName, InvalidVersion):
        return False  # the marker compares incomparable values, so it is true nowhere
