from pathlib import Path

import pytest

from iotgen.errors import UsageError
from iotgen.terraform.mirror import Mirror, _platform, find_plugin_dir, holds_provider

REGISTRY = "registry.terraform.io"


def unpacked(folder: Path, platform: str | None = None) -> Path:
    package = folder / REGISTRY / "hashicorp" / "aws" / "5.100.0" / (platform or _platform())
    package.mkdir(parents=True)
    return folder


def find(
    tmp_path: Path, explicit: str | None = None, roots: tuple[Path, ...] = (), **env: str
) -> Mirror | None:
    settings = {"HOME": str(tmp_path / "home"), "XDG_DATA_DIRS": str(tmp_path / "data"), **env}
    return find_plugin_dir(explicit, settings, folder=tmp_path / "out", roots=roots)


def test_a_named_folder_goes_before_all(tmp_path: Path) -> None:
    named, other = unpacked(tmp_path / "named"), unpacked(tmp_path / "other")
    unpacked(tmp_path / "home" / ".terraform.d" / "plugins")
    assert find(tmp_path, str(named), IOTGEN_PLUGIN_DIR=str(other)) == Mirror(named, explicit=True)
    assert find(tmp_path, IOTGEN_PLUGIN_DIR=str(other)) == Mirror(other, explicit=True)


def test_a_named_folder_without_the_provider_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--plugin-dir names .*empty, which has no AWS provider for"):
        find(tmp_path, str(tmp_path / "empty"))


@pytest.mark.parametrize(
    "implied",
    ["out/terraform.d/plugins", "home/.terraform.d/plugins", "home/.local/share/terraform/plugins",
     "data/terraform/plugins"],
)  # fmt: skip
def test_terraform_searches_its_own_folders_by_itself(tmp_path: Path, implied: str) -> None:
    unpacked(tmp_path / implied)
    assert find(tmp_path, roots=(unpacked(tmp_path / "root"),)) is None


def test_a_system_root_is_searched_one_level_deep(tmp_path: Path) -> None:
    root = tmp_path / "root"
    mirror = unpacked(root / "mirror")
    assert find(tmp_path, roots=(tmp_path / "missing", root)) == Mirror(mirror)
    unpacked(tmp_path / "deep" / "down" / "mirror")
    assert find(tmp_path, roots=(tmp_path / "deep",)) is None


def test_nothing_found_is_left_to_terraform(tmp_path: Path) -> None:
    assert find(tmp_path, roots=(tmp_path,)) is None


def test_the_registry_can_be_asked_for(tmp_path: Path) -> None:
    root = unpacked(tmp_path / "root")
    assert find(tmp_path, "registry", roots=(root,)) is None


def test_packages_are_for_this_platform_packed_or_not(tmp_path: Path) -> None:
    assert not holds_provider(unpacked(tmp_path / "other", "plan9_mips"), REGISTRY)
    packed = tmp_path / "packed" / REGISTRY / "hashicorp" / "aws"
    packed.mkdir(parents=True)
    (packed / f"terraform-provider-aws_5.100.0_{_platform()}.zip").touch()
    assert holds_provider(tmp_path / "packed", REGISTRY)
    assert not holds_provider(tmp_path / "packed", "registry.opentofu.org")
