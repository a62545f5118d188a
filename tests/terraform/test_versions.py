"""Which versions a folder uses."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from iotgen.errors import RemoteError
from iotgen.terraform.find import Executable
from iotgen.terraform.process import Finished
from iotgen.terraform.versions import Versions, versions

TERRAFORM = Executable(("/bin/terraform",), "terraform on PATH")


def _answering(out: str, err: str = "") -> Any:
    return lambda *_argv, **_options: Finished(0 if out else 1, out, err, 0)


@pytest.mark.parametrize(
    ("selections", "provider"),
    [({"registry.terraform.io/hashicorp/aws": "5.100.0"}, "5.100.0"), ({}, ""), (None, "")],
)
def test_terraform_and_provider(tmp_path: Path, selections: dict[str, str] | None, provider: str) -> None:
    out = json.dumps({"terraform_version": "1.11.4", "provider_selections": selections})
    found = versions(TERRAFORM, tmp_path, {}, _answering(out))
    assert found == Versions("1.11.4", "terraform on PATH", provider)


def test_one_that_does_not_run_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RemoteError) as raised:
        versions(TERRAFORM, tmp_path, {}, _answering("", "cannot execute\nbinary file"))
    assert raised.value.message == "terraform on PATH does not say its version (exit code 1)"
    assert raised.value.hint == "cannot execute"


@pytest.mark.terraform
def test_the_real_one(tmp_path: Path, real_terraform: Executable) -> None:
    found = versions(real_terraform, tmp_path, os.environ)
    assert found.terraform >= "1."
    assert found.provider == ""
