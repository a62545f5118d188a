"""The local folder beside a rendered one, where other files lie, too."""

from pathlib import Path

import pytest

from iotgen.local.folder import COPIED, prepare
from iotgen.local.record import LocalAws

AWS = LocalAws(1, 4566, "http://127.0.0.1:4566", "this", Path("log"), "us-east-1", "AKIA", "secret")


@pytest.fixture
def rendered(tmp_path: Path) -> Path:
    folder = tmp_path / "out" / "dev"
    folder.mkdir(parents=True)
    (folder / "main.tf.json").write_text("{}", encoding="utf-8")
    return folder


def test_what_is_no_longer_rendered_goes_and_files_of_others_stay(rendered: Path) -> None:
    (rendered / "api.tf").touch()
    folder = prepare(rendered, AWS)
    (folder / "own.tf").touch()
    (rendered / "api.tf").unlink()
    prepare(rendered, AWS)
    assert not (folder / "api.tf").exists()
    assert (folder / "own.tf").exists()


@pytest.mark.parametrize("text", [b"../../precious.tf\n", b"{precious}\n", b"terraform.tfstate\n.\n\n\xff\0"])
def test_a_damaged_list_of_copies_leads_to_nothing_else(rendered: Path, text: bytes) -> None:
    precious = rendered.parents[1] / "precious.tf"
    precious.touch()
    folder = prepare(rendered, AWS)
    (folder / "terraform.tfstate").touch()
    (folder / COPIED).write_bytes(text.replace(b"{precious}", str(precious).encode()))
    prepare(rendered, AWS)
    assert precious.exists()
    assert (folder / "terraform.tfstate").exists()
    assert (folder / COPIED).read_text(encoding="utf-8") == "main.tf.json\n"
