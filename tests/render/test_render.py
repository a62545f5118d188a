"""A pipeline to files: no text of a spec breaks out of its place, and bytes follow from the spec alone."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iotgen.model.expression import literal
from iotgen.project import built_in_templates
from iotgen.render.render import owners, unpatched
from tests.conftest import as_terraform_reads

if TYPE_CHECKING:
    from iotgen.terraform.find import Executable
    from tests.conftest import Compile

HEAD = "version: 1\npipeline: p\n"
NASTY = "\r\"'\\ ${a} %{if} $${b} %%{c} {{ d }} {% e %} {# f #} \n\t\u2028 é😀 </script> \\u0041 ${"

# Every text of a spec that may hold anything, and where it comes out: file, kind, name and the keys below.
FREE_TEXTS: dict[tuple[Any, ...], tuple[Any, ...]] = {
    ("functions", "f", "description"): ("functions", "aws_lambda_function", "f", "description"),
    ("functions", "f", "environment", "PARTNER"): (
        "functions", "aws_lambda_function", "f", "environment", "variables", "PARTNER"
    ),
    ("parameters", "k", "value"): ("parameters", "aws_ssm_parameter", "k", "value"),
    ("parameters", "k", "description"): ("parameters", "aws_ssm_parameter", "k", "description"),
    ("tables", "t", "ttl"): ("tables", "aws_dynamodb_table", "t", "ttl", "attribute_name"),
    ("alarms", "metrics", "m", "metric"): ("alarms", "aws_cloudwatch_metric_alarm", "m", "metric_name"),
}  # fmt: skip


def _spec() -> dict[str, Any]:
    return {
        "version": 1,
        "pipeline": "p",
        "tables": {"t": {"partition_key": {"id": "string"}, "ttl": "x"}},
        "buckets": {"b": {}},
        "parameters": {"k": {"value": "x", "description": "x"}},
        "functions": {
            "f": {
                "source": "h",
                "description": "x",
                "environment": {"PARTNER": "x"},
                "triggers": [{"bucket": "b", "prefix": "in/", "suffix": "x"}],
            }
        },
        "alarms": {"metrics": {"m": {"function": "f", "metric": "x", "threshold": 1}}},
    }


def _text(spec: dict[str, Any]) -> str:
    return yaml.safe_dump(spec, allow_unicode=True, width=1_000_000)


def _allowed(path: tuple[Any, ...], text: str) -> str:
    """The text without what a rule refuses there: Parameter Store takes `{{...}}` for another parameter."""
    return text.replace("{{", "{ {") if path == ("parameters", "k", "value") else text


def _set(node: Any, path: tuple[Any, ...], value: str) -> None:
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value


def _get(node: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        node = node[step]
    return node


@pytest.mark.system
@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(
    texts=st.tuples(
        *(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40)
            | st.text("${%}\"\\n'", min_size=1, max_size=20)
            for _ in FREE_TEXTS
        )
    )
)
@example(texts=(NASTY,) * len(FREE_TEXTS))
@example(texts=("${" * 120,) * len(FREE_TEXTS))
def test_every_text_arrives_as_it_is_and_nowhere_else(compile_spec: Compile, texts: tuple[str, ...]) -> None:
    spec = _spec()
    texts = tuple(_allowed(path, text) for path, text in zip(FREE_TEXTS, texts, strict=True))
    for path, text in zip(FREE_TEXTS, texts, strict=True):
        _set(spec, path, text)

    files = compile_spec(_text(spec)).files

    plain = {name: json.loads(text) for name, text in compile_spec(_text(_spec())).files.items()}
    made = {name: json.loads(text) for name, text in files.items()}
    for (file, *below), text in zip(FREE_TEXTS.values(), texts, strict=True):
        place = ("resource", *below)
        assert as_terraform_reads(_get(made[f"{file}.tf.json"], place)) == text
        _set(made[f"{file}.tf.json"], place, "x")
    # The one text that is also part of another.
    described = ("resource", "aws_cloudwatch_metric_alarm", "m", "alarm_description")
    metric = _get(spec, ("alarms", "metrics", "m", "metric"))
    assert as_terraform_reads(_get(made["alarms.tf.json"], described)) == f"{metric} of f-dev"
    _set(made["alarms.tf.json"], described, "x of f-dev")
    assert made == plain


@pytest.mark.parametrize("path", [path for path in FREE_TEXTS if path[-1] == "value"], ids=str)
def test_a_long_text(compile_spec: Compile, path: tuple[Any, ...]) -> None:
    spec = _spec()
    text = _allowed(path, NASTY * 200)[:4000]
    _set(spec, path, text.encode()[:4096].decode(errors="ignore"))
    files = compile_spec(_text(spec)).files
    value = json.loads(files["parameters.tf.json"])["resource"]["aws_ssm_parameter"]["k"]["value"]
    assert as_terraform_reads(value) == spec["parameters"]["k"]["value"]


def test_ten_thousand_characters_are_too_many_wherever_there_is_a_limit(compile_spec: Compile) -> None:
    for path in FREE_TEXTS:
        if path[-1] != "suffix":
            spec = _spec()
            _set(spec, path, "x" * 10_000)
            compiled = compile_spec(_text(spec))
            assert len(compiled.problems) == 1, path
            assert len(compiled.said) < 300


@pytest.mark.terraform
def test_terraform_reads_a_literal_text(tmp_path: Path, real_terraform: Executable) -> None:
    texts = [
        NASTY,
        "$",
        "%",
        "$$",
        "${",
        "%{",
        "$${",
        "$$${",
        "%%%{",
        "$%{",
        "%${",
        "$\n{",
        "~}${~",
        "\x7f\x01",
        "\r",
        "\r\n${",
        "$\r{",
        "%$\r${a}",
        "\r$${",
        "a\r\r%%%{if}",
        '\r${"\r"}',
    ]
    outputs = {f"o{index}": {"value": literal(text)} for index, text in enumerate(texts)}
    (tmp_path / "main.tf.json").write_text(json.dumps({"output": outputs}))

    def terraform(*arguments: str) -> str:
        command = [*real_terraform.argv, *arguments]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    terraform("apply", "-auto-approve", "-input=false")
    read = json.loads(terraform("output", "-json"))
    assert [read[name]["value"] for name in outputs] == texts
    assert [as_terraform_reads(literal(text)) for text in texts] == texts


API = """\
functions: {f: {source: h}, g: {source: h}}
endpoints:
  /a: {method: POST, function: f, body: b.json}
  /b: {method: GET, function: f, parameters: {x: required}}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/b:", "/c:"),
        ("GET", "PUT"),
        ("x: required", "x: optional"),
        ("GET, function: f", "GET, function: g"),
        (", body: b.json", ""),
    ],
)
def test_a_change_of_an_endpoint_goes_live(compile_spec: Compile, old: str, new: str) -> None:
    assert old in API
    assert _redeployment(compile_spec, API.replace(old, new)) != _redeployment(compile_spec, API)


