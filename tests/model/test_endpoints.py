"""Endpoints in each form that a spec has for a path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from iotgen.kinds.endpoints import Api, endpoint_at, endpoints_of
from iotgen.kinds.endpoints.changes import api_changes
from iotgen.review.owner import Owners

if TYPE_CHECKING:
    from iotgen.problem import Path
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
functions: {f: {source: f}}
api: {throttle: {rate: 5}}
endpoints:
  /x: {method: GET, function: f, parameters: {}}
  /y:
    GET: {function: f, parameters: {}}
    DELETE: {function: f}
  /z/{rest+}: {method: ANY, function: f}
"""


def test_an_endpoint_is_a_path_and_a_method(compile_spec: Compile) -> None:
    compiled = compile_spec(SPEC, "dev")
    assert compiled.pipeline
    shown = [(endpoint.title, endpoint.path) for endpoint in endpoints_of(compiled.pipeline)]
    assert shown == [
        ("GET /x", ("endpoints", "/x")),
        ("GET /y", ("endpoints", "/y", "GET")),
        ("DELETE /y", ("endpoints", "/y", "DELETE")),
        ("ANY /z/{rest+}", ("endpoints", "/z/{rest+}")),
    ]


def test_anyone_may_call_what_is_open(compile_spec: Compile) -> None:
    text = SPEC.replace("api: {", "api: {auth: none, ").replace("GET: {", "GET: {auth: iam, ")
    compiled = compile_spec(text, "dev")
    methods = json.loads(compiled.files["api.tf.json"])["resource"]["aws_api_gateway_method"]
    assert {name: method["authorization"] for name, method in methods.items()} == {
        "p_api__x_get": "NONE",
        "p_api__y_get": "AWS_IAM",
        "p_api__y_delete": "NONE",
        "p_api__z__-rest--_any": "NONE",
    }
    outputs = json.loads(compiled.files["outputs.tf.json"])["output"]
    assert list(outputs["caller_policy_arns"]["value"]) == ["GET /y"]
    assert list(outputs["open_endpoints"]["value"]) == ["ANY /z/{rest+}", "DELETE /y", "GET /x"]


def test_a_review_names_each_by_its_path_or_by_both(compile_spec: Compile) -> None:
    compiled = compile_spec(SPEC, "dev")
    assert compiled.pipeline
    made: dict[str, Path] = {
        "aws_api_gateway_method.a": ("endpoints", "/x"),
        "aws_api_gateway_method.b": ("endpoints", "/y", "GET"),
    }
    owners = Owners(compiled.pipeline, compiled.document, made, made)
    assert [owners.of(address).title for address in made] == ["endpoint /x", "endpoint GET /y"]


CALLERS = """\
version: 1
pipeline: p
queues: {jobs: {}}
functions: {f: {source: f}, check: {source: c}}
api: {auth: {function: check}, keys: [gateway], throttle: {rate: 5}}
endpoints:
  /x: {method: GET, function: f, parameters: {}}
  /y:
    GET: {function: f, parameters: {}, auth: {function: check, cache: 9}}
    PUT: {queue: jobs, auth: api_key}
  /y/{id}: {method: GET, function: f, auth: iam, api_key: true}
  /y/{rest+}: {method: ANY, function: f, auth: none}
  /: {method: GET, function: f, auth: none, parameters: {}}
"""


@pytest.mark.parametrize(
    ("method", "path", "title"),
    [
        ("GET", "/", "GET /"),
        ("GET", "/x/", "GET /x"),
        ("PUT", "/y", "PUT /y"),
        ("GET", "/y/1", "GET /y/{id}"),
        ("PUT", "/y/1", "ANY /y/{rest+}"),
        ("GET", "/y/1/2", "ANY /y/{rest+}"),
        ("PUT", "/x", None),
        ("GET", "/z", None),
    ],
)
def test_a_request_finds_its_endpoint(
    compile_spec: Compile, method: str, path: str, title: str | None
) -> None:
    pipeline = compile_spec(CALLERS, "dev", rules=()).pipeline
    assert pipeline
    found = endpoint_at(pipeline, method, path)
    assert (found.title if found else None) == title


def test_endpoints_that_ask_for_the_same_share_an_authorizer(compile_spec: Compile) -> None:
    compiled = compile_spec(CALLERS, "dev", rules=())
    resources = json.loads(compiled.files["api.tf.json"])["resource"]
    authorizers = resources["aws_api_gateway_authorizer"]
    assert {one["name"]: one["authorizer_result_ttl_in_seconds"] for one in authorizers.values()} == {
        "check": 0,
        "check-2": 9,
    }
    methods = resources["aws_api_gateway_method"]
    assert {label: one["authorization"] for label, one in methods.items()} == {
        "p_api__x_get": "CUSTOM",
        "p_api__y_get": "CUSTOM",
        "p_api__y_put": "NONE",
        "p_api__y__-id-_get": "AWS_IAM",
        "p_api__y__-rest--_any": "NONE",
        "p_api__root-_get": "NONE",
    }
    assert [label for label, one in methods.items() if one.get("api_key_required")] == [
        "p_api__y__-id-_get",
        "p_api__y_put",
    ]


