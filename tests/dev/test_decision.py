"""What a save means."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from iotgen import project
from iotgen.build import Checked
from iotgen.dev.decision import Decision, decide, words
from iotgen.dev.version import Version
from iotgen.render.render import owners

Saved = Callable[[], Version]


ZIP = "artifact: writer.zip, runtime: nodejs22.x, handler: index.handler"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/reader"


def archive(path: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("index.js", text)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def named(checked: Checked, addresses: tuple[str, ...]) -> tuple[str, ...]:
    assert checked.pipeline
    made = owners(checked.pipeline, project.built_in_templates().get)
    return words(addresses, checked.pipeline, checked.document, made)


def test_a_save_that_changes_nothing_is_nothing(root: Path, saved: Saved) -> None:
    live = saved()
    edit(root / "spec.yaml", "version: 1\n", "# a comment\nversion: 1\n")
    assert decide(live, saved()) == Decision()


def test_other_code_is_the_code_of_its_function_and_no_resource(root: Path, saved: Saved) -> None:
    live = saved()
    edit(root / "handlers/writer/handler.py", "one", "two")
    assert decide(live, saved()) == Decision(code=("writer",))


def test_a_zip_that_is_built_again_is_the_code_of_its_function(root: Path, saved: Saved) -> None:
    edit(root / "spec.yaml", "source: handlers/writer, runtime: python3.11", ZIP)
    archive(root / "writer.zip", "one")
    live = saved()
    archive(root / "writer.zip", "two")
    assert decide(live, saved()) == Decision(code=("writer",))


def test_another_image_is_a_resource(root: Path, saved: Saved) -> None:
    edit(root / "spec.yaml", "source: handlers/reader, runtime: python3.11", f'image: "{IMAGE}:1"')
    live = saved()
    edit(root / "spec.yaml", f"{IMAGE}:1", f"{IMAGE}:2")
    assert decide(live, saved()) == Decision(resources=("aws_lambda_function.reader",))


def test_other_code_in_the_folder_of_a_layer_is_a_resource(root: Path, saved: Saved) -> None:
    edit(root / "spec.yaml", "functions:", "layers: {shared: {source: shared}}\nfunctions:")
    edit(root / "spec.yaml", "source: handlers/reader,", "source: handlers/reader, layers: [shared],")
    (root / "shared").mkdir()
    (root / "shared/units.py").write_text("K = 273.15\n")
    live = saved()
    edit(root / "shared/units.py", "273.15", "273.2")
    assert decide(live, saved()) == Decision(resources=("aws_lambda_layer_version.shared",))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("handlers/reader,", "handlers/reader, timeout: 9,", ("function reader spec.yaml:5",)),
        ("{rows: put}", "{rows: [put, update]}", ("function writer spec.yaml:6",)),
        ("{id: string}}", "{id: string}, ttl: until}", ("table rows spec.yaml:3",)),
        ("functions:", "queues: {jobs: {}}\nfunctions:", ("queue jobs spec.yaml:4",)),
    ],
    ids=["setting", "permission", "table", "new"],
)
def test_other_resources_are_named_by_the_spec(
    root: Path, saved: Saved, checked: Callable[[], Checked], old: str, new: str, expected: tuple[str, ...]
) -> None:
    live = saved()
    edit(root / "spec.yaml", old, new)
    decision = decide(live, saved())
    assert decision.code == ()
    assert named(checked(), decision.resources) == expected


def test_a_function_that_is_gone_is_named_too(
    root: Path, saved: Saved, checked: Callable[[], Checked]
) -> None:
    live = saved()
    edit(root / "spec.yaml", "  reader: {source: handlers/reader, runtime: python3.11}\n", "")
    assert named(checked(), decide(live, saved()).resources) == ("function reader",)


def test_a_new_function_comes_with_its_resources(root: Path, saved: Saved) -> None:
    after = saved()
    edit(root / "spec.yaml", "  reader: {source: handlers/reader, runtime: python3.11}\n", "")
    decision = decide(saved(), after)
    assert decision.code == ()
    assert "aws_lambda_function.reader" in decision.resources


def test_where_nothing_is_known_to_be_deployed_all_of_it_is_new(saved: Saved) -> None:
    assert "aws_dynamodb_table.rows" in decide(None, saved()).resources
