"""The policy of a group of devices is longer than AWS IoT takes."""

import json
from collections.abc import Iterator
from typing import Any

from iotgen.checks.rule import Rule
from iotgen.kinds.devices import DeviceGroup
from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.expression import Expression, Joined
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_MOST = 2048
_KNOWN = {PARTITION: "aws", ACCOUNT: "123456789012"}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each group whose topics do not fit into one policy."""
    for group in pipeline.all(DeviceGroup):
        size = _characters(group)
        if size > _MOST:
            yield Finding(
                group.path,
                f"the policy of `{group.key}` has {size} characters; AWS IoT allows {_MOST}",
                "Name fewer topics: one that ends in `#` stands for all that begin so.",
                at_key=True,
            )


def _characters(group: DeviceGroup) -> int:
    """The size of the policy without spaces, which AWS does not count."""
    document = {"Version": "2012-10-17", "Statement": [_statement(one) for one in group.statements]}
    return len("".join(json.dumps(document, separators=(",", ":")).split()))


def _statement(statement: Statement) -> dict[str, Any]:
    conditions = {test: {name: list(values)} for test, name, values in statement.conditions}
    block = {"Effect": "Allow", "Action": statement.actions, "Resource": [*map(_text, statement.resources)]}
    return {**block, "Condition": conditions} if conditions else block


def _text(arn: Expression | str) -> str:
    parts = arn.parts if isinstance(arn, Joined) else (arn,)
    return "".join(part if isinstance(part, str) else _KNOWN[part] for part in parts)


RULE = Rule(
    code="IOT496",
    summary="The policy of a group of devices is longer than AWS IoT allows.",
    why=(
        "AWS IoT allows a policy of 2,048 characters, not counting spaces, and refuses a longer one when "
        "it is created. Each topic takes some 80 of them and its own length, twice in `subscribe`."
    ),
    fix="Name fewer topics: one that ends in `#` stands for all that begin so.",
    source="https://docs.aws.amazon.com/general/latest/gr/iot-core.html",
    check=check,
)
