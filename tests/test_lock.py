"""The lock that scripts/ install from; scripts/lock renews it."""

import configparser
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPO = Path(__file__).resolve().parent.parent
LOCK = REPO / "requirements/dev.lock"
PLATFORMS = [
    {"python_version": version, "python_full_version": f"{version}.0", "sys_platform": system}
    for version in ("3.11", "3.12", "3.13")
    for system in ("linux", "darwin")
]
HINT = "run scripts/lock"


def _required() -> Iterator[tuple[str, Requirement]]:
    setup = configparser.ConfigParser()
    setup.read(REPO / "setup.cfg")
    places = {"install_requires": setup["options"]["install_requires"], **setup["options.extras_require"]}
    places["tools.in"] = re.sub(r"#.*", "", (REPO / "requirements/tools.in").read_text())
    places["pyproject.toml"] = "\n".join(
        tomllib.loads((REPO / "pyproject.toml").read_text())["build-system"]["requires"]
    )
    for place, lines in places.items():
        for line in lines.split("\n"):
            if line.strip():
                yield place, Requirement(line)


def _pins() -> list[tuple[Requirement, list[str]]]:
    logical = LOCK.read_text().replace("\\\n", "")
    lines = [line for line in logical.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    pins = []
    for line in lines:
        requirement, *hashes = re.split(r"\s+--hash=", line)
        pins.append((Requirement(requirement), hashes))
    return pins


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: " ".join(platform.values()))
def test_the_lock_pins_every_requirement_in_its_range(platform: dict[str, str]) -> None:
    versions = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin, _ in _pins()
        if pin.marker is None or pin.marker.evaluate({**platform})
    }
    missing = [
        f"{place}: {requirement} ({HINT})"
        for place, requirement in _required()
        if not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0"))
        or canonicalize_name(requirement.name) not in versions
    ]
    assert missing == []


def test_each_pin_is_one_version_with_the_hashes_of_its_files() -> None:
    for pin, hashes in _pins():
        assert re.fullmatch(r"==[^*,]+", str(pin.specifier)), pin
        assert pin.url is None
        assert hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", given) for given in hashes), pin


def test_the_lock_names_no_index_and_no_place_of_its_own() -> None:
    assert [
        line for line in LOCK.read_text().splitlines() if re.search(r"://|--index|--find|-i |(?<!\S)/", line)
    ] == []


def test_only_the_setup_installs_packages() -> None:
    scripts = [path for path in (REPO / "scripts").iterdir() if path.is_file() and path.name != "setup.sh"]
    assert [path.name for path in scripts if re.search(r"pip(\"|')? install", path.read_text())] == []


def test_the_wheel_has_every_package() -> None:
    setup = configparser.ConfigParser()
    setup.read(REPO / "setup.cfg")
    folders = {path.parent.relative_to(REPO) for path in (REPO / "iotgen").rglob("*.py")}
    assert {".".join(folder.parts) for folder in folders} <= set(setup["options"]["packages"].split())


def test_the_wheel_has_every_page() -> None:
    setup = configparser.ConfigParser()
    setup.read(REPO / "setup.cfg")
    patterns = setup["options.package_data"]["iotgen.docs"].split()
    shipped = {path for pattern in patterns for path in (REPO / "docs").glob(pattern)}
    assert set((REPO / "docs").rglob("*.md")) - shipped == set()