@pytest.mark.parametrize(
    "patch",
    [
        "aws_api_gateway_rest_api.p-api: {minimum_compression_size: 1024}",
        "aws_api_gateway_gateway_response.p-api__invalid_body: {response_templates: {application/json: '{}'}}",
        "aws_api_gateway_integration.p_api__b_get: {timeout_milliseconds: 5000}",
    ],
)
def test_a_patch_of_the_api_goes_live(compile_spec: Compile, patch: str) -> None:
    assert _redeployment(compile_spec, f"{API}overrides:\n  {patch}\n") != _redeployment(compile_spec, API)


@pytest.mark.parametrize(
    ("patch", "written"),
    [
        ("local.p-api__policy: {Statement: []}", "203.0.113.0/24"),
        ("{}", "203.0.113.0/25"),
    ],
)
def test_a_change_of_who_may_call_goes_live(compile_spec: Compile, patch: str, written: str) -> None:
    spec = f"{API}api: {{auth: none, from: {{addresses: [203.0.113.0/24]}}}}\n"
    changed = spec.replace("203.0.113.0/24", written) + (f"overrides:\n  {patch}\n" if ":" in patch else "")
    assert _redeployment(compile_spec, changed) != _redeployment(compile_spec, spec)


def test_a_text_of_a_refusal_goes_live(compile_spec: Compile) -> None:
    spec = API + "api: {responses: {ACCESS_DENIED: {body: {message: Not here.}}}}\n"
    assert _redeployment(compile_spec, spec.replace("Not", "Never")) != _redeployment(compile_spec, spec)


def test_a_policy_that_is_patched_into_the_api_goes_live(compile_spec: Compile) -> None:
    def patched(effect: str) -> str:
        policy = f"""'${{jsonencode({{Statement = [{{Effect = "{effect}"}}]}})}}'"""
        return f"{API}overrides:\n  aws_api_gateway_rest_api.p-api: {{policy: {policy}}}\n"

    assert _redeployment(compile_spec, patched("Deny")) != _redeployment(compile_spec, patched("Allow"))


def test_a_patch_of_what_an_api_does_not_deploy_leaves_it_alone(compile_spec: Compile) -> None:
    patch = "overrides: {aws_lambda_function.f: {ephemeral_storage: {size: 1024}}}\n"
    assert _redeployment(compile_spec, API + patch) == _redeployment(compile_spec, API)


