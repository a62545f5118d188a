"""What specs render to, byte by byte, and that the real Terraform takes it.

A spec beside its expected files shows one feature; the reference pipelines are those of the repository.
`pytest tests/golden --update-golden` writes the expected files anew: their diff is what a reviewer reads.
"""

from __future__ import annotations

import difflib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen import project
from iotgen.terraform.root_module import RootModule

if TYPE_CHECKING:
    from iotgen.terraform.find import Executable
    from iotgen.terraform.mirror import Mirror
    from tests.conftest import Compile

GOLDEN = Path(__file__).parent
# The environment that a golden spec is rendered for, where that is not `dev`.
SUFFIXES = {"environment": "prod"}
FEATURES = sorted(path.parent.name for path in GOLDEN.glob("*/spec.yaml"))
# Folder, spec and environment of what is rendered from the repository's own files.
REFERENCES = (
    ("pipeline-dev", "specs/pipeline.yaml", "dev"),
    ("pipeline-prod", "specs/pipeline.yaml", "prod"),
    ("s3-events-dev", "specs/s3-events.yaml", "dev"),
    ("mqtt-dev", "specs/mqtt.yaml", "dev"),
)


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature(name: str, compile_spec: Compile, request: pytest.FixtureRequest) -> None:
    text = (GOLDEN / name / "spec.yaml").read_text(encoding="utf-8")
    own = project.own_terraform(GOLDEN / name)
    compiled = compile_spec(text, SUFFIXES.get(name, "dev"), files=GOLDEN / name, own=own)
    assert compiled.said == ""
    _compare(GOLDEN / name / "expected", dict(compiled.files), request)


@pytest.mark.parametrize(("name", "spec", "suffix"), REFERENCES)
def test_a_reference_pipeline(
    name: str, spec: str, suffix: str, compile_spec: Compile, repo: Path, request: pytest.FixtureRequest
) -> None:
    text = (repo / spec).read_text(encoding="utf-8")
    sources = project.read_sources(repo, compile_spec(text, suffix).document.data)
    compiled = compile_spec(text, suffix, sources)
    assert compiled.said == ""
    _compare(GOLDEN / name / "expected", dict(compiled.files), request)


def test_no_golden_folder_is_left_over() -> None:
    folders = {path.name for path in GOLDEN.iterdir() if (path / "expected").is_dir()}
    assert folders == {*FEATURES, *(name for name, _, _ in REFERENCES)}


@pytest.mark.terraform
def test_terraform_takes_every_golden_output(
    tmp_path: Path, real_terraform: Executable, real_mirror: Mirror | None
) -> None:
    """Each golden folder is a module of one root, so that Terraform runs once for all of them."""
    names = sorted(path.parent.name for path in GOLDEN.glob("*/expected"))
    needs = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}}
    modules = {name: {"source": f"./{name}"} for name in names}
    for name in names:
        (tmp_path / name).mkdir()
        for file in (GOLDEN / name / "expected").iterdir():
            if file.suffix == ".tf":
                shutil.copy(file, tmp_path / name)
                continue
            content = json.loads(file.read_bytes())
            if name != REFERENCES[0][0]:
                content.pop("provider", None)  # each configuration of it costs a second
            (tmp_path / name / file.name).write_text(json.dumps(content, indent=2), encoding="utf-8")
    (tmp_path / "main.tf.json").write_text(json.dumps({"terraform": needs, "module": modules}))
    said: list[str] = []

    root = RootModule(
        tmp_path, real_terraform, env=os.environ, mirror=real_mirror, sink=said.append, say=said.append
    )

    # Only a root module keeps a state, so that a golden folder's own is not asked for.
    found = [fault for fault in root.validate() if fault.summary != "Backend configuration ignored"]
    assert found == []
    assert len(names) >= 19


def _compare(folder: Path, files: dict[str, str], request: pytest.FixtureRequest) -> None:
    """Hold `files` against those in `folder`, or write them there when that is asked for."""
    expected = {path.name: path.read_bytes().decode() for path in sorted(folder.glob("*"))}
    if request.config.getoption("--update-golden"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in expected.keys() - files.keys():
            (folder / name).unlink()
        for name, text in files.items():
            (folder / name).write_bytes(text.encode())
        return
    diff = "".join(_diff(name, expected.get(name, ""), files.get(name, "")) for name in expected | files)
    assert not diff, f"what is rendered differs from {folder}; if it should, use --update-golden:\n{diff}"


def _diff(name: str, expected: str, rendered: str) -> str:
    lines = difflib.unified_diff(
        expected.splitlines(keepends=True),
        rendered.splitlines(keepends=True),
        f"expected/{name}",
        f"rendered/{name}",
    )
    return "".join(lines)
