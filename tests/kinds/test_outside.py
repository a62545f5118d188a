"""Resources that exist already: used like the pipeline's own, and never made, changed or destroyed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from iotgen import changes
from iotgen.graph.graph import graph_of
from iotgen.kinds.functions import Function
from iotgen.model.outside import Outside
from iotgen.operate.preflight import preflight
from tests.conftest import as_text
from tests.emptied import empty_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Compile

HEAD = "version: 1\npipeline: p\n"
EVERY = """\
tables: {t: {existing: devices}}
queues: {q: {existing: jobs}}
topics: {alerts: {existing: alerts}}
buckets: {b: {existing: acme-lake}}
functions:
  f:
    source: h
    access: {tables: {t: read}, queues: {q: send}, topics: {alerts: publish}, buckets: {b: {read: in/}}}
alarms: {notify: alerts}
"""


def test_nothing_is_rendered_of_them_but_what_must_be_read(compile_spec: Compile) -> None:
    compiled = compile_spec(HEAD + EVERY)
    assert compiled.said == ""
    made = compiled.terraform["resource"]
    assert not {"aws_dynamodb_table", "aws_sns_topic", "aws_s3_bucket"} & made.keys()
    assert made["aws_sqs_queue"].keys() == {"f_async_dlq"}
    assert compiled.terraform["data"]["aws_sqs_queue"] == {"q": {"name": "jobs"}}
    variables = made["aws_lambda_function"]["f"]["environment"]["variables"]
    assert variables["TABLE_T"] == "devices"
    assert variables["BUCKET_B"] == "acme-lake"
    assert variables["QUEUE_Q"] == "${data.aws_sqs_queue.q.url}"
    watched = {
        alarm["alarm_name"].partition("-")[0] for alarm in made["aws_cloudwatch_metric_alarm"].values()
    }
    assert watched == {"f"}


@pytest.mark.parametrize(
    ("section", "written", "name", "account"),
    [
        ("tables", "devices-{suffix}", "devices-dev", None),
        ("tables", "arn:aws:dynamodb:us-east-1:210987654321:table/ledger", "ledger", "210987654321"),
        ("queues", "arn:aws:sqs:us-east-1:210987654321:jobs.fifo", "jobs.fifo", "210987654321"),
        ("topics", "arn:aws:sns:us-east-1:210987654321:alerts", "alerts", "210987654321"),
        ("buckets", "arn:aws:s3:::acme-lake", "acme-lake", None),
        ("workflows", "ingest-{suffix}", "ingest-dev", None),
        ("workflows", "arn:aws:states:us-east-1:123456789012:stateMachine:a", "a", "123456789012"),
        ("log_groups", "RDSOSMetrics", "RDSOSMetrics", None),
    ],
)
def test_a_name_or_an_arn_will_do(
    section: str, written: str, name: str, account: str | None, compile_spec: Compile
) -> None:
    compiled = compile_spec(f'{HEAD}{section}: {{x: {{existing: "{written}"}}}}\n', rules=())
    (one,) = compiled.model.all(Outside)
    assert (one.name, one.account) == (name, account)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            "tables: {t: {existing: devices, ttl: expires_at}}",
            "spec.yaml:3:33: IOT104 `ttl` cannot be set for a table that exists already: "
            "iotgen neither makes nor changes it\n    Remove it.\n",
        ),
        (
            "queues: {q: {existing: jobs, max_recieves: 3}}",
            "spec.yaml:3:30: IOT101 `max_recieves` is not a setting of a queue; "
            "did you mean `max_receives`?\n"
            "spec.yaml:3:30: IOT104 `max_receives` cannot be set for a queue that exists already: "
            "iotgen neither makes nor changes it\n    Remove it.\n",
        ),
        (
            "workflows: {w: {existing: ingest, type: express}}",
            "spec.yaml:3:35: IOT104 `type` cannot be set for a workflow that exists already: "
            "iotgen neither makes nor changes it\n    Remove it.\n",
        ),
        ("workflows: {w: {}}", "spec.yaml:3:13: IOT103 `w` needs `definition`\n"),
        (
            "topics: {t: {existing: 'arn:aws:sqs:us-east-1:123456789012:jobs'}}",
            'spec.yaml:3:24: IOT104 `existing` cannot be "arn:aws:sqs:us-east-1:123456789012:jobs": use '
            "a topic's name, or its ARN such as arn:aws:sns:us-east-1:123456789012:alerts\n",
        ),
        (
            "buses: {b: {existing: 'arn:aws:events:us-east-1:{account}:event-bus/orders'}}",
            "spec.yaml:3:23: IOT104 `existing` cannot be "
            '"arn:aws:events:us-east-1:{account}:event-bus/orders": '
            "`{account}` is not filled in here; use a bus's name, or its ARN such as "
            "arn:aws:events:us-east-1:123456789012:event-bus/orders\n",
        ),
    ],
)
def test_it_stands_alone(written: str, problem: str, compile_spec: Compile) -> None:
    assert as_text(compile_spec(f"{HEAD}{written}\n", rules=()).problems) == problem


def test_the_pipelines_own_table_is_not_taken_for_one_that_exists_already(compile_spec: Compile) -> None:
    compiled = compile_spec(HEAD + "tables: {t: {existing: t-dev}}\n")
    state = {"aws_dynamodb_table.t": {"name": "t-dev"}}
    assert as_text(changes.problems(compiled.model, compiled.document, state)) == (
        "spec.yaml:3:14: IOT601 the table `t` is this pipeline's own: as `existing`, it would be destroyed\n"
        "    Take it out of the state first: terraform -chdir=out/dev state rm aws_dynamodb_table.t\n"
    )


def test_a_picture_shows_them_in_grey(compile_spec: Compile) -> None:
    nodes = {node.id: node for node in graph_of(compile_spec(HEAD + EVERY).model).nodes}
    assert nodes["tables", "t"].note == "exists already"
    assert nodes["tables", "t"].style.hue is None


@pytest.fixture
def clients() -> Iterator[Any]:
    with empty_aws():
        yield lambda service: boto3.client(service, region_name="us-east-1")


@pytest.mark.system
def test_a_preflight_asks_whether_each_is_there(compile_spec: Compile, clients: Any) -> None:
    clients("sqs").create_queue(QueueName="jobs")
    clients("s3").create_bucket(Bucket="acme-lake")
    clients("sns").create_topic(Name="alerts")
    found = preflight(compile_spec(HEAD + EVERY).model, clients, date(2026, 11, 1))
    assert [(one.level.value, one.message, one.hint) for one in found if one.about == "existing"] == [
        (
            "error",
            "the table `t` (devices) does not exist",
            "Correct its name, or omit `existing` to have iotgen create one.",
        ),
        ("ok", "the queue `q` (jobs) is there", ""),
        ("ok", "the topic `alerts` (alerts) is there", ""),
        ("ok", "the bucket `b` (acme-lake) is there", ""),
    ]


HEARD = """\
buckets: {b: {existing: acme-lake}, quiet: {existing: acme-quiet}}
functions:
  f:
    source: h
    triggers: [{event: {source: [aws.s3], detail: {bucket: {name: [acme-lake]}}}}]
