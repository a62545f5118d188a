"""Who may call an endpoint, web pages, and requests that go straight into a queue, on the local AWS."""

import json
from typing import Any

import pytest
import requests

SPEC = "specs/endpoints.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: shop
queues: {orders: {}}
functions:
  echo: {source: handlers/echo}
  check: {source: handlers/check}
  link: {source: handlers/link, environment: {BASE_URL: {api: url}}}
api:
  auth: {function: check}
  keys: [gateway]
  key_throttle: {rate: 100}
  throttle: {rate: 100}
  cors: {origins: ["https://ui.example.com"]}
  compression: 1024
  domain:
    name: api.example.org
    certificate: arn:aws:acm:us-east-1:123456789012:certificate/1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f
    zone: Z0123456789ABCDEFGHIJ
endpoints:
  /: {method: GET, function: echo, parameters: {}, auth: none}
  /items:
    GET: {function: echo, parameters: {}, auth: none}
    # iotgen: ignore IOT434 because whoever comes by a key may call
    DELETE: {function: echo, auth: api_key}
    PUT: {function: echo, body: handlers/schemas/readings.json, auth: iam}
  /link: {method: GET, function: link, parameters: {}, auth: none}
  /files/{rest+}: {method: ANY, function: echo}
  /orders: {method: POST, queue: orders, auth: none, throttle: {rate: 50}}
"""
ECHO = """\
import json

HEADERS = {"Access-Control-Allow-Origin": "https://ui.example.com"}


def handler(event, context):
    answer = {"method": event["httpMethod"], "path": event["path"], "variables": event["pathParameters"]}
    return {"statusCode": 200, "headers": HEADERS, "body": json.dumps(answer)}
"""
CHECK = """\
def handler(event, context):
    effect = "Allow" if event["authorizationToken"] == "Bearer known" else "Deny"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {"principalId": "someone", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""


LINK = """\
import json
import os


def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(os.environ["BASE_URL"] + "/items")}
"""


@pytest.fixture(scope="module")
def shop(project: Any) -> dict[str, Any]:
    """The outputs of the spec above, deployed."""
    for file, text in (
        (SPEC, TEXT),
        ("handlers/echo/handler.py", ECHO),
        ("handlers/check/handler.py", CHECK),
        ("handlers/link/handler.py", LINK),
    ):
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outputs: dict[str, Any] = project.apply()
    return outputs


def _call(shop: dict[str, Any], method: str, path: str, **more: Any) -> requests.Response:
    """An unsigned call."""
    return requests.request(method, shop["api_endpoint"] + path, timeout=30, **more)


def test_anyone_may_call_what_is_open(shop: dict[str, Any]) -> None:
    assert _call(shop, "GET", "/").json() == {"method": "GET", "path": "/", "variables": None}
    assert _call(shop, "GET", "/items").json()["path"] == "/items"


def test_a_function_has_the_address_that_answers_here(project: Any, shop: dict[str, Any]) -> None:
    link = _call(shop, "GET", "/link").json()
    assert link == shop["api_endpoint"] + "/items"
    assert requests.get(link, timeout=30).json()["path"] == "/items"
    (project.folder / "event.json").write_text("{}", encoding="utf-8")
    answer = project.json("invoke", "link", "--event", "event.json", "--spec", SPEC, *LOCAL)
    assert json.loads(answer["body"]) == link


def test_an_endpoint_asks_for_a_key(project: Any, shop: dict[str, Any]) -> None:
    refused = _call(shop, "DELETE", "/items")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "invalid_api_key")
    assert _call(shop, "DELETE", "/items", headers={"x-api-key": "0" * 32}).status_code == 403
    answer = project.json("call", "DELETE", "/items", "--api-key", "gateway", "--spec", SPEC, *LOCAL)
    assert answer["method"] == "DELETE"
    key = project.client("apigateway").get_api_key(apiKey=shop["api_key_ids"]["gateway"], includeValue=True)
    state = (project.folder / "out").rglob("*.tf.json")
    assert not any(key["value"] in file.read_text(encoding="utf-8") for file in state)


LOCAL = ("--target", "local")


def test_a_function_decides_who_may_call(project: Any, shop: dict[str, Any]) -> None:
    without = _call(shop, "GET", "/files/a/b")
    assert (without.status_code, without.json()["error"]["code"]) == (401, "unauthorized")
    assert _call(shop, "GET", "/files/a/b", headers={"Authorization": "Bearer x"}).status_code == 403
    answer = _call(shop, "POST", "/files/a/b", headers={"Authorization": "Bearer known"}).json()
    assert answer == {"method": "POST", "path": "/files/a/b", "variables": {"rest": "a/b"}}
    token = ("--header", "Authorization: Bearer known")
    assert project.json("call", "GET", "/files/c", *token, "--spec", SPEC, *LOCAL)["path"] == "/files/c"


def test_a_signature_is_asked_for(project: Any, shop: dict[str, Any]) -> None:
    body = json.dumps({"device_id": "d", "sensor_data": {"temperature": 1}})
    assert _call(shop, "PUT", "/items", data=body).status_code == 403
    answer = project.json("call", "PUT", "/items", "--body", body, "--spec", SPEC, *LOCAL)
    assert answer["method"] == "PUT"


def test_pages_may_call_and_see_errors(shop: dict[str, Any]) -> None:
    """Without an Origin: the local AWS answers no web page, so that this shows the headers only."""
    preflight = _call(shop, "OPTIONS", "/items")
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://ui.example.com"
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET,DELETE,PUT,OPTIONS"
    for refused in (_call(shop, "DELETE", "/items"), _call(shop, "GET", "/files/a")):
        assert refused.headers["Access-Control-Allow-Origin"] == "https://ui.example.com"


@pytest.mark.parametrize("body", ['{"note": "ü & = % +"}', "a&Action=PurgeQueue&MessageBody=b"])
def test_a_body_goes_into_a_queue_as_it_is(project: Any, shop: dict[str, Any], body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = _call(shop, "POST", "/orders", data=body.encode(), headers=headers)
    assert answer.status_code == 202
    assert answer.headers["Access-Control-Allow-Origin"] == "https://ui.example.com"
    sqs, url = project.client("sqs"), shop["queue_urls"]["orders"]
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert (message["Body"], message["MessageId"]) == (body, answer.json()["message_id"])


def test_a_queue_takes_json_only(shop: dict[str, Any]) -> None:
    answer = _call(shop, "POST", "/orders", data=b"a", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_a_second_plan_is_empty(project: Any, shop: dict[str, Any]) -> None:
    assert shop["api_domain_target"]
    project.run("plan", SPEC, *LOCAL, "--detailed-exitcode")
