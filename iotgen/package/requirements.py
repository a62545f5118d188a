"""Reads a requirements file that pins every package, with hashes, and says what in it doesn't."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

HINT = (
    "List what you need in requirements.in, and let a tool pin it: "
    "uv pip compile --universal --generate-hashes requirements.in -o requirements.txt, "
    "or pip-compile --generate-hashes requirements.in"
)

Fault = tuple[int, str]

# pip's own reading of comments and continuation lines: pip/_internal/req/req_file.py, join_lines and
# ignore_comments
_COMMENT = re.compile(r"(^|\s+)#.*$")
_OPTIONS = re.compile(r"\s+(?=--?[A-Za-z])")
_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*"
    r"(?:\[(?P<extras>[^\]]*)\]\s*)?"
    r"(?P<version>[^;]*?)\s*"
    r"(?:;\s*(?P<marker>.*))?",
)
_PINNED = re.compile(r"==\s*(?P<version>v?\d[A-Za-z0-9.!+_-]*)")
_HASH = re.compile(
    r"--hash[= ]\s*(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})", re.IGNORECASE
)

_INCLUDED = (
    "lists packages elsewhere: list every package in this file, since its text decides what is in the layer"
)
_INDEX = "names an index: that is a setting of pip (PIP_INDEX_URL, or pip config), not of this file"
_UNPINNED = "has no hashes and can change: pin a released version, as in name==1.2.3 --hash=sha256:..."
_REFUSED = {
    "-r": _INCLUDED,
    "--requirement": _INCLUDED,
    "-c": _INCLUDED,
    "--constraint": _INCLUDED,
    "-i": _INDEX,
    "--index-url": _INDEX,
    "--extra-index-url": _INDEX,
    "--no-index": _INDEX,
    "-f": _INDEX,
    "--find-links": _INDEX,
    "--trusted-host": _INDEX,
    "-e": _UNPINNED,
    "--editable": _UNPINNED,
    "--hash": "is a hash without a package: is a backslash missing at the end of the line above?",
}


@dataclass(frozen=True)
class Pin:
    """A package at one version; `hashes` are pip's options, `line` where it begins, from 1."""

    name: str
    version: str
    extras: tuple[str, ...]
    marker: str
    hashes: tuple[str, ...]
    line: int

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def for_pip(self) -> str:
        """The line that asks pip for it; without its marker, which pip would read for the wrong machine."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}=={self.version} {' '.join(self.hashes)}"


def requirement_problems(text: str) -> tuple[Fault, ...]:
    """Say what keeps a requirements file from giving one layer everywhere: (line from 1, message) each."""
    return read_requirements(text)[1]


def read_requirements(text: str) -> tuple[tuple[Pin, ...], tuple[Fault, ...]]:
    """Read the pins, and what is wrong with the lines that are none."""
    pins: list[Pin] = []
    faults: list[Fault] = []
    for number, line in _logical_lines(text):
        read = _read_line(number, line)
        if isinstance(read, Pin):
            pins.append(read)
        else:
            faults.append((number, read))
    if not pins and not faults:
        faults.append((1, "no package is listed: the layer would be empty"))
    return tuple(pins), (*faults, *_twice(pins))


def normalise(name: str) -> str:
    """Give a package's name in the one form in which names compare (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines without comments, continued ones joined, each with its first line's number."""
    joined, start = "", 0
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        start = start or number
        comment = _COMMENT.match(line)
        if line.endswith("\\") and not comment:
            joined += line.strip("\\")
            continue
        if content := _COMMENT.sub("", joined + (" " + line if comment else line)).strip():
            yield start, content
        joined, start = "", 0
    if content := _COMMENT.sub("", joined).strip():
        yield start, content


def _read_line(number: int, line: str) -> Pin | str:
    """Read a line as a pin, or give the one thing that is wrong with it."""
    if refused := _not_a_release(line):
        return refused
    requirement, *options = _OPTIONS.split(line)
    parts = _REQUIREMENT.fullmatch(requirement)
    if parts is None:
        return f"{requirement!r} is not a requirement: write name==1.2.3 --hash=sha256:..."
    name, shown = normalise(parts["name"]), parts["name"]
    pinned = _PINNED.fullmatch(parts["version"])
    if pinned is None:
        return f"{shown} is not pinned to one version: write {shown}==1.2.3 --hash=sha256:..."
    for option in options:
        if _HASH.fullmatch(option) is None:
            return f"{shown}: {_bad_option(option)}"
    if not options:
        return f"{shown} has no hash: add --hash=sha256:... for each of its wheels"
    marker = (parts["marker"] or "").strip()
    if fault := _marker_fault(marker):
        return f"{shown}: {fault}"
    extras = tuple(normalise(extra.strip()) for extra in (parts["extras"] or "").split(",") if extra.strip())
    return Pin(name, pinned["version"], extras, marker, tuple(options), number)


def _not_a_release(line: str) -> str | None:
    if line.startswith("-"):
        option = re.split(r"[=\s]", line, maxsplit=1)[0]
        return f"{option} " + _REFUSED.get(option, "is an option: iotgen gives pip its options, remove it")
    if "://" in line or re.match(r"\S+\s+@\s", line) or line.startswith((".", "/")):
        return f"{line.split()[0]} is a URL or a path, which {_UNPINNED}"
    return None


def _bad_option(option: str) -> str:
    if option.startswith("--hash"):
        return f"{option!r} is not a hash: --hash=sha256: and 64 hexadecimal digits"
    return f"the option {option!r} is not taken here, only --hash"


def _marker_fault(marker: str) -> str | None:
    if not marker:
        return None
    # 24 ms of import, which only a file with markers pays for
    from packaging.markers import InvalidMarker, Marker

    try:
        Marker(marker)
    except InvalidMarker:
        return f"{marker!r} is not an environment marker"
    return None


def _twice(pins: list[Pin]) -> Iterator[Fault]:
    """Find packages that are listed twice; with markers it may be one for each platform."""
    first: dict[str, Pin] = {}
    for pin in pins:
        other = first.setdefault(pin.name, pin)
        if other is not pin and not (pin.marker and other.marker):
            yield pin.line, f"{pin.name} is listed twice, first on line {other.line}"
