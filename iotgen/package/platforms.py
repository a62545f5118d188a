"""The platforms of functions: their wheel tags and the values of environment markers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from iotgen.errors import IotgenError

_MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
# Runtimes up to 3.11 run on Amazon Linux 2 (glibc 2.26), later ones on Amazon Linux 2023 (glibc 2.34):
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-supported, and
# https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html for the glibc of each
_LAST_ON_AL2 = (3, 11)
_GLIBC_AL2, _GLIBC_AL2023 = 26, 34
# The oldest glibc with wheels (PEP 600): manylinux1 on Intel, manylinux2014 on Arm.
_OLDEST = {"x86_64": 5, "aarch64": 17}
_OLD_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
# Lambda keeps a runtime at its newest patch release, which is not known here: this number replaces it in
# markers such as python_full_version < "3.11.3".
_NEWEST_PATCH = 99


@dataclass(frozen=True)
class Platform:
    """A Lambda runtime on an architecture."""

    runtime: str
    architecture: str
    python: tuple[int, int]
    machine: str
    glibc: int

    def __str__(self) -> str:
        return f"{self.runtime} on {self.architecture}"

    @property
    def tags(self) -> tuple[str, ...]:
        """The platform tags of the wheels that load on it, best first.

        Tags such as linux_x86_64 are excluded: such a wheel does not declare which glibc it needs.
        """
        tags = []
        for minor in range(self.glibc, _OLDEST[self.machine] - 1, -1):
            tags.append(f"manylinux_2_{minor}_{self.machine}")
            if minor in _OLD_NAMES:
                tags.append(f"{_OLD_NAMES[minor]}_{self.machine}")
        return tuple(tags)

    @property
    def markers(self) -> Mapping[str, str]:
        """The values of environment markers (PEP 508)."""
        version = ".".join(map(str, self.python))
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{version}.{_NEWEST_PATCH}",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"{version}.{_NEWEST_PATCH}",
            "python_version": version,
            "sys_platform": "linux",
        }


def lambda_platform(runtime: str, architecture: str) -> Platform:
    """The platform of a runtime such as python3.11, on x86_64 or arm64; IotgenError for any other."""
    version = re.fullmatch(r"python3\.(\d+)", runtime)
    if version is None:
        raise IotgenError(
            f"cannot build a layer for the runtime {runtime}", "Use a Python runtime: python3.x."
        )
    if architecture not in _MACHINES:
        raise IotgenError(f"there is no architecture {architecture}", f"Use {' or '.join(_MACHINES)}.")
    python = (3, int(version[1]))
    glibc = _GLIBC_AL2 if python <= _LAST_ON_AL2 else _GLIBC_AL2023
    return Platform(runtime, architecture, python, _MACHINES[architecture], glibc)
