"""The values that `iotgen invoke` gives the variables of a function."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from iotgen.invoke.variables import variables
from iotgen.kinds.functions import Function
from iotgen.model.live import Live

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
functions:
  f: {source: f, environment: {STAGE: {value: "{suffix}"}, LAKE: {value: "lake-{account}"}, RAW: "{suffix}"}}
"""


def _client(_service: str) -> Any:
    arn = "arn:aws:iam::123456789012:user/someone"
    return SimpleNamespace(get_caller_identity=lambda: {"Arn": arn})


def test_suffix_and_account_are_filled_in_where_a_value_is_composed(compile_spec: Compile) -> None:
    pipeline = compile_spec(SPEC).model

    values = variables(pipeline.get(Function, "f"), pipeline, Live("us-east-1", _client))

    assert {name: values[name] for name in ("STAGE", "LAKE", "RAW")} == {
        "STAGE": "dev",
        "LAKE": "lake-123456789012",
        "RAW": "{suffix}",
    }


DEPLOYED = """\
version: 1
pipeline: p
tables: {rows: {partition_key: {id: string}}}
queues: {jobs: {}}
buckets: {lake: {}}
functions:
  f:
    source: h
    environment:
      JOBS_NAME: {queue: jobs, attribute: name}
      JOBS_URL: {queue: jobs}
      ROWS_ARN: {table: rows, attribute: arn}
      LAKE: {bucket: lake}
      HOST: {iot: endpoint}
"""


class _Aws:
    """As much of each service as is asked for variables."""

    def get_caller_identity(self) -> dict[str, Any]:
        return {"Arn": "arn:aws-cn:iam::123456789012:user/a"}

    def get_queue_url(self, QueueName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        return {"QueueUrl": f"https://sqs/{QueueName}"}

    def describe_endpoint(self, endpointType: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        return {"endpointAddress": f"host of {endpointType}"}


def test_a_variable_has_what_the_resource_has_where_it_is_deployed(compile_spec: Compile) -> None:
    pipeline = compile_spec(DEPLOYED).model
    live = Live("cn-north-1", lambda _service: _Aws())
    found = variables(pipeline.get(Function, "f"), pipeline, live)
    assert {name: value for name, value in found.items() if not name.startswith("POWERTOOLS")} == {
        "JOBS_NAME": "jobs-dev",
        "JOBS_URL": "https://sqs/jobs-dev",
        "ROWS_ARN": "arn:aws-cn:dynamodb:us-east-1:123456789012:table/rows-dev",
        "LAKE": "lake-dev-123456789012-us-east-1",
        "HOST": "host of iot:Data-ATS",
    }
