"""What the local AWS is mended in, seen from outside; alarms in the protocol of Terraform's provider."""

import io
import json
import threading
import time
import zipfile
from contextvars import copy_context
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from botocore.exceptions import ClientError

from iotgen.local.emulator.alarms import nested, to_xml
from iotgen.local.emulator.bucket_versions import encode_keys
from iotgen.local.emulator.events import mend_events
from iotgen.local.record import LocalAws
from tests.local.calls import client, signed

pytestmark = pytest.mark.system


def query(aws: LocalAws, **parameters: str) -> ElementTree.Element:
    body = urlencode({"Version": "2010-08-01", **parameters}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = signed(aws, "POST", "/", "monitoring", body=body, headers=headers)
    assert answer.status == 200
    return ElementTree.fromstring(answer.body)  # noqa: S314 - it comes from our own server


def test_a_log_group_changes_its_key(aws: LocalAws) -> None:
    logs = client(aws, "logs")
    logs.create_log_group(logGroupName="of-a-key")

    def key() -> Any:
        (group,) = logs.describe_log_groups(logGroupNamePrefix="of-a-key")["logGroups"]
        return group.get("kmsKeyId")

    arn = "arn:aws:kms:us-east-1:000000000000:key/1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f"
    logs.associate_kms_key(logGroupName="of-a-key", kmsKeyId=arn)
    assert key() == arn
    logs.disassociate_kms_key(logGroupName="of-a-key")
    assert key() is None


def test_parameters_and_log_groups_are_found_by_their_tags(aws: LocalAws) -> None:
    tags = {"environment": "of-tags"}
    client(aws, "logs").create_log_group(logGroupName="/aws/lambda/f", tags=tags)
    named = [{"Key": key, "Value": value} for key, value in tags.items()]
    client(aws, "ssm").put_parameter(Name="/p/secret", Value="x", Type="String", Tags=named)
    filters = [{"Key": key, "Values": [value]} for key, value in tags.items()]
    answer = client(aws, "resourcegroupstaggingapi").get_resources(TagFilters=filters)
    account = "us-east-1:000000000000"
    assert {one["ResourceARN"] for one in answer["ResourceTagMappingList"]} == {
        f"arn:aws:logs:{account}:log-group:/aws/lambda/f",
        f"arn:aws:ssm:{account}:parameter/p/secret",
    }


def test_a_thing_group_has_no_properties_but_those_that_were_set(aws: LocalAws) -> None:
    iot = client(aws, "iot")
    iot.create_thing_group(thingGroupName="bare")
    iot.create_thing_group(
        thingGroupName="described", thingGroupProperties={"thingGroupDescription": "of the cellar"}
    )
    assert "thingGroupProperties" not in iot.describe_thing_group(thingGroupName="bare")
    described = iot.describe_thing_group(thingGroupName="described")
    assert described["thingGroupProperties"] == {"thingGroupDescription": "of the cellar"}


@pytest.mark.parametrize(("limit", "status"), [("-1", 200), ("0", 429)])
def test_a_stage_without_a_throttle_takes_requests(aws: LocalAws, limit: str, status: int) -> None:
    """Terraform writes -1 where the spec sets none."""
    gateway = client(aws, "apigateway")
    api = gateway.create_rest_api(name=f"throttle{limit}")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(
        **method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
    )
    gateway.put_method_response(**method, statusCode="200")
    gateway.put_integration_response(**method, statusCode="200")
    gateway.create_deployment(restApiId=api["id"], stageName="v1")
    limits = [
        {"op": "replace", "path": f"/*/*/throttling/{name}", "value": limit}
        for name in ("rateLimit", "burstLimit")
    ]
    gateway.update_stage(restApiId=api["id"], stageName="v1", patchOperations=limits)
    path = f"/restapis/{api['id']}/v1/_user_request_/"
    assert signed(aws, "GET", path, "execute-api").status == status


def test_aws_makes_the_value_of_a_key(aws: LocalAws) -> None:
    """The provider sends an empty one where the spec has none."""
    made = client(aws, "apigateway").create_api_key(name="gateway", value="")
    assert len(made["value"]) >= 20


def test_parts_that_were_not_set_are_not_there(aws: LocalAws) -> None:
    gateway = client(aws, "apigateway")
    assert "quota" not in gateway.get_usage_plan(usagePlanId=gateway.create_usage_plan(name="plan")["id"])
    gateway.create_domain_name(domainName="b.example.org", endpointConfiguration={"types": ["REGIONAL"]})
    assert "mutualTlsAuthentication" not in gateway.get_domain_name(domainName="b.example.org")
    api = gateway.create_rest_api(name="mock")
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(**method, type="MOCK")
    assert not gateway.get_integration(**method).get("httpMethod")


def test_settings_of_a_method_come_back_under_the_path_that_was_written(aws: LocalAws) -> None:
    gateway = client(aws, "apigateway")
    api = gateway.create_rest_api(name="settings")
    gateway.create_deployment(restApiId=api["id"], stageName="v1")
    paths = ("*/*", "~1/GET", "~1orders~1{id}/POST")
    limits = [{"op": "replace", "path": f"/{path}/throttling/rateLimit", "value": "5"} for path in paths]
    changed = gateway.update_stage(restApiId=api["id"], stageName="v1", patchOperations=limits)
    read = gateway.get_stage(restApiId=api["id"], stageName="v1")
    assert {*changed["methodSettings"]} == {*read["methodSettings"]} == {*paths}


def test_an_api_is_at_a_domain_without_a_path(aws: LocalAws) -> None:
    gateway = client(aws, "apigateway")
    api = gateway.create_rest_api(name="domain")
    gateway.create_deployment(restApiId=api["id"], stageName="v1")
    gateway.create_domain_name(domainName="api.example.org", endpointConfiguration={"types": ["REGIONAL"]})
    whole = {"domainName": "api.example.org", "restApiId": api["id"], "stage": "v1"}
    gateway.create_base_path_mapping(**whole, basePath="")
    assert gateway.get_base_path_mapping(domainName="api.example.org", basePath="(none)")["stage"] == "v1"


def test_an_alarm_comes_back_as_it_was_set(aws: LocalAws) -> None:
    settings = {
        "AlarmName": "errors",
        "AlarmDescription": "More than <10> & counting",
        "MetricName": "Errors",
        "Namespace": "AWS/Lambda",
        "Statistic": "Sum",
        "Period": "60",
        "EvaluationPeriods": "1",
        "Threshold": "10",
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "Dimensions.member.1.Name": "FunctionName",
        "Dimensions.member.1.Value": "f",
        "AlarmActions.member.1": "arn:aws:sns:us-east-1:000000000000:t",
        "InsufficientDataActions.member.1": "arn:aws:sns:us-east-1:000000000000:u",
    }
    query(aws, Action="PutMetricAlarm", **settings)
    answer = query(aws, Action="DescribeAlarms", **{"AlarmNames.member.1": "errors"})
    (alarm,) = answer.iterfind("{*}DescribeAlarmsResult/{*}MetricAlarms/{*}member")
    for name in ("AlarmDescription", "MetricName", "Statistic", "Period", "TreatMissingData"):
        assert alarm.findtext(f"{{*}}{name}") == settings[name]
    assert alarm.findtext("{*}ActionsEnabled") == "true"
    assert alarm.findtext("{*}Dimensions/{*}member/{*}Value") == "f"
    assert alarm.findtext("{*}AlarmActions/{*}member") == settings["AlarmActions.member.1"]
    assert (
        alarm.findtext("{*}InsufficientDataActions/{*}member") == settings["InsufficientDataActions.member.1"]
    )


def test_an_alarm_of_an_expression_keeps_its_metrics(aws: LocalAws) -> None:
    client(aws, "cloudwatch").put_metric_alarm(
        AlarmName="sum",
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Metrics=[
            {"Id": "s", "Expression": "a*2", "Label": "x", "ReturnData": True},
            {
                "Id": "a",
                "ReturnData": False,
                "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 60, "Stat": "Sum"},
            },
        ],
    )
    answer = query(aws, Action="DescribeAlarms", **{"AlarmNames.member.1": "sum"})
    (alarm,) = answer.iterfind("{*}DescribeAlarmsResult/{*}MetricAlarms/{*}member")
    assert alarm.findtext("{*}Metrics/{*}member/{*}Expression") == "a*2"
    assert alarm.find("{*}Period") is None


def test_an_alarm_of_a_percentile_has_no_other_statistic(aws: LocalAws) -> None:
    client(aws, "cloudwatch").put_metric_alarm(
        AlarmName="slow",
        MetricName="Duration",
        Namespace="AWS/Lambda",
        ExtendedStatistic="p99",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    answer = query(aws, Action="DescribeAlarms", **{"AlarmNames.member.1": "slow"})
    (alarm,) = answer.iterfind("{*}DescribeAlarmsResult/{*}MetricAlarms/{*}member")
    assert alarm.findtext("{*}ExtendedStatistic") == "p99"
    assert alarm.find("{*}Statistic") is None


def test_an_alarm_that_is_not_there(aws: LocalAws) -> None:
    answer = query(aws, Action="DescribeAlarms", **{"AlarmNames.member.1": "none"})
    assert answer.find("{*}DescribeAlarmsResult/{*}MetricAlarms/{*}member") is None


def as_role(aws: LocalAws, service: str, statement: dict[str, Any]) -> Any:
    """A client that may do what the statement says, and no more."""
    iam = client(aws, "iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName=f"reads-{service}", AssumeRolePolicyDocument=policy(trust))["Role"]
    iam.put_role_policy(RoleName=role["RoleName"], PolicyName="p", PolicyDocument=policy(statement))
    assumed = client(aws, "sts").assume_role(RoleArn=role["Arn"], RoleSessionName="session")["Credentials"]
    return client(
        aws,
        service,
        aws_access_key_id=assumed["AccessKeyId"],
        aws_secret_access_key=assumed["SecretAccessKey"],
        aws_session_token=assumed["SessionToken"],
    )


def test_a_role_may_do_what_its_policy_says_and_loopback_counts_as_secure(aws: LocalAws) -> None:
    tls_only = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::readings", "arn:aws:s3:::readings/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    owner = client(aws, "s3")
    owner.create_bucket(Bucket="readings")
    owner.put_bucket_policy(Bucket="readings", Policy=policy(tls_only))
    owner.put_object(Bucket="readings", Key="k", Body=b"{}")
    read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::readings/*"}
    reader = as_role(aws, "s3", read)
    assert reader.get_object(Bucket="readings", Key="k")["Body"].read() == b"{}"
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.put_object(Bucket="readings", Key="k", Body=b"")


def test_the_permission_to_send_a_message_is_one_to_send_a_batch(aws: LocalAws) -> None:
    url = client(aws, "sqs").create_queue(QueueName="q")["QueueUrl"]
    send = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:000000000000:q",
    }
    sender = as_role(aws, "sqs", send)
    answer = sender.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "x"}])
    assert [entry["Id"] for entry in answer["Successful"]] == ["1"]
    with pytest.raises(ClientError, match="AccessDenied"):
        sender.receive_message(QueueUrl=url)


def test_what_fails_is_in_the_dead_letter_queue_beside_its_record(aws: LocalAws) -> None:
    functions, sqs = client(aws, "lambda"), client(aws, "sqs")
    role = client(aws, "iam").create_role(RoleName="of-failing", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("of-letters", "of-records")}
    arns = {name: f"arn:aws:sqs:us-east-1:000000000000:{name}" for name in urls}
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("handler.py", "def handler(event, context):\n    return 1 / event['divisor']\n")
    functions.create_function(
        FunctionName="failing",
        Runtime="python3.11",
        Role=role,
        Handler="handler.handler",
        Code={"ZipFile": data.getvalue()},
        DeadLetterConfig={"TargetArn": arns["of-letters"]},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="failing")
    functions.put_function_event_invoke_config(
        FunctionName="failing",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": arns["of-records"]}},
    )
    functions.invoke(FunctionName="failing", InvocationType="Event", Payload=b'{"divisor": 0}')

    def received(name: str) -> Any:
        (message,) = sqs.receive_message(QueueUrl=urls[name], WaitTimeSeconds=20)["Messages"]
        return json.loads(message["Body"])

    assert received("of-records")["requestPayload"] == {"divisor": 0}
    assert received("of-letters") == {"divisor": 0}


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_the_query_protocol_there_and_back() -> None:
    assert nested({"A": ["x"], "B.member.2.C": ["z"], "B.member.1.C": ["y"], "D.member.1": ["w"]}) == {
        "A": "x",
        "B": [{"C": "y"}, {"C": "z"}],
        "D": ["w"],
    }
    assert to_xml({"A": "<x>", "B": [{"C": True}], "D": None, "StateUpdatedTimestamp": time.time()}) == (
        "<A>&lt;x&gt;</A><B><member><C>true</C></member></B>"
    )


def test_keys_of_versions_come_back_as_they_are(aws: LocalAws) -> None:
    s3 = client(aws, "s3")
    s3.create_bucket(Bucket="keys")
    s3.put_object(Bucket="keys", Key="a b+c&d/\u00e9.json", Body=b"{}")
    # boto3 asks for encoded keys, and decodes them: `+` would come back as it is only if it was encoded.
    (version,) = s3.list_object_versions(Bucket="keys")["Versions"]
    assert version["Key"] == "a b+c&d/\u00e9.json"


def test_encoded_keys_decode_to_what_they_were() -> None:
    listing = "<R><Prefix>p +</Prefix><MaxKeys>1</MaxKeys><Key>a b+c&amp;d/\u00e9</Key><Key></Key></R>"
    assert encode_keys(listing) == (
        "<R><Prefix>p%20%2B</Prefix><EncodingType>url</EncodingType><MaxKeys>1</MaxKeys>"
        "<Key>a%20b%2Bc%26d/%C3%A9</Key><Key></Key></R>"
    )


def test_asynchronous_invocations_wait_for_their_turn_and_others_do_not() -> None:
    entered, leave = threading.Semaphore(0), threading.Event()
    done: list[int] = []
    threads: list[threading.Thread] = []

    def execute(number: int) -> None:
        entered.release()
        assert leave.wait(10)
        done.append(number)

    def invoke(_function: object, number: int) -> None:
        # As MiniStack starts it: with a copy of the caller's context.
        work = copy_context()
        threads.append(threading.Thread(target=lambda: work.run(emulator._execute_function, number)))
        threads[-1].start()

    emulator = SimpleNamespace(_execute_function=execute, invoke_async_with_retry=invoke)
    mend_events(emulator, at_once=2)
    for number in range(4):
        emulator.invoke_async_with_retry(None, number)
    assert entered.acquire(timeout=10)
    assert entered.acquire(timeout=10)
    assert not entered.acquire(timeout=0.1)

    caller = threading.Thread(target=emulator._execute_function, args=(9,))
    caller.start()
    assert entered.acquire(timeout=10)

    leave.set()
    for thread in (*threads, caller):
        thread.join(10)
    assert sorted(done) == [0, 1, 2, 3, 9]


def test_passwords_need_what_the_policy_says(aws: LocalAws) -> None:
    cognito = client(aws, "cognito-idp")
    policy = {"PasswordPolicy": {"MinimumLength": 8, "RequireNumbers": True}}
    pool = cognito.create_user_pool(PoolName="passwords", Policies=policy)["UserPool"]["Id"]
    cognito.admin_create_user(UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")

    cognito.admin_set_user_password(UserPoolId=pool, Username="ada", Password="lowercase1", Permanent=True)
    with pytest.raises(ClientError) as refused:
        cognito.admin_set_user_password(UserPoolId=pool, Username="ada", Password="lowercase", Permanent=True)
    assert refused.value.response["Error"]["Code"] == "InvalidPasswordException"
