"""Endpoints in each form that a spec has for a path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iotgen.kinds.endpoints import endpoints_of
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
