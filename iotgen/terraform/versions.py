"""The versions of Terraform and of the AWS provider that a folder uses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from iotgen.errors import RemoteError
from iotgen.terraform import cli_config
from iotgen.terraform.command import Flag, Runner, Terraform
from iotgen.terraform.find import Executable
from iotgen.terraform.process import run


@dataclass(frozen=True)
class Versions:
    """Terraform's version, where it comes from, and the provider's, empty before the first `init`."""

    terraform: str
    origin: str
    provider: str


def versions(executable: Executable, folder: Path, env: Mapping[str, str], runner: Runner = run) -> Versions:
    """The versions that would be used in `folder`; RemoteError if Terraform does not run."""
    terraform = Terraform(
        executable.argv,
        folder,
        cli_config.without_missing_files(env),
        sink=_drop,
        say=_drop,
        runner=runner,
    )
    code, out, err = terraform.cmd("version", json=Flag)
    try:
        about = json.loads(out)
        provider = (about.get("provider_selections") or {}).get(f"{executable.registry}/hashicorp/aws", "")
        return Versions(str(about["terraform_version"]), executable.origin, str(provider))
    except (ValueError, KeyError, AttributeError) as error:
        message = f"{executable.origin} does not say its version (exit code {code})"
        raise RemoteError(message, err.strip().partition("\n")[0]) from error


def _drop(_line: str) -> None:
    """Nothing is streamed, and nothing is long enough to be interrupted."""
