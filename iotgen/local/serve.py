"""Serve MiniStack, mended in six places: the process behind `server.up`.

Alarms come back as they were set. MiniStack 1.5.33 keeps an alarm's settings but answers DescribeAlarms,
in the protocol that Terraform's provider speaks, with eight of its fields, and drops the metrics of an
expression. Every plan would show each alarm as changed. This puts a complete answer in the place of those
two functions; of any other version it leaves everything alone.

Policies that refuse plain HTTP let calls through, because these never leave the machine. What goes to AWS
keeps those policies, and their other conditions are evaluated as they stand.

A batch of messages is sent under the permission to send one, as on AWS, where no other exists.

Keys come back URL-encoded from a list of versions when that was asked for. The provider empties a bucket by
such a list: it would decode the `+` of a key that isn't encoded, and try for ever to delete another object.

A few asynchronous invocations run at a time and the others wait, as on AWS. All at once, a burst of
objects in a bucket would start hundreds of processes, which then time out.

A log group's key can be changed. MiniStack takes one with a new group only.

Run as a file, with the environment of `environment.for_server`: it imports nothing of iotgen.
"""

import importlib
import importlib.metadata
import json
import os
import re
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from contextvars import ContextVar, copy_context
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, unescape

MENDED_VERSION = "1.5.33"

Answer = tuple[int, dict[str, str], bytes]
Operation = Callable[..., Answer]

# What PutMetricAlarm takes and MiniStack's does not keep.
DROPPED = ("EvaluateLowSampleCountPercentile", "InsufficientDataActions", "Metrics", "ThresholdMetricId")
# Not set on an alarm of an expression; MiniStack fills in defaults.
OF_ONE_METRIC = ("Dimensions", "MetricName", "Namespace", "Period", "Statistic", "ExtendedStatistic", "Unit")
# In the XML form of the answer they would need another format, and nobody reads them.
TIMES = ("AlarmConfigurationUpdatedTimestamp", "StateTransitionedTimestamp", "StateUpdatedTimestamp")


def main() -> None:
    """Serve until a signal ends it."""
    mended().main()


def mended() -> Any:
    """Return MiniStack's module `app`, mended and ready to serve."""
    app = importlib.import_module("ministack.app")
    if importlib.metadata.version("ministack") == MENDED_VERSION:
        mend_alarms(importlib.import_module("ministack.services.cloudwatch"))
        mend_transport(app)
        mend_batches(importlib.import_module("ministack.core.iam_actions"))
        mend_versions(importlib.import_module("ministack.services.s3"))
        mend_log_keys(importlib.import_module("ministack.services.cloudwatch_logs"))
        mend_events(importlib.import_module("ministack.services.lambda_svc"), 2 * (os.cpu_count() or 1))
    return app


def mend_transport(app: Any) -> None:
    """Make this MiniStack module evaluate `aws:SecureTransport` as true."""
    pin: Callable[[str, bool], None] = app.pin_request_origin
    app.pin_request_origin = lambda source_ip, _secure: pin(source_ip, True)


def mend_batches(iam_actions: Any) -> None:
    """Make this MiniStack module ask for the permission that AWS asks for: a batch has none of its own."""
    extract: Callable[..., str | None] = iam_actions.extract_iam_action

    def extract_iam_action(*args: Any, **kwargs: Any) -> str | None:
        action = extract(*args, **kwargs)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract_iam_action


def mend_versions(s3: Any) -> None:
    """Make this MiniStack module encode the keys of a list of versions when that is asked for."""
    list_versions: Operation = s3._list_object_versions

    def list_object_versions(bucket: str, query: Mapping[str, Any]) -> Answer:
        status, headers, body = list_versions(bucket, query)
        asked = query.get("encoding-type")
        if status == 200 and "url" in (asked if isinstance(asked, list) else [asked]):
            body = encode_keys(body.decode()).encode()
        return status, headers, body

    s3._list_object_versions = list_object_versions


def encode_keys(listing: str) -> str:
    """Return the XML of a ListObjectVersions answer with its keys and prefixes URL-encoded."""

    def encoded(found: re.Match[str]) -> str:
        return found["open"] + quote(unescape(found["text"]), safe="/") + found["close"]

    names = "Key|Prefix|Delimiter|KeyMarker|NextKeyMarker"
    marked = listing.replace("<MaxKeys>", "<EncodingType>url</EncodingType><MaxKeys>", 1)
    return re.sub(f"(?P<open><({names})>)(?P<text>[^<]*)(?P<close></)", encoded, marked)


