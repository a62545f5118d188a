import json
from pathlib import Path

import pytest

from iotgen.terraform.cli_config import for_mirror, without_missing_files
from iotgen.terraform.mirror import Mirror

REGISTRY = "registry.terraform.io"
FOUND = Mirror(Path("/mirror"))
NAMED = Mirror(Path("/mirror"), explicit=True)
OURS = """\
provider_installation {
  filesystem_mirror {
    path    = "/mirror"
    include = ["registry.terraform.io/hashicorp/aws"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/aws"]
  }
}
"""
DECIDED = 'provider_installation {\n  network_mirror {\n    url = "https://example.com/"\n  }\n}\n'


def test_without_settings_of_the_user_it_is_ours_alone(tmp_path: Path) -> None:
    assert for_mirror(FOUND, REGISTRY, {"HOME": str(tmp_path)}) == OURS


def test_the_users_other_settings_stay_in_force(tmp_path: Path) -> None:
    (tmp_path / ".terraformrc").write_text("disable_checkpoint = true\n")
    assert for_mirror(FOUND, REGISTRY, {"HOME": str(tmp_path)}) == "disable_checkpoint = true\n\n" + OURS


@pytest.mark.parametrize("place", [".terraformrc", ".terraform.d/mirror.tfrc"])
def test_the_users_decision_wins_over_a_mirror_that_was_found(tmp_path: Path, place: str) -> None:
    (tmp_path / ".terraform.d").mkdir()
    (tmp_path / place).write_text(DECIDED)
    assert for_mirror(FOUND, REGISTRY, {"HOME": str(tmp_path)}) is None
    assert for_mirror(NAMED, REGISTRY, {"HOME": str(tmp_path)}) == OURS


def test_a_file_named_by_the_variable_replaces_the_rest(tmp_path: Path) -> None:
    (tmp_path / ".terraformrc").write_text(DECIDED)
    mine = tmp_path / "mine.tfrc"
    mine.write_text('plugin_cache_dir = "/cache"\n')
    text = for_mirror(FOUND, REGISTRY, {"HOME": str(tmp_path), "TF_CLI_CONFIG_FILE": str(mine)})
    assert text == 'plugin_cache_dir = "/cache"\n\n' + OURS


def test_a_file_in_json_stays_json(tmp_path: Path) -> None:
    mine = tmp_path / "mine.tfrc.json"
    mine.write_text('{"disable_checkpoint": true}')
    text = for_mirror(FOUND, REGISTRY, {"TF_CLI_CONFIG_FILE": str(mine)})
    assert text is not None
    assert json.loads(text) == {
        "disable_checkpoint": True,
        "provider_installation": {
            "filesystem_mirror": {"path": "/mirror", "include": ["registry.terraform.io/hashicorp/aws"]},
            "direct": {"exclude": ["registry.terraform.io/hashicorp/aws"]},
        },
    }


def test_a_file_that_is_not_there_is_not_named_to_terraform(tmp_path: Path) -> None:
    there = tmp_path / "there.tfrc"
    there.touch()
    env = {"A": "b", "TF_CLI_CONFIG_FILE": str(tmp_path / "gone"), "TERRAFORM_CONFIG": str(there)}
    assert without_missing_files(env) == {"A": "b", "TERRAFORM_CONFIG": str(there)}
