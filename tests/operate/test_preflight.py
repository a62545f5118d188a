"""Whether an account is ready: names, quotas, the state's bucket, secrets and subscriptions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iotgen.model.preflight import Check, Level
from iotgen.operate.preflight import preflight
from tests.emptied import empty_aws

if TYPE_CHECKING:
    from tests.conftest import Compile

pytestmark = pytest.mark.system

SPEC = """\
version: 1
pipeline: p
state: {s3: {bucket: state}}
parameters: {secret: {secure: true}, config: {value: x}}
tables: {t: {partition_key: {id: string}}}
queues: {q: {}}
buckets: {b: {}}
topics: {alarms: {subscriptions: [{email: ops@example.com}]}}
functions: {f: {source: h, runtime: python3.11, reserved_concurrency: 300, access: {tables: {t: read}}}}
endpoints: {/x: {method: GET, function: f}}
"""
TODAY = date(2026, 11, 1)
OURS = {"pipeline": "p", "environment": "dev"}
ACCOUNT = "123456789012"


class Lambda:
    """What Lambda says of an account's limit and of functions."""

    class exceptions:  # noqa: N801 - as boto3 has it
        """The errors of this client."""

        class ResourceNotFoundException(Exception):  # noqa: N818
            """There is no such function."""

        ClientError = ClientError

    def __init__(self, limit: int, unreserved: int, reserved: dict[str, int]) -> None:
        self._limit, self._unreserved, self._reserved = limit, unreserved, reserved

    def get_account_settings(self) -> dict[str, Any]:
        limits = {"ConcurrentExecutions": self._limit, "UnreservedConcurrentExecutions": self._unreserved}
        return {"AccountLimit": limits}

    def get_function_concurrency(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        if FunctionName not in self._reserved:
            raise self.exceptions.ResourceNotFoundException
        return {"ReservedConcurrentExecutions": self._reserved[FunctionName]}

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        if FunctionName not in self._reserved:
            raise self.exceptions.ResourceNotFoundException
        return {"FunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{FunctionName}"}


class ApiGateway:
    """What API Gateway says of an account without a role for logs; moto needs more packages for that."""

    def get_account(self) -> dict[str, Any]:
        return {}


@pytest.fixture
def clients() -> Iterator[Callable[[str], Any]]:
    with empty_aws():
        make: Any = boto3.Session("a", "b", region_name="us-east-1").client
        fakes = {"lambda": Lambda(1000, 1000, {}), "apigateway": ApiGateway()}
        yield lambda service: fakes.get(service) or make(service)


@pytest.fixture
def run(compile_spec: Compile, clients: Callable[[str], Any]) -> Callable[..., list[Check]]:
    pipeline = compile_spec(SPEC).pipeline
    assert pipeline

    def checks(**replaced: Any) -> list[Check]:
        return list(preflight(pipeline, lambda service: replaced.get(service) or clients(service), TODAY))

    return checks


def _of(checks: list[Check], about: str) -> list[tuple[str, str]]:
    return [(str(check.level), check.message) for check in checks if check.about == about]


def test_an_empty_account_lacks_only_the_state(run: Callable[..., list[Check]]) -> None:
    checks = run()
    assert [check.about for check in checks if check.level is Level.ERROR] == ["state"]
    assert _of(checks, "account") == [("ok", f"{ACCOUNT} in us-east-1, as arn:aws:sts::{ACCOUNT}:user/moto")]
    assert _of(checks, "names") == [("ok", "none is taken by anything else")]
    assert _of(checks, "secret") == [("warning", "the secure parameter `secret` has no value yet")]
    assert _of(checks, "concurrency") == [
        ("ok", "300 executions to reserve, and 900 of 1000 can be reserved")
    ]


def _occupy(clients: Callable[[str], Any], tags: dict[str, str]) -> None:
    """Something with each name of the environment."""
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    clients("dynamodb").create_table(
        TableName="t-dev",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=pairs,
    )
    for queue in ("q-dev", "q-dlq-dev", "f-async-dlq-dev"):
        clients("sqs").create_queue(QueueName=queue, tags=tags)
    clients("sns").create_topic(Name="alarms-dev", Tags=pairs)
    bucket = f"b-dev-{ACCOUNT}-us-east-1"
    clients("s3").create_bucket(Bucket=bucket)
    clients("s3").put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": pairs})
    clients("logs").create_log_group(logGroupName="/aws/lambda/f-dev", tags=tags)
    clients("iam").create_role(RoleName="f-dev", AssumeRolePolicyDocument="{}", Tags=pairs)
    clients("ssm").put_parameter(Name="config-dev", Value="x", Type="String", Tags=pairs)


def test_each_name_that_something_else_has_is_an_error(
    run: Callable[..., list[Check]], clients: Callable[[str], Any]
) -> None:
    _occupy(clients, {"pipeline": "other"})
    names = _of(run(**{"lambda": Lambda(1000, 1000, {"f-dev": 0})}), "names")
    assert names == [
        ("error", f"{what} exists already, and is not part of this environment")
        for what in (
            "the parameter `config-dev`",
            "the table `t-dev`",
            "the queue `q-dev`",
            "the dead-letter queue `q-dlq-dev`",
            "the topic `alarms-dev`",
            f"the bucket `b-dev-{ACCOUNT}-us-east-1`",
            "the function `f-dev`",
            "the log group `/aws/lambda/f-dev`",
            "the role `f-dev`",
            "the dead-letter queue `f-async-dlq-dev`",
        )
    ]


def test_what_is_deployed_is_not_taken(
    run: Callable[..., list[Check]], clients: Callable[[str], Any]
) -> None:
    _occupy(clients, OURS)
    names = [message for _, message in _of(run(), "names")]
    # moto does not list these among the tagged resources.
    assert [name for name in names if "parameter" not in name and "topic" not in name] == [
        name for name in ["none is taken by anything else"] if len(names) == 1
    ]


def test_a_caller_who_may_not_list_tags_gets_no_false_errors(
    run: Callable[..., list[Check]], clients: Callable[[str], Any]
) -> None:
    class Refusing:
        class exceptions:  # noqa: N801
            """The errors of this client."""

            ClientError = ClientError

        def get_paginator(self, _name: str) -> Any:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetResources")

    clients("sqs").create_queue(QueueName="q-dev")
    checks = run(resourcegroupstaggingapi=Refusing())
    message = "the queue `q-dev` exists; whether it is part of this environment is not known"
    assert ("unknown", message) in _of(checks, "names")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (
            Lambda(10, 10, {}),
            ("error", "reserve 300 more concurrent executions, and the account can reserve 0"),
        ),
        (Lambda(1000, 350, {}), ("error", "the account can reserve 250: its limit is 1000")),
        (Lambda(1000, 100, {"f-dev": 300}), ("ok", "0 executions to reserve, and 0 of 1000")),
    ],
)
def test_reservations_are_held_against_the_quota(
    run: Callable[..., list[Check]], limit: Lambda, expected: tuple[str, str]
) -> None:
    ((level, message),) = _of(run(**{"lambda": limit}), "concurrency")
    assert level == expected[0]
    assert expected[1] in message


