"""Turns pip's output into one message with a hint."""

import re
from collections.abc import Sequence

from iotgen.errors import IotgenError, RemoteError
from iotgen.package.platforms import Platform
from iotgen.package.requirements import Pin, normalise

_NO_PIP = "No module named pip"
_FULL = "No space left on device"
_CRASH = "ERROR: Exception:"  # a traceback follows
_TRACEBACK = "Traceback (most recent call last):"
# Lines that pip prints while it cleans up, whatever happened before.
_CLEARING = re.compile(r"\s*(Removed|Removing|Created|Cleaning up|Exception information:|\[notice\])")
_HASHES = "THESE PACKAGES DO NOT MATCH THE HASHES"
_MISMATCH = re.compile(r"\s+([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==\S+ from ")
_NO_MATCH = re.compile(r"ERROR: No matching distribution found for ([^\s=\[]+)")
_VERSIONS = re.compile(r"\(from versions: ([^)]*)\)")
_UNFETCHED = re.compile(r"Could not fetch URL (?P<url>\S+): (?P<why>.*) - skipping")
_INNER = re.compile(r"(?:\[Errno -?\d+\] |\('(?=too many))([^'\")]+)")
_NOT_THERE = "404 Client Error"
_NETWORK = re.compile(
    r"WARNING: Retrying|ERROR: HTTP error|ReadTimeoutError|ConnectTimeoutError|ConnectionError|IncompleteRead"
    r"|NewConnectionError|NameResolutionError|Max retries exceeded|Connection broken|ProxyError|SSLError"
)
_NETWORK_HINT = (
    "Check the network, the proxy (HTTPS_PROXY) and the index (pip config get global.index-url). "
    "A built layer is cached, and needs no network until its requirements change."
)


def explain(lines: Sequence[str], pins: Sequence[Pin], platform: Platform) -> IotgenError:
    """The error for a failed `pip download -vv`; `lines` is its output, which may include warnings."""
    if any(line.endswith(_NO_PIP) for line in lines):
        return IotgenError(
            "building a layer needs pip, which this Python lacks", "Run `python -m ensurepip`."
        )
    if any(_FULL in line for line in lines):
        return IotgenError(
            "the disk is full: there is no space for the packages of a layer",
            "Free some space, or move the cache (IOTGEN_CACHE_DIR) and the temporary files (TMPDIR).",
        )
    if any(_HASHES in line for line in lines):
        return _hash_mismatch(lines, pins)
    name = next((normalise(match[1]) for line in lines if (match := _NO_MATCH.match(line))), None)
    pin = next((pin for pin in pins if pin.name == name), None)
    if reason := _unreachable(lines, pin):
        return RemoteError(f"the package index cannot be reached: {reason}", _NETWORK_HINT)
    if pin:
        return _no_wheel(lines, pin, platform)
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ") and line != _CRASH]
    return IotgenError(f"pip failed: {'; '.join(errors[:3]) or _raised(lines) or _last(lines)}")


def about(line: str, pin: Pin) -> bool:
    """Whether a line of pip's output explains why it skips a file of this version."""
    return line.lstrip().startswith("Skipping link") and normalise(
        f"/{pin.name}-{pin.version}-"
    ) in normalise(line)


def _hash_mismatch(lines: Sequence[str], pins: Sequence[Pin]) -> IotgenError:
    named = {normalise(match[1]) for line in lines if (match := _MISMATCH.match(line))}
    wrong = [str(pin) for pin in pins if pin.name in named]
    return IotgenError(
        f"the wheel of {', '.join(wrong) or 'a package'} has none of the hashes that are listed for it",
        "Find out why before you pin it again with `--generate-hashes`: either the list lacks the hash of "
        "the wheel for this platform, or the wheel has changed since it was pinned.",
    )


def _unreachable(lines: Sequence[str], pin: Pin | None) -> str | None:
    """The reason, if the network is the cause and not the package."""
    for line in lines:
        failed = _UNFETCHED.search(line)
        if failed and _NOT_THERE not in failed["why"] and (pin is None or _is_page(failed["url"], pin)):
            return f"{failed['url']}: {_short(failed['why'])}"
    if pin and (_versions(lines) or any(about(line, pin) for line in lines)):
        return None  # the index responded
    return next((_short(line.removeprefix("ERROR: ")) for line in lines if _NETWORK.search(line)), None)


def _short(why: str) -> str:
    """The reason without urllib3's wrapper."""
    inner = _INNER.search(why)
    return inner[1] if inner else why


def _is_page(url: str, pin: Pin) -> bool:
    return normalise(url.rstrip("/").rsplit("/", 1)[-1]) == pin.name


def _no_wheel(lines: Sequence[str], pin: Pin, platform: Platform) -> IotgenError:
    other_python = re.compile(rf"\b{re.escape(pin.version)} Requires-Python ([^;:]+)")
    if needs := next((match[1] for line in lines if (match := other_python.search(line))), None):
        return IotgenError(
            f"{pin} needs Python {needs.strip()}, and the layer is for {platform}",
            "Pin an older version of it, or choose a newer runtime.",
        )
    if any(about(line, pin) for line in lines):
        return IotgenError(
            f"{pin} has no wheel for {platform} (glibc 2.{platform.glibc})",
            "Pin a version that has one, or choose another architecture; iotgen builds nothing from source.",
        )
    known = _versions(lines)
    return IotgenError(
        f"the package index has no {pin}" + (f"; its newest version is {known[-1]}" if known else ""),
        "Check the name and the version on the package's page in the index.",
    )


def _versions(lines: Sequence[str]) -> list[str]:
    listed = next((match[1] for line in lines if (match := _VERSIONS.search(line))), "none")
    return [] if listed == "none" else listed.split(", ")


def _raised(lines: Sequence[str]) -> str | None:
    """The exception at the end of the last traceback; its frames are indented further than its first line."""
    raised = None
    for number, line in enumerate(lines):
        if line.endswith(_TRACEBACK):
            indent = len(line) - len(_TRACEBACK)
            outside = (after for after in lines[number + 1 :] if after[indent : indent + 1].strip())
            raised = next((after.strip() for after in outside), raised)
    return raised


def _last(lines: Sequence[str]) -> str:
    relevant = (line.strip() for line in reversed(lines) if line.strip() and not _CLEARING.match(line))
    return next(relevant, "it printed nothing")
