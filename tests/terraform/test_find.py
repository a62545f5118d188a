from collections.abc import Mapping
from pathlib import Path

import pytest

from iotgen.errors import RemoteError, UsageError
from iotgen.system import installed
from iotgen.terraform.find import Executable, find_terraform


def find(
    explicit: str | None = None,
    env: Mapping[str, str] | None = None,
    *,
    on_path: tuple[str, ...] = (),
    embedded: bool = False,
) -> Executable:
    def which(name: str) -> str | None:
        if "/" in name:
            return name
        return f"/programs/{name}" if name in on_path else None

    return find_terraform(explicit, env or {}, which, lambda: embedded)


def test_the_one_asked_for_goes_before_all() -> None:
    found = find("/mine/terraform", {"IOTGEN_TERRAFORM": "/env/terraform"}, on_path=("terraform",))
    assert found.argv == ("/mine/terraform",)
    assert found.origin == "--terraform"


def test_then_the_variable() -> None:
    found = find(None, {"IOTGEN_TERRAFORM": "/env/terraform"}, on_path=("terraform",))
    assert (found.argv, found.origin) == (("/env/terraform",), "IOTGEN_TERRAFORM")


def test_then_terraform_then_tofu_on_path() -> None:
    assert find(on_path=("terraform", "tofu")).argv == ("/programs/terraform",)
    tofu = find(on_path=("tofu",), embedded=True)
    assert tofu.argv == ("/programs/tofu",)
    assert tofu.registry == "registry.opentofu.org"


def test_then_the_embedded_one() -> None:
    found = find(embedded=True)
    assert found.argv[1:] == ("-P", "-m", "iotgen.terraform.embedded")
    assert find("embedded", on_path=("terraform",), embedded=True).argv == found.argv


def test_none_at_all_names_the_three_ways() -> None:
    with pytest.raises(RemoteError) as caught:
        find()
    assert caught.value.message == "no Terraform found: neither `terraform` nor `tofu` is on PATH"
    for way in ("PATH", "pip install 'iotgen[terraform]'", "IOTGEN_TERRAFORM"):
        assert way in caught.value.hint


def test_a_wrong_one_is_the_command_line_at_fault() -> None:
    with pytest.raises(UsageError, match="--terraform names nowhere, which is not an executable"):
        find("nowhere", on_path=("terraform",))
    with pytest.raises(UsageError, match="names the embedded Terraform, which is not installed"):
        find(None, {"IOTGEN_TERRAFORM": "embedded"}, on_path=("terraform",))


def test_a_relative_path_becomes_absolute() -> None:
    found = find_terraform("./terraform", {}, lambda name: name, lambda: False)
    assert found.argv == (str(Path.cwd() / "terraform"),)


def test_a_program_in_the_working_folder_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (Path(), Path("bin")):
        folder.mkdir(exist_ok=True)
        (folder / "terraform").write_text("#!/bin/sh\n")
        (folder / "terraform").chmod(0o755)
    monkeypatch.setenv("PATH", ":.:bin::")
    assert installed("terraform") is None
    monkeypatch.setenv("PATH", f".:{tmp_path}/bin")
    assert installed("terraform") == f"{tmp_path}/bin/terraform"