def _open(block: dict[str, bool] | None, compile_spec: Compile, clients: Callable[[str], Any]) -> list[Check]:
    """The preflight of a public bucket in an account with these settings."""
    if block:
        clients("s3control").put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=block)
    pipeline = compile_spec(f"{SPEC}".replace("{b: {}}", "{b: {public: read}}")).pipeline
    assert pipeline
    return list(preflight(pipeline, clients, TODAY))


def test_an_account_that_blocks_public_access_takes_no_public_bucket(
    compile_spec: Compile, clients: Callable[[str], Any]
) -> None:
    checks = _open({"BlockPublicPolicy": True}, compile_spec, clients)
    message = "`b` is public, but the account blocks public access to all of its buckets"
    assert _of(checks, "public access") == [("error", message)]


@pytest.mark.parametrize("block", [None, {"BlockPublicAcls": True, "BlockPublicPolicy": False}])
def test_an_account_that_lets_policies_be_takes_a_public_bucket(
    block: dict[str, bool] | None, compile_spec: Compile, clients: Callable[[str], Any]
) -> None:
    assert _of(_open(block, compile_spec, clients), "public access") == []


def test_the_runtime_that_ends_within_a_year(run: Callable[..., list[Check]]) -> None:
    assert _of(run(), "runtime") == [("warning", "AWS supports python3.11 until 2027-06-30")]