"""


class Telling:
    """S3 with buckets that send everything to EventBridge, which moto does not say of any."""

    def __init__(self, s3: Any) -> None:
        self.head_bucket = s3.head_bucket

    def get_bucket_notification_configuration(self, Bucket: str) -> dict[str, Any]:  # noqa: N803
        return {"EventBridgeConfiguration": {}} if Bucket else {}


@pytest.mark.system
def test_a_preflight_asks_whether_a_bucket_tells_eventbridge_what_a_pattern_is_on(
    compile_spec: Compile, clients: Any
) -> None:
    s3 = clients("s3")
    for name in ("acme-lake", "acme-quiet"):
        s3.create_bucket(Bucket=name)

    def warnings(client: Any) -> list[str]:
        asked = {"s3": client}
        pipeline = compile_spec(HEAD + HEARD).model
        found = preflight(pipeline, lambda service: asked.get(service) or clients(service), date(2026, 11, 1))
        return [one.message for one in found if one.about == "existing" and one.level.value == "warning"]

    assert warnings(s3) == [
        "the bucket `b` (acme-lake) does not send its events to EventBridge, "
        "and a pattern of the spec is on them"
    ]
    assert warnings(Telling(s3)) == []


ALLOWED = """\
functions:
  mailer:
    source: h
    access: {allow: [{actions: "ses:SendEmail", resources: "arn:aws:ses:{region}:{account}:identity/a.io"}]}
"""


def test_a_statement_that_no_verb_covers_is_in_the_role_and_in_the_picture(compile_spec: Compile) -> None:
    compiled = compile_spec(HEAD + ALLOWED)
    assert compiled.statements("mailer__role")[-1]["Action"] == ["ses:SendEmail"]
    graph = graph_of(compiled.model)
    assert [(edge.head[-1], edge.text) for edge in graph.edges] == [("ses", "SendEmail")]
    (function,) = compiled.model.all(Function)
    assert [one.words() for one in function.allowed] == [
        "ses:SendEmail on `arn:aws:ses:{region}:{account}:identity/a.io`"
    ]


def test_a_queue_subscribes_to_a_topic_of_another_region_there(compile_spec: Compile) -> None:
    compiled = compile_spec(
        HEAD
        + """\
topics:
  near: {existing: "arn:aws:sns:us-east-1:210987654321:near", subscriptions: [{queue: q}]}
  far: {existing: "arn:aws:sns:eu-west-1:210987654321:far", subscriptions: [{queue: q}]}
queues: {q: {}}
functions: {f: {source: h, triggers: [{queue: q}]}}
"""
    )
    made = compiled.terraform["resource"]["aws_sns_topic_subscription"]
    assert {label: one.get("region") for label, one in made.items()} == {
        "near__queue__q": None,
        "far__queue__q": "eu-west-1",
    }
    assert compiled.model.provider == ">= 6.0, < 7"
