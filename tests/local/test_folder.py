"""The local folder beside a rendered one, where other files lie, too."""

import json
from pathlib import Path

import pytest

from iotgen.local.folder import COPIED, prepare
from iotgen.local.override import FILE_NAME
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


def test_outputs_and_parameters_with_the_url_of_the_api_get_the_local_one(rendered: Path) -> None:
    url = {"value": "${aws_api_gateway_stage.a.invoke_url}"}
    files = {
        "api": {"resource": {"aws_api_gateway_stage": {"a": {"stage_name": "v1"}}}},
        "outputs": {"output": {"api_endpoint": url, "where": url, "other": {"value": "x"}}},
        "parameters": {"resource": {"aws_ssm_parameter": {"output__where": url, "p": {"value": "x"}}}},
    }
    for name, content in files.items():
        (rendered / f"{name}.tf.json").write_text(json.dumps(content), encoding="utf-8")
    content = json.loads((prepare(rendered, AWS) / FILE_NAME).read_text(encoding="utf-8"))
    assert content["output"].keys() == {"api_endpoint", "where"}
    assert content["resource"]["aws_ssm_parameter"].keys() == {"output__where"}