def test_what_is_behind_a_deployed_method_stays_of_its_kind(compile_spec: Compile) -> None:
    pipeline = compile_spec(CALLERS, "dev", rules=()).pipeline
    assert pipeline
    deployed = {
        "aws_api_gateway_integration.p_api__y_put": {"type": "AWS_PROXY"},
        "aws_api_gateway_integration.p_api__x_get": {"type": "AWS_PROXY"},
    }
    (problem,) = api_changes(pipeline.all(Api), pipeline, deployed)
    assert problem.path == ("endpoints", "/y", "PUT")
    there = "this method has a function behind it now"
    assert problem.message == f"{there}; it cannot become a queue, a workflow or another service"


def test_a_private_api_becomes_regional_first(compile_spec: Compile) -> None:
    pipeline = compile_spec(SPEC.replace("api: {", "api: {endpoint_type: edge, "), "dev", rules=()).pipeline
    assert pipeline
    there = {"aws_api_gateway_rest_api.p_api": {"endpoint_configuration": [{"types": ["PRIVATE"]}]}}
    (problem,) = api_changes(pipeline.all(Api), pipeline, there)
    assert problem.path == ("api", "endpoint_type")
    assert problem.message == "a private API cannot become an edge-optimized one"
    assert problem.hint == "Apply `endpoint_type: regional` first, and `edge` once that is done."
    there["aws_api_gateway_rest_api.p_api"]["endpoint_configuration"] = [{"types": ["REGIONAL"]}]
    assert [*api_changes(pipeline.all(Api), pipeline, there)] == []


def test_what_some_addresses_may_call_is_not_open_to_anyone(compile_spec: Compile) -> None:
    limits = "auth: none, from: {addresses: [203.0.113.0/24]}, "
    text = SPEC.replace("api: {", f"api: {{{limits}").replace("GET: {", "GET: {from: anywhere, ")
    outputs = json.loads(compile_spec(text, "dev", rules=()).files["outputs.tf.json"])["output"]
    assert list(outputs["open_endpoints"]["value"]) == ["GET /y"]
    assert list(outputs["limited_endpoints"]["value"]) == ["ANY /z/{rest+}", "DELETE /y", "GET /x"]


def test_an_api_has_a_name_of_its_own_with_the_suffix_in_it(compile_spec: Compile) -> None:
    text = SPEC.replace("api: {", 'api: {name: "{suffix}-{pipeline} API", ')
    compiled = compile_spec(text, "dev", rules=())
    assert compiled.problems == ()
    assert compiled.pipeline
    (api,) = compiled.pipeline.all(Api)
    assert (api.key, api.name, api.label) == ("p-api", "dev-p API", "p_api")


def test_a_name_of_an_api_has_the_suffix_in_it(compile_spec: Compile) -> None:
    (problem,) = compile_spec(SPEC.replace("api: {", "api: {name: My API, "), "dev", rules=()).problems
    expected = "a key such as iot-api, or a name on AWS with {suffix} in it, such as {suffix}-iot"
    assert problem.message == f'`name` cannot be "My API": use {expected}'


@pytest.mark.parametrize(
    ("api", "message"),
    [
        ("endpoint_type: private", "`api` needs `vpc_endpoints`"),
        (
            "vpc_endpoints: [vpce-0a1b2c3d]",
            "`vpc_endpoints` is for an API of the `endpoint_type` private",
        ),
        (
            "endpoint_type: private, vpc_endpoints: [vpce-0a1b2c3d], domain: {}",
            "`domain` is for an API that is not private",
        ),
        (
            "from: {addresses: [203.0.113.300]}",
            '`addresses` cannot be "203.0.113.300": use an address or a range of them, such as '
            "203.0.113.7, 203.0.113.0/24 or 2001:db8::/32",
        ),
    ],
)
def test_what_belongs_to_a_private_api(compile_spec: Compile, api: str, message: str) -> None:
    problems = compile_spec(SPEC.replace("api: {", f"api: {{{api}, "), "dev", rules=()).problems
    assert message in [problem.message for problem in problems]


def test_keys_and_plans_are_no_part_of_a_deployment(compile_spec: Compile) -> None:
    def trigger(text: str) -> str:
        files = compile_spec(text, "dev", rules=()).files
        deployment = json.loads(files["api.tf.json"])["resource"]["aws_api_gateway_deployment"]["p_api"]
        return str(deployment["triggers"]["redeployment"])

    first = trigger(CALLERS)
    assert (
        trigger(CALLERS.replace("keys: [gateway]", "keys: [a, b], quota: {limit: 1, period: day}")) == first
    )
    assert trigger(CALLERS.replace("rate: 5", "rate: 6")) == first
    assert trigger(CALLERS.replace("cache: 9", "cache: 8")) != first
    assert trigger(CALLERS.replace("keys: [gateway]", "keys: [gateway], cors: true")) != first
