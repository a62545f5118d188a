"""Terraform for these tests: the real one where it is, and a fake one that does as it is told."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from iotgen.errors import IotgenError
from iotgen.terraform.find import Executable, find_terraform
from iotgen.terraform.mirror import Mirror, find_plugin_dir


@pytest.fixture(scope="session")
def real_terraform() -> Executable:
    """The Terraform of this machine; missing is a failure in CI, a skip elsewhere."""
    try:
        return find_terraform(None, os.environ)
    except IotgenError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{error.message}. {error.hint}")


@pytest.fixture
def real_mirror(real_terraform: Executable, tmp_path: Path) -> Mirror | None:
    """The provider's folder, where Terraform has to be told of one."""
    return find_plugin_dir(None, os.environ, folder=tmp_path, registry=real_terraform.registry)


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Executable]:
    """Make an executable out of Python source."""

    def make(source: str) -> Executable:
        path = tmp_path / "fake" / "program.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(source), encoding="utf-8")
        return Executable((sys.executable, "-u", str(path)), "a test")

    return make
