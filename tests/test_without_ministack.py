"""The compiler without the local AWS: what `pip install iotgen` gives, without the extra `local`."""

from __future__ import annotations

import ast
import configparser
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.system

REPO = Path(__file__).resolve().parent.parent
PACKAGE = REPO / "iotgen"
SPEC = """\
version: 1
pipeline: small
functions: {worker: {source: worker}}
"""
# A module that is None in `sys.modules` cannot be imported.
# https://docs.python.org/3/reference/import.html#the-module-cache
HIDE = "import sys; sys.modules.update(dict.fromkeys(sys.argv.pop(1).split(',')))\n"
COMMAND = HIDE + "from iotgen.cli import main; main()"


def _required() -> set[str]:
    """What setup.cfg requires without any extra, and what that requires in its turn."""
    setup = configparser.ConfigParser()
    setup.read(REPO / "setup.cfg")
    waiting = [Requirement(line) for line in setup["options"]["install_requires"].split("\n") if line]
    found: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += [Requirement(line) for line in metadata.requires(name) or ()]
    return found


def _only_local() -> list[str]:
    """The modules of MiniStack, and of the packages that come with it and with nothing else."""
    required = _required()
    assert "ministack" not in required
    assert "botocore" in required
    names = {canonicalize_name(Requirement(line).name) for line in metadata.requires("ministack") or ()}
    hidden = {"ministack", *names} - required
    return sorted(
        module
        for module, packages in metadata.packages_distributions().items()
        if {canonicalize_name(package) for package in packages} <= hidden
    )


def _python(code: str, *arguments: str, cwd: Path = REPO) -> subprocess.CompletedProcess[str]:
    """Run code where those modules are missing, in an environment without credentials."""
    home = {"HOME": str(cwd), "PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"}
    argv = [sys.executable, "-c", code, ",".join(_only_local()), *arguments]
    return subprocess.run(argv, cwd=cwd, env=home, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "worker").mkdir()
    (tmp_path / "worker/handler.py").write_text(
        "def handler(event: object, context: object) -> None:\n    print(event)\n"
    )
    (tmp_path / "small.yaml").write_text(SPEC)
    return tmp_path


def test_no_requirement_but_that_of_the_local_aws_pins_the_version_of_botocore() -> None:
    pins = {
        name: [line for line in metadata.requires(name) or () if line.startswith("botocore==")]
        for name in _required()
    }
    assert {name for name, found in pins.items() if found} == set()
    assert any(line.startswith("botocore==") for line in metadata.requires("ministack") or ())


def test_only_the_local_aws_imports_ministack() -> None:
    """Imports in the text, and names of modules that are given to `import_module`."""
    users = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                names += [str(node.args[0].value)] if isinstance(node.args[0], ast.Constant) else []
            if any(name.split(".")[0] == "ministack" for name in names):
                users.add(path.relative_to(PACKAGE).parts[0])
    assert users == {"local"}


def test_every_other_module_can_be_imported_without_it() -> None:
    modules = [
        ".".join(path.relative_to(REPO).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "__main__.py"
        and "emulator" not in path.parts
        # The programs of other processes: that of the local AWS, and the Terraform of the extra `terraform`.
        and path.name not in ("serve.py", "embedded.py")
    ]
    assert len(modules) > 150
    done = _python(
        HIDE + "import importlib\nfor name in sys.argv[1:]: importlib.import_module(name)", *modules
    )
    assert (done.stderr, done.returncode) == ("", 0)


def test_a_spec_is_checked_and_rendered_without_it(project: Path) -> None:
    for command in ("check", "render"):
        done = _python(COMMAND, command, "small.yaml", cwd=project)
        assert done.returncode == 0, done.stderr
    assert (project / "out/dev/functions.tf.json").exists()


def test_a_plan_for_aws_gets_as_far_as_its_credentials_without_it(project: Path) -> None:
    done = _python(COMMAND, "plan", "small.yaml", cwd=project)
    assert "there are no AWS credentials" in done.stderr
    assert done.returncode == 3


def test_the_local_aws_says_how_to_get_it(project: Path) -> None:
    done = _python(COMMAND, "local", "up", cwd=project)
    assert "needs MiniStack, which is not installed" in done.stderr
    assert "pip install 'iotgen[local]'" in done.stderr
    assert done.returncode not in (0, 70)
