"""The log groups of a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.errors import UsageError
from iotgen.operate.logs.sources import sources

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline
    from tests.conftest import Compile

SPEC = """
version: 1
pipeline: p
functions:
  first: {source: handlers/first}
  second: {source: handlers/second}
endpoints:
  /a: {method: GET, function: first}
"""


@pytest.fixture
def pipeline(compile_spec: Compile) -> Pipeline:
    pipeline = compile_spec(SPEC, rules=()).pipeline
    assert pipeline
    return pipeline


def test_the_logs_of_all_functions_are_read(pipeline: Pipeline) -> None:
    assert [group.name for group in sources(pipeline)] == ["/aws/lambda/first-dev", "/aws/lambda/second-dev"]


def test_the_log_of_a_function_may_have_a_name_of_its_own(compile_spec: Compile) -> None:
    functions = 'functions: {first: {source: h, log_group: "/acme/{suffix}/first"}}'
    pipeline = compile_spec(f"version: 1\npipeline: p\n{functions}\n", rules=()).pipeline
    assert pipeline
    assert [(group.writer, group.name) for group in sources(pipeline)] == [("first", "/acme/dev/first")]


def test_others_are_read_on_request(pipeline: Pipeline) -> None:
    assert [group.writer for group in sources(pipeline, unusual=True)] == ["first", "second", "p-api"]
    assert [group.name for group in sources(pipeline, ["p-api"])] == ["/aws/apigateway/p-api-dev"]
    assert [group.writer for group in sources(pipeline, ["second"], unusual=True)] == ["second", "p-api"]


def test_a_misspelt_function_is_told_with_the_one_that_is_meant(pipeline: Pipeline) -> None:
    with pytest.raises(UsageError, match="no function `frist`; did you mean `first`") as error:
        sources(pipeline, ["frist"])
    assert error.value.hint == "Choose one of `first`, `second`, `p-api`."


def test_log_groups_are_read_and_those_that_exist_already_by_the_key_of_their_rule(
    compile_spec: Compile,
) -> None:
    spec = """
version: 1
pipeline: p
log_groups: {errors: {name: /acme/errors}}
rules:
  telemetry: {sql: SELECT * FROM 'dt', to: [{log_group: errors}], on_error: {log_group: /others/failed}}
  copies: {sql: SELECT * FROM 'c', to: [{log_group: errors}], on_error: {log_group: /others/failed}}
"""
    pipeline = compile_spec(spec, rules=()).pipeline
    assert pipeline
    found = [(group.writer, group.name) for group in sources(pipeline)]
    assert found == [("errors", "/acme/errors"), ("telemetry", "/others/failed")]
    asked = [(group.writer, group.name) for group in sources(pipeline, ["copies"])]
    assert asked == [("copies", "/acme/errors"), ("copies", "/others/failed")]
