"""A spec of a git revision, with the files that it names, in a folder of its own.

Neither the working tree nor the index is touched: git writes with an index that is thrown away. This is a
checkout but for its place, so line ends and links are as in the working tree.
"""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from iotgen.errors import IotgenError
from iotgen.patch.own import FOLDER
from iotgen.spec.load import load
from iotgen.spec.paths import named_paths
from iotgen.spec.schema import schema
from iotgen.system import installed

# What git sets for its hooks, which would lead elsewhere.
_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")

# A repository may name programs of its own: https://git-scm.com/docs/git-config
_RUNS_NOTHING = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True)
class Finished:
    """How a run of git ended."""

    code: int
    out: bytes
    err: str


# Runs git with arguments, in a folder, with variables and an input.
Git = Callable[[Sequence[str], Path, Mapping[str, str], bytes], Finished]


@dataclass(frozen=True)
class Revision:
    """A revision's spec on disk; `root` is its project's folder, `name` what the user calls it."""

    name: str
    commit: str
    spec: Path
    root: Path


def run_git(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str], given: bytes = b""
) -> Finished:
    """Run the git of this machine; IotgenError if there is none."""
    program = installed("git")
    if program is None:
        raise IotgenError(
            "cannot read a revision: git is not installed", "Install git, so that it is on PATH."
        )
    env = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    done = subprocess.run(
        [program, *_RUNS_NOTHING, *arguments],
        cwd=folder,
        env={**env, **variables, "LC_ALL": "C"},
        input=given,
        capture_output=True,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr.decode(errors="replace").strip())


@contextmanager
def revision(name: str, spec: Path, root: Path, git: Git = run_git) -> Iterator[Revision]:
    """The revision's `spec` and what it names, as long as the context lasts.

    `root` is the project's folder in the working tree. IotgenError if git has no such revision, or no such
    spec in it.
    """
    repository = _repository(spec, git)
    commit = _commit(name, repository, git)
    file = _below(spec, repository)
    project = _below(root, repository)
    text = git(["cat-file", "blob", f"{commit}:{file}"], repository, {}, b"")
    if text.code:
        raise IotgenError(
            f"the revision `{name}` has no {file}", f"`git log -- {file}` lists the revisions that have it."
        )
    with tempfile.TemporaryDirectory(prefix="iotgen-revision-") as folder:
        wanted = [file, *_named(text.out, project)]
        _write(commit, repository, Path(folder), wanted, git)
        tree = Path(folder, "tree")
        (tree / project).mkdir(parents=True, exist_ok=True)
        yield Revision(name, commit, tree / file, tree / project)


def _repository(spec: Path, git: Git) -> Path:
    folder = spec.absolute().parent
    if not folder.is_dir():
        raise IotgenError(f"there is no folder {folder}", "Check the path of the spec.")
    found = git(["rev-parse", "--show-toplevel"], folder, {}, b"")
    if found.code:
        if "not a git repository" in found.err:
            raise IotgenError(
                f"{spec} is in no git repository", "Compare two environments: `iotgen diff dev prod`."
            )
        raise _failed(found)
    return Path(os.fsdecode(found.out.rstrip(b"\n")))


def _commit(name: str, repository: Path, git: Git) -> str:
    found = git(
        ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"], repository, {}, b""
    )
    if found.code:
        if found.err:
            raise _failed(found)
        shallow = git(["rev-parse", "--is-shallow-repository"], repository, {}, b"").out.strip() == b"true"
        hint = (
            "This clone is shallow: `git fetch --unshallow` gets the other revisions."
            if shallow
            else "`git log --oneline` and `git branch --all` list what there is."
        )
        raise IotgenError(f"there is no revision `{name}`", hint)
    return found.out.decode().strip()


def _below(path: Path, repository: Path) -> str:
    """A path as git has it; links in the folders above are followed, the file's own is not."""
    real = path.absolute().parent.resolve() / path.absolute().name
    top = repository.resolve()
    if path.resolve() == top:
        return ""
    if not real.is_relative_to(top):
        raise IotgenError(f"{path} is outside of the git repository {top}")
    return real.relative_to(top).as_posix()


def _named(text: bytes, project: str) -> list[str]:
    """The files and folders that a spec names, and the project's own Terraform, from the repository's top."""
    data = load(text.decode("utf-8-sig", errors="replace"), "")[0].data
    names = [FOLDER, *(named.name.rstrip("/") for named in named_paths(data, schema()))]
    inside = [name for name in names if ".." not in name.split("/") and not name.startswith("/")]
    return [os.path.normpath(f"{project}/{name}" if project else name) for name in dict.fromkeys(inside)]


def _write(commit: str, repository: Path, folder: Path, wanted: Sequence[str], git: Git) -> None:
    """Write the `wanted` files and folders of a commit into `tree` of `folder`."""
    whole = "." in wanted
    paths = [] if whole else list(wanted)
    listed = _done(
        git(["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", *paths], repository, {}, b"")
    )
    index = {"GIT_INDEX_FILE": str(folder / "index")}
    _done(git(["read-tree", commit], repository, index, b""))
    to = f"--prefix={folder}/tree/"
    _done(git(["checkout-index", "--force", "-z", "--stdin", to], repository, index, listed.out))


def _done(finished: Finished) -> Finished:
    if finished.code:
        raise _failed(finished)
    return finished


def _failed(finished: Finished) -> IotgenError:
    lines = finished.err.splitlines() or [f"it ended with {finished.code}"]
    message = lines[0].removeprefix("fatal: ").removeprefix("error: ")
    hint = next((line.strip() for line in lines[1:] if line.strip().startswith("git ")), "")
    return IotgenError(f"git failed: {message}", f"Run `{hint}`." if hint else "")