def test_what_an_api_does_not_deploy_leaves_it_alone(compile_spec: Compile) -> None:
    assert _redeployment(compile_spec, API + "tables: {t: {partition_key: {id: string}}}\n") == _redeployment(
        compile_spec, API
    )


def _redeployment(compile_spec: Compile, text: str) -> str:
    compiled = compile_spec(HEAD + text)
    (deployment,) = compiled.resources("aws_api_gateway_deployment").values()
    return str(deployment["triggers"]["redeployment"])


def test_the_order_of_a_spec_changes_nothing_but_orders(compile_spec: Compile) -> None:
    tables = ["a: {partition_key: {id: string}}", "b: {partition_key: {id: string}}"]
    first, second = (
        compile_spec(f"{HEAD}tables: {{{', '.join(order)}}}\n").files for order in (tables, tables[::-1])
    )
    assert first["tables.tf.json"] == second["tables.tf.json"]


PROGRAM = """
import os, pathlib, sys
from iotgen.build import Request, build
built = build(Request(pathlib.Path(sys.argv[1]), "dev", pathlib.Path(sys.argv[2]), pathlib.Path("cache")), print)
assert built.folder, built.problems
"""
SPEC = """\
version: 1
pipeline: p
tables: {t: {partition_key: {id: string}}, u: {partition_key: {id: string}}}
functions:
  f: {source: handlers/f, include: [handlers/lib], access: {tables: {t: read, u: write}}}
  g: {source: handlers/g}
endpoints:
  /a: {method: POST, function: f, body: handlers/body.json}
"""


@pytest.mark.system
def test_the_same_bytes_in_another_folder_at_another_time_with_another_hash_seed(tmp_path: Path) -> None:
    """Two processes: what a set or a dict iterates over depends on PYTHONHASHSEED."""
    runs = [
        _rendered(tmp_path / "one", "1", 1_000_000_000, "."),
        _rendered(tmp_path / "two" / "deeper", "4242", 1_700_000_000, "specs"),
    ]
    assert sorted(runs[0]) == [
        ".iotgen.json", "alarms.tf.json", "api.tf.json", "artifacts/f.zip", "artifacts/g.zip",
        "functions.tf.json",
        "main.tf.json", "outputs.tf.json", "tables.tf.json",
    ]  # fmt: skip
    assert runs[0] == runs[1]


def _rendered(project: Path, seed: str, time: int, cwd: str) -> dict[str, bytes]:
    files = {
        "specs/pipeline.yaml": SPEC,
        "handlers/f/handler.py": "def handler(event, context): ...\n",
        "handlers/g/handler.py": "def handler(event, context): ...\n",
        "handlers/lib/a.py": "A = 1\n",
        "handlers/lib/b.py": "B = 2\n",
        "handlers/body.json": '{"type": "object"}',
    }
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
        os.utime(project / name, (time, time))
    out = project / "out"
    subprocess.run(
        [sys.executable, "-c", PROGRAM, str(project / "specs/pipeline.yaml"), str(out)],
        cwd=project / cwd,
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=True,
    )
    made = out / "dev"
    return {
        path.relative_to(made).as_posix(): path.read_bytes() for path in made.rglob("*") if path.is_file()
    }


def test_a_bucket_and_an_endpoint_may_be_called_so_that_their_permissions_look_alike(
    compile_spec: Compile,
) -> None:
    compiled = compile_spec(
        "version: 1\npipeline: p\nbuckets: {x-get: {}}\n"
        "functions:\n  p-api: {source: f, triggers: [{bucket: x-get, prefix: in/}]}\n"
        "endpoints: {/x: {method: GET, function: p-api}}\n"
    )
    assert compiled.resources("aws_lambda_permission").keys() == {"p_api__x_get", "p_api__x_get__endpoint"}


def test_each_resource_has_an_owner_in_the_spec(compile_spec: Compile) -> None:
    pipeline = compile_spec(_text(_spec())).pipeline
    assert pipeline
    templates = built_in_templates().get
    paths = owners(pipeline, templates)
    rendered = {
        f"{kind}.{name}"
        for document in unpatched(pipeline, templates).values()
        for kind, names in document.get("resource", {}).items()
        for name in names
    }
    assert paths.keys() == rendered
    assert paths["aws_iam_role.f"] == paths["aws_sqs_queue.f_async_dlq"] == ("functions", "f")
    assert paths["aws_lambda_permission.f__b"] == ("functions", "f", "triggers", 0)
    assert paths["aws_s3_bucket_notification.b"] == ("buckets", "b")