@pytest.mark.parametrize("versioned", [True, False])
def test_the_state_is_kept_in_versions(
    run: Callable[..., list[Check]], clients: Callable[[str], Any], versioned: bool
) -> None:
    s3 = clients("s3")
    s3.create_bucket(Bucket="state")
    s3.put_bucket_encryption(
        Bucket="state",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    if versioned:
        s3.put_bucket_versioning(Bucket="state", VersioningConfiguration={"Status": "Enabled"})
    expected = (
        ("ok", "`state` exists, keeps versions, and encrypts with AES256")
        if versioned
        else ("warning", "`state` keeps no versions, so a damaged state cannot be restored")
    )
    assert _of(run(), "state") == [expected]


def test_a_secret_that_was_set_is_not_mentioned(
    run: Callable[..., list[Check]], clients: Callable[[str], Any]
) -> None:
    ssm = clients("ssm")
    ssm.put_parameter(Name="secret-dev", Value="unset", Type="SecureString")
    assert len(_of(run(), "secret")) == 1
    ssm.put_parameter(Name="secret-dev", Value="s3cr3t", Type="SecureString", Overwrite=True)
    assert _of(run(), "secret") == []


def test_a_refusal_of_one_service_leaves_the_others(run: Callable[..., list[Check]]) -> None:
    class Refusing(Lambda):
        def get_account_settings(self) -> dict[str, Any]:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetAccountSettings")

    checks = run(**{"lambda": Refusing(0, 0, {})})
    assert [level for level, _ in _of(checks, "functions")] == ["unknown"]
    assert _of(checks, "names")[0][0] == "ok"


CALLED = """\
version: 1
pipeline: p
buses: {orders: {}}
functions:
  f:
    source: h
    rollout: all_at_once
    triggers: [{schedule: rate(1 day)}, {event: {source: [shop]}}, {event: {source: [shop]}, bus: orders}]
workflows:
  w:
    definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
    triggers: [{schedule: rate(1 day)}]
"""


def _occupy_triggers(clients: Callable[[str], Any], tags: dict[str, str]) -> None:
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    role = f"arn:aws:iam::{ACCOUNT}:role/r"
    for name in ("f-schedule-1-dev", "w-workflow-schedule-1-dev"):
        clients("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}", Tags=pairs)
        clients("scheduler").create_schedule(
            Name=name,
            ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": "arn:aws:lambda:us-east-1:1:function:x", "RoleArn": role},
        )
    events = clients("events")
    events.create_event_bus(Name="orders-dev", Tags=pairs)
    for name, bus in (("f-event-1-dev", "default"), ("f-event-2-dev", "orders-dev")):
        events.put_rule(Name=name, EventPattern="{}", EventBusName=bus, Tags=pairs)
    clients("codedeploy").create_application(applicationName="f-dev", computePlatform="Lambda", tags=pairs)


def test_names_of_what_triggers_and_rolls_out_are_looked_for(
    compile_spec: Compile, clients: Callable[[str], Any]
) -> None:
    pipeline = compile_spec(CALLED, rules=()).model
    assert _of(list(preflight(pipeline, clients, TODAY)), "names") == [
        ("ok", "none is taken by anything else")
    ]
    _occupy_triggers(clients, {"pipeline": "other"})
    assert _of(list(preflight(pipeline, clients, TODAY)), "names") == [
        ("error", f"{what} exists already, and is not part of this environment")
        for what in (
            "the bus `orders-dev`",
            "the CodeDeploy application `f-dev`",
            "the schedule `f-schedule-1-dev`",
            "the role `f-schedule-1-dev`",
            "the event rule `f-event-1-dev`",
            "the event rule `f-event-2-dev`",
            "the schedule `w-workflow-schedule-1-dev`",
            "the role `w-workflow-schedule-1-dev`",
        )
    ]


def test_triggers_and_rollouts_of_this_environment_are_not_taken(
    compile_spec: Compile, clients: Callable[[str], Any]
) -> None:
    _occupy_triggers(clients, OURS)
    messages = [
        message
        for _, message in _of(list(preflight(compile_spec(CALLED, rules=()).model, clients, TODAY)), "names")
    ]
    # moto does not list these among the tagged resources.
    assert [one for one in messages if "bus" not in one and "event rule" not in one] == [
        one for one in ["none is taken by anything else"] if len(messages) == 1
    ]


ROLES = """\
version: 1
pipeline: p
functions:
  f: {source: h, role: {existing: lambda}}
  g: {source: h, access: {policies: ["arn:aws:iam::{account}:policy/mine", AWSLambdaRole]}}
"""


def _trust(service: str) -> str:
    principal = {"Service": service}
    return json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
    )


