"""The forms of a review, of plans from one spec to another: text of 80 columns, and Markdown.

`pytest tests/review --update-golden` writes the expected files anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from iotgen.review.data import data
from iotgen.review.markdown import markdown
from iotgen.review.review import Review
from iotgen.review.text import text
from iotgen.terraform.plan import Contents
from tests.conftest import Compiled
from tests.review.conftest import SPEC, compiled, review_of
from tests.review.planner import contents

GOLDEN = Path(__file__).parent / "golden"
WRITER = SPEC[SPEC.index("  writer:") : SPEC.index("endpoints:")]
WIDER = """
# iotgen: ignore IOT506 because this is a test
overrides:
  local.reader__role: {Statement: [{Sid: All, Effect: Allow, Action: "dynamodb:*", Resource: "*"}]}
"""


@dataclass(frozen=True)
class Case:
    """What is replaced in the small spec, and functions with new code."""

    replaced: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)


CASES = {
    "no-change": Case(),
    "memory": Case({"memory: 256": "memory: 512"}),
    "renamed-table": Case({"readings": "events"}),
    "new-code": Case(code={"aws_lambda_function.reader": "x" * 43 + "="}),
    "wider-access": Case({"[put]": "[put, query]"}),
    "narrower-access": Case({"queues: {jobs: send}": "queues: {}"}),
    "wildcard": Case({"pipeline: small\n": f"pipeline: small{WIDER}"}),
    "new-endpoint": Case({"endpoints:\n": "endpoints:\n  /read: {method: GET, function: reader}\n"}),
    "no-function": Case(
        {WRITER: "", "/write: {method: POST, function: writer}": "/r: {method: GET, function: reader}"}
    ),
    "new-queue": Case({"jobs: {max_receives: 5}": "jobs: {max_receives: 6}\n  more: {}"}),
    "plain-parameter": Case({"  config: {value: 1}\n": "", ", config: get": ""}),
}


@pytest.fixture
def reviewed(small: Compiled, request: pytest.FixtureRequest) -> Review:
    """The review of a case."""
    if request.param in ("first-apply", "destroy"):
        sides = (None, small) if request.param == "first-apply" else (small, None)
        return review_of(small, contents(*sides))
    case, spec = CASES[request.param], SPEC
    for old, new in case.replaced.items():
        assert old in spec
        spec = spec.replace(old, new)
    after = compiled(spec)
    return review_of(after, contents(small, after, case.code))


@pytest.mark.parametrize(
    ("name", "reviewed"), [(name, name) for name in (*CASES, "first-apply", "destroy")], indirect=["reviewed"]
)
def test_a_review_is_as_expected(name: str, reviewed: Review, request: pytest.FixtureRequest) -> None:
    for ending, shown in (("txt", text(reviewed)), ("md", markdown(reviewed))):
        file = GOLDEN / f"{name}.{ending}"
        if request.config.getoption("--update-golden"):
            file.write_text(shown, encoding="utf-8")
        assert shown == file.read_text(encoding="utf-8")
    assert max(map(len, text(reviewed).splitlines())) <= 80
    assert json.loads(json.dumps(data(reviewed)))


@pytest.mark.parametrize("reviewed", ["memory", "new-code", "wider-access"], indirect=True)
def test_a_small_change_is_a_few_lines(reviewed: Review) -> None:
    assert len(text(reviewed).splitlines()) <= 8


def test_what_is_missed_while_a_schedule_or_a_rule_gets_another_name_is_said() -> None:
    triggers = "[{schedule: rate(1 hour)}, {event: {source: [a]}}, {event: {source: [b]}, enabled: false}]"
    small = compiled(SPEC.replace("[{queue: jobs}]", triggers))
    changes = [
        replaced("aws_scheduler_schedule.reader__schedule__1", {"name": "Old"}),
        replaced("aws_cloudwatch_event_rule.reader__event__1", {"name": "Old", "state": "ENABLED"}),
        replaced("aws_cloudwatch_event_rule.reader__event__2", {"name": "Off", "state": "DISABLED"}),
    ]
    lines = text(review_of(small, Contents.of({"resource_changes": changes}))).splitlines()
    assert lines[:-2] == [
        "~   function reader  spec.yaml:18",
        "    event rule: events that come meanwhile are not sent",
        '    event rule: name  "Old" -> "New"  forces the replacement',
        '    event rule: name  "Off" -> "New"  forces the replacement',
        "    schedule: times that pass meanwhile are missed, and a rate starts anew",
        '    schedule: name  "Old" -> "New"  forces the replacement',
    ]


def test_a_log_group_with_another_name_is_said_to_lose_its_lines(small: Compiled) -> None:
    changes = [replaced("aws_cloudwatch_log_group.reader", {"name": "Old"})]
    lines = text(review_of(small, Contents.of({"resource_changes": changes}))).splitlines()
    assert lines[:-2] == [
        "~   function reader  spec.yaml:18",
        "    log group: REPLACED, its contents are lost",
        '    log group: name  "Old" -> "New"  forces the replacement',
    ]


def replaced(address: str, before: Mapping[str, str]) -> Mapping[str, object]:
    """What Terraform plans for another name."""
    type_, _, name = address.partition(".")
    after = {**before, "name": "New"}
    change = {"actions": ["delete", "create"], "before": before, "after": after, "replace_paths": [["name"]]}
    return {"address": address, "mode": "managed", "type": type_, "name": name, "change": change}
