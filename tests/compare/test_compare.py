"""What differs between two specs: only what is different on AWS, in the spec's words."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.compare import compare
from iotgen.compare.data import as_data
from iotgen.compare.text import markdown, text

if TYPE_CHECKING:
    from tests.compare.conftest import MakeSide

BASE = """\
version: 1
pipeline: p
defaults: {function: {memory: 256, timeout: 20}}
parameters:
  config: {name: "/p/{suffix}/config", value: {limits: {max: 80}}}
tables:
  t: {partition_key: {id: string}}
queues:
  q: {}
topics:
  alerts: {subscriptions: [{email: a@example.com}, {email: b@example.com}]}
buckets:
  b: {}
functions:
  f: {source: handlers/f, access: {tables: {t: [get, query]}, buckets: {b: {read: in/}}}}
  g:
    source: handlers/g
    memory: 512
    triggers: [{queue: q, batch_size: 10}, {bucket: b, prefix: in/}]
endpoints:
  /a: {method: GET, function: f}
alarms: {functions: {errors: 10}}
environments:
  prod: {defaults: {function: {memory: 1024}}, alarms: {functions: {errors: 1}}}
"""


# A bucket's name has the region in it.
MOVED = [
    "~ bucket b  [spec.yaml:13 -> 14]",
    "name: b-{suffix}-{account}-us-east-1 -> b-{suffix}-{account}-eu-west-1",
    "[derived]",
]


def changed(side: MakeSide, old: str, new: str) -> list[str]:
    """The lines of the difference that replacing a text in the spec makes."""
    assert BASE.count(old) == 1
    found = "\n".join(text(compare(side(BASE), side(BASE.replace(old, new)))))
    return [line.strip() for line in found.splitlines()]


def test_a_spec_is_no_different_from_itself(side: MakeSide) -> None:
    assert compare(side(BASE), side(BASE)) == ()


def test_environments_without_overlays_are_equal(side: MakeSide) -> None:
    assert compare(side(BASE, "dev"), side(BASE, "staging")) == ()


def test_what_defaults_change_is_listed_once_with_those_who_inherit_it(side: MakeSide) -> None:
    assert list(text(compare(side(BASE, "dev"), side(BASE, "prod")))) == [
        "~ defaults.function",
        "    memory: 256 -> 1024  [spec.yaml:3 -> 24]",
        "      for f",
        "~ alarms",
        "    functions.errors: 10 -> 1  [spec.yaml:22 -> 24]",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[get, query]", "read"),
        ("[get, query]", "[query, get]"),
        ("  q: {}", "  q: {max_receives: 5}"),
        ("  q: {}", "  q: {retention_days: 4, visibility_timeout: 120}"),
        ("memory: 512", "memory: 512\n    timeout: 20"),
        ("{email: a@example.com}, {email: b@example.com}", "{email: b@example.com}, {email: a@example.com}"),
        ("  q: {}", "  q: {} # of readings"),
        ("pipeline: p", "pipeline: p\nregion: us-east-1"),
        ("pipeline: p", "pipeline: p\ntags: {}"),
        ("memory: 256, timeout: 20", "timeout: 20, memory: 256"),
    ],
)
def test_what_is_the_same_on_aws_is_no_difference(old: str, new: str, side: MakeSide) -> None:
    assert changed(side, old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("max: 80", "max: 85", ["~ parameter config  [spec.yaml:5]", "value.limits.max: 80 -> 85  [spec.yaml:5]"]),
        ("max: 80", "max: true", ["~ parameter config  [spec.yaml:5]", "value.limits.max: 80 -> true  [spec.yaml:5]"]),
        ("  q: {}", "  q: {max_receives: 3}", ["~ queue q  [spec.yaml:9]", "max_receives: 5 -> 3  [default -> spec.yaml:9]"]),
        ("  t: {partition_key: {id: string}}", "  t: {partition_key: {id: string}, ttl: at}", ["~ table t  [spec.yaml:7]", "ttl: not set -> at  [spec.yaml:7]"]),
        ("batch_size: 10", "batch_size: 20", ["~ function g  [spec.yaml:16]", "triggers[q].batch_size: 10 -> 20  [spec.yaml:19]"]),
        (", {bucket: b, prefix: in/}", "", ["~ function g  [spec.yaml:16]", 'triggers[b]: {"bucket": "b", "prefix": "in/"} -> not set  [spec.yaml:19]']),
        (", {email: b@example.com}", "", ["~ topic alerts  [spec.yaml:11]", 'subscriptions[b@example.com]: {"email": "b@example.com", "filter_scope"... -> not set', "[spec.yaml:11]"]),
        ("  q: {}", "  q: {}\n  r: {}", ["+ queue r  [spec.yaml:10]"]),
        ("  /a: {method: GET, function: f}", "  /b: {method: GET, function: f}", ["- path /a  [spec.yaml:21]", "+ path /b  [spec.yaml:21]"]),
        ("pipeline: p", "pipeline: p\nregion: eu-west-1", ["~ region", "us-east-1 -> eu-west-1  [default -> spec.yaml:3]", *MOVED]),
        ("pipeline: p", "pipeline: p\ntags: {team: a}", ["~ tags", "team: not set -> a  [spec.yaml:3]"]),
        ("timeout: 20}", "timeout: 30}", ["~ defaults.function", "timeout: 20 -> 30  [spec.yaml:3]", "for f, g", "~ queue q  [spec.yaml:9]", "visibility_timeout: 120 -> 180  [derived]"]),
    ],
)  # fmt: skip
def test_a_difference_has_its_place(old: str, new: str, lines: list[str], side: MakeSide) -> None:
    assert changed(side, old, new) == lines


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("[get, query]", "[get, query, put]", ["gains: put the table `t` (dynamodb:PutItem)  [spec.yaml:15]"]),
        ("[get, query]", "query", ["loses: get the table `t` (dynamodb:GetItem)  [spec.yaml:15]"]),
        ("[get, query]", "write", [
            "gains: write the table `t` (dynamodb:BatchWriteItem, dynamodb:PutItem, dynamodb:UpdateItem)", "[spec.yaml:15]",
            "loses: get the table `t` (dynamodb:GetItem)  [spec.yaml:15]",
            "loses: query the table `t` (dynamodb:Query)  [spec.yaml:15]",
        ]),
        ("{read: in/}", "{read: other/}", [
            "gains: read the bucket `b` under `other/` (s3:GetObject, s3:GetObjectVersion)", "[spec.yaml:15]",
            "loses: read the bucket `b` under `in/` (s3:GetObject, s3:GetObjectVersion)", "[spec.yaml:15]",
        ]),
    ],
)  # fmt: skip
def test_permissions_are_told_in_words(old: str, new: str, lines: list[str], side: MakeSide) -> None:
    assert changed(side, old, new) == ["~ function f  [spec.yaml:15]", *lines]


def test_a_new_function_comes_with_what_it_may_do(side: MakeSide) -> None:
    more = "  h: {source: handlers/h, access: {queues: {q: send}}}\nendpoints:"
    lines = changed(side, "endpoints:", more)
    assert lines == [
        "+ function h  [spec.yaml:20]",
        "gains: send to the queue `q` (sqs:SendMessage)  [spec.yaml:20]",
    ]


def test_code_and_packages_are_compared_by_content(side: MakeSide) -> None:
    layered = BASE.replace("topics:", "layers: {l: {requirements: r.txt}}\ntopics:")
    before = side(
        layered,
        code={"f": {"handler.py": "1", "old.py": "2"}},
        pins={"l": {"boto3": ("1.0", ("a",)), "six": ("1.0", ("a",))}},
    )
    after = side(
        layered,
        code={"f": {"handler.py": "2", "new.py": "3"}},
        pins={"l": {"boto3": ("1.1", ("b",)), "six": ("1.0", ("b",)), "idna": ("3.0", ("c",))}},
    )
    assert list(text(compare(before, after))) == [
        "~ layer l  [spec.yaml:10]",
        "    requirements: boto3 1.0 -> 1.1",
        "    requirements: idna 3.0 added",
        "    requirements: six 1.0, other hashes",
        "~ function f  [spec.yaml:16]",
        "    code: changed handler.py",
        "    code: added new.py",
        "    code: removed old.py",
    ]


def test_a_schema_differs_by_what_it_says_not_by_its_layout(side: MakeSide) -> None:
    spec = BASE.replace("{method: GET, function: f}", "{method: POST, function: f, body: s.json}")
    before = side(spec, files={"s.json": '{"type": "object"}'})
    assert compare(before, side(spec, files={"s.json": '{"type":"object"}\n'})) == ()
    after = side(spec, files={"s.json": '{"type": "object", "required": ["id"]}'})
    assert list(text(compare(before, after))) == ["~ path /a  [spec.yaml:21]", "    s.json: changed"]


def test_the_data_have_whole_values_and_both_places(side: MakeSide) -> None:
    [shared, alarms] = map(as_data, compare(side(BASE, "dev"), side(BASE, "prod")))
    assert shared["settings"] == [
        {
            "setting": "memory",
            "old": 256,
            "new": 1024,
            "before": {"from": "defaults", "file": "spec.yaml", "line": 3},
            "after": {"from": "overlay", "file": "spec.yaml", "line": 24},
            "users": ["f"],
        }
    ]
    assert (alarms["section"], alarms["key"], alarms["change"]) == ("alarms", "", "changed")


def test_a_comment_on_a_pull_request(side: MakeSide) -> None:
    found = compare(side(BASE), side(BASE.replace("[get, query]", "[get, query, put]")))
    assert list(markdown(found, "main -> working tree")) == [
        "**main -> working tree**: 1 difference",
        "\n- **function f** (`spec.yaml:15`)",
        "  - gains: put the table `t` (dynamodb:PutItem) (`spec.yaml:15`)",
    ]


def test_a_long_value_is_cut_and_what_acts_on_a_terminal_is_shown(side: MakeSide) -> None:
    before = BASE.replace("value: {limits: {max: 80}}", 'value: "a\\x1b[31m"')
    after = BASE.replace("value: {limits: {max: 80}}", f"value: {'b' * 500}")
    lines = list(text(compare(side(before), side(after))))
    assert max(len(line) for each in lines for line in each.splitlines()) <= 100
    assert "\\u001b" in lines[1]


def test_statements_and_policies_are_compared(side: MakeSide) -> None:
    statement = "{actions: s3:ListBucket, resources: arn:aws:s3:::x}"
    more = f"access: {{policies: [AWSLambdaRole], allow: [{statement}], tables"
    assert changed(side, "access: {tables", more)[1:] == [
        "gains: s3:ListBucket on `arn:aws:s3:::x` (s3:ListBucket)  [spec.yaml:15]",
        "gains: do what the policy `AWSLambdaRole` allows  [spec.yaml:15]",
    ]
