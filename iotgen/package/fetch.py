"""Fetches the wheels of pinned packages with pip, for a platform that may be another than this one."""

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
_STARTED = re.compile(r"\s*(?:Collecting|Processing) (\S+)")  # a requirement, or a file that is here already
_RETRYING = "WARNING: Retrying"
# -P and -E: the project's folder may hold a `pip.py`, and PYTHONPATH may name it. Not -I, which would hide
# a pip that is installed for the user only.
_PIP = (sys.executable, "-P", "-E", "-X", "utf8", "-m", "pip")
# The user's own settings of pip (index, proxy, certificates, timeout) count; these would contradict ours
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
    """Download a wheel for each pin into `folder`, and have pip check its hash.

    `patience` is the longest that pip may take, in seconds. Raises IotgenError for a package that has no
    wheel for the platform or another hash, RemoteError when the index can't be reached. Ends pip when
    interrupted.
    """
    folder = folder.absolute()
    listing = folder / "requirements.txt"
    listing.write_text("".join(f"{pin.for_pip}\n" for pin in pins), encoding="utf-8")
    lines: list[str] = []
    waiting = list(pins)

    def hear(line: str) -> None:
        if _telling(line, pins):
            lines.append(line)
        if pin := _begun(line, waiting):
            waiting.remove(pin)
            say(f"  {len(pins) - len(waiting)} of {len(pins)}: {pin}")
        elif line.startswith(_RETRYING):
            say("  the package index does not answer, trying again")

    code = _run([*pip, *_arguments(platform, folder, listing)], folder, patience, hear)
    listing.unlink()
    if code < 0:
        raise IotgenError(
            f"pip was ended by signal {-code}", "Run it again, with more memory if it was short."
        )
    if code != 0:
        raise explain(lines, pins, platform)


def _arguments(platform: Platform, folder: Path, listing: Path) -> list[str]:
    """Ask for exactly these packages: no dependencies (see completeness.py), no builds, nothing unverified.

    Without --abi pip takes cp311, abi3 and none, as the interpreter would. -vv says why a package is passed
    over.
    """
    major, minor = platform.python
    return [
        "download", "-vv", "--no-input", "--disable-pip-version-check", "--progress-bar=off",
        "--no-deps", "--require-hashes", "--only-binary=:all:",
        f"--python-version={major}.{minor}", "--implementation=cp",
        *(f"--platform={tag}" for tag in platform.tags),
        f"--dest={folder}", f"--requirement={listing}",
    ]  # fmt: skip


def _begun(line: str, waiting: Sequence[Pin]) -> Pin | None:
    """Give the pin that pip says it turns to."""
    if not (started := _STARTED.match(line)):
        return None
    what = normalise(re.split(r"[=\[]", started[1].rsplit("/", 1)[-1])[0])
    return next(
        (
            pin
            for pin in waiting
            if what == pin.name or what.startswith(normalise(f"{pin.name}-{pin.version}-"))
        ),
        None,
    )


def _telling(line: str, pins: Sequence[Pin]) -> bool:
    """Tell whether to keep a line: -vv writes thousands on files of other versions."""
    if not line.lstrip().startswith(("Skipping link", "Found link", "Link requires")):
        return True
    return any(about(line, pin) for pin in pins)


def pip_environment(environment: Mapping[str, str], here: Path) -> dict[str, str]:
    """The environment for a pip that runs elsewhere than `here`, and that runs nothing of what is here.

    Paths in pip's own settings stay those that the user meant. Relative entries of PATH go: pip runs
    `lsb_release`, and `keyring` where it is configured.
    """
    kept = {name: value for name, value in environment.items() if name not in _OURS}
    kept |= {name: str(here / kept[name]) for name in _PATHS if kept.get(name)}
    links = (link if "://" in link else str(here / link) for link in kept.get(_LINKS, "").split())
    kept |= {_LINKS: " ".join(links)} if kept.get(_LINKS) else {}
    entries = kept.get("PATH", os.defpath).split(os.pathsep)
    kept["PATH"] = os.pathsep.join(entry for entry in entries if Path(entry).is_absolute())
    return kept


def _run(command: Sequence[str], folder: Path, patience: float, hear: Callable[[str], None]) -> int:
    """Run a command in a folder, hand on its output line by line, and see to it that it has ended."""
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
                hear(line.rstrip())
            code = child.wait()
        except BaseException:
            _end(child)
            raise
        finally:
            late.cancel()
    if expired.is_set():
        raise RemoteError(f"pip did not finish in {patience:.0f} s", "Run it again; pip keeps what it has.")
    return code


def _end(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
