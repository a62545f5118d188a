"""MQTT's topics and topic filters, as AWS IoT has them.

https://docs.aws.amazon.com/iot/latest/developerguide/topics.html
"""

from iotgen.iot_sql.statement import Fault

# https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
MOST_BYTES = 256
MOST_SLASHES = 7
_NAMED = "Name the level, or take it from the message: `seen/${topic(2)}`."
BASIC_INGEST = "$aws/rules/"


def filter_fault(topic: str) -> Fault | None:
    """What is wrong with a rule's topic filter; None if nothing is."""
    return _ingest_fault(topic) or _length_fault(topic) or _wildcard_fault(topic)


def _ingest_fault(topic: str) -> Fault | None:
    """Rules do not subscribe to Basic Ingest, by which a message reaches the rule that its topic names.

    https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
    """
    if not topic.startswith(BASIC_INGEST):
        return None
    hint = "Select from the topic that follows the rule's name, or omit `FROM`: devices name the rule."
    return Fault(0, f"no rule gets messages by a filter of `{BASIC_INGEST}`", hint)


def topic_fault(topic: str) -> Fault | None:
    """What is wrong with a topic to which messages are published; None if nothing is."""
    for sign in "+#":
        if sign in topic:
            return Fault(topic.index(sign), f"a topic to publish to cannot hold `{sign}`", _NAMED)
    return _length_fault(topic)


def _length_fault(topic: str) -> Fault | None:
    if not topic:
        return Fault(0, "the topic is empty", "Write one, such as `dt/+/telemetry`.")
    size = len(topic.encode())
    if size > MOST_BYTES:
        return Fault(0, f"the topic has {size} bytes; AWS IoT allows {MOST_BYTES}", "Shorten it.")
    slashes = _own_part(topic).count("/")
    if slashes > MOST_SLASHES:
        return Fault(
            0, f"the topic has {slashes} slashes; AWS IoT allows {MOST_SLASHES}", "Use fewer levels."
        )
    return None


def _own_part(topic: str) -> str:
    """A topic without the levels of Basic Ingest, which AWS does not count."""
    if not topic.startswith(BASIC_INGEST):
        return topic
    return topic.removeprefix(BASIC_INGEST).partition("/")[2]


def _wildcard_fault(topic: str) -> Fault | None:
    at = 0
    levels = topic.split("/")
    for number, level in enumerate(levels):
        for sign in "+#":
            if sign in level and level != sign:
                hint = f"Write a level that is `{sign}` alone, such as `{_example(sign)}`."
                return Fault(
                    at + level.index(sign), f"`{sign}` must be a whole level, not part of `{level}`", hint
                )
        if level == "#" and number < len(levels) - 1:
            return Fault(at, "`#` must be the last level", "Use `+` for one level.")
        at += len(level) + 1
    return None


def _example(sign: str) -> str:
    return "dt/+/telemetry" if sign == "+" else "dt/#"


def matches(topic_filter: str, topic: str) -> bool:
    """Whether a topic matches a filter; one that begins with a wildcard does not match `$` topics.

    A topic may hold wildcards too: then, whether every topic that it stands for matches.
    """
    if topic.startswith("$") and topic_filter[:1] in ("+", "#"):
        return False
    wanted, levels = topic_filter.split("/"), topic.split("/")
    for number, level in enumerate(wanted):
        if level == "#":
            return len(levels) > number
        if number >= len(levels) or levels[number] == "#" or (level != "+" and level != levels[number]):
            return False
    return len(levels) == len(wanted)


def meet(one: str, other: str) -> bool:
    """Whether some topic matches both filters."""
    if (one[:1] == "$") is not (other[:1] == "$"):
        return False
    levels, others = one.split("/"), other.split("/")
    for level, with_it in zip(levels, others, strict=False):
        if "#" in (level, with_it):
            return True
        if level != with_it and "+" not in (level, with_it):
            return False
    return len(levels) == len(others)


def levels_of(topic_filter: str) -> int | None:
    """How many levels the topics of a filter have; None if that differs."""
    levels = topic_filter.split("/")
    return None if levels[-1] == "#" else len(levels)
