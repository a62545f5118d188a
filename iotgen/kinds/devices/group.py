"""A group of devices as it will be on AWS, with what each of its devices may do.

The policy is the group's: AWS applies it to the certificate of each thing in it, so a device that is added or
gets another certificate needs no policy of its own, and a change of the policy is one for all of them.
https://docs.aws.amazon.com/iot/latest/developerguide/thing-groups.html
"""

from dataclasses import dataclass
from typing import Any

from iotgen.iot_sql import meet
from iotgen.model.arn import arn
from iotgen.model.expression import Joined
from iotgen.model.policy import Statement
from iotgen.model.resource import Resource

SECTION = "devices"
ADDRESS = "aws_iot_thing_group"
TYPE = "aws_iot_thing_type"

# What stands for a device's own name in a topic of the spec.
DEVICE = "{device}"
# AWS puts the name of the thing here, to which the certificate of the connection is attached.
# https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html
_THING = "${iot:Connection.Thing.ThingName}"
_ATTACHED = ("Bool", "iot:Connection.Thing.IsAttached", ("true",))


@dataclass(frozen=True)
class DeviceType:
    """A thing type, with the attributes of things by which they are found.

    `given` is the name that the spec gives it, empty without one.
    """

    name: str
    given: str
    description: str | None
    searchable: tuple[str, ...]

    @property
    def properties(self) -> dict[str, Any] | None:
        """What AWS takes when it makes the type, and never changes; None for nothing."""
        searchable = {"searchable_attributes": self.searchable} if self.searchable else {}
        return ({"description": self.description} if self.description else {}) | searchable or None


@dataclass(frozen=True, kw_only=True)
class DeviceGroup(Resource):
    """Things of AWS IoT, and the topics on which each may publish, or to which it may subscribe."""

    region: str
    type: DeviceType | None
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What each device may do: connect under its own name only, and use its own topics.

        They have no ids: AWS IoT takes a policy of 2,048 characters.
        """
        connect = Statement("", ("iot:Connect",), (self._arn("client", DEVICE),), (_ATTACHED,))
        publish = tuple(self._arn("topic", _pattern(topic)) for topic in self.publish)
        # A filter is a literal here, but what is received has a topic of its own.
        filters = tuple(self._arn("topicfilter", topic) for topic in self.subscribe)
        receive = tuple(self._arn("topic", _pattern(topic)) for topic in self.subscribe)
        given = (
            Statement("", ("iot:Publish",), publish),
            Statement("", ("iot:Subscribe",), filters),
            Statement("", ("iot:Receive",), receive),
        )
        return (connect, *(one for one in given if one.resources))

    def may_publish(self, topic_filter: str) -> bool:
        """Whether a device may publish on a topic that a filter matches."""
        return any(meet(topic_filter, topic.replace(DEVICE, "+")) for topic in self.publish)

    def _arn(self, kind: str, text: str) -> Joined:
        return arn("iot", self.region, f"{kind}/{text.replace(DEVICE, _THING)}")


def _pattern(topic: str) -> str:
    """A topic with wildcards of MQTT as a pattern of a policy, which knows `*` only.

    https://docs.aws.amazon.com/iot/latest/developerguide/pub-sub-policy.html
    """
    return "/".join("*" if level in ("+", "#") else level for level in topic.split("/"))
