"""A patch does what RFC 7396 says, to what of its address is there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iotgen.patch.address import bodies, canonical, found, meant, steps
from iotgen.patch.merge import merged, patched


# https://www.rfc-editor.org/rfc/rfc7396#appendix-A
@pytest.mark.parametrize(
    ("original", "patch", "result"),
    [
        ('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
        ('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
        ('{"a":"b"}', '{"a":null}', "{}"),
        ('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
        ('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
        ('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
        ('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
        ('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
        ('["a","b"]', '["c","d"]', '["c","d"]'),
        ('{"a":"b"}', '["c"]', '["c"]'),
        ('{"a":"foo"}', "null", "null"),
        ('{"a":"foo"}', '"bar"', '"bar"'),
        ('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
        ("[1,2]", '{"a":"b","c":null}', '{"a":"b"}'),
        ("{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'),
    ],
)
def test_the_cases_of_the_standard(original: str, patch: str, result: str) -> None:
    assert merged(json.loads(original), json.loads(patch)) == json.loads(result)


DOCUMENT: dict[str, Any] = {
    "resource": {"aws_sqs_queue": {"a_b": {"name": "n", "delay_seconds": 1}}},
    "data": {"aws_partition": {"current": {}}},
    "locals": {"x": {"k": 1}},
    "variable": {"v": {"type": "string"}},
    "output": {"o": {"value": 1}},
    "provider": {"aws": {"region": "us-east-1"}},
    "terraform": {"required_version": ">= 1.11"},
}
ADDRESSES = (
    *("aws_sqs_queue.a_b", "data.aws_partition.current", "local.x", "var.v", "output.o"),
    *("provider.aws", "terraform"),
)


def test_every_body_has_an_address_that_leads_to_it() -> None:
    found = bodies(DOCUMENT)
    assert tuple(found) == ADDRESSES
    for address, body in found.items():
        node: Any = DOCUMENT
        for step in steps(address):
            node = node[step]
        assert node is body


@pytest.mark.parametrize("address", ADDRESSES)
def test_whatever_has_an_address_can_be_patched(address: str) -> None:
    before = bodies(DOCUMENT)
    after = bodies(patched(DOCUMENT, {address: {"new": [None, {"a": "${b.c}"}]}}))
    assert after.pop(address) == {**before.pop(address), "new": [None, {"a": "${b.c}"}]}
    assert after == before


def test_an_address_has_the_key_or_the_label() -> None:
    assert canonical("aws_sqs_queue.a-b") == "aws_sqs_queue.a_b"
    assert patched(DOCUMENT, {"aws_sqs_queue.a-b": None})["resource"] == {"aws_sqs_queue": {}}


def test_the_dashes_of_a_path_stay_in_the_name() -> None:
    methods: dict[str, Any] = {"p_api__b-c_get": {}, "p_api__b_c_get": {}}
    document = {"resource": {"aws_api_gateway_method": methods}}
    for written, name in (("p_api__b-c_get", "p_api__b-c_get"), ("p_api__b_c_get", "p_api__b_c_get")):
        after = patched(document, {f"aws_api_gateway_method.{written}": {"operation_name": "x"}})
        assert after["resource"]["aws_api_gateway_method"] == {**methods, name: {"operation_name": "x"}}
    del methods["p_api__b_c_get"]
    assert found("aws_api_gateway_method.p-api__b-c_get", bodies(document))


def test_what_is_not_there_is_not_made() -> None:
    for address in ("aws_sqs_queue.c", "aws_sns_topic.a_b", "local.y"):
        assert patched(DOCUMENT, {address: {"name": "n"}}) == DOCUMENT
        assert patched({}, {address: {"name": "n"}}) == {}


def test_the_document_stays_as_it_is() -> None:
    before = json.dumps(DOCUMENT)
    patched(DOCUMENT, {"aws_sqs_queue.a_b": {"name": None, "tags": {"a": "b"}}, "local.x": None})
    assert json.dumps(DOCUMENT) == before


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("aws_sqs_queue.jbos", ("aws_sqs_queue.jobs", [])),
        ("aws_sqs_qeue.jobs", ("aws_sqs_queue.jobs", [])),
        ("aws_lambda.work", (None, ["aws_lambda_function.work"])),
        ("aws_sqs_queue.elsewhere", (None, ["aws_sqs_queue.jobs"])),
        ("aws_wafv2_web_acl.mine", (None, ["aws_sqs_queue.jobs", "aws_lambda_function.work"])),
    ],
)
def test_a_misspelt_address(address: str, expected: tuple[str | None, list[str]]) -> None:
    assert meant(address, ("aws_sqs_queue.jobs", "aws_lambda_function.work")) == expected
