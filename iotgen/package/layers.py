"""Packages requirements files into zips for layers. Modules that only a build needs are imported then."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from iotgen.errors import IotgenError
from iotgen.package.artifact import Artifact
from iotgen.package.atomic import write_beside
from iotgen.package.cache import Cached, cache_key, find, store
from iotgen.package.limits import megabytes
from iotgen.package.platforms import Platform, lambda_platform
from iotgen.package.requirements import HINT, Fault, Pin, read_requirements
from iotgen.reading import read_bytes
from iotgen.system import refused

if TYPE_CHECKING:
    from iotgen.package.fetch import Fetch, Say
    from iotgen.package.wheels import Wheel

_CHUNK = 1 << 17
_BUILDING = "building-"
_LEFT_BEHIND = 24 * 3600  # seconds after which the files of a killed build are removed


def _silent(message: str) -> None:
    """Print nothing."""


def build_layer(
    requirements: Path,
    runtime: str,
    architecture: str,
    destination: Path,
    cache: Path,
    fetch: Fetch | None = None,
    say: Say = _silent,
) -> Artifact:
    """Build a layer's zip of pinned packages, from the cache or from their wheels.

    `runtime` is a name such as python3.11, `architecture` x86_64 or arm64; the folder `cache` is created if
    missing. `fetch` downloads the wheels (by default with pip), `say` receives lines of progress. The bytes
    depend only on the wheels, and these on the hashes in the file. Raises IotgenError for a file that does
    not exist or is not fully pinned, a package with no wheel for the platform or with another hash, an
    unlisted dependency, and a full disk; RemoteError if the index cannot be reached.
    """
    cached = _cached(requirements, runtime, architecture, cache, fetch, say)
    _copy(cached.path, destination)
    return Artifact(destination, cached.written.sha256, cached.written.size, cached.written.unzipped)


def layer_folder(
    requirements: Path,
    runtime: str,
    architecture: str,
    cache: Path,
    fetch: Fetch | None = None,
    say: Say = _silent,
) -> Path:
    """Unpack such a layer in the cache, once, and give the folder that Python looks for its modules in.

    Raises as `build_layer` does.
    """
    from iotgen.package.unpacked import unpacked

    cached = _cached(requirements, runtime, architecture, cache, fetch, say)
    return unpacked(cached.path, cached.path.with_suffix(""), prefix=_BUILDING) / "python"


def _cached(
    requirements: Path, runtime: str, architecture: str, cache: Path, fetch: Fetch | None, say: Say
) -> Cached:
    order = _Order(requirements, _content(requirements), lambda_platform(runtime, architecture))
    folder, key = cache / "layers", cache_key(order.content, runtime, architecture)
    return find(folder, key) or _build(order, folder, key, fetch, say)


def layer_modules(layer: Path) -> frozenset[str]:
    """The top-level modules and packages in a layer's zip."""
    from zipfile import ZipFile

    with ZipFile(layer) as file:
        paths = [name.split("/") for name in file.namelist()]
    tops = {path[1] for path in paths if path[0] == "python" and len(path) > 1}
    return frozenset(top.partition(".")[0] for top in tops)


@dataclass(frozen=True)
class _Order:
    """The requirements to build, and the platform."""

    requirements: Path
    content: bytes
    platform: Platform


def _content(requirements: Path) -> bytes:
    try:
        return read_bytes(requirements)
    except FileNotFoundError:
        raise IotgenError(
            f"there is no requirements file {requirements}", "Check the path in the spec."
        ) from None
    except OSError as error:
        raise refused(error, "read", requirements) from error


def _build(order: _Order, folder: Path, key: str, fetch: Fetch | None, say: Say) -> Cached:
    from tempfile import TemporaryDirectory

    from iotgen.package.wheels import write_layer

    started = time.monotonic()
    pins = _pins(order)
    say(f"Building the layer of {order.requirements}: {len(pins)} packages for {order.platform}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, time.time())
        with TemporaryDirectory(prefix=_BUILDING, dir=folder) as building:
            wheels = _wheels(order, pins, Path(building), fetch, say)
            cached = store(folder, key, lambda out: write_layer(out, wheels, say))
    except OSError as error:
        raise refused(error, "write", folder) from error
    seconds = time.monotonic() - started
    say(f"Built it in {seconds:.1f} s: {megabytes(cached.written.size)} zipped; it is cached from now on")
    return cached


def _pins(order: _Order) -> tuple[Pin, ...]:
    """The pins for the platform; IotgenError if the file is not fully pinned."""
    from iotgen.package.completeness import applying

    try:
        text = order.content.decode()
    except UnicodeDecodeError as error:
        line = order.content.count(b"\n", 0, error.start) + 1
        raise _faulty(order, [(line, "is not UTF-8 text")]) from error
    all_pins, faults = read_requirements(text)
    if faults:
        raise _faulty(order, sorted(faults))
    pins = applying(all_pins, order.platform.markers)
    if not pins:
        raise _faulty(order, [(1, f"no package is for {order.platform}: the layer would be empty")])
    lines: dict[str, int] = {}
    for pin in pins:
        if lines.setdefault(pin.name, pin.line) != pin.line:
            message = f"{pin.name} is listed twice for {order.platform}, first on line {lines[pin.name]}"
            raise _faulty(order, [(pin.line, message)])
    return pins


def _faulty(order: _Order, faults: Sequence[Fault]) -> IotgenError:
    return IotgenError("\n".join(f"{order.requirements}:{line}: {message}" for line, message in faults), HINT)


def _wheels(
    order: _Order, pins: Sequence[Pin], building: Path, fetch: Fetch | None, say: Say
) -> Sequence[Wheel]:
    """Fetch the wheels and check that all dependencies are among them."""
    from iotgen.package.completeness import lacking
    from iotgen.package.fetch import fetch_wheels
    from iotgen.package.wheels import read_wheel

    (fetch or fetch_wheels)(pins, order.platform, building, say)
    wheels = [read_wheel(path) for path in sorted(building.glob("*.whl"))]
    faults = lacking(pins, wheels, order.platform.markers)
    if faults:
        raise IotgenError("\n".join(f"{order.requirements}: {fault}" for fault in faults), HINT)
    return wheels


def _sweep(folder: Path, now: float) -> None:
    """Remove the files of killed builds: those too old to be of a build in progress."""
    from shutil import rmtree

    for left in folder.glob(f"{_BUILDING}*"):
        if now - left.stat().st_mtime > _LEFT_BEHIND:
            rmtree(left, ignore_errors=True)


def _copy(cached: Path, destination: Path) -> None:
    def copy(out: BinaryIO) -> None:
        while chunk := source.read(_CHUNK):
            out.write(chunk)

    try:
        source = cached.open("rb")
    except OSError as error:
        raise refused(error, "read", cached) from error
    with source:
        write_beside(destination, copy)
