"""What a spec means: names, defaults, references, and all that is derived."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from iotgen.kinds.buckets import Bucket
from iotgen.kinds.endpoints import Api, endpoints_of
from iotgen.kinds.functions import Function
from iotgen.kinds.layers import Layer
from iotgen.kinds.parameters import Parameter
from iotgen.kinds.queues import Queue
from iotgen.kinds.tables.table import KeyAttribute, Table
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import State
from iotgen.model.policy import Statement
from iotgen.model.sources import Sources
from iotgen.model.trigger import Call
from iotgen.triggers.bucket import BUCKET_TRIGGER, BucketTrigger
from iotgen.triggers.queue import QueueTrigger
from tests.conftest import ACCOUNT, arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from iotgen.model.pipeline import Pipeline
    from tests.conftest import Compile

    Resolve = Callable[..., Pipeline]
    ResolveFunction = Callable[[str], Function]

HEAD = "version: 1\npipeline: p\n"


@pytest.fixture
def resolve(compile_spec: Compile) -> Resolve:
    """The pipeline of a spec without HEAD, which has to be sound."""

    def resolved(text: str, suffix: str = "dev") -> Pipeline:
        return compile_spec(HEAD + text, suffix).model

    return resolved


@pytest.fixture
def function(resolve: Resolve) -> ResolveFunction:
    """The first function of a spec without HEAD."""

    def first(text: str) -> Function:
        return resolve(text).all(Function)[0]

    return first


@pytest.mark.parametrize("suffix", ["dev", "pr-12"])
def test_names_and_labels(resolve: Resolve, suffix: str) -> None:
    pipeline = resolve(
        "queues: {iot-jobs: {}}\nfunctions: {data-in: {source: h, triggers: [{queue: iot-jobs}]}}\n"
        "endpoints: {/in: {method: PUT, function: data-in}}\n",
        suffix,
    )
    (queue,), (function,), api = pipeline.all(Queue), pipeline.all(Function), pipeline.one(Api)
    assert (queue.name, queue.dead_letter_name) == (f"iot-jobs-{suffix}", f"iot-jobs-dlq-{suffix}")
    assert (queue.label, queue.dead_letter_label) == ("iot_jobs", "iot_jobs_dlq")
    assert (function.name, function.dead_letter_name) == (f"data-in-{suffix}", f"data-in-async-dlq-{suffix}")
    assert (function.label, function.dead_letter_label) == ("data_in", "data_in_async_dlq")
    assert function.by(QueueTrigger)[0].label == "data_in__iot_jobs"
    assert api
    assert (api.key, api.name) == ("p-api", f"p-api-{suffix}")
    assert [endpoint.caller_name for endpoint in api.endpoints] == [f"p-api-in-put-{suffix}"]
    assert pipeline.suffix == suffix


def test_each_endpoint_has_a_caller_policy_of_its_own(resolve: Resolve) -> None:
    long = f"/{'long/' * 30}path"
    pipeline = resolve(
        "functions: {f: {source: h}}\n"
        "endpoints:\n"
        "  /devices/{id}: {method: GET, function: f}\n"
        "  /devices-id: {method: GET, function: f}\n"
        f"  {long}: {{method: GET, function: f}}\n"
        f"  {long}s: {{method: GET, function: f}}\n"
    )
    by_parameter, plain, *others = [endpoint.caller_name for endpoint in endpoints_of(pipeline)]
    assert (by_parameter, plain) == ("p-api-devices.=id-get-dev", "p-api-devices-id-get-dev")
    assert [len(name) for name in others] == [128, 128]
    assert len(set(others)) == 2
    assert all(re.fullmatch(r"p-api-long[\w+=,.@-]+-get-dev", name) for name in others)


def test_labels_of_two_resources_that_seem_to_join_to_one(resolve: Resolve) -> None:
    pipeline = resolve(
        "queues: {b-c: {}, c: {}}\n"
        "functions: {a: {source: h, triggers: [{queue: b-c}]}, a-b: {source: h, triggers: [{queue: c}]}}\n"
    )
    labels = [trigger.label for function in pipeline.all(Function) for trigger in function.by(QueueTrigger)]
    assert labels == ["a__b_c", "a_b__c"]


def test_what_is_not_said_is_safe(resolve: Resolve) -> None:
    pipeline = resolve(
        "tables: {t: {partition_key: {id: string}}}\nqueues: {q: {}}\nbuckets: {b: {}}\ntopics: {n: {}}\n"
        "functions: {f: {source: h}}\nendpoints: {/a: {method: GET, function: f}}\n"
    )
    (table,), (queue,), (bucket,), (function,) = (
        pipeline.all(Table), pipeline.all(Queue), pipeline.all(Bucket), pipeline.all(Function)
    )  # fmt: skip
    assert pipeline.region == "us-east-1"
    assert pipeline.tags == {"pipeline": "p", "environment": "dev"}
    assert pipeline.state is None
    assert (table.point_in_time_recovery, table.ttl, table.sort_key) == (True, None, None)
    assert (queue.max_receives, queue.retention, queue.visibility_timeout) == (5, 4 * 86_400, 30)
    assert (bucket.versioned, bucket.expire_days) == (False, None)
    assert (function.handler, function.log_retention_days, function.log_level) == (
        "handler.handler",
        30,
        "INFO",
    )
    assert (function.memory, function.timeout, function.reserved_concurrency) == (256, 20, None)
    assert (function.runtime, function.architecture) == ("python3.13", "x86_64")
    api = pipeline.one(Api)
    assert api
    assert (api.stage, api.rate, api.manage_account) == (
        "v1",
        None,
        True,
    )


def test_a_functions_own_setting_goes_before_the_defaults_and_those_before_ours(resolve: Resolve) -> None:
    own, inherits = resolve(
        "defaults: {function: {memory: 512, include: [lib], environment: {AA: x}, layers: [l]}}\n"
        "layers: {l: {requirements: r.txt}}\n"
        "functions:\n"
        "  own: {source: h, memory: 1024, include: [], environment: {BB: y}, layers: []}\n"
        "  inherits: {source: h}\n"
    ).all(Function)
    assert (own.memory, own.include, own.layers) == (1024, (), ())
    assert (inherits.memory, inherits.include, inherits.layers[0].key) == (512, ("lib",), "l")
    assert ("BB" in own.environment, "AA" in own.environment) == (True, True)
    assert ("BB" in inherits.environment, inherits.environment["AA"]) == (False, "x")
    assert (own.timeout, inherits.timeout) == (20, 20)
    assert own.setting("memory") == ("functions", "own", "memory")
    assert inherits.setting("memory") == ("defaults", "function", "memory")
    assert inherits.setting("timeout") == ("functions", "inherits", "timeout")


@pytest.mark.parametrize("shared", ["source: shared", "artifact: shared.zip"])
def test_a_functions_own_code_takes_the_place_of_that_of_the_defaults(resolve: Resolve, shared: str) -> None:
    folder, built, image, inherits = resolve(
        f"defaults: {{function: {{{shared}}}}}\n"
        "functions:\n"
        "  folder: {source: own}\n"
        "  built: {artifact: own.zip}\n"
        '  image: {image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1"}\n'
        "  inherits: {}\n"
    ).all(Function)
    assert [(one.source, one.artifact) for one in (folder, built, image)] == [
        ("own", ""),
        ("", "own.zip"),
        ("", ""),
    ]
    word = shared.partition(":")[0]
    assert {inherits.source, inherits.artifact} == {"", shared.partition(": ")[2]}
    assert inherits.setting(word) == ("defaults", "function", word)
    assert folder.setting("source") == ("functions", "folder", "source")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("eu", "eu"),
        ('""', None),
        ("8", "8"),
        ("true", "true"),
        ("{b: [1, null], a: é}", '{"a":"é","b":[1,null]}'),
    ],
)
def test_a_parameters_text(compile_spec: Compile, text: str, values: str | None) -> None:
    compiled = compile_spec(f"{HEAD}parameters: {{k: {{value: {text}}}}}\n")
    assert compiled.pipeline
    assert compiled.pipeline.all(Parameter)[0].value == (values or "")


def test_keys_of_a_table(resolve: Resolve) -> None:
    (table,) = resolve("tables: {t: {partition_key: {a: binary}, sort_key: {b: number}, ttl: c}}\n").all(
        Table
    )
    assert (table.partition_key, table.sort_key) == (KeyAttribute("a", "B"), KeyAttribute("b", "N"))
    assert table.ttl == "c"


@pytest.mark.parametrize(
    ("triggers", "visibility"),
    [
        ("f: {source: h, timeout: 30, triggers: [{queue: q}]}", 180),
        ("f: {source: h, triggers: [{queue: q, batch_window: 5}]}", 125),
        ("f: {source: h, timeout: 1, triggers: [{queue: q}]}, g: {source: h, timeout: 9, triggers: [{queue: q}]}", 54),
        ("f: {source: h, timeout: 30}", 30),
    ],
)  # fmt: skip
def test_a_queues_visibility_follows_from_its_slowest_consumer(
    resolve: Resolve, triggers: str, visibility: int
) -> None:
    assert (
        resolve(f"queues: {{q: {{}}}}\nfunctions: {{{triggers}}}\n").all(Queue)[0].visibility_timeout
        == visibility
    )


@pytest.mark.parametrize(
    ("settings", "at_once"),
    [
        ("", None),
        ("reserved_concurrency: 100, ", 80),
        ("reserved_concurrency: 9, ", 7),
        ("reserved_concurrency: 2, ", 2),
        ("reserved_concurrency: 5000, ", 1000),
    ],
)
def test_a_queue_gets_four_fifths_of_the_reservation(
    function: ResolveFunction, settings: str, at_once: int | None
) -> None:
    resolved = function(
        f"queues: {{q: {{}}}}\nfunctions: {{f: {{{settings}source: h, triggers: [{{queue: q}}]}}}}\n"
    )
    assert resolved.by(QueueTrigger)[0].max_concurrency == at_once


def test_batches(function: ResolveFunction) -> None:
    resolved = function("queues: {q: {}}\nfunctions: {f: {source: h, triggers: [{queue: q}]}}\n")
    assert (resolved.by(QueueTrigger)[0].batch_size, resolved.by(QueueTrigger)[0].batch_window) == (10, 0)


OWN = ("WriteLogs", "WriteTraces", "SendFailedEvents")
RESOURCES = (
    "tables: {x: {partition_key: {id: string}}}\nqueues: {x: {}}\ntopics: {x: {}}\nbuckets: {x: {}}\n"
    "parameters: {x: {value: y}, s: {secure: true}}\n"
)


@pytest.mark.parametrize(
    ("access", "sid", "actions", "resources"),
    [
        ("tables: {x: read}", "ReadTableX", "dynamodb:GetItem dynamodb:Query", arn("dynamodb", "table/x-dev")),
        ("tables: {x: write}", "WriteTableX", "dynamodb:BatchWriteItem dynamodb:PutItem dynamodb:UpdateItem", arn("dynamodb", "table/x-dev")),
        ("tables: {x: read-write}", "ReadWriteTableX", "dynamodb:BatchWriteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem", arn("dynamodb", "table/x-dev")),
        ("queues: {x: send}", "SendQueueX", "sqs:SendMessage", arn("sqs", "x-dev")),
        ("queues: {x: reject}", "RejectQueueX", "sqs:SendMessage", arn("sqs", "x-dlq-dev")),
        ("topics: {x: publish}", "PublishTopicX", "sns:Publish", arn("sns", "x-dev")),
        ("parameters: {x: read}", "ReadParameterX", "ssm:GetParameter ssm:GetParameters", arn("ssm", "parameter/x-dev")),
        ("buckets: {x: {write: out/}}", "WriteBucketX", "s3:PutObject", arn("s3", f"x-dev-{ACCOUNT}-us-east-1/out/*")),
    ],
)  # fmt: skip
def test_access_becomes_just_these_actions_on_just_this_resource(
    function: ResolveFunction, access: str, sid: str, actions: str, resources: str
) -> None:
    statements = function(f"{RESOURCES}functions: {{f: {{source: h, access: {{{access}}}}}}}\n").statements
    assert tuple(statement.sid for statement in statements) == (*OWN, sid)
    granted = statements[-1]
    assert (" ".join(granted.actions), [str(resource) for resource in granted.resources]) == (
        actions,
        [resources],
    )
    assert granted.conditions == ()


def test_reading_a_bucket_tells_missing_objects_from_forbidden_ones(function: ResolveFunction) -> None:
    spec = f"{RESOURCES}functions: {{f: {{source: h, access: {{buckets: {{x: {{read: in/}}}}}}}}}}\n"
    statements = function(spec).statements
    assert tuple(statement.sid for statement in statements) == (*OWN, "ReadBucketX", "ListBucketX")
    read, listed = statements[-2:]
    assert read.actions == ("s3:GetObject", "s3:GetObjectVersion")
    assert [str(resource) for resource in read.resources] == [arn("s3", f"x-dev-{ACCOUNT}-us-east-1/in/*")]
    assert listed.actions == ("s3:ListBucket",)
    assert [str(resource) for resource in listed.resources] == [arn("s3", f"x-dev-{ACCOUNT}-us-east-1")]
    assert listed.conditions == (("StringLike", "s3:prefix", ("in/*",)),)


def test_what_every_function_may_do(function: ResolveFunction) -> None:
    logs, traces, failed = function("functions: {f-g: {source: h}}\n").statements
    assert logs.actions == ("logs:CreateLogStream", "logs:PutLogEvents")
    assert str(logs.resources[0]) == arn("logs", "log-group:/aws/lambda/f-g-dev:*")
    assert traces == Statement("WriteTraces", ("xray:PutTelemetryRecords", "xray:PutTraceSegments"), ("*",))
    assert failed.actions == ("sqs:SendMessage",)
    assert [str(queue) for queue in failed.resources] == [arn("sqs", "f-g-async-dlq-dev")]


def test_a_trigger_grants_what_the_poller_needs(function: ResolveFunction) -> None:
    resolved = function("queues: {q: {}}\nfunctions: {f: {source: h, triggers: [{queue: q}]}}\n").statements[
        -1
    ]
    assert resolved.sid == "ConsumeQueueQ"
    assert resolved.actions == ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
    assert [str(queue) for queue in resolved.resources] == [arn("sqs", "q-dev")]


def test_a_secure_parameter_is_decrypted_only_as_that_parameter_and_only_by_systems_manager(
    function: ResolveFunction,
) -> None:
    spec = f"region: eu-west-1\n{RESOURCES}functions: {{f: {{source: h, access: {{parameters: {{s: read}}}}}}}}\n"
    read, decrypt = function(spec).statements[-2:]
    assert read.sid == "ReadParameterS"
    assert decrypt.actions == ("kms:Decrypt",)
    assert [str(key) for key in decrypt.resources] == [
        "arn:${data.aws_partition.current.partition}:kms:eu-west-1:*:key/*"
    ]
    through, only = decrypt.conditions
    assert through == ("StringEquals", "kms:ViaService", ("ssm.eu-west-1.amazonaws.com",))
    assert only[:2] == ("StringEquals", "kms:EncryptionContext:PARAMETER_ARN")
    assert [str(name) for name in only[2]] == [arn("ssm", "parameter/s-dev", "eu-west-1")]


def test_no_statement_has_the_id_of_another(function: ResolveFunction) -> None:
    resolved = function(
        RESOURCES
        + "functions: {f: {source: h, access: {tables: {x: write}, buckets: {x: {read: a/, write: b/}}, "
        "parameters: {x: read}, queues: {x: send}, topics: {x: publish}}}}\n"
    )
    ids = [statement.sid for statement in resolved.statements]
    assert len(ids) == len(set(ids)) == 10


def test_a_functions_environment(function: ResolveFunction) -> None:
    resolved = function(
        "tables: {raw-data: {partition_key: {id: string}}}\nqueues: {jobs: {}, more-jobs: {}}\ntopics: {n: {}}\n"
        "buckets: {b: {}}\nparameters: {k: {value: y}}\n"
        "functions: {f: {source: h, environment: {PARTNER: acme}, access: {tables: {raw-data: read}, "
        "queues: {jobs: send, more-jobs: reject}, topics: {n: publish}, buckets: {b: {read: a/}}, "
        "parameters: {k: read}}}}\n"
    )
    assert {name: str(value) for name, value in resolved.environment.items()} == {
        "POWERTOOLS_SERVICE_NAME": "f",
        "POWERTOOLS_METRICS_NAMESPACE": "p-dev",
        "TABLE_RAW_DATA": "${aws_dynamodb_table.raw_data.name}",
        "QUEUE_JOBS": "${aws_sqs_queue.jobs.url}",
        "DEAD_LETTER_QUEUE_MORE_JOBS": "${aws_sqs_queue.more_jobs_dlq.url}",
        "TOPIC_N": "arn:${data.aws_partition.current.partition}:sns:us-east-1:"
        "${data.aws_caller_identity.current.account_id}:n-dev",
        "BUCKET_B": "${aws_s3_bucket.b.bucket}",
        "PARAMETER_K": "${aws_ssm_parameter.k.name}",
        "PARTNER": "acme",
    }


def test_a_layer_is_for_the_functions_that_use_it(resolve: Resolve, compile_spec: Compile) -> None:
    layers = "layers: {l: {requirements: r.txt}}\n"
    (layer,) = resolve(
        layers + "functions: {f: {source: h, layers: [l], runtime: python3.12, architecture: arm64}, "
        "g: {source: h, runtime: python3.10}}\n"
    ).all(Layer)
    assert (layer.runtime, layer.architecture) == ("python3.12", "arm64")
    compiled = compile_spec(
        HEAD
        + layers
        + "functions: {f: {source: h, layers: [l]}, g: {source: h, layers: [l], architecture: arm64}}\n"
    )
    assert compiled.said == (
        "spec.yaml:3:10: IOT202 the layer `l` is used by functions on python3.13 arm64 and python3.13 x86_64\n"
        "    Declare one layer for each platform, from the same requirements.\n"
    )


def test_the_state(resolve: Resolve) -> None:
    assert resolve("state: {s3: {bucket: acme}}\n", "qa").state == State(
        "acme", "p/qa/terraform.tfstate", "us-east-1"
    )
    assert resolve(
        "region: eu-west-1\nstate: {s3: {bucket: acme, key: 'a/{suffix}/{suffix}', region: us-west-2}}\n"
    ).state == State("acme", "a/dev/dev", "us-west-2")


def test_a_buckets_notifications_come_together_from_all_functions(resolve: Resolve) -> None:
    pipeline = resolve(
        "buckets: {b: {}, c: {}}\nfunctions:\n"
        "  f: {source: h, triggers: [{bucket: b, prefix: a/}, {bucket: c, prefix: c/, suffix: .json}]}\n"
        "  g: {source: h, triggers: [{bucket: b, prefix: d/}]}\n"
    )
    calls = tuple(
        Call(function, trigger)
        for function in pipeline.all(Function)
        for trigger in function.by(BucketTrigger)
    )
    made = [one.holes for one in BUCKET_TRIGGER.render(calls) if one.template == "bucket_notification"]
    assert [(holes["bucket"], [one.id for one in holes["notifications"]]) for holes in made] == [
        ("b", ["f-0", "g-0"]), ("c", ["f-1"])
    ]  # fmt: skip
    assert made[0]["after"] == ["aws_lambda_permission.f__b", "aws_lambda_permission.g__b"]


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("/a/b", "/a__b"),
        ("/a/_b", "/a_/b"),
        ("/a/{b}", "/a/-b-"),
        ("/{a}/{b}", "/{a}/-b-"),
        ("/{a__b}", "/-a/b-"),
        ("/a/b/c", "/a__b/c"),
    ],
)
def test_no_two_paths_share_a_terraform_name(resolve: Resolve, one: str, another: str) -> None:
    api = resolve(
        "functions: {f: {source: h}}\nendpoints:\n"
        f"  '{one}': {{method: POST, function: f}}\n  '{another}': {{method: POST, function: f}}\n"
    ).one(Api)
    assert api
    for labels in (
        [part.label for part in api.resources],
        [endpoint.label for endpoint in api.endpoints],
        [endpoint.statement_id for endpoint in api.endpoints],
    ):
        assert len(set(labels)) == len(labels)


def test_a_statements_id_is_as_long_as_lambda_takes(resolve: Resolve) -> None:
    long = "x" * 100
    api = resolve(
        "functions: {f: {source: h}}\nendpoints:\n"
        f"  /{long}/a: {{method: POST, function: f}}\n  /{long}/b: {{method: POST, function: f}}\n"
    ).one(Api)
    assert api
    first, second = (endpoint.statement_id for endpoint in api.endpoints)
    assert first != second
    assert {len(first), len(second)} == {100}
    assert first.endswith("_post")


def test_the_tree_of_an_api(resolve: Resolve) -> None:
    api = resolve(
        "functions: {f: {source: h}}\napi: {throttle: {rate: 7}}\nendpoints:\n"
        "  /devices/{id}/readings: {method: GET, function: f, parameters: {a: required, b: optional}}\n"
        "  /devices: {method: POST, function: f}\n"
        "  /2fa: {method: PUT, function: f}\n"
    ).one(Api)
    assert api
    assert [(part.label, part.part, part.parent) for part in api.resources] == [
        ("p_api__devices", "devices", None),
        ("p_api__devices__-id-", "{id}", "p_api__devices"),
        ("p_api__devices__-id-__readings", "readings", "p_api__devices__-id-"),
        ("p_api__2fa", "2fa", None),
    ]
    assert [endpoint.label for endpoint in api.endpoints] == [
        "p_api__devices__-id-__readings_get", "p_api__devices_post", "p_api__2fa_put"
    ]  # fmt: skip
    assert [endpoint.statement_id for endpoint in api.endpoints] == [
        "endpoint-devices__-id-__readings_get", "endpoint-devices_post", "endpoint-2fa_put"
    ]  # fmt: skip
    assert [str(endpoint.invoke_arn).partition("}")[2] for endpoint in api.endpoints] == [
        "/v1/GET/devices/*/readings", "/v1/POST/devices", "/v1/PUT/2fa"
    ]  # fmt: skip
    assert api.endpoints[0].parameters == {
        "method.request.querystring.a": True, "method.request.querystring.b": False
    }  # fmt: skip
    assert (api.rate, api.burst) == (7, 7)


def test_request_models(compile_spec: Compile) -> None:
    sources = Sources(
        {"h": ("handler.py",)},
        {
            "a/new-device.v1.json": '{"type": "object", "title": "é"}',
            "b/new_device.v1.json": "{}",
            "c/ü.json": "{}",
        },
    )
    files = ["a/new-device.v1.json", "b/new_device.v1.json", "c/ü.json", "a/new-device.v1.json"]
    endpoints = "".join(
        f"  /e{index}: {{method: POST, function: f, body: {file}}}\n" for index, file in enumerate(files)
    )
    api = compile_spec(
        f"{HEAD}functions: {{f: {{source: h}}}}\nendpoints:\n{endpoints}", "dev", sources
    ).model.one(Api)
    assert api
    assert [(model.name, model.schema) for model in api.models] == [
        ("NewDeviceV1", '{"title":"é","type":"object"}'), ("NewDeviceV1X", "{}"), ("Body", "{}")
    ]  # fmt: skip
    assert [endpoint.model.name for endpoint in api.endpoints if endpoint.model] == [
        "NewDeviceV1", "NewDeviceV1X", "Body", "NewDeviceV1"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{", "is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"), ("[]", "is not a JSON Schema: it must be an object")],
)  # fmt: skip
def test_a_body_that_is_no_schema_is_reported_once(compile_spec: Compile, text: str, expected: str) -> None:
    sources = Sources({"h": ("handler.py",)}, {"b.json": text})
    compiled = compile_spec(
        HEAD + "functions: {f: {source: h}}\nendpoints:\n"
        "  /a: {method: POST, function: f, body: b.json}\n  /b: {method: POST, function: f, body: b.json}\n",
        "dev",
        sources,
    )
    assert compiled.said == f"spec.yaml:5:41: IOT204 `b.json` {expected}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alarms: {notify: alert}\n", ["3:18: IOT201 there is no topic `alert`; did you mean `alerts`?"]),
        ("alarms: {notify: x}\n", ["3:18: IOT201 there is no topic `x`", "Use one of: alerts. One that exists already is declared by `existing`."]),
        ("functions: {f: {source: h, layers: [x]}}\n", ["3:37: IOT201 there is no layer `x`", "Declare it: the spec has no layers."]),
        ("functions: {f: {source: h, triggers: [{queue: x}]}}\n", ["3:47: IOT201 there is no queue `x`", "Declare it: the spec has no queues. One that exists already is declared by `existing`."]),
        ("functions: {f: {source: h, triggers: [{bucket: x, prefix: a/}]}}\n", ["3:48: IOT201 there is no bucket `x`", "Declare it: the spec has no buckets. One that exists already is declared by `existing`."]),
        ("functions: {f: {source: h, access: {tables: {x: read}}}}\n", ["3:46: IOT201 there is no table `x`", "Declare it: the spec has no tables. One that exists already is declared by `existing`."]),
        ("functions: {f: {source: h, access: {topics: {allerts: publish}}}}\n", ["3:46: IOT201 there is no topic `allerts`; did you mean `alerts`?"]),
        ("functions: {f: {source: h}}\nendpoints: {/a: {method: GET, function: g}}\n", ["4:41: IOT201 there is no function `g`", "Use one of: f."]),
        ("alarms: {metrics: {m: {function: g, metric: M, threshold: 1}}}\n", ["3:34: IOT201 there is no function `g`", "Declare it: the spec has no functions."]),
        ("functions: {f: {source: h, environment: {AA: {topic: allerts}}}}\n", ["3:54: IOT201 there is no topic `allerts`; did you mean `alerts`?"]),
        ("alarms: {metrics: {m: {expression: a, of: {a: {function: g, metric: M}}, threshold: 1}}}\n", ["3:58: IOT201 there is no function `g`", "Declare it: the spec has no functions."]),
        ("defaults: {function: {async: {on_failure: {topic: alert}}}}\nfunctions: {f: {source: h}, g: {source: h}}\n", ["3:51: IOT201 there is no topic `alert`; did you mean `alerts`?"]),
        # The word for a bus or a log group is a key; what cannot be one is a name.
        ("buses: {orders: {}}\nfunctions: {f: {source: h, triggers: [{event: {source: [a]}, bus: ordres}]}}\n", ["4:67: IOT201 there is no bus `ordres`; did you mean `orders`?"]),
        ("functions: {f: {source: h, triggers: [{event: {source: [a]}, bus: x}]}}\n", ["3:67: IOT201 there is no bus `x`", "Declare it: the spec has no buses. One that exists already is declared by `existing`."]),
        ("functions: {f: {source: h, triggers: [{event: {source: [a]}, bus: default}, {event: {source: [a]}, bus: aws.partner/a/b}, {event: {source: [a]}, bus: 'arn:aws:events:us-east-1:123456789012:event-bus/x'}]}}\n", []),
        ("log_groups: {errors: {}}\nrules: {r: {sql: SELECT * FROM 'a', to: [{log_group: erors}]}}\n", ["4:54: IOT201 there is no log group `erors`; did you mean `errors`?"]),
        ("log_groups: {errors: {}}\nrules: {r: {sql: SELECT * FROM 'a', to: [{republish: b}], on_error: {log_group: erors}}}\n", ["4:81: IOT201 there is no log group `erors`; did you mean `errors`?"]),
        ("log_groups: {errors: {}}\nmetrics: {m: {log_group: erors, pattern: A}}\n", ["4:26: IOT201 there is no log group `erors`; did you mean `errors`?"]),
        ("log_groups: {errors: {}}\nalarms: {metrics: {m: {log_group: erors, pattern: A, threshold: 1}}}\n", ["4:35: IOT201 there is no log group `erors`; did you mean `errors`?"]),
        ("log_groups: {errors: {}}\nfunctions: {f: {source: h, triggers: [{log_group: erors}]}}\n", ["4:51: IOT201 there is no log group `erors`; did you mean `errors`?"]),
        ("log_groups: {errors: {}}\nfunctions: {f: {source: h}, reader: {source: h, triggers: [{log_group: reeder}]}}\n", ["4:72: IOT201 there is no function `reeder`; did you mean `reader`?"]),
        ("log_groups: {rds: {existing: RDSOSMetrics}}\nfunctions: {f: {source: h, triggers: [{log_group: rds}, {log_group: /a/b}, {log_group: 'a-{suffix}'}]}}\n", []),
        # An invalid resource is reported once, where it is declared.
        ("tables: {t: {}}\nfunctions: {f: {source: h, access: {tables: {t: read}}}}\n", ["3:10: IOT103 `t` needs `partition_key`"]),
        ("tabels: {t: {partition_key: {id: string}}}\nfunctions: {f: {source: h, access: {tables: {t: read}}}}\n", ["3:1: IOT101 `tabels` is not a setting of the spec; did you mean `tables`?"]),
        ("tables: 5\n", ["3:9: IOT102 `tables` takes a mapping (`key: value` lines), not 5"]),
        ("defaults: {function: {layers: [x]}}\nfunctions: {f: {source: h}, g: {source: h}}\n", ["3:32: IOT201 there is no layer `x`", "Declare it: the spec has no layers."]),
    ],
)  # fmt: skip
def test_a_reference_to_what_is_not_there(compile_spec: Compile, text: str, expected: list[str]) -> None:
    compiled = compile_spec(HEAD + text + "topics: {alerts: {}}\n")
    assert [line.removeprefix("spec.yaml:").strip() for line in compiled.said.splitlines()] == expected


def test_earlier_versions_expire_also_when_versioning_is_switched_off(compile_spec: Compile) -> None:
    """What is there from before stays in the bucket, and S3 keeps it for ever without a rule."""
    spec = HEAD + "buckets: {a: {versioned: true}, b: {}}\n"
    for rules in compile_spec(spec).resources("aws_s3_bucket_lifecycle_configuration").values():
        assert {"noncurrent_days": 30} in [
            rule.get("noncurrent_version_expiration") for rule in rules["rule"]
        ]


def test_what_is_named_by_its_arn_is_known_before_it_is_there(compile_spec: Compile) -> None:
    compiled = compile_spec(
        HEAD + "topics: {t: {}}\nbuckets: {b: {}}\nalarms: {notify: t}\n"
        "functions: {f: {source: h, triggers: [{bucket: b, prefix: a/}], access: {topics: {t: publish}}}}\n"
    )
    for alarm in compiled.resources("aws_cloudwatch_metric_alarm").values():
        assert alarm["alarm_actions"] == alarm["ok_actions"] == [arn("sns", "t-dev")]
    (notified,) = compiled.resources("aws_s3_bucket_notification")["b"]["lambda_function"]
    assert notified["lambda_function_arn"] == arn("lambda", "function:f-dev")


def test_what_the_defaults_of_functions_give(resolve: Resolve) -> None:
    defaults = (
        "defaults: {function: {handler: handler.run, environment: {AA: shared, BB: shared}, "
        "vpc: {subnets: [subnet-0a1b2c3d], security_groups: [sg-0a1b2c3d]}}}\n"
    )
    own = (
        "functions: {f: {source: h}, g: {source: h, handler: main.run, vpc: false, environment: {BB: own}}}\n"
    )
    f, g = resolve(defaults + own).all(Function)
    assert (f.handler, g.handler) == ("handler.run", "main.run")
    assert (f.vpc is None, g.vpc is None) == (False, True)
    assert {name: g.environment[name] for name in ("AA", "BB")} == {"AA": "shared", "BB": "own"}
    assert g.variable("AA") == ("defaults", "function", "environment", "AA")
    assert g.variable("BB") == ("functions", "g", "environment", "BB")


def test_alarms_follow_the_names_that_powertools_is_given(resolve: Resolve) -> None:
    variables = "POWERTOOLS_SERVICE_NAME: shop, POWERTOOLS_METRICS_NAMESPACE: Acme"
    pipeline = resolve(
        f"functions: {{f: {{source: h, environment: {{{variables}}}}}}}\n"
        "alarms: {metrics: {a: {function: f, metric: Orders, threshold: 1}}}\n"
    )
    alarm = next(one for one in pipeline.all(Alarm) if one.key == "a")
    assert (alarm.namespace, alarm.metric, alarm.dimensions) == ("Acme", "Orders", {"service": "shop"})


def test_a_function_that_invokes_others_knows_their_arns(resolve: Resolve) -> None:
    f, g = resolve(
        "functions:\n"
        "  f: {source: h, access: {functions: {g: invoke}}}\n"
        "  g: {source: h, name: 'acme-{suffix}', access: {functions: {g: {verbs: [invoke], as: MYSELF}}}}\n"
    ).all(Function)
    own = "arn:${data.aws_partition.current.partition}:lambda:us-east-1:"
    own += "${data.aws_caller_identity.current.account_id}:function:acme-dev"
    assert (str(f.environment["FUNCTION_G"]), str(g.environment["MYSELF"])) == (own, own)
    allowed = next(one for one in f.statements if one.actions == ("lambda:InvokeFunction",))
    assert [str(one) for one in allowed.resources] == [own]
