"""DescribeAlarms returns alarms as they were set.

MiniStack keeps an alarm's settings, but in the protocol of Terraform's provider it returns only eight of its
fields, and it drops the metrics of an expression. Every plan would show each alarm as changed. This module
replaces those two functions.
"""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from iotgen.local.emulator.protocol import Answer, Operation

# Parameters of PutMetricAlarm that MiniStack does not keep.
DROPPED = ("EvaluateLowSampleCountPercentile", "InsufficientDataActions", "Metrics", "ThresholdMetricId")
# Fields that an alarm on an expression does not have; MiniStack sets defaults.
OF_ONE_METRIC = ("Dimensions", "MetricName", "Namespace", "Period", "Statistic", "ExtendedStatistic", "Unit")
# Fields that would need another format in XML, and are not read.
TIMES = ("AlarmConfigurationUpdatedTimestamp", "StateTransitionedTimestamp", "StateUpdatedTimestamp")


def mend_alarms(cloudwatch: Any) -> None:
    """Make this MiniStack module keep and return all settings of an alarm."""
    cloudwatch._put_metric_alarm = _keeping(cloudwatch, cloudwatch._put_metric_alarm)
    cloudwatch._describe_alarms = _complete(cloudwatch, cloudwatch._describe_alarms)


def _keeping(cloudwatch: Any, put: Operation) -> Operation:
    def put_metric_alarm(
        params: Mapping[str, Any], data: Mapping[str, Any], is_cbor: bool, is_json: bool = False
    ) -> Answer:
        answer = put(params, data, is_cbor, is_json)
        settings = data if is_cbor or is_json else nested(params)
        if answer[0] == 200:
            alarm = cloudwatch._alarms[settings["AlarmName"]]
            alarm.update({name: settings[name] for name in DROPPED if name in settings})
            if "ExtendedStatistic" in settings:
                alarm.pop("Statistic", None)
            if "Metrics" in settings:
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
    """Return a value in the Query protocol's XML: an element for each key, a `member` for each list item."""
    if isinstance(value, Mapping):
        present = {name: inner for name, inner in value.items() if inner is not None and name not in TIMES}
        return "".join(f"<{name}>{to_xml(inner)}</{name}>" for name, inner in present.items())
    if isinstance(value, list | tuple):
        return "".join(f"<member>{to_xml(inner)}</member>" for inner in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(str(value))
