"""Finds a folder from which Terraform can install the AWS provider, instead of the registry.

A mirror is a folder with packages in `<registry host>/hashicorp/aws`, packed or unpacked:
https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
"""

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from iotgen.errors import UsageError
from iotgen.terraform.find import TERRAFORM_REGISTRY

SYSTEM_ROOTS = tuple(
    Path(root)
    for root in ("/opt", "/usr/local", "/usr/local/share", "/usr/local/lib", "/usr/share", "/srv", "/var/lib")
)

_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class Mirror:
    """A folder of provider packages that Terraform does not search by default.

    `explicit` is whether the user named it, so that it takes precedence over the user's CLI configuration.
    """

    path: Path
    explicit: bool = False


def find_plugin_dir(
    explicit: str | None,
    env: Mapping[str, str],
    *,
    folder: Path,
    registry: str = TERRAFORM_REGISTRY,
    roots: Iterable[Path] = SYSTEM_ROOTS,
) -> Mirror | None:
    """Return the mirror to configure for Terraform, or None to leave the choice to Terraform.

    `explicit` is the value of --plugin-dir; it and IOTGEN_PLUGIN_DIR may be `registry`, which means None.
    `folder` is the one that Terraform runs in. None as well if Terraform searches a folder with the provider
    by default. Raises UsageError if a named folder has no AWS provider for this platform.
    """
    for choice, source in ((explicit, "--plugin-dir"), (env.get("IOTGEN_PLUGIN_DIR"), "IOTGEN_PLUGIN_DIR")):
        if choice == "registry":
            return None
        if choice:
            return _named(Path(choice).expanduser().absolute(), source, registry)
    if any(holds_provider(implied, registry) for implied in implied_folders(folder, env)):
        return None
    for candidate in _below(roots):
        if holds_provider(candidate, registry):
            return Mirror(candidate)
    return None


def implied_folders(folder: Path, env: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders that Terraform, run in `folder`, searches for providers by default."""
    yield folder / "terraform.d" / "plugins"
    home = Path(env.get("HOME") or Path.home())
    yield home / ".terraform.d" / "plugins"
    if sys.platform == "darwin":
        support = Path("Library/Application Support/io.terraform/plugins")
        yield from (home / support, "/" / support)
        return
    data_home = env.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    data_dirs = env.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for data in (data_home, *data_dirs.split(":")):
        if data.startswith("/"):
            yield Path(data) / "terraform" / "plugins"


def holds_provider(folder: Path, registry: str) -> bool:
    """Whether `folder` is a mirror with an AWS provider for this machine's platform, packed or unpacked."""
    packages = folder / registry / "hashicorp" / "aws"
    target = _platform()
    try:
        return any(packages.glob(f"*/{target}")) or any(
            packages.glob(f"terraform-provider-aws_*_{target}.zip")
        )
    except OSError:
        return False


def _named(path: Path, source: str, registry: str) -> Mirror:
    if not holds_provider(path, registry):
        raise UsageError(
            f"{source} names {path}, which has no AWS provider for {_platform()}",
            f"Name a folder with {registry}/hashicorp/aws/<version>/{_platform()}, such as one that "
            f"`terraform providers mirror` creates, or `registry` to use the registry.",
        )
    return Mirror(path, explicit=True)


def _below(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        yield root
        try:
            yield from sorted(child for child in root.iterdir() if child.is_dir())
        except OSError:
            continue


def _platform() -> str:
    machine = platform.machine().lower()
    return f"{sys.platform}_{_MACHINES.get(machine, machine)}"
