"""Terraform's CLI configuration: the user's, and iotgen's additions for one `terraform init`.

A user's `provider_installation` takes precedence over a mirror that iotgen finds, but not over one that the
user names with --plugin-dir or IOTGEN_PLUGIN_DIR. The rest of the user's main file stays in force. Only
`init` gets a configuration of iotgen's; every other command runs with the user's.
https://developer.hashicorp.com/terraform/cli/config/config-file
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from iotgen.terraform.mirror import Mirror

VARIABLES = ("TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG")


def without_missing_files(env: Mapping[str, str]) -> dict[str, str]:
    """Return `env` without the variables that name a missing CLI configuration.

    Terraform would warn of it in every command. Paths become absolute: Terraform runs in another folder.
    """
    kept = {name: value for name, value in env.items() if name not in VARIABLES}
    for name in VARIABLES:
        if env.get(name) and Path(env[name]).is_file():
            kept[name] = str(Path(env[name]).absolute())
    return kept


def for_mirror(mirror: Mirror, registry: str, env: Mapping[str, str]) -> str | None:
    """Return the CLI configuration for installing the AWS provider from `mirror`.

    None if the user's configuration has a `provider_installation`, and `mirror` is not explicit.
    """
    files = list(_user_files(env))
    decided = any("provider_installation" in _text(path) for path in files)
    if decided and not mirror.explicit:
        return None
    kept = "" if decided or not files else _text(files[0])
    address = f"{registry}/hashicorp/aws"
    if _is_json(kept):
        return json.dumps(
            {**json.loads(kept), "provider_installation": _as_json(mirror.path, address)}, indent=2
        )
    return f"{kept}\n{_as_hcl(mirror.path, address)}".lstrip("\n")


def _as_hcl(path: Path, address: str) -> str:
    quoted = json.dumps(address)
    return (
        "provider_installation {\n"
        f"  filesystem_mirror {{\n    path    = {json.dumps(str(path))}\n    include = [{quoted}]\n  }}\n"
        f"  direct {{\n    exclude = [{quoted}]\n  }}\n"
        "}\n"
    )


def _as_json(path: Path, address: str) -> dict[str, object]:
    return {
        "filesystem_mirror": {"path": str(path), "include": [address]},
        "direct": {"exclude": [address]},
    }


def _user_files(env: Mapping[str, str]) -> Iterator[Path]:
    """Yield the configuration files that Terraform reads: the main one first, then those of the folder."""
    for name in VARIABLES:
        if env.get(name):
            if Path(env[name]).is_file():
                yield Path(env[name])
                return
            break
    home = Path(env.get("HOME") or Path.home())
    if (home / ".terraformrc").is_file():
        yield home / ".terraformrc"
    folder = home / ".terraform.d"
    yield from sorted([*folder.glob("*.tfrc"), *folder.glob("*.tfrc.json")])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
