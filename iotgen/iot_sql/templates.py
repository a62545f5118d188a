"""Substitution templates: expressions in `${}` in a setting of a rule's action.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-substitution-templates.html
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from iotgen.iot_sql.parse import parse_expression
from iotgen.iot_sql.statement import Fault, Query
from iotgen.iot_sql.topics import topic_fault

_TEMPLATE = re.compile(r"\$\{(?P<inner>[^}]*)(?P<end>\}?)")


def expressions(text: str) -> Iterator[Query]:
    """What is known of each template of a text; places are those in the text."""
    for match in _TEMPLATE.finditer(text):
        query = parse_expression(match["inner"])
        at = match.start("inner")
        faults = tuple(replace(fault, at=fault.at + at) for fault in query.faults)
        if not match["end"]:
            hint = "Close it with `}`."
            faults = (Fault(match.start(), "the template that begins here does not end", hint),)
        levels = tuple(replace(level, at=level.at + at) for level in query.levels)
        yield replace(query, faults=faults, levels=levels)


def each_level(text: str) -> str:
    """A text with templates as a topic filter: `+` for each level that is known at run time only."""
    return "/".join("+" if "\0" in level else level for level in _TEMPLATE.sub("\0", text).split("/"))


def fixed(text: str) -> str:
    """What a text begins with before its first template."""
    return text.partition("${")[0]


def published_fault(text: str) -> Fault | None:
    """What is wrong with a topic to publish to, whatever its templates stand for; None if nothing is."""
    fault = topic_fault(_TEMPLATE.sub(lambda match: "x" * len(match.group()), text))
    return fault if topic_fault(_TEMPLATE.sub("", text) or "x") else None
