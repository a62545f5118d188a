"""The role for API Gateway's logs: given to an account that has none, and left to one that has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.backends import get_backend

from iotgen import api_logs
from iotgen.errors import RemoteError
from tests.emptied import empty_aws

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.system

ACCOUNT = "123456789012"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/iotgen-api-gateway-logs"
OTHER = f"arn:aws:iam::{ACCOUNT}:role/theirs"


class Gateway:
    """API Gateway's account settings, which the emulated AWS has not; refuses a role so many times."""

    def __init__(self, role: str = "", refusals: int = 0, code: str = "BadRequestException") -> None:
        self.role = role
        self.refusals = refusals
        self.code = code

    def get_account(self) -> dict[str, Any]:
        return {"cloudwatchRoleArn": self.role} if self.role else {}

    def update_account(self, patchOperations: list[dict[str, str]]) -> None:  # noqa: N803 - boto3's name
        if self.refusals:
            self.refusals -= 1
            raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "UpdateAccount")
        (change,) = patchOperations
        assert (change["op"], change["path"]) == ("replace", "/cloudwatchRoleArn")
        self.role = change["value"]


@pytest.fixture
def iam(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    with empty_aws():
        get_backend("iam")[ACCOUNT]["aws"].reset()  # moto may be on since a test of the handlers
        yield boto3.client("iam", region_name="us-east-1")


def clients(gateway: Any, iam: Any) -> Callable[[str], Any]:
    return {"apigateway": gateway, "iam": iam}.__getitem__


def test_an_account_without_a_role_gets_one_that_may_write_logs(iam: Any) -> None:
    account = clients(gateway := Gateway(), iam)
    assert api_logs.lacking(account)
    api_logs.provide(account)
    assert gateway.role == ROLE_ARN
    assert not api_logs.lacking(account)
    trust = iam.get_role(RoleName=api_logs.ROLE)["Role"]["AssumeRolePolicyDocument"]
    assert json.loads(json.dumps(trust))["Statement"][0]["Principal"] == {
        "Service": "apigateway.amazonaws.com"
    }
    (attached,) = iam.list_attached_role_policies(RoleName=api_logs.ROLE)["AttachedPolicies"]
    assert attached["PolicyName"] == "AmazonAPIGatewayPushToCloudWatchLogs"


def test_a_second_region_takes_the_same_role(iam: Any) -> None:
    api_logs.provide(clients(Gateway(), iam))
    api_logs.provide(clients(gateway := Gateway(), iam))
    assert gateway.role == ROLE_ARN
    assert len(iam.list_roles()["Roles"]) == 1


def test_a_role_of_somebody_elses_stays(iam: Any) -> None:
    iam.create_role(RoleName="theirs", AssumeRolePolicyDocument="{}")
    assert not api_logs.lacking(clients(Gateway(OTHER), iam))


def test_a_role_that_is_gone_is_lacking(iam: Any) -> None:
    assert api_logs.lacking(clients(Gateway(OTHER), iam))


def test_who_may_not_look_is_not_told_that_it_is_lacking(iam: Any) -> None:
    class Closed(Gateway):
        def get_account(self) -> dict[str, Any]:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetAccount")

    assert not api_logs.lacking(clients(Closed(), iam))


def test_a_role_that_is_not_known_everywhere_yet_is_set_again(iam: Any) -> None:
    pauses: list[float] = []
    api_logs.provide(clients(gateway := Gateway(refusals=3), iam), pauses.append)
    assert gateway.role == ROLE_ARN
    assert pauses == [5.0] * 3


@pytest.mark.parametrize("code", ["BadRequestException", "AccessDeniedException"])
def test_what_aws_refuses_is_said_with_the_way_round(iam: Any, code: str) -> None:
    with pytest.raises(RemoteError, match="no role for API Gateway's logs") as refused:
        api_logs.provide(clients(Gateway(refusals=99, code=code), iam), lambda _: None)
    assert "manage_account: false" in refused.value.hint
