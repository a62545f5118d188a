"""The project's own Terraform: what of it is seen, and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iotgen import project
from iotgen.build import Request, build, check
from iotgen.local.override import FILE_NAME
from iotgen.patch.own import OwnFiles, made_twice, own_problems
from tests.conftest import as_text

if TYPE_CHECKING:
    from iotgen.build import Built

SPEC = """\
version: 1
pipeline: p
queues: {jobs: {}}
functions: {work: {source: handlers/work, log_retention_days: 30}}
topics: {ops: {subscriptions: [{email: ops@example.com}]}}
alarms: {notify: ops}
"""
AUDIT = """\
resource "aws_sqs_queue" "audit" {
  name = "audit"
  tags = { from = aws_sqs_queue.jobs.arn, by = aws_lambda_function.work.function_name }
}
"""


@pytest.fixture(name="here")
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("specs", "handlers/work", "terraform"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "specs/pipeline.yaml").write_text(SPEC)
    (tmp_path / "handlers/work/handler.py").write_text("def handler(event, context): ...\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told() -> str:
    problems = check(Path("specs/pipeline.yaml"), "dev").problems
    return as_text(problem for problem in problems if problem.severity != "info")


def render() -> Built:
    request = Request(Path("specs/pipeline.yaml"), "dev", Path("out"), Path("cache"))
    return build(request, lambda _line: None)


def test_its_files_go_into_the_rendered_folder_and_out_again(here: Path) -> None:
    (here / "terraform/audit.tf").write_text(AUDIT)
    (here / "terraform/more.tf.json").write_text('{"locals": {"a": 1}}')
    (here / "terraform/README.md").write_text("not Terraform's")
    (here / "terraform/inner").mkdir()
    (here / "terraform/inner/a.tf").write_text("")
    (here / "terraform/.hidden.tf").write_text("")
    built = render()
    assert built.folder
    names = {path.name for path in built.folder.glob("*.tf*")}
    assert {"audit.tf", "more.tf.json"} <= names
    assert not names & {"a.tf", ".hidden.tf", "README.md"}
    assert (built.folder / "audit.tf").read_text() == AUDIT
    assert {"audit.tf", "more.tf.json"} <= {*json.loads((built.folder / ".iotgen.json").read_text())["files"]}
    (here / "terraform/audit.tf").unlink()
    render()
    assert not (built.folder / "audit.tf").exists()
    assert (built.folder / "more.tf.json").exists()


def test_what_it_refers_to_is_used(here: Path) -> None:
    assert "nothing uses the queue `jobs`" in told()
    assert "nothing invokes `work`" in told()
    (here / "terraform/audit.tf").write_text(AUDIT)
    assert told() == ""


def test_a_variable_of_an_override_is_there(here: Path) -> None:
    code = 'import os\nA = os.environ["TABLE_AUDIT"]\ndef handler(event, context): ...\n'
    (here / "handlers/work/handler.py").write_text(code)
    assert "IOT381" in told()
    with (here / "specs/pipeline.yaml").open("a") as spec:
        spec.write(
            "overrides: {aws_lambda_function.work: {environment: {variables: {TABLE_AUDIT: audit}}}}\n"
        )
    assert "IOT381" not in told()


def test_a_name_that_iotgen_writes(here: Path) -> None:
    (here / "terraform/queues.tf.json").write_text("{}")
    assert (
        "terraform/queues.tf.json:1:1: IOT510 "
        "iotgen itself writes a `queues.tf.json` into the rendered folder\n    Rename the file.\n"
    ) in told()
    assert render().folder is None


def test_the_name_that_the_local_target_writes(here: Path) -> None:
    (here / f"terraform/{FILE_NAME}").write_text("{}")
    assert f"terraform/{FILE_NAME}:1:1: IOT510" in told()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,\n  }', "terraform/x.tf.json:2:3: IOT511 not valid JSON: "),
        ("[]", "terraform/x.tf.json:1:1: IOT511 this must be a JSON object of Terraform blocks"),
        ("", "terraform/x.tf.json:1:1: IOT511 not valid JSON: expecting value"),
        (
            "[" * 100_000,
            "terraform/x.tf.json:1:65: IOT511 not valid JSON: it is nested more than 64 levels deep",
        ),
        ('{"resource": []}', ""),
        ('{"resource": {"aws_sqs_queue": [{"a": {}}]}}', ""),
    ],
)
def test_what_is_not_json(text: str, expected: str) -> None:
    assert as_text(own_problems(OwnFiles({"x.tf.json": text}))).startswith(expected)
    assert bool(list(own_problems(OwnFiles({"x.tf.json": text})))) == bool(expected)


RENDERED: dict[str, Any] = {
    "provider": {"aws": {}},
    "resource": {"aws_sqs_queue": {"jobs": {}}},
    "data": {"aws_partition": {"current": {}}},
}


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("x.tf.json", '{"resource": {\n"aws_sqs_queue": {"jobs": {}}}}', "2:19: IOT512 iotgen also renders"),
        ("x.tf", '# mine\nresource "aws_sqs_queue" "jobs" {}', "2:1: IOT512 iotgen also renders `aws_sqs_q"),
        ("x.tf", 'data aws_partition current {\n}', "1:1: IOT512 iotgen also renders `data.aws_partition"),
        ("x.tf.json", '{"resource": [{"aws_sqs_queue": [{"jobs": {}}]}]}', "1:1: IOT512"),
        ("x.tf.json", '{"provider": {"aws": {"region": "us-east-1"}}}', "1:15: IOT512 iotgen also renders"),
        ("x.tf.json", '{"provider": {"aws": {"alias": "west"}}, "terraform": {}}', ""),
        ("x.tf", '# resource "aws_sqs_queue" "jobs" {}', ""),
        ("x_override.tf", 'resource "aws_sqs_queue" "jobs" {}', ""),
        ("override.tf.json", '{"resource": {"aws_sqs_queue": {"jobs": {}}}}', ""),
    ],
)  # fmt: skip
def test_an_address_made_twice(name: str, text: str, place: str) -> None:
    found = as_text(made_twice(OwnFiles({name: text}), (), RENDERED))
    assert found.startswith(f"terraform/{name}:{place}" if place else "")
    assert bool(found) == bool(place)


def test_made_twice_is_told_by_check(here: Path) -> None:
    (here / "terraform/x.tf").write_text('resource "aws_sqs_queue" "jobs" {}\n')
    assert "terraform/x.tf:1:1: IOT512 iotgen also renders `aws_sqs_queue.jobs`\n" in told()


def test_what_it_makes_may_be_referred_to(here: Path) -> None:
    (here / "terraform/x.tf").write_text(
        'variable "days" {}\nlocals {\n  mine = 1\n}\ndata "aws_vpc" "main" {}\n'
        'resource "aws_kms_key" "k" {}\n'
    )
    references = "${aws_kms_key.k.arn} ${data.aws_vpc.main.id} ${local.mine} ${var.days}"
    with (here / "specs/pipeline.yaml").open("a") as spec:
        spec.write(f'overrides: {{aws_sqs_queue.jobs: {{tags: {{a: "{references}"}}}}}}\n')
    assert "IOT5" not in told()


def test_a_file_that_leads_out_of_the_project(here: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "a.tf"
    outside.write_text("secret")
    (here / "terraform/a.tf").symlink_to(outside)
    assert (
        "terraform/a.tf:1:1: IOT318 `terraform/a.tf` leads out of the project through a symbolic link\n"
        in told()
    )
    assert render().folder is None


def test_a_file_that_is_not_utf8(here: Path) -> None:
    (here / "terraform/a.tf").write_bytes(b"# caf\xe9\n")
    assert "terraform/a.tf:1:6: IOT008 " in told()


def test_templates_of_a_project_are_told_where_to_go(here: Path, repo: Path) -> None:
    (here / "templates").mkdir()
    (here / "templates/queue.tf.json.j2").write_text("{{ anything }}")
    assert (
        "templates/queue.tf.json.j2:1:1: IOT513 a project's own templates no longer have any effect\n"
        in told()
    )
    assert render().folder is None
    assert not [one for one in project.own_terraform(repo).problems if one.code == "IOT513"]
