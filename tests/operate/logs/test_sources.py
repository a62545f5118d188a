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


def test_others_are_read_on_request(pipeline: Pipeline) -> None:
    assert [group.writer for group in sources(pipeline, unusual=True)] == ["first", "second", "p-api"]
    assert [group.name for group in sources(pipeline, ["p-api"])] == ["/aws/apigateway/p-api-dev"]
    assert [group.writer for group in sources(pipeline, ["second"], unusual=True)] == ["second", "p-api"]


def test_a_misspelt_function_is_told_with_the_one_that_is_meant(pipeline: Pipeline) -> None:
    with pytest.raises(UsageError, match="no function `frist`; did you mean `first`") as error:
        sources(pipeline, ["frist"])
    assert error.value.hint == "Choose one of `first`, `second`, `p-api`."
