"""Where readings go and end up, asked of deployments that answer as they are rendered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from botocore.exceptions import ClientError

from iotgen.errors import IotgenError, RemoteError
from iotgen.simulate.locate import Choice, find_places
from iotgen.simulate.places import Places, To

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Compile, Compiled

_REFERENCE = re.compile(r"\$\{(\w+)\.([\w-]+)\.(\w+)}")
_NAMED = ("tables", "queues", "topics", "buckets", "functions", "parameters", "layers", "endpoints")
_ALL = "arn:aws:iam::1:policy/p"


@dataclass
class Deployed:
    """A rendered pipeline as AWS would tell of it: the clients of all services in one."""

    compiled: Compiled
    asked: list[str] = field(default_factory=list)
    denied: str = ""

    def __call__(self, _service: str) -> Any:
        return self

    @cached_property
    def outputs(self) -> dict[str, Any]:
        found = {name: output["value"] for name, output in self.compiled.terraform.get("output", {}).items()}
        return json.loads(self._filled(json.dumps(found)))  # type: ignore[no-any-return]

    def _resources(self, kind: str) -> Iterator[dict[str, Any]]:
        for found in self.compiled.resources(kind).values():
            yield json.loads(self._filled(json.dumps(found)))

    def _filled(self, text: str) -> str:
        return _REFERENCE.sub(self._value, text)

    def _value(self, reference: re.Match[str]) -> str:
        kind, label, attribute = reference.groups()
        resource = self.compiled.terraform["resource"].get(kind, {}).get(label, {})
        name = next(
            (str(resource[key]) for key in ("name", "function_name", "bucket") if key in resource), label
        )
        if attribute in ("arn", "execution_arn"):
            return f"arn:aws:{'execute-api' if 'api' in kind else 'any'}:r:1:{name}"
        return f"https://sqs.test/{name}" if attribute == "url" else name

    def _ask(self, call: str) -> None:
        self.asked.append(call)
        if self.denied == call:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, call)

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:  # noqa: N803
        assert AttributeNames == ["QueueArn"]
        return {"Attributes": {"QueueArn": f"arn:aws:any:r:1:{QueueUrl.rpartition('/')[2]}"}}

    def get_paginator(self, call: str) -> Any:
        assert call == "list_event_source_mappings"
        return self

    def paginate(self, EventSourceArn: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        self._ask("ListEventSourceMappings")
        for mapping in self._resources("aws_lambda_event_source_mapping"):
            if mapping["event_source_arn"] == EventSourceArn:
                yield {"EventSourceMappings": [{"FunctionArn": mapping["function_name"]}]}
        yield {"EventSourceMappings": []}

    def get_policy(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        self._ask("GetPolicy")
        statements = [
            {"Condition": {"ArnLike": {"AWS:SourceArn": permission["source_arn"]}}}
            for permission in self._resources("aws_lambda_permission")
            if permission["function_name"] == FunctionName.rpartition(":")[2]
        ]
        if not statements:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no"}}, "GetPolicy")
        return {"Policy": json.dumps({"Statement": statements})}

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        self._ask("GetFunctionConfiguration")
        for function in self._resources("aws_lambda_function"):
            if function["function_name"] == FunctionName.rpartition(":")[2]:
                return {"Environment": {"Variables": function["environment"]["variables"]}}
        raise AssertionError(FunctionName)

    def describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803
        for table in self._resources("aws_dynamodb_table"):
            if table["name"] == TableName:
                keys = {"HASH": table["hash_key"], "RANGE": table.get("range_key")}
                schema = [{"KeyType": kind, "AttributeName": name} for kind, name in keys.items() if name]
                return {"Table": {"KeySchema": schema}}
        raise AssertionError(TableName)

    def get_topic_rule(self, ruleName: str) -> dict[str, Any]:  # noqa: N803
        self._ask("GetTopicRule")
        (rule,) = (one for one in self._resources("aws_iot_topic_rule") if one["name"] == ruleName)
        return {"rule": {"sql": rule["sql"]}}

    def get_bucket_notification_configuration(self, Bucket: str) -> dict[str, Any]:  # noqa: N803
        self._ask("GetBucketNotification")
        triggers = []
        for notification in self._resources("aws_s3_bucket_notification"):
            if notification["bucket"] == Bucket:
                for function in notification["lambda_function"]:
                    prefix = function.get("filter_prefix")
                    rules = [{"Name": "Prefix", "Value": prefix}] if prefix else []
                    triggers.append({"Filter": {"Key": {"FilterRules": rules}}})
        return {"LambdaFunctionConfigurations": triggers} if triggers else {}

    def places(self, *, verify: bool = True, **choice: Any) -> Places:
        return find_places(self.outputs, self, Choice(**choice), verify=verify)


def renamed(text: str) -> tuple[str, dict[str, str]]:
    """A spec with other keys, which sort in another order, and the new keys by the old ones."""
    data = yaml.safe_load(text)
    keys = [key for section in _NAMED for key in data.get(section, ())]
    names = {
        key: ("/" if key.startswith("/") else "") + f"n{len(keys) - number:02}x"
        for number, key in enumerate(keys)
    }

    def walk(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {names.get(key, key): walk(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        return names.get(value, value) if isinstance(value, str) else value

    return yaml.safe_dump(walk(data), sort_keys=False), names


@pytest.fixture(scope="module", params=[False, True], ids=["as it is", "renamed"])
def reference(request: pytest.FixtureRequest, compile_spec: Compile, repo: Path) -> Any:
    """Gives a reference pipeline, deployed, and its keys' names."""

    def of(spec: str) -> tuple[Deployed, Any]:
        text = (repo / f"specs/{spec}.yaml").read_text(encoding="utf-8")
        other, names = renamed(text) if request.param else (text, {})
        return Deployed(compile_spec(other, rules=(), files=repo)), lambda key: names.get(key, key)

    return of


