"""Public pipelines as specs, of which docs/coverage.md is made: each is checked, rendered and validated."""

from __future__ import annotations

import json
import os
import runpy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.build import Checked, check
from iotgen.problem import Severity
from iotgen.terraform.root_module import RootModule
from tests.conftest import as_text, rendered

if TYPE_CHECKING:
    from iotgen.terraform.find import Executable
    from iotgen.terraform.mirror import Mirror

CORPUS = Path(__file__).parent
REPO = CORPUS.parent.parent
NAMES = sorted(path.parent.name for path in CORPUS.glob("*/source.yaml"))
COVERAGE: dict[str, Any] = runpy.run_path(str(REPO / "scripts/coverage-page"))


@cache
def pipelines() -> list[Any]:
    """All of them as the page has them; read once."""
    found: list[Any] = COVERAGE["pipelines"]()
    return found


@cache
def checked(name: str) -> Checked:
    """The check of a pipeline, without errors; once for all tests, as nothing changes it."""
    found = check(CORPUS / name / "specs/pipeline.yaml", "dev")
    assert as_text(problem for problem in found.problems if problem.severity is Severity.ERROR) == ""
    return found


def files(name: str) -> dict[str, str]:
    """What a pipeline renders to, with digests in place of zips."""
    found = checked(name)
    assert found.pipeline
    return rendered(found.pipeline, found.overrides, found.own)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_sound_and_renders_the_same_again(name: str) -> None:
    assert files(name) == files(name)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_patch_does_is_there(name: str) -> None:
    folder = CORPUS / name
    pipeline = next(one for one in pipelines() if one.name == name)
    for lack in pipeline.missing:
        by = lack.get("by")
        assert by is None or (folder / by).is_file() or by in pipeline.spec, by


def test_the_page_is_fresh() -> None:
    assert COVERAGE["main"](["--check"]) == 0


@pytest.mark.terraform
def test_terraform_takes_all_of_them(
    tmp_path: Path, real_terraform: Executable, real_mirror: Mirror | None
) -> None:
    """Each is a module of one root, so that Terraform and the provider start once."""
    for name in NAMES:
        (tmp_path / name).mkdir()
        for file, text in files(name).items():
            if file.endswith(".json"):
                content = json.loads(text)
                content.pop("provider", None)  # each configuration of it costs a second
                text = json.dumps(content)
            (tmp_path / name / file).write_text(text, encoding="utf-8")
    needs = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}}
    modules = {name: {"source": f"./{name}"} for name in NAMES}
    (tmp_path / "main.tf.json").write_text(json.dumps({"terraform": needs, "module": modules}))
    said: list[str] = []

    root = RootModule(
        tmp_path, real_terraform, env=os.environ, mirror=real_mirror, sink=said.append, say=said.append
    )

    assert list(root.validate()) == []
