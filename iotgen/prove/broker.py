"""AWS IoT: devices publish with quality of service 1, and rules hand their messages on.

A device publishes again until it gets a PUBACK, so a message may come more than once.
https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-qos
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from iotgen.iot_sql import matches
from iotgen.prove.account import EPOCH, Account
from iotgen.prove.aws.rule_sql import UNDEFINED, Published, Select, compiled
from iotgen.prove.aws.sqs import Message
from iotgen.prove.events import Events
from iotgen.prove.kernel import MILLISECOND, SECOND
from iotgen.prove.shape import RuleShape, TargetShape

# An action is tried a few times before the error action gets the message: AWS does not say how often.
_ATTEMPTS = 3
_PAUSE = SECOND
_LATEST = (0, SECOND, 20 * SECOND)
# What an error action reports, and how it names the action that failed.
# https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
_PAYLOAD = "base64OriginalPayload"
_ACTIONS = {
    "queues": "SqsAction",
    "functions": "LambdaAction",
    "tables": "DynamoDBv2Action",
    "topics": "SnsAction",
    "streams": "KinesisAction",
}


@dataclass(frozen=True, slots=True)
class _Rule:
    shape: RuleShape
    select: Select


class Broker:
    """The broker and the rules; `waiting` are the messages that rules have still to hand on."""

    def __init__(self, account: Account, events: Mapping[str, Events], rules: tuple[RuleShape, ...]) -> None:
        self.account, self.events = account, events
        self.tables = {one.key: one.name for one in account.shape.tables}
        self.waiting = 0
        self._rules = [_Rule(one, compiled(one.sql)) for one in rules]

    def publish(self, topic: str, payload: str, acknowledged: Callable[[], None]) -> None:
        """Take a message, and call `acknowledged` if the device gets a PUBACK."""
        # What exceeds the quota is dropped and not acknowledged.
        # https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
        if self.account.meets("gateway_throttle"):
            self.account.tell("AWS IoT", "throttles the device")
            return
        for rule in self._rules:
            if rule.shape.topic and matches(rule.shape.topic, topic):
                self._take(rule, topic, payload)
            elif topic.startswith(f"{rule.shape.ingest}/"):
                self._take(rule, topic.removeprefix(f"{rule.shape.ingest}/"), payload)
        if self.account.meets("client_lost"):
            self.account.tell("AWS IoT", "sends a PUBACK that is lost")
        else:
            acknowledged()

    def again(self, key: str, body: str) -> None:
        """Publish what the error action of a rule reported, to this rule alone: by Basic Ingest.

        https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
        """
        report = json.loads(body)
        for rule in self._rules:
            if rule.shape.key == key:
                self._take(rule, report["topic"], b64decode(report[_PAYLOAD]).decode())

    def _take(self, rule: _Rule, topic: str, payload: str) -> None:
        """Hand a message to a rule, sooner or later, and now and then twice."""
        account = self.account
        at = EPOCH * 1000 + account.kernel.now // MILLISECOND
        result = rule.select(Published(_document(payload), topic, topic, at))
        if result is UNDEFINED:
            return
        for _ in range(1 + account.meets("repeated")):
            late = _LATEST[account.chance.below(len(_LATEST))] if account.meets("reordered") else 0
            self.waiting += 1
            account.kernel.after(late, _Handed(self, rule.shape, topic, payload, result).attempt)


class _Handed:
    """A message that a rule hands on to its targets."""

    def __init__(self, broker: Broker, rule: RuleShape, topic: str, payload: str, result: Any) -> None:
        self._broker, self._rule, self._result = broker, rule, result
        self._topic, self._payload = topic, payload
        self._left = rule.targets
        self._attempts = 0

    def attempt(self) -> None:
        """Try the actions that have not taken it; those that never do are reported together."""
        self._attempts += 1
        self._left = tuple(one for one in self._left if not self._is_taken(one))
        if self._left and self._attempts < _ATTEMPTS:
            self._broker.account.kernel.after(_PAUSE, self.attempt)
            return
        self._broker.waiting -= 1
        if self._left:
            self._report()

    def _is_taken(self, target: TargetShape) -> bool:
        """Whether a target is known to have taken it: it may have done so and its answer be lost."""
        account, service = self._broker.account, target.service
        if account.refuses(service):
            self._tell(f"is refused by {service}")
            return False
        try:
            self._give(target, self._result)
        except ClientError as error:
            self._tell(f"cannot write: {error}")
            return False
        if account.meets("lost"):
            self._tell(f"gets no answer from {service}")
            return False
        return True

    def _report(self) -> None:
        """Do the error action, once for a rule and a message."""
        self._tell("reports a message that its targets did not take")
        self._broker.account.met["rule_failed"] += 1
        failures = [
            {
                "failedAction": _ACTIONS[one.section],
                "failedResource": one.key,
                "errorMessage": "it was refused",
            }
            for one in self._left
        ]
        report = {
            "ruleName": self._rule.name,
            "topic": self._topic,
            "cloudwatchTraceId": self._broker.account.number(),
            "clientId": self._topic,
            _PAYLOAD: b64encode(self._payload.encode()).decode(),
            "failures": failures,
        }
        self._give(self._rule.on_error, report, about=self._payload)

    def _give(self, target: TargetShape, value: Any, about: str = "") -> None:
        account = self._broker.account
        if target.section == "functions":
            # https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html
            self._broker.events[target.key].add(value)
        elif target.section == "tables":
            item = {name: _attribute(one) for name, one in value.items()}
            account.perform(
                "dynamodb", "put_item", {"TableName": self._broker.tables[target.key], "Item": item}
            )
        elif target.section == "topics":
            arn = next(one.arn for one in account.shape.topics if one.key == target.key)
            account.perform("sns", "publish", {"TopicArn": arn, "Message": json.dumps(value)})
        elif target.section == "streams":
            # The key of a partition is a template of the rule's; here it is the topic, which the device has.
            name = next(one.name for one in account.shape.streams if one.key == target.key)
            data = {"StreamName": name, "PartitionKey": self._topic, "Data": json.dumps(value)}
            account.perform("kinesis", "put_record", data)
        else:
            body, now = json.dumps(value), account.kernel.now
            body = b64encode(body.encode()).decode() if target.base64 else body
            account.queues[target.key].add(Message(account.number(), body, {}, now, now, about=about))

    def _tell(self, what: str) -> None:
        self._broker.account.tell(f"the rule {self._rule.key}", what)


def _document(payload: str) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return None


def _attribute(value: Any) -> dict[str, Any]:
    """A value of JSON as an attribute of an item.

    https://docs.aws.amazon.com/iot/latest/developerguide/dynamodb-v2-rule-action.html
    """
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, float)):
        return {"N": json.dumps(value)}
    if isinstance(value, dict):
        return {"M": {name: _attribute(one) for name, one in value.items()}}
    if isinstance(value, list):
        return {"L": [_attribute(one) for one in value]}
    return {"NULL": True} if value is None else {"S": str(value)}