def test_the_reference_pipeline_with_an_api_whatever_its_keys_are(reference: Any) -> None:
    deployed, name = reference("pipeline")
    places = deployed.places()
    assert (places.to, places.path) == (To.API, name("/ingest"))
    tables = {
        table.key: (table.name, table.partition_key, table.sort_key, table.late) for table in places.tables
    }
    raw, processed = name("raw-sensor-data"), name("processed-data")
    assert tables == {
        raw: (f"{raw}-dev", "device_id", "timestamp", False),
        processed: (f"{processed}-dev", "device_id", "event_date", True),
    }
    assert places.queues == (f"https://sqs.test/{name('iot-ingestion')}-dev",)
    assert f"https://sqs.test/{name('iot-ingestion')}-dlq-dev" in places.dead_letter_queues
    assert len(places.dead_letter_queues) == 4


def test_the_reference_pipeline_with_a_bucket_whatever_its_keys_are(reference: Any) -> None:
    deployed, name = reference("s3-events")
    places = deployed.places()
    assert (places.to, places.prefix, places.rejected) == (To.BUCKET, "readings/", "rejected/")
    assert places.bucket.startswith(f"{name('sensor-readings')}-dev-")
    assert [(table.key, table.sort_key, table.late) for table in places.tables] == [
        (name("sensor-events"), "timestamp", True)
    ]
    assert len(places.dead_letter_queues) == 1
    assert deployed.asked == ["GetBucketNotification"]


def test_the_reference_pipeline_over_mqtt_whatever_its_keys_are(reference: Any) -> None:
    deployed, name = reference("mqtt")
    places = deployed.places()
    assert (places.to, places.topic) == (To.MQTT, "dt/dev/{device}/telemetry")
    assert {(table.key, table.late) for table in places.tables} == {
        (name("raw-sensor-data"), True),
        (name("processed-data"), True),
    }


def test_what_no_one_asks_for_is_not_looked_for(reference: Any) -> None:
    deployed, _ = reference("pipeline")
    places = deployed.places(verify=False, path="elsewhere/")
    assert (places.path, places.tables) == ("/elsewhere", ())
    assert deployed.asked == []


HEAD = "version: 1\npipeline: p\n"
FUNCTIONS = "functions: {f: {source: f}, g: {source: g}}\n"
TABLE = "tables: {t: {partition_key: {thing: string}, sort_key: {at: string}}}\n"
TWO_POSTS = "endpoints: {/a: {method: POST, function: f}, /b: {method: POST, function: f}}\n"
BUCKETS = "buckets: {b: {}, c: {}}\n"


@pytest.fixture
def small(compile_spec: Compile) -> Any:
    return lambda text: Deployed(compile_spec(f"{HEAD}{text}", rules=()))


