"""Reads a requirements file, in which every package must be pinned with hashes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

HINT = (
    "List the packages in requirements.in, and let a tool pin them: "
    "uv pip compile --universal --generate-hashes requirements.in -o requirements.txt, "
    "or pip-compile --generate-hashes requirements.in"
)

Fault = tuple[int, str]

# pip's rules for comments and continuation lines: pip/_internal/req/req_file.py, join_lines and
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

_INCLUDED = "refers to another file: list every package in this one, since it alone determines the layer"
_INDEX = "names an index: set it for pip instead, with PIP_INDEX_URL or pip config"
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
    """A package at one version; `hashes` are pip's options, `line` is its first line, from 1."""

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
        """The requirement for pip, without its marker, which pip would evaluate for the wrong machine."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}=={self.version} {' '.join(self.hashes)}"


def requirement_problems(text: str) -> tuple[Fault, ...]:
    """The line (from 1) and message of each problem that makes the layer differ between machines."""
    return read_requirements(text)[1]


def read_requirements(text: str) -> tuple[tuple[Pin, ...], tuple[Fault, ...]]:
    """The pins, and the line and message of each problem."""
    pins: list[Pin] = []
    faults: list[Fault] = []
    for number, line in _logical_lines(text):
        pin_or_message = _read_line(number, line)
        if isinstance(pin_or_message, Pin):
            pins.append(pin_or_message)
        else:
            faults.append((number, pin_or_message))
    if not pins and not faults:
        faults.append((1, "no package is listed: the layer would be empty"))
    return tuple(pins), (*faults, *_twice(pins))


def normalise(name: str) -> str:
    """A package's name in the normalised form for comparisons (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines without comments, with continuations joined, each with the number of its first line."""
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
    """The pin in a line, or the message for its first problem."""
    if message := _not_a_release(line):
        return message
    requirement, *options = _OPTIONS.split(line)
    parts = _REQUIREMENT.fullmatch(requirement)
    if parts is None:
        return f"{requirement!r} is not a requirement: write name==1.2.3 --hash=sha256:..."
    name, shown = normalise(parts["name"]), parts["name"]
    version = _PINNED.fullmatch(parts["version"])
    if version is None:
        return f"{shown} is not pinned to one version: write {shown}==1.2.3 --hash=sha256:..."
    for option in options:
        if _HASH.fullmatch(option) is None:
            return f"{shown}: {_bad_option(option)}"
    if not options:
        return f"{shown} has no hash: add --hash=sha256:... for each of its wheels"
    marker = (parts["marker"] or "").strip()
    if message := _marker_fault(marker):
        return f"{shown}: {message}"
    extras = tuple(normalise(extra.strip()) for extra in (parts["extras"] or "").split(",") if extra.strip())
    return Pin(name, version["version"], extras, marker, tuple(options), number)


def _not_a_release(line: str) -> str | None:
    if line.startswith("-"):
        option = re.split(r"[=\s]", line, maxsplit=1)[0]
        return f"{option} " + _REFUSED.get(
            option, "is an option of pip: remove it, since iotgen sets pip's options"
        )
    if "://" in line or re.match(r"\S+\s+@\s", line) or line.startswith((".", "/")):
        return f"{line.split()[0]} is a URL or a path, which {_UNPINNED}"
    return None


def _bad_option(option: str) -> str:
    if option.startswith("--hash"):
        return f"{option!r} is not a hash: write --hash=sha256: and 64 hexadecimal digits"
    return f"the option {option!r} is not supported: use only --hash"


def _marker_fault(marker: str) -> str | None:
    if not marker:
        return None
    # Takes 24 ms to import, which only a file with markers needs.
    from packaging.markers import InvalidMarker, Marker

    try:
        Marker(marker)
    except InvalidMarker:
        return f"{marker!r} is not an environment marker"
    return None


def _twice(pins: list[Pin]) -> Iterator[Fault]:
    """Packages that are listed twice; with markers, they may be for different platforms."""
    first: dict[str, Pin] = {}
    for pin in pins:
        other = first.setdefault(pin.name, pin)
        if other is not pin and not (pin.marker and other.marker):
            yield pin.line, f"{pin.name} is listed twice, first on line {other.line}"