def mend_events(lambda_svc: Any, at_once: int) -> None:
    """Make this MiniStack module queue asynchronous invocations, of which `at_once` run at a time."""
    slots, is_queued = threading.BoundedSemaphore(at_once), ContextVar("is_queued", default=False)
    invoke, execute = lambda_svc.invoke_async_with_retry, lambda_svc._execute_function

    def queue(func: Any, event: Any) -> None:
        is_queued.set(True)
        invoke(func, event)

    def execute_function(*args: Any, **kwargs: Any) -> Any:
        with slots if is_queued.get() else nullcontext():
            return execute(*args, **kwargs)

    # MiniStack's thread for the invocation takes a copy of the context that it is started in.
    lambda_svc.invoke_async_with_retry = lambda func, event: copy_context().run(queue, func, event)
    lambda_svc._execute_function = execute_function


def mend_log_keys(logs: Any) -> None:
    """Make this MiniStack module take and drop the KMS key of a log group that is there."""
    handle: Callable[..., Awaitable[Answer]] = logs.handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any
    ) -> Answer:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        asked = json.loads(body) if action in ("AssociateKmsKey", "DisassociateKmsKey") else {}
        if asked.get("logGroupName") not in logs._log_groups:
            return await handle(method, path, headers, body, query)
        logs._log_groups[asked["logGroupName"]]["kmsKeyId"] = asked.get("kmsKeyId")
        return 200, {"Content-Type": "application/x-amz-json-1.1"}, b"{}"

    logs.handle_request = handle_request


def mend_alarms(cloudwatch: Any) -> None:
    """Make this MiniStack module keep and return all that an alarm was given."""
    cloudwatch._put_metric_alarm = _keeping(cloudwatch, cloudwatch._put_metric_alarm)
    cloudwatch._describe_alarms = _complete(cloudwatch, cloudwatch._describe_alarms)


def _keeping(cloudwatch: Any, put: Operation) -> Operation:
    def put_metric_alarm(
        params: Mapping[str, Any], data: Mapping[str, Any], is_cbor: bool, is_json: bool = False
    ) -> Answer:
        answer = put(params, data, is_cbor, is_json)
        given = data if is_cbor or is_json else nested(params)
        if answer[0] == 200:
            alarm = cloudwatch._alarms[given["AlarmName"]]
            alarm.update({name: given[name] for name in DROPPED if name in given})
            if "ExtendedStatistic" in given:
                alarm.pop("Statistic", None)
            if "Metrics" in given:
                for name in OF_ONE_METRIC:
                    alarm.pop(name, None)
        return answer

    return put_metric_alarm


def _complete(cloudwatch: Any, describe: Operation) -> Operation:
    def describe_alarms(
        params: Mapping[str, Any], data: Mapping[str, Any], is_cbor: bool, is_json: bool = False
    ) -> Answer:
        answer = describe(params, data, is_cbor, is_json)
        if is_cbor or is_json or answer[0] != 200:
            return answer
        names = nested(params).get("AlarmNames")
        if not names:
            return answer
        alarms = [cloudwatch._alarms[name] for name in names if name in cloudwatch._alarms]
        composites = [
            cloudwatch._composite_alarms[name] for name in names if name in cloudwatch._composite_alarms
        ]
        result = {"MetricAlarms": alarms, "CompositeAlarms": composites}
        inner = f"<DescribeAlarmsResult>{to_xml(result)}</DescribeAlarmsResult>"
        complete: Answer = cloudwatch._xml(200, "DescribeAlarmsResponse", inner)
        return complete

    return describe_alarms


def nested(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a Query request, `A.member.1.B=x`, as `{"A": [{"B": "x"}]}`."""
    tree: dict[str, Any] = {}
    for name, values in params.items():
        *parents, last = name.split(".")
        node = tree
        for part in parents:
            node = node.setdefault(part, {})
        node[last] = values[0] if isinstance(values, list) else values
    lists: dict[str, Any] = _with_lists(tree)
    return lists


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if node.keys() == {"member"} and isinstance(node["member"], dict):
        members = node["member"]
        return [_with_lists(members[key]) for key in sorted(members, key=int)]
    return {name: _with_lists(value) for name, value in node.items()}


def to_xml(value: Any) -> str:
    """Return a value in the Query protocol's XML: an element for each key, a `member` for each of a list."""
    if isinstance(value, Mapping):
        present = {name: inner for name, inner in value.items() if inner is not None and name not in TIMES}
        return "".join(f"<{name}>{to_xml(inner)}</{name}>" for name, inner in present.items())
    if isinstance(value, list | tuple):
        return "".join(f"<member>{to_xml(inner)}</member>" for inner in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(str(value))


if __name__ == "__main__":
    main()
