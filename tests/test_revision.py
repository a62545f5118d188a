"""A spec of a git revision, read by the real git of this machine, with the working tree left alone."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen.errors import IotgenError
from iotgen.revision import Finished, revision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Run = Callable[..., str]

SPEC = "version: 1\npipeline: p\nfunctions:\n  f: {source: handlers/f}\n"


@pytest.fixture
def git(tmp_path: Path) -> Run:
    def run(*arguments: str) -> str:
        named = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *named, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout

    return run


@pytest.fixture
def project(tmp_path: Path, git: Run) -> Path:
    """A repository with a project in a folder, and one commit."""
    inner = tmp_path / "service"
    (inner / "specs").mkdir(parents=True)
    (inner / "specs/pipeline.yaml").write_text(SPEC)
    (inner / "handlers/f").mkdir(parents=True)
    (inner / "handlers/f/handler.py").write_text("old = 1\n")
    (inner / "unrelated.bin").write_bytes(b"\0" * 100)
    git("init", "--quiet", "--initial-branch", "main")
    git("add", "--all")
    git("commit", "--quiet", "--message", "one")
    return inner


def test_a_revision_has_the_spec_and_what_it_names(project: Path, git: Run) -> None:
    spec = project / "specs/pipeline.yaml"
    spec.write_text(SPEC + "  g: {source: handlers/g}\n")
    (project / "handlers/f/handler.py").write_text("new = 1\n")
    before = git("status", "--porcelain")
    with revision("main", spec, project) as found:
        assert found.spec.read_text() == SPEC
        assert (found.root / "handlers/f/handler.py").read_text() == "old = 1\n"
        assert not (found.root / "unrelated.bin").exists()
        folder = found.root
    assert not folder.exists()
    assert git("status", "--porcelain") == before


def test_what_an_archive_would_leave_out_is_there(project: Path, git: Run) -> None:
    (project / ".gitattributes").write_text("*.py export-ignore\n")
    git("add", "--all")
    git("commit", "--quiet", "--message", "two")
    with revision("HEAD", project / "specs/pipeline.yaml", project) as found:
        assert (found.root / "handlers/f/handler.py").exists()


def test_a_hook_of_another_repository_leads_nowhere_else(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    with revision("main", project / "specs/pipeline.yaml", project) as found:
        assert found.spec.exists()


@pytest.mark.parametrize("name", ["nothing", "--upload-pack=touch x", "main:service", "HEAD~9", ""])
def test_an_unknown_revision(name: str, project: Path) -> None:
    with (
        pytest.raises(IotgenError, match="there is no revision") as caught,
        revision(name, project / "specs/pipeline.yaml", project),
    ):
        pass
    assert caught.value.hint == "`git log --oneline` and `git branch --all` list what there is."


def test_a_spec_that_the_revision_does_not_have(project: Path) -> None:
    spec = project / "specs/new.yaml"
    spec.write_text(SPEC)
    with (
        pytest.raises(IotgenError, match=r"the revision `main` has no service/specs/new\.yaml"),
        revision("main", spec, project),
    ):
        pass


def test_a_spec_outside_of_any_repository(tmp_path: Path) -> None:
    with (
        pytest.raises(IotgenError, match="is in no git repository"),
        revision("main", tmp_path / "pipeline.yaml", tmp_path),
    ):
        pass


def test_what_git_refuses_is_reported_with_its_own_remedy(tmp_path: Path) -> None:
    says = "fatal: detected dubious ownership in repository\nTo add one, call:\n\n\tgit config --global x"

    def refuse(_: Sequence[str], __: Path, ___: Mapping[str, str], ____: bytes) -> Finished:
        return Finished(128, b"", says)

    with (
        pytest.raises(IotgenError, match="git failed: detected dubious ownership") as caught,
        revision("main", tmp_path / "pipeline.yaml", tmp_path, refuse),
    ):
        pass
    assert caught.value.hint == "Run `git config --global x`."


def test_without_git(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))
    with (
        pytest.raises(IotgenError, match="git is not installed"),
        revision("main", project / "specs/pipeline.yaml", project),
    ):
        pass
