"""The local folder beside a rendered one: copies of its files, the override, and a state of its own."""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iotgen.local.override import FILE_NAME, FUNCTION_URLS, PARAMETER, Api, left_out, override
from iotgen.local.record import LocalAws
from iotgen.reading import read_bytes
from iotgen.system import refused

# The file with the instance of the local AWS that the state in the folder belongs to.
INSTANCE = ".instance"
# The file with the names of the copied files: other files in the folder are kept.
COPIED = ".copied"
_NAME = re.compile(r"[^/\0]+\.tf(?:\.json)?")


def local_folder(rendered: Path) -> Path:
    """The path of the local folder of a rendered one; suffixes have no dots, so the name is free."""
    return rendered.with_name(f"{rendered.name}.local")


def prepare(rendered: Path, aws: LocalAws) -> Path:
    """Create or update the local folder of `rendered` for this local AWS, and return it.

    A state of an earlier start describes resources that no longer exist, so it is removed. Raises IotgenError
    if something cannot be written.
    """
    folder = local_folder(rendered)
    try:
        folder.mkdir(exist_ok=True)
        if not belongs(folder, aws):
            for state in folder.glob("terraform.tfstate*"):
                state.unlink()
        (folder / INSTANCE).write_text(aws.instance, encoding="ascii")
        _copy(rendered, folder)
        resources = _resources(rendered)
        changed = left_out(resources)
        content = override(
            aws.endpoint, api=_api(rendered, resources), urls=_urls(rendered), resources=changed
        )
        (folder / FILE_NAME).write_text(
            json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise refused(
            error, "write", error.filename or folder, "Choose another folder with `--out`."
        ) from error
    return folder


def belongs(folder: Path, aws: LocalAws) -> bool:
    """Whether the folder's state belongs to this start of the local AWS."""
    try:
        return read_bytes(folder / INSTANCE) == aws.instance.encode()
    except OSError:
        return False


def _copy(rendered: Path, folder: Path) -> None:
    """Copy the Terraform files of `rendered`, and remove the copies of files that no longer exist."""
    copied = folder / COPIED
    before = _copied_before(copied)
    files = sorted([*rendered.glob("*.tf.json"), *rendered.glob("*.tf")])
    copied.write_text("".join(f"{name}\n" for name in {*before, *(file.name for file in files)}), "utf-8")
    for file in files:
        shutil.copyfile(file, folder / file.name)
    for name in {*before} - {file.name for file in files}:
        (folder / name).unlink(missing_ok=True)
    copied.write_text("".join(f"{file.name}\n" for file in files), "utf-8")
    artifacts = folder / "artifacts"
    artifacts.unlink(missing_ok=True)
    artifacts.symlink_to(Path("..") / rendered.name / "artifacts")


def _copied_before(copied: Path) -> list[str]:
    """The file names in the list; other lines are dropped, since a damaged list could name any path."""
    if not copied.exists():
        return []
    lines = read_bytes(copied).decode(errors="replace").splitlines()
    return [line for line in lines if _NAME.fullmatch(line)]


def _resources(rendered: Path) -> dict[str, dict[str, Any]]:
    """The resources in the rendered files, by type and name."""
    resources: dict[str, dict[str, Any]] = {}
    for file in sorted(rendered.glob("*.tf.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        for kind, named in content.get("resource", {}).items():
            resources.setdefault(kind, {}).update(named)
    return resources


def _urls(rendered: Path) -> dict[str, str]:
    """The functions' URLs among the outputs of the rendered files."""
    if not (rendered / "outputs.tf.json").exists():
        return {}
    content = json.loads((rendered / "outputs.tf.json").read_text(encoding="utf-8"))
    urls: dict[str, str] = content["output"].get(FUNCTION_URLS, {}).get("value", {})
    return urls


def _api(rendered: Path, resources: Mapping[str, Mapping[str, Any]]) -> Api | None:
    """The API, if there is one."""
    for name, stage in resources.get("aws_api_gateway_stage", {}).items():
        address, url = f"{name}__address", f"${{aws_api_gateway_stage.{name}.invoke_url}}"
        outputs = _file(rendered, "outputs").get("output", {})
        parameters = _file(rendered, "parameters").get("resource", {}).get(PARAMETER, {})
        return Api(
            name,
            stage["stage_name"],
            address if address in _file(rendered, "api").get("locals", {}) else "",
            ("api_endpoint", *(one for one in outputs if outputs[one]["value"] == url)),
            tuple(one for one in parameters if parameters[one].get("value") == url),
        )
    return None


def _file(rendered: Path, name: str) -> dict[str, Any]:
    """The content of a rendered file; empty if there is none."""
    path = rendered / f"{name}.tf.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return content
