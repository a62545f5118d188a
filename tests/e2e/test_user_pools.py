"""User pools on the local AWS: users whom a function makes call an endpoint with their tokens."""

import json
from typing import Any

import pytest
import requests

SPEC = "specs/users.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: acme
user_pools:
  operators:
    sign_in: [username, email]
    password: {length: 12, require: [digits]}
    required: [name]
    attributes: [tenant]
    groups: {admins: {precedence: 0}, guests: {}}
    domain: acme-{suffix}
    clients:
      web: {callback: ["https://acme.example.com/"], logout: ["https://acme.example.com/"]}
      cli: {flows: [password, admin_password]}
  plain: {mfa: optional}
  theirs: {existing: EXISTING}
functions:
  users:
    source: handlers/users
    access:
      user_pools: {operators: [create, group, password, sign_in], theirs: read, plain: describe}
    environment:
      CLIENT: {user_pool: operators, client: cli}
      ISSUER: {user_pool: operators, attribute: url}
  who: {source: handlers/who}
  claims:
    source: handlers/claims
    timeout: 5
    triggers: [{user_pool: operators, events: [pre_token_generation]}]
api: {throttle: {rate: 100}}
endpoints:
  /users: {method: POST, function: users}
  /who: {method: GET, function: who, parameters: {}, auth: {user_pool: operators}}
  /theirs: {method: GET, function: who, parameters: {}, auth: {user_pool: theirs}}
outputs:
  client: {user_pool: operators, client: cli}
"""
USERS = """\
import json
import os

import boto3

COGNITO = boto3.client("cognito-idp")
POOL = os.environ["USER_POOL_OPERATORS"]
PASSWORD = "correct horse battery 1"


def handler(event, context):
    attributes = {"email": "ada@example.com", "name": "Ada", "custom:tenant": "acme"}
    COGNITO.admin_create_user(
        UserPoolId=POOL,
        Username="ada",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
    )
    COGNITO.admin_set_user_password(UserPoolId=POOL, Username="ada", Password=PASSWORD, Permanent=True)
    COGNITO.admin_add_user_to_group(UserPoolId=POOL, Username="ada", GroupName="admins")
    answer = COGNITO.admin_initiate_auth(
        UserPoolId=POOL,
        ClientId=os.environ["CLIENT"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": PASSWORD},
    )
    others = COGNITO.list_users(UserPoolId=os.environ["USER_POOL_THEIRS"])["Users"]
    tokens = answer["AuthenticationResult"]
    body = {"token": tokens["IdToken"], "issuer": os.environ["ISSUER"], "others": len(others)}
    return {"statusCode": 200, "body": json.dumps(body)}
"""
CLAIMS = """\
def handler(event, context):
    event["response"]["claimsOverrideDetails"] = {"claimsToAddOrOverride": {"plant": "north"}}
    return event
"""
WHO = """\
import json


def handler(event, context):
    claims = event["requestContext"]["authorizer"]["claims"]
    return {"statusCode": 200, "body": json.dumps(claims)}
"""


@pytest.fixture(scope="module")
def theirs(project: Any) -> str:
    """The ID of a pool that exists already."""
    project.run("local", "up")
    pool = project.client("cognito-idp").create_user_pool(PoolName="theirs")["UserPool"]
    return str(pool["Id"])


@pytest.fixture(scope="module")
def deployed(project: Any, theirs: str) -> dict[str, Any]:
    """The outputs of the spec above, deployed."""
    text = TEXT.replace("EXISTING", theirs)
    handlers = {"users": USERS, "who": WHO, "claims": CLAIMS}
    files = {SPEC: text} | {f"handlers/{name}/handler.py": code for name, code in handlers.items()}
    for file, content in files.items():
        path = project.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    outputs: dict[str, Any] = project.apply()
    return outputs


@pytest.fixture(scope="module")
def made(project: Any, deployed: dict[str, Any]) -> dict[str, Any]:
    """What the function answers that makes a user."""
    assert deployed
    answer = project.json("call", "POST", "/users", "--spec", SPEC, "--target", "local", "--body", "{}")
    return dict(answer)


def test_a_second_plan_is_empty(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed
    project.run("plan", SPEC, "--target", "local", "--detailed-exitcode")


def test_the_outputs_are_what_apps_need(deployed: dict[str, Any]) -> None:
    assert deployed["user_pool_client_ids"]["operators/cli"] == deployed["client"]
    assert deployed["sign_in_pages"] == {"operators": "https://acme-dev.auth.us-east-1.amazoncognito.com"}


def test_a_function_finds_the_pools(deployed: dict[str, Any], made: dict[str, Any]) -> None:
    pool = deployed["user_pool_ids"]["operators"]
    assert made["issuer"] == f"https://cognito-idp.us-east-1.amazonaws.com/{pool}"
    assert made["others"] == 0


def test_a_token_of_the_pool_opens_its_endpoints_and_no_others(
    deployed: dict[str, Any], made: dict[str, Any]
) -> None:
    url, headers = deployed["api_endpoint"], {"Authorization": made["token"]}
    claims = json.loads(requests.get(f"{url}/who", headers=headers, timeout=20).text)
    assert (claims["email"], claims["custom:tenant"]) == ("ada@example.com", "acme")
    assert "admins" in claims["cognito:groups"]
    assert claims["plant"] == "north"
    assert requests.get(f"{url}/who", timeout=20).status_code == 401
    assert requests.get(f"{url}/theirs", headers=headers, timeout=20).status_code == 401


def test_the_users_are_counted(project: Any, made: dict[str, Any]) -> None:
    assert made
    shown = project.json("status", "--spec", SPEC, "--target", "local", "--format", "json")
    assert shown["sections"]["user_pools"]["operators"]["users"] == 1


def test_users_are_not_lost_without_a_word(project: Any, made: dict[str, Any]) -> None:
    assert made
    refused = project.finished("destroy", SPEC, "--target", "local", "--yes", code=2).stderr
    assert "1 user" in refused


def test_a_destroy_leaves_what_is_not_its_own(project: Any, deployed: dict[str, Any], theirs: str) -> None:
    assert deployed
    project.run("destroy", SPEC, "--target", "local", "--yes", "--allow-destroy", "dev")
    pools = project.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    assert [one["Id"] for one in pools] == [theirs]
