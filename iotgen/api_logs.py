"""The role with which API Gateway writes logs: one setting per account and region, shared by all REST APIs.

No environment can own it: the next one would take it over, and the first to be destroyed would remove it for
all others. So iotgen sets it once in an account and region that has none, and never removes it.
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

import json
import time
from collections.abc import Callable
from typing import Any

from iotgen.errors import RemoteError

Clients = Callable[[str], Any]

ROLE = "iotgen-api-gateway-logs"
MANAGED_POLICY = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "apigateway.amazonaws.com"},
        }
    ],
}
# API Gateway assumes the role at once, but IAM needs some seconds to propagate it.
_TRIES = 12
_PAUSE = 5.0


def lacking(clients: Clients) -> bool:
    """Whether account and region have no role for API logs, or one that no longer exists.

    False if the caller lacks the permission to look: Terraform reports a missing role.
    """
    from botocore.exceptions import ClientError

    try:
        role = clients("apigateway").get_account().get("cloudwatchRoleArn")
        if not role:
            return True
        clients("iam").get_role(RoleName=role.rpartition("/")[2])
    except ClientError as error:
        return error.response["Error"]["Code"] == "NoSuchEntity"
    return False


def provide(clients: Clients, sleep: Callable[[float], None] = time.sleep) -> None:
    """Create the role and set it; RemoteError if AWS rejects that."""
    from botocore.exceptions import ClientError

    try:
        arn = _role(clients("iam"))
        change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}
        for left in reversed(range(_TRIES)):
            try:
                clients("apigateway").update_account(patchOperations=[change])
                return
            except ClientError as error:
                if error.response["Error"]["Code"] != "BadRequestException" or not left:
                    raise
                sleep(_PAUSE)
    except ClientError as error:
        raise RemoteError(
            f"this account and region has no role for API Gateway's logs, and iotgen cannot set one: {error}",
            "Have an administrator set it with the commands under `API Gateway's log role` in "
            "docs/operations.md, or write `api: {manage_account: false}` if something else sets it.",
        ) from error


def _role(iam: Any) -> str:
    """The ARN of the role, which is created if it does not exist."""
    try:
        role = iam.get_role(RoleName=ROLE)["Role"]
    except iam.exceptions.NoSuchEntityException:
        role = iam.create_role(
            RoleName=ROLE,
            Description="Lets API Gateway write logs. Shared by all REST APIs of the account.",
            AssumeRolePolicyDocument=json.dumps(_TRUST),
        )["Role"]
    arn = str(role["Arn"])
    partition = arn.split(":")[1]
    iam.attach_role_policy(RoleName=ROLE, PolicyArn=f"arn:{partition}:iam::aws:policy/{MANAGED_POLICY}")
    return arn
