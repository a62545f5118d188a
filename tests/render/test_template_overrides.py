"""A project's own template that is at fault is told so, at its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen import project
from iotgen.build import check
from iotgen.init import init
from iotgen.problem import Problem
from iotgen.render.engine import Engine
from iotgen.render.overrides import problems
from iotgen.render.places import LineMarks, offsets, places, repeated
from iotgen.render.template import Template

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline
    from tests.conftest import Compile

SPEC = """
version: 1
pipeline: iot
region: us-east-1
queues:
  jobs: {}
  more: {}
functions:
  work:
    source: handlers/work
    triggers: [{queue: jobs}, {queue: more}]
"""
BUILT_IN = project.built_in_templates()
# A pattern of the lines by which a queue is encrypted.
AWS_KEYS = r'"sqs_managed_sse_enabled".*"kms_master_key_id": {{ pipeline.encryption_key }}'
Tell = Callable[[Mapping[str, str]], list[str]]


@pytest.fixture(name="pipeline")
def _pipeline(compile_spec: Compile) -> Pipeline:
    pipeline = compile_spec(SPEC).pipeline
    assert pipeline
    return pipeline


@pytest.fixture(name="tell")
def _tell(pipeline: Pipeline) -> Tell:
    """The problems of own templates, by their names without the ending."""

    def tell(texts: Mapping[str, str]) -> list[str]:
        own = {f"{name}.tf.json.j2": Template(f"templates/{name}", text) for name, text in texts.items()}
        return [line(problem) for problem in problems([pipeline], own, BUILT_IN)]

    return tell


def line(problem: Problem) -> str:
    kind = "" if problem.severity == "error" else f"{problem.severity}: "
    place = f"{problem.file}:{problem.line}:{problem.column}"
    return f"{place}: {problem.code} {kind}{problem.message}"


def edited(name: str, *changes: tuple[str, str]) -> dict[str, str]:
    """A built-in template with a regular expression replaced."""
    text = BUILT_IN[f"{name}.tf.json.j2"]
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text, count=1, flags=re.S)
        assert count, pattern
    return {name: text}


def test_the_built_in_ones_are_without_fault(tell: Tell) -> None:
    assert tell({name.removesuffix(".tf.json.j2"): text for name, text in BUILT_IN.items()}) == []


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        # Jinja
        (
            "queue",
            [(r"queue\.name", "queue.nme")],
            [("nme", "IOT501 a queue has no `nme`; did you mean `name`?")],
        ),
        (
            "queue",
            [(r"\{\{ queue\.name", "{{ qeue.name")],
            [("qeue", "IOT501 this template is not given `qeue`; did you mean `queue`?")],
        ),
        (
            "queue",
            [(r"queue\.name \}\}", "queue.name }")],
            [('"name": {{', "IOT501 this template fails: unexpected '}'")],
        ),
        (
            "queue",
            [(r"\{\{ queue\.name", "{{ queue")],
            [('"name": {{', "IOT501 this template fails: Queue has no JSON")],
        ),
        # JSON
        (
            "queue",
            [("20,", "20")],
            [('"receive_wait', "IOT502 this makes no JSON: a comma is missing behind this")],
        ),
        (
            "queue",
            [(r"dead_letter_label \}\}\"\]\n", 'dead_letter_label }}"],\n')],
            [('"depends_on"', "IOT502 this makes no JSON: nothing follows this comma")],
        ),
        (
            "queue",
            [(r"\A.*\Z", "[]")],
            [("[]", "IOT503 this makes a list: a template makes an object of blocks")],
        ),
        (
            "queue",
            [('"policy"', '"name"')],
            [
                (
                    '"{{ queue.label }}": {',
                    "IOT520 warning: this leaves out `policy` of `aws_sqs_queue`: "
                    "without it, requests that are not encrypted are answered",
                ),
                ('"name": "${json', "IOT516 `name` is here twice: only the last one counts"),
            ],
        ),
        # The provider
        (
            "queue",
            [('"redrive_policy"', '"redrive_polcy"')],
            [
                (
                    '"redrive_polcy"',
                    "IOT511 `redrive_polcy` is not a setting of `aws_sqs_queue`; "
                    "did you mean `redrive_policy`?",
                )
            ],
        ),
        (
            "queue",
            [('"aws_sqs_queue"', '"aws_sqs_qeue"')],
            [
                (
                    '"aws_sqs_qeue"',
                    "IOT510 `aws_sqs_qeue` is not a resource of the AWS provider; "
                    "did you mean `aws_sqs_queue`?",
                )
            ],
        ),
        (
            "queue_trigger",
            [('"function_name": [^\n]*\n', "")],
            [('"{{ trigger.label }}"', "IOT512 `aws_lambda_event_source_mapping` needs `function_name`")],
        ),
        (
            "function",
            [('"target_arn"', '"target_ar"')],
            [
                (
                    '"target_ar"',
                    "IOT511 `target_ar` is not a setting of `dead_letter_config`; did you mean `target_arn`?",
                )
            ],
        ),
        # The rules
        (
            "queue",
            [('\n +"redrive_policy"[^\n]*', "")],
            [
                (
                    '"{{ queue.label }}": {',
                    "IOT520 this leaves out `redrive_policy` of `aws_sqs_queue`: "
                    "a message that always fails would be lost",
                )
            ],
        ),
        (
            "queue_trigger",
            [("ReportBatchItemFailures", "None")],
            [
                (
                    '"function_response_types"',
                    "IOT520 `function_response_types` of `aws_lambda_event_source_mapping` has to be "
                    '"ReportBatchItemFailures": one failed message would repeat its whole batch',
                )
            ],
        ),
        (
            "function",
            [(r'",\n +"aws_iam_role_policy[^\n]*', '"')],
            [
                (
                    '"depends_on"',
                    "IOT520 this leaves `aws_iam_role_policy` out of `depends_on` of `aws_lambda_function`: "
                    "AWS refuses a function whose role may not do its work yet, "
                    "and makes log groups of its own",
                )
            ],
        ),
        # Each other
        (
            "queue",
            [
                (
                    '"\\$\\{jsonencode\\(local\\.\\{\\{ queue.label \\}\\}__redrive',
                    '"${jsonencode(aws_sqs_queue.lost.arn',
                )
            ],
            [('"redrive_policy"', "IOT521 this refers to a `aws_sqs_queue` that no template makes")],
        ),
        (
            "function",
            [(r' +"aws_iam_role": \{.*?\n    \},\n', "")],
            [
                (
                    "{",
                    "IOT521 this no longer makes the `aws_iam_role` of the built-in template, "
                    "and `function` uses it",
                )
            ],
        ),
        (
            "queue",
            [('"resource": {\n', '"resource": {"aws_sns_topic": {"extra": {}},\n')],
            [('"extra"', "IOT522 this `aws_sns_topic` is made twice: by `queue` too")],
        ),
        # The escape hatch
        (
            "queue",
            [('"resource": {\n', '"resource": {"aws_wafv2_web_acl": {"{{ queue.label }}": {"any": 1}},\n')],
            [
                (
                    '"aws_wafv2',
                    "IOT515 info: iotgen does not know the settings of `aws_wafv2_web_acl`: "
                    "only Terraform can check them",
                )
            ],
        ),
        ("queue", [("20,", '20, "tags": {"team": "a"},')], []),
        ("queue", [(AWS_KEYS, '"kms_master_key_id": "alias/ours"')], []),
    ],
)
def test_an_override(
    tell: Tell, name: str, changes: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    own = edited(name, *changes)
    assert tell(own) == [f"{place(name, own[name], at)}: {said}" for at, said in expected]


def place(name: str, text: str, at: str) -> str:
    """Where the first `at` is in the text of a template."""
    before = text[: text.index(at)]
    return f"templates/{name}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def test_a_rule_is_switched_off_with_a_reason(tell: Tell) -> None:
    comment = "{# iotgen: ignore IOT520 because the consumer deletes poison #}\n"
    drop = ('\n +"redrive_policy"[^\n]*', "")
    assert tell(edited("queue", drop, (r' +"\{\{ queue.label', rf"      {comment}\g<0>"))) == [
        "templates/queue:5:7: IOT520 info: ignored, because the consumer deletes poison: this leaves out "
        "`redrive_policy` of `aws_sqs_queue`: a message that always fails would be lost"
    ]
    assert tell(edited("queue", (r"\A", comment))) == [
        "templates/queue:1:2: IOT007 warning: IOT520 has nothing to say here"
    ]
    broken = edited("queue", (r"\A", "{# iotgen: ignore IOT502 because why not #}\n"), (r"\{\n", ""))
    assert any("IOT502 this makes no JSON" in said for said in tell(broken))


def test_a_template_that_overrides_nothing(tell: Tell) -> None:
    assert tell({"qeue": "{}"}) == [
        "templates/qeue:1:1: IOT504 warning: this overrides nothing: no built-in template is called "
        "`qeue.tf.json.j2`; did you mean `queue.tf.json.j2`?"
    ]


def test_what_a_template_includes(tell: Tell) -> None:
    part = '"colour": "red",\n'
    text = BUILT_IN["queue.tf.json.j2"].replace('"policy"', '{% include "part.tf.json.j2" %}\n"policy"')
    assert tell({"queue": text, "part": part}) == [
        "templates/part:1:1: IOT511 `colour` is not a setting of `aws_sqs_queue`"
    ]


def test_a_template_that_makes_nothing_of_what_it_did(tell: Tell) -> None:
    said = tell({"queue": "{}"})
    assert len(said) == 2, said
    assert {problem.split("`")[1] for problem in said} == {
        "aws_sqs_queue",
        "locals.*__queue",
    }


def test_a_project_is_checked_with_its_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init(tmp_path)
    monkeypatch.chdir(tmp_path)
    spec = Path("specs/pipeline.yaml")
    assert check(spec, "dev").sound
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "queue.tf.json.j2").write_text(BUILT_IN["queue.tf.json.j2"], encoding="utf-8")
    assert project.own_templates(tmp_path) == {}
    text = edited("queue", ('"redrive_policy"', '"redrive_polcy"'))["queue"]
    (folder / "queue.tf.json.j2").write_text(text, encoding="utf-8")
    checked = check(spec, "dev")
    assert not checked.sound
    (found,) = [problem for problem in checked.problems if problem.severity == "error"]
    assert line(found).startswith("templates/queue.tf.json.j2:12:9: IOT511 `redrive_polcy`")
    assert checked.texts[found.file] == text


def test_the_templates_of_iotgen_itself_are_not_overrides(repo: Path) -> None:
    assert project.own_templates(repo) == {}


def test_places() -> None:
    template = (
        '{\n{% if yes %}\n  "a": {{ value }},\n{% endif %}\n{# no #}\n'
        '  "b": [{% for n in [1, 2] %}\n{{ n }}{% if not loop.last %},{% endif %}\n{% endfor %}],\n'
        '  "c": 1\n}'
    )
    holes = {"yes": True, "value": {"inner": ["x\n", "\x01y:9\x01"]}}
    plain = Engine({"t.tf.json.j2": template}.get).text("t", holes)
    found = places(Engine({"t.tf.json.j2": template}.get, (LineMarks,)).text("t", holes))
    assert found.text == plain
    lines = {path: found.at(offset) for path, offset in offsets(plain).items()}
    assert lines == {
        ("a",): ("t.tf.json.j2", 3),
        ("a", "inner"): ("t.tf.json.j2", 3),
        ("a", "inner", 0): ("t.tf.json.j2", 3),
        ("a", "inner", 1): ("t.tf.json.j2", 3),
        ("b",): ("t.tf.json.j2", 6),
        ("b", 0): ("t.tf.json.j2", 7),
        ("b", 1): ("t.tf.json.j2", 7),
        ("c",): ("t.tf.json.j2", 9),
    }


def test_offsets_and_repeated_keys() -> None:
    text = ' {"a": [{}, [], "x,]", -1.5e3, true], "b\\"": {"c": null}, "a": {}}'
    assert {text[start] for start in offsets(text).values()} <= set('"{[-t')
    assert set(offsets(text)) == {
        ("a",), *(("a", index) for index in range(5)), ('b"',), ('b"', "c")
    }  # fmt: skip
    assert [(path, text[start : start + 3]) for path, start in repeated(text)] == [(("a",), '"a"')]