@pytest.mark.parametrize(
    ("spec", "choice", "message", "hint"),
    [
        (TABLE, {}, "this pipeline has no API", "--to bucket"),
        (BUCKETS, {"to": To.API}, "this pipeline has no API", "--to bucket"),
        (BUCKETS, {"to": To.API, "path": "/in"}, "this pipeline has no API", "--to bucket"),
        (TABLE, {"to": To.BUCKET}, "neither an API nor a bucket", ""),
        (BUCKETS, {}, "more than one bucket", "--bucket`: b, c."),
        (BUCKETS, {"bucket": "other"}, "no bucket `other`", "--bucket`: b, c."),
        (BUCKETS, {"bucket": "b"}, "triggers no function", "--to api"),
        (
            f"{FUNCTIONS}endpoints: {{/a: {{method: GET, function: f}}}}\n",
            {},
            "no POST endpoint",
            "`endpoints`",
        ),
        (
            FUNCTIONS + TWO_POSTS,
            {},
            "POST endpoints at `/a` and `/b`",
            "--path",
        ),
        (
            f"{FUNCTIONS}endpoints: {{'/a/{{id}}': {{method: POST, function: f}}}}\n",
            {},
            "`/a/{id}` has a variable",
            "--path",
        ),
        (
            "functions: {f: {source: f, triggers: [{bucket: b, prefix: x/}, {bucket: b, prefix: y/}]}}\n"
            "buckets: {b: {}}\n",
            {},
            "triggers on `x/` and `y/`",
            "--prefix",
        ),
    ],
)
def test_what_is_not_there_or_not_clear_is_an_error_that_names_the_option(
    small: Any, spec: str, choice: dict[str, Any], message: str, hint: str
) -> None:
    with pytest.raises(IotgenError, match=re.escape(message)) as raised:
        small(spec).places(verify=False, **choice)
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("tables", "choice", "message", "hint"),
    [
        ("", (), "this pipeline has no table", "--verify"),
        (TABLE, ("u",), "there is no table `u`", "--table`: t."),
        ("tables: {t: {partition_key: {thing: string}}}\n", (), "`t` has no sort key", "--table"),
    ],
)
def test_tables_that_cannot_hold_readings_are_an_error(
    small: Any, tables: str, choice: tuple[str, ...], message: str, hint: str
) -> None:
    deployed = small(f"{tables}{FUNCTIONS}endpoints: {{/a: {{method: POST, function: f}}}}\n")
    with pytest.raises(IotgenError, match=re.escape(message)) as raised:
        deployed.places(tables=choice)
    assert hint in raised.value.hint


def test_one_of_several_is_chosen_by_its_option(small: Any) -> None:
    deployed = small(
        "tables:\n  t: {partition_key: {thing: string}, sort_key: {at: string}}\n"
        "  u: {partition_key: {thing: string}}\n"
        "functions:\n  f: {source: f, triggers: [{bucket: b, prefix: x/}, {bucket: b, prefix: y/}]}\n"
        "  g: {source: g, triggers: [{bucket: c, prefix: z/}]}\n" + BUCKETS + TWO_POSTS
    )
    assert deployed.places(path="/b", tables=("t",)).tables[0].partition_key == "thing"
    assert deployed.places(verify=False, bucket="b", prefix="y/").prefix == "y/"
    assert deployed.places(verify=False, bucket="c", rejected="bad/").rejected == "bad/"
    assert deployed.places(verify=False, bucket="c").prefix == "z/"


def test_a_pipeline_whose_api_takes_no_readings_has_its_bucket(small: Any) -> None:
    deployed = small(
        "functions: {f: {source: f, triggers: [{bucket: b, prefix: x/}]}}\nbuckets: {b: {}}\n"
        "endpoints: {/a: {method: GET, function: f}}\n"
    )
    assert deployed.places(verify=False).to is To.BUCKET


def test_a_path_with_a_variable_is_known_behind_its_queue(small: Any) -> None:
    deployed = small(
        "queues: {q: {}}\nfunctions: {f: {source: f}, g: {source: g, triggers: [{queue: q}]}}\n"
        "endpoints: {/a: {method: POST, function: f}, '/b/{id}': {method: POST, function: g}}\n"
    )
    assert deployed.places(verify=False).path == "/a"


@pytest.mark.parametrize(
    ("call", "permission"),
    [("ListEventSourceMappings", "lambda:ListEventSourceMappings"), ("GetPolicy", "lambda:GetPolicy")],
)
def test_a_denial_names_the_permission(reference: Any, call: str, permission: str) -> None:
    deployed, _ = reference("pipeline")
    deployed.denied = call
    with pytest.raises(RemoteError) as raised:
        deployed.places(verify=False)
    assert permission in raised.value.hint
