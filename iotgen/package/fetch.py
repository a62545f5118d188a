"""Fetches the wheels of pinned packages with pip, for a platform that may differ from this one."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event, Timer

from iotgen.errors import IotgenError, RemoteError
from iotgen.package.pip_errors import about, explain
from iotgen.package.platforms import Platform
from iotgen.package.requirements import Pin, normalise
from iotgen.system import refused

Say = Callable[[str], None]
Fetch = Callable[[Sequence[Pin], Platform, Path, Say], None]
"""Puts one wheel for each pin into a folder, or raises IotgenError or RemoteError."""

_PATIENCE = 15 * 60.0
_STARTED = re.compile(r"\s*(?:Collecting|Processing) (\S+)")  # a requirement, or a file that is already here
_RETRYING = "WARNING: Retrying"
# -P and -E: the project's folder may have a `pip.py`, and PYTHONPATH may name it. Not -I, which would hide
# a pip that is installed only for the user.
_PIP = (sys.executable, "-P", "-E", "-X", "utf8", "-m", "pip")
# The user's settings of pip (index, proxy, certificates, timeout) apply; these would conflict with ours.
_OURS = (
    "PIP_ABI", "PIP_CONSTRAINT", "PIP_IMPLEMENTATION", "PIP_LOG", "PIP_NO_BINARY", "PIP_PLATFORM",
    "PIP_PYTHON_VERSION", "PIP_QUIET", "PIP_REQUIREMENT", "PIP_REQUIRE_VIRTUALENV", "PIP_VERBOSE",
)  # fmt: skip
_LINKS = "PIP_FIND_LINKS"
_PATHS = (
    "CURL_CA_BUNDLE", "PIP_CACHE_DIR", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_CONFIG_FILE", "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR", "SSL_CERT_FILE",
)  # fmt: skip


def fetch_wheels(
    pins: Sequence[Pin],
    platform: Platform,
    folder: Path,
    say: Say,
    *,
    pip: Sequence[str] = _PIP,
    patience: float = _PATIENCE,
) -> None:
    """Download a wheel for each pin into `folder`, and let pip verify its hash.

    `patience` is the most time that pip may take, in seconds. Raises IotgenError for a package with no wheel
    for the platform or with another hash, RemoteError if the index cannot be reached. Ends pip when
    interrupted.
    """
    folder = folder.absolute()
    listing = folder / "requirements.txt"
    listing.write_text("".join(f"{pin.for_pip}\n" for pin in pins), encoding="utf-8")
    lines: list[str] = []
    pending = list(pins)

    def receive(line: str) -> None:
        if _is_relevant(line, pins):
            lines.append(line)
        if pin := _started(line, pending):
            pending.remove(pin)
            say(f"  {len(pins) - len(pending)} of {len(pins)}: {pin}")
        elif line.startswith(_RETRYING):
            say("  the package index does not respond, trying again")

    code = _run([*pip, *_arguments(platform, folder, listing)], folder, patience, receive)
    listing.unlink()
    if code < 0:
        raise IotgenError(
            f"pip was killed by signal {-code}", "Run it again, with more memory if it ran out."
        )
    if code != 0:
        raise explain(lines, pins, platform)


def _arguments(platform: Platform, folder: Path, listing: Path) -> list[str]:
    """The arguments for exactly these packages, verified: no dependencies (see completeness.py), no builds.

    Without --abi, pip accepts cp311, abi3 and none, as the interpreter does. -vv shows why pip skips a file.
    """
    major, minor = platform.python
    return [
        "download", "-vv", "--no-input", "--disable-pip-version-check", "--progress-bar=off",
        "--no-deps", "--require-hashes", "--only-binary=:all:",
        f"--python-version={major}.{minor}", "--implementation=cp",
        *(f"--platform={tag}" for tag in platform.tags),
        f"--dest={folder}", f"--requirement={listing}",
    ]  # fmt: skip


def _started(line: str, pending: Sequence[Pin]) -> Pin | None:
    """The pin that pip starts on, by this line."""
    if not (match := _STARTED.match(line)):
        return None
    name = normalise(re.split(r"[=\[]", match[1].rsplit("/", 1)[-1])[0])
    return next(
        (
            pin
            for pin in pending
            if name == pin.name or name.startswith(normalise(f"{pin.name}-{pin.version}-"))
        ),
        None,
    )


def _is_relevant(line: str, pins: Sequence[Pin]) -> bool:
    """Whether to keep a line: -vv prints thousands about files of other versions."""
    if not line.lstrip().startswith(("Skipping link", "Found link", "Link requires")):
        return True
    return any(about(line, pin) for pin in pins)


def pip_environment(environment: Mapping[str, str], here: Path) -> dict[str, str]:
    """The environment for a pip that runs in another folder than `here`, and no program from here.

    Relative paths in pip's own settings still refer to `here`. Relative entries of PATH are dropped: pip runs
    `lsb_release`, and `keyring` if configured.
    """
    kept = {name: value for name, value in environment.items() if name not in _OURS}
    kept |= {name: str(here / kept[name]) for name in _PATHS if kept.get(name)}
    links = (link if "://" in link else str(here / link) for link in kept.get(_LINKS, "").split())
    kept |= {_LINKS: " ".join(links)} if kept.get(_LINKS) else {}
    entries = kept.get("PATH", os.defpath).split(os.pathsep)
    kept["PATH"] = os.pathsep.join(entry for entry in entries if Path(entry).is_absolute())
    return kept


def _run(command: Sequence[str], folder: Path, patience: float, receive: Callable[[str], None]) -> int:
    """Run a command in a folder to its end, and pass its output lines to `receive`; returns its exit code."""
    environment = pip_environment(os.environ, Path.cwd())
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace", env=environment, cwd=folder,
        )  # fmt: skip
    except OSError as error:
        raise refused(error, "run pip with", command[0]) from error
    expired = Event()

    def expire() -> None:
        expired.set()
        child.kill()

    late = Timer(patience, expire)
    late.start()
    with child:
        try:
            for line in child.stdout or ():
                receive(line.rstrip())
            code = child.wait()
        except BaseException:
            _end(child)
            raise
        finally:
            late.cancel()
    if expired.is_set():
        raise RemoteError(
            f"pip did not finish in {patience:.0f} s", "Run it again: pip caches its downloads."
        )
    return code


def _end(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