@pytest.mark.parametrize(
    ("existing", "trusted", "path", "expected"),
    [
        ("lambda", "lambda.amazonaws.com", "/", []),
        ("lambda", "ec2.amazonaws.com", "/", ["Lambda may not assume the role `lambda`"]),
        ("lambda", "lambda.amazonaws.com", "/apps/",
         [f"the role `lambda` is `arn:aws:iam::{ACCOUNT}:role/apps/lambda`"]),
        ("arn:aws:iam::{account}:role/apps/lambda", "lambda.amazonaws.com", "/apps/", []),
        ("other", "lambda.amazonaws.com", "/", ["there is no role `other`"]),
        ("arn:aws:iam::210987654321:role/lambda", "lambda.amazonaws.com", "/",
         ["the role `arn:aws:iam::210987654321:role/lambda` is of another account: Lambda takes those of "
          "its own alone"]),
    ],
)  # fmt: skip
def test_a_role_that_exists_already_is_there_and_trusts_lambda(
    existing: str, trusted: str, path: str, expected: list[str],
    compile_spec: Compile, clients: Callable[[str], Any],
) -> None:  # fmt: skip
    clients("iam").create_role(RoleName="lambda", Path=path, AssumeRolePolicyDocument=_trust(trusted))
    pipeline = compile_spec(ROLES.replace("existing: lambda", f'existing: "{existing}"'), rules=()).model
    assert [message for _, message in _of(list(preflight(pipeline, clients, TODAY)), "role")] == expected


def test_attached_policies_are_there(compile_spec: Compile, clients: Callable[[str], Any]) -> None:
    pipeline = compile_spec(ROLES, rules=()).model
    mine = f"arn:aws:iam::{ACCOUNT}:policy/mine"
    found = _of(list(preflight(pipeline, clients, TODAY)), "policies")
    assert ("error", f"there is no policy `{mine}`") in found
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    clients("iam").create_policy(PolicyName="mine", PolicyDocument=document)
    found = _of(list(preflight(pipeline, clients, TODAY)), "policies")
    assert ("error", f"there is no policy `{mine}`") not in found


