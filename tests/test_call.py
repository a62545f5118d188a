"""`iotgen call` on a real local AWS: every part of a call, the status and the exit code."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from iotgen.cli import main
from iotgen.local import server
from iotgen.local.record import LocalAws

pytestmark = pytest.mark.system

SPEC = """\
version: 1
pipeline: p
functions: {f: {source: f}}
api: {keys: [gateway]}
endpoints:
  "/things/{id}": {POST: {function: f}, GET: {function: f, auth: {function: f}, api_key: true}}
"""
CODE = """\
import json
def handler(event, context):
    if event.get("type") == "TOKEN":
        effect = "Allow" if event["authorizationToken"] == "Bearer known" else "Deny"
        statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
        return {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    names = ("httpMethod", "path", "queryStringParameters", "body")
    headers = {name.lower(): value for name, value in event["headers"].items()}
    answer = {name: event[name] for name in names} | {"x": headers.get("x-own")}
    status = 418 if event["body"] == "teapot" else 200
    return {"statusCode": status, "body": json.dumps(answer) if status == 200 else "short and stout"}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "f").mkdir()
    (root / "f/handler.py").write_text("def handler(event, context): ...\n", encoding="utf-8")
    (root / "spec.yaml").write_text(SPEC, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def aws(root: Path) -> Iterator[LocalAws]:
    folder = root / "out/.local"
    yield server.up(folder)
    server.down(folder)


Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.chdir(root)

    def run(*arguments: str) -> tuple[int, str, str]:
        command = ["iotgen", "call", *arguments, "--spec", "spec.yaml", "--target", "local"]
        monkeypatch.setattr(sys, "argv", command)
        capfd.readouterr()
        with pytest.raises(SystemExit) as exited:
            main()
        out, err = capfd.readouterr()
        assert isinstance(exited.value.code, int)
        return exited.value.code, out, err

    return run


@pytest.fixture(scope="module")
def deployed(aws: LocalAws) -> None:
    """The API is deployed: whichever test comes first, in whichever process."""
    session = boto3.Session(aws.access_key, aws.secret_key, region_name="us-east-1")
    clients: dict[str, Any] = {
        name: session.client(name, endpoint_url=aws.endpoint) for name in ("apigateway", "iam", "lambda")
    }
    api = clients["apigateway"]
    rest = api.create_rest_api(name="p-api-dev")["id"]
    (top,) = api.get_resources(restApiId=rest)["items"]
    things = api.create_resource(restApiId=rest, parentId=top["id"], pathPart="things")["id"]
    thing = api.create_resource(restApiId=rest, parentId=things, pathPart="{id}")["id"]
    role = clients["iam"].create_role(RoleName="f", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", CODE)
    function = clients["lambda"].create_function(
        FunctionName="f-dev",
        Runtime=f"python3.{sys.version_info.minor}",
        Role=role,
        Handler="handler.handler",
        Code={"ZipFile": code.getvalue()},
    )["FunctionArn"]
    clients["lambda"].add_permission(
        FunctionName="f-dev",
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    about = {"restApiId": rest, "resourceId": thing, "httpMethod": "POST"}
    api.put_method(**about, authorizationType="AWS_IAM")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    api.put_integration(**about, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    check = api.create_authorizer(restApiId=rest, name="f", type="TOKEN", authorizerUri=uri)["id"]
    about = {"restApiId": rest, "resourceId": thing, "httpMethod": "GET"}
    api.put_method(**about, authorizationType="CUSTOM", authorizerId=check, apiKeyRequired=True)
    api.put_integration(**about, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    api.create_deployment(restApiId=rest, stageName="v1")
    stage = {"apiId": rest, "stage": "v1"}
    plan = api.create_usage_plan(name="p-api-dev", apiStages=[stage])["id"]
    for name in ("gateway-dev-other", "gateway-dev"):
        key = api.create_api_key(name=name, enabled=True)["id"]
    api.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")


def test_an_api_that_is_not_deployed_is_named(call: Call, aws: LocalAws) -> None:
    code, out, err = call("GET", "/things/1", "--suffix", "other")
    assert (code, out) == (1, "")
    assert err == (
        "error: the API `p-api-other` is not deployed\n"
        "    `iotgen apply --target local --suffix other` deploys it.\n"
    )


@pytest.mark.usefixtures("deployed")
def test_every_part_of_a_call_arrives(call: Call, root: Path) -> None:
    (root / "body.json").write_text('{"a": 1}', encoding="utf-8")
    code, out, err = call(
        "post", "things/1?a=%20b", "--query", "c==", "--header", "X-Own: yes", "--body", "@body.json"
    )
    assert (code, json.loads(out)) == (
        0,
        {
            "httpMethod": "POST",
            "path": "/things/1",
            "queryStringParameters": {"a": " b", "c": "="},
            "body": '{"a": 1}',
            "x": "yes",
        },
    )
    assert err.startswith("200 in ")

    code, out, err = call("POST", "/things/1", "--body", "teapot")
    assert (code, out) == (1, "short and stout\n")
    assert err.startswith("418 in ")

    code, out, err = call("DELETE", "/nowhere")
    assert code == 1
    assert err.startswith("403 in ")
    assert err.endswith(
        "Check that the endpoint is the output `api_endpoint` of this pipeline, and that it has this path.\n"
    )

    code, out, _ = call("POST", "/things/1", "--format", "json")
    shown = json.loads(out)
    assert (code, shown["status"], shown["body"]["path"]) == (0, 200, "/things/1")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--query", "a"), "`--query` takes a name and a value\n    Write `--query 'device_id=device-1'`.\n"),
        (
            ("--header", ":x"),
            "`--header` takes a name and a value\n    Write `--header 'X-Request-Source: test'`.\n",
        ),
        (
            ("--header", "a: é"),
            "`--header` takes a name and a value\n    Write `--header 'X-Request-Source: test'`.\n",
        ),
        (
            ("--header", "a: b\nc: d"),
            "`--header` takes a name and a value\n    Write `--header 'X-Request-Source: test'`.\n",
        ),
    ],
)
def test_what_is_no_pair_is_refused(call: Call, arguments: tuple[str, str], message: str) -> None:
    assert call("GET", "/things/1", *arguments) == (2, "", f"error: {message}")


@pytest.mark.usefixtures("deployed")
def test_a_call_is_signed_only_where_the_endpoint_asks_for_that(call: Call) -> None:
    known = ("--header", "Authorization: Bearer known")
    code, out, _ = call("GET", "/things/1", *known, "--api-key", "gateway")
    assert (code, json.loads(out)["path"]) == (0, "/things/1")
    code, _, err = call("GET", "/things/1", *known)
    assert code == 1
    assert "iotgen call --api-key NAME" in err
    code, _, err = call("GET", "/things/1", "--api-key", "gateway")
    assert (code, err.startswith("401 in ")) == (1, True)
    assert "--header 'Authorization: TOKEN'" in err
    code, _, err = call("GET", "/things/1", "--api-key", "gate")
    assert code == 2
    assert "error: the spec has no API key `gate`\n    Choose one of: gateway.\n" in err
