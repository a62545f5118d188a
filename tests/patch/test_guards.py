"""Each guard holds something that iotgen renders, and tells when a patch takes it away."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest

from iotgen import project
from iotgen.patch.address import bodies, steps
from iotgen.patch.guarantees import broken
from iotgen.patch.guards import GUARDS, Must
from iotgen.problem import Severity
from tests.conftest import REPO, compile_spec

SPECS = ("specs/pipeline.yaml", "specs/s3-events.yaml")
# Settings that the reference pipelines do without. Their handlers are nowhere.
FEATURES = (
    "tests/golden/function-url/spec.yaml",
    "tests/golden/state/spec.yaml",
    "tests/golden/guarded/spec.yaml",
    "tests/golden/bucket-logs/spec.yaml",
    "tests/golden/http-firewall/spec.yaml",
    "tests/golden/table-indexes/spec.yaml",
    "tests/golden/streams/spec.yaml",
    "tests/golden/iot/spec.yaml",
    "tests/golden/secret/spec.yaml",
    "tests/golden/rollout/spec.yaml",
    "tests/golden/http-auth/spec.yaml",
    "tests/golden/http-domain/spec.yaml",
    "tests/golden/user-pool/spec.yaml",
)
CASES = sorted(
    {(guard.kind, path) for guard in GUARDS if guard.must is not Must.ABSENT for path in guard.paths}
)


@cache
def rendered() -> tuple[tuple[str, Any], ...]:
    """Kind and body of all that can be in a pipeline."""
    found = []
    for spec in (*SPECS, *FEATURES):
        text = (REPO / spec).read_text(encoding="utf-8")
        sources = project.read_sources(REPO, compile_spec(text).document.data) if spec in SPECS else None
        for address, body in bodies(compile_spec(text, sources=sources).terraform).items():
            path = steps(address)
            found.append((path[1] if path[0] in ("resource", "data") else address.split(".")[0], body))
    return tuple(found)


def without(node: Any, path: list[str]) -> Any:
    if isinstance(node, list):
        return [without(inner, path) for inner in node]
    if not isinstance(node, dict) or path[0] not in node:
        return node
    if len(path) == 1:
        return {key: value for key, value in node.items() if key != path[0]}
    return {**node, path[0]: without(node[path[0]], path[1:])}


@pytest.mark.parametrize(("kind", "path"), CASES)
def test_what_is_taken_away_is_told(kind: str, path: str) -> None:
    told = []
    for own, body in rendered():
        if fnmatchcase(own, kind) and (after := without(body, path.split("."))) != body:
            told += [fault for fault in broken(own, body, after) if ".".join(map(str, fault.path)) == path]
    assert told, "nothing that is rendered has this"


def test_what_stays_is_not_told() -> None:
    for kind, body in rendered():
        assert list(broken(kind, body, body)) == []
        if isinstance(body, dict):
            assert list(broken(kind, body, {**body, "something_else": 1})) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"depends_on": ["a.b"]}, {"depends_on": ["a.b", "c.d"]}, False),
        ({"depends_on": ["a.b"]}, {"depends_on": ["c.d"]}, True),
        ({"retention_in_days": 30}, {"retention_in_days": 60}, False),
        ({"retention_in_days": 30}, {}, True),
        ({}, {"kms_key_id": "mine"}, False),
        ({"kms_key_id": "ours"}, {"kms_key_id": "mine"}, False),
    ],
)
def test_a_guard_takes_what_is_as_good(before: Any, after: Any, *, told: bool) -> None:
    assert bool(list(broken("aws_cloudwatch_log_group", before, after))) == told


def test_what_does_the_same_is_taken() -> None:
    before = {"sqs_managed_sse_enabled": True}
    assert not list(broken("aws_sqs_queue", before, {"kms_master_key_id": "alias/mine"}))
    assert [fault.code for fault in broken("aws_sqs_queue", before, {})] == ["IOT506"]


def test_what_must_not_be_there() -> None:
    (fault,) = broken("aws_sqs_queue", {}, {"count": 2})
    assert fault.message == "`count` cannot be patched: others refer to the resource without an index"


def test_code_may_come_from_elsewhere() -> None:
    before = {"filename": "a.zip", "source_code_hash": "x", "handler": "h.h", "runtime": "python3.13"}
    signed = {"s3_bucket": "b", "s3_key": "k", "handler": "h.h", "runtime": "python3.13"}
    assert not list(broken("aws_lambda_function", before, signed))
    assert not list(broken("aws_lambda_function", before, {"image_uri": "i", "package_type": "Image"}))
    assert [fault.code for fault in broken("aws_lambda_function", before, {})] == ["IOT507"] * 4


def test_what_is_gone_is_told_with_its_reason() -> None:
    (fault,) = broken("aws_s3_bucket_public_access_block", {"block_public_acls": True}, None)
    assert fault.severity is Severity.WARNING
    assert fault.message == "this removes a block that iotgen renders: the bucket could be opened to everyone"


def test_the_table_is_in_order() -> None:
    assert {guard.must for guard in GUARDS} == set(Must)
    for guard in GUARDS:
        assert not guard.why.endswith(".")
        assert guard.paths
