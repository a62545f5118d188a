"""Code in other languages, prebuilt zips, layers of folders, and alarms on log lines, on the local AWS."""

import json
import zipfile
from typing import Any

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SPEC = "specs/functions.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: code
defaults: {function: {runtime: python3.11}}
tables: {rows: {partition_key: {id: string}}}
layers: {units: {source: layers/units}}
functions:
  python:
    source: handlers/python
    layers: [units]
    access: {tables: {rows: put}}
    alarms: {errors: 1, duration: false}
    url: true
  node:
    source: handlers/node
    runtime: nodejs20.x
    handler: index.handler
    ephemeral_storage: 1024
    reserved_concurrency: 5
    url: {auth: none, cors: {origins: ["https://ui.example.com"]}}
  built: {artifact: build/built.zip, runtime: nodejs20.x, handler: dist/main.run}
  image: {image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/forward:1"}
alarms:
  metrics:
    failures: {function: node, pattern: '{ $.level = "ERROR" }', threshold: 1, period: 60}
    heartbeat: {function: python, pattern: heartbeat, no_data: 30}
    backlog:
      namespace: AWS/SQS
      metric: ApproximateAgeOfOldestMessage
      dimensions: {QueueName: "orders-{suffix}"}
      statistic: Maximum
      threshold: 600
"""
PYTHON = """\
import os

import boto3
import units

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE_ROWS"])


def handler(event, context):
    TABLE.put_item(Item={"id": event["id"], "kelvin": units.kelvin(event["celsius"])})
"""
NODE = """\
const name = process.env.AWS_LAMBDA_FUNCTION_NAME;

export const handler = async (event) => ({ doubled: event.value * 2, name });
"""
BUILT = 'exports.run = async () => "built";\n'


@pytest.fixture(scope="module")
def deployed(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed."""
    for file, text in (
        (SPEC, TEXT),
        ("handlers/python/handler.py", PYTHON),
        ("handlers/node/index.mjs", NODE),
        ("layers/units/units.py", "def kelvin(celsius):\n    return celsius + 273\n"),
    ):
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (project.folder / "build").mkdir()
    _build(project, BUILT)
    outputs: dict[str, Any] = project.apply()
    return outputs


def _build(project: Any, text: str) -> None:
    with zipfile.ZipFile(project.folder / "build/built.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("dist/main.js", text)


def _answer(project: Any, function: str, event: Any = None) -> Any:
    payload = json.dumps(event).encode()
    answer = project.client("lambda").invoke(FunctionName=f"{function}-dev", Payload=payload)
    body = json.loads(answer["Payload"].read() or "null")
    assert "FunctionError" not in answer, body
    return body


def test_a_function_imports_from_the_folder_of_its_layer(project: Any, deployed: dict[str, Any]) -> None:
    _answer(project, "python", {"id": "a", "celsius": 20})
    table = deployed["table_names"]["rows"]
    (row,) = project.client("dynamodb").scan(TableName=table)["Items"]
    assert row["kelvin"] == {"N": "293"}


def test_code_for_node_runs_as_it_is(project: Any, deployed: dict[str, Any]) -> None:
    assert _answer(project, "node", {"value": 4}) == {"doubled": 8, "name": "node-dev"}
    assert _answer(project, "built") == "built"
    about = project.client("lambda").get_function_configuration(FunctionName="node-dev")
    assert about["EphemeralStorage"] == {"Size": 1024}


def test_anyone_may_call_an_open_url(project: Any, deployed: dict[str, Any]) -> None:
    answer = requests.get(f"{deployed['function_urls']['node']}status", timeout=30)
    assert (answer.status_code, answer.json()["name"]) == (200, "node-dev")


def test_another_url_is_for_signed_requests(project: Any, deployed: dict[str, Any]) -> None:
    url, aws = deployed["function_urls"]["python"], project.aws
    body = json.dumps({"id": "b", "celsius": 1})
    assert requests.post(url, body, timeout=30).status_code == 403
    request = AWSRequest("POST", url, data=body)
    SigV4Auth(Credentials(aws.access_key, aws.secret_key), "lambda", "us-east-1").add_auth(request)
    answer = requests.post(url, body, headers=dict(request.headers), timeout=30)
    assert answer.status_code != 403  # the handler expects another event


def test_an_image_is_named_by_its_uri(project: Any, deployed: dict[str, Any]) -> None:
    code = project.client("lambda").get_function(FunctionName="image-dev")["Code"]
    assert code["ImageUri"] == "123456789012.dkr.ecr.us-east-1.amazonaws.com/forward:1"


def test_a_pattern_counts_the_lines_of_the_functions_log(project: Any, deployed: dict[str, Any]) -> None:
    found = project.client("logs").describe_metric_filters(logGroupName="/aws/lambda/node-dev")
    (one,) = found["metricFilters"]
    assert one["filterPattern"] == '{ $.level = "ERROR" }'
    (made,) = one["metricTransformations"]
    alarms = project.client("cloudwatch").describe_alarms()["MetricAlarms"]
    (alarm,) = [one for one in alarms if one["MetricName"] == made["metricName"]]
    assert (alarm["Namespace"], alarm["Period"]) == (made["metricNamespace"], 60)


def test_only_python_of_a_folder_runs_here(project: Any, deployed: dict[str, Any]) -> None:
    printed = project.run("invoke", "node", "--spec", SPEC, "--target", "local", stdin="{}", code=1)
    assert "`node` runs on nodejs20.x; only a Python function with a `source` runs here" in printed


def test_a_second_plan_is_empty(project: Any, deployed: dict[str, Any]) -> None:
    printed = project.finished("plan", SPEC, "--target", "local", "--detailed-exitcode")
    assert printed.returncode == 0


def test_a_zip_that_is_built_again_is_put_live(project: Any, deployed: dict[str, Any]) -> None:
    _build(project, BUILT.replace('"built"', '"again"'))
    project.apply()
    assert _answer(project, "built") == "again"