def test_so_many_policies_are_held_against_the_quota(
    compile_spec: Compile, clients: Callable[[str], Any]
) -> None:
    names = ", ".join(f"Policy{number}" for number in range(11))
    spec = f"version: 1\npipeline: p\nfunctions: {{f: {{source: h, access: {{policies: [{names}]}}}}}}\n"
    found = _of(list(preflight(compile_spec(spec, rules=()).model, clients, TODAY)), "policies")
    assert found[-1] == (
        "error", "the role `f-dev` is to have 11 managed policies, of 10 that AWS allows"
    )  # fmt: skip


LOGGED = """\
version: 1
pipeline: p
log_groups: {audit: {name: /aws/events/audit}}
events:
  orders: {pattern: {source: [shop]}, to: [{log_group: audit}]}
  refunds: {pattern: {source: [bank]}, to: [{log_group: audit}]}
"""


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (0, ("ok", "2 policies to add, and 10 of 10 are free")),
        (8, ("ok", "2 policies to add, and 2 of 10 are free")),
        (9, ("error", "the events need 2 more policies to write to log groups, "
             "and the region has 9 of the 10 that AWS allows")),
    ],
)  # fmt: skip
def test_the_policies_of_log_groups_are_counted(
    there: int, expected: tuple[str, str], compile_spec: Compile, clients: Callable[[str], Any]
) -> None:
    for number in range(there):
        clients("logs").put_resource_policy(policyName=f"other-{number}", policyDocument="{}")
    pipeline = compile_spec(LOGGED, rules=()).model
    assert _of(list(preflight(pipeline, clients, TODAY)), "log policies") == [expected]


def test_a_policy_of_a_log_group_that_is_deployed_counts_once(
    compile_spec: Compile, clients: Callable[[str], Any]
) -> None:
    for name in ("orders-dev-event", "refunds-dev-event", *(f"other-{number}" for number in range(8))):
        clients("logs").put_resource_policy(policyName=name, policyDocument="{}")
    pipeline = compile_spec(LOGGED, rules=()).model
    found = _of(list(preflight(pipeline, clients, TODAY)), "log policies")
    assert found == [("ok", "0 policies to add, and 0 of 10 are free")]


class Ec2:
    """What EC2 says of VPC endpoints, by the filter that moto lacks."""

    def __init__(self, services: dict[str, str]) -> None:
        self._services = services

    def get_paginator(self, _method: str) -> Ec2:
        return self

    def paginate(self, Filters: list[dict[str, Any]]) -> list[dict[str, Any]]:  # noqa: N803
        ((_name, wanted),) = [(one["Name"], one["Values"]) for one in Filters]
        there = [(key, service) for key, service in self._services.items() if key in wanted]
        return [{"VpcEndpoints": [{"VpcEndpointId": key, "ServiceName": service} for key, service in there]}]


def test_the_vpc_endpoints_of_a_private_api_are_there(
    compile_spec: Compile, clients: Callable[[str], Any]
) -> None:
    api, queues, missing = "vpce-0a1b2c3d", "vpce-1a1b2c3d", "vpce-2a1b2c3d"
    prefix = "com.amazonaws.us-east-1"
    ec2 = Ec2({api: f"{prefix}.execute-api", queues: f"{prefix}.sqs", "vpce-3a1b2c3d": "other"})
    spec = f"""\
version: 1
pipeline: p
api: {{endpoint_type: private, vpc_endpoints: [{api}, {queues}, {missing}]}}
functions: {{f: {{source: h}}}}
endpoints: {{/x: {{method: GET, function: f}}}}
"""
    pipeline = compile_spec(spec, rules=()).model
    found = preflight(pipeline, lambda service: ec2 if service == "ec2" else clients(service), TODAY)
    assert [(one.message, one.path) for one in found if one.about == "VPC endpoints"] == [
        (f"the VPC endpoint `{queues}` is for `{prefix}.sqs`, and reaches no API",
         ("api", "vpc_endpoints", 1)),
        (f"there is no VPC endpoint `{missing}` in us-east-1", ("api", "vpc_endpoints", 2)),
    ]  # fmt: skip
