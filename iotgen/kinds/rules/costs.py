"""What rules cost: the connections of devices, each message that a rule gets, and each of its actions.

https://aws.amazon.com/iot-core/pricing/
"""

from collections.abc import Iterator

from iotgen.kinds.rules.rule import Rule
from iotgen.model.cost import SECONDS, Amounts, Charge, Costs, Scope, Use, Work, units

# What is metered as one.
_UNIT = 5 * 1024


def _charges(rule: Rule, uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    """Minutes of connection; messages that arrive, the rule, and its actions: each 5 KB of them.

    A rule without a topic gets its messages by Basic Ingest alone, which passes by the broker and its price:
    https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
    """
    # A function that the SQL calls is billed as an action.
    # https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html
    actions = len(rule.targets) + len(rule.query.invocations)
    brokered = rule.query.topic is not None
    for use in uses:
        yield Charge("iot.minutes", use.get("minutes"), use.path)
        yield Charge("iot.messages", use.get("messages") if brokered else 0, use.path)
        yield Charge("iot.rules", use.get("messages"), use.path)
        yield Charge("iot.actions", use.get("messages") * actions, use.path)


def published(work: Work) -> Amounts:
    """What messages that devices publish use."""
    return {"messages": work.calls * units(work.bytes, _UNIT)}


def connected(work: Work) -> Amounts:
    """What connections use that last the whole month, a call each."""
    return {"minutes": work.calls * SECONDS / 60}


RULE_COSTS: Costs[Rule] = Costs(
    charges=_charges,
    calls={"publish": published, "connect": connected},
    per_reading={},
    apart=True,
    levers=(),
)
