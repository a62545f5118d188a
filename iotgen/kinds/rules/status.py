"""What is shown of a deployed rule: the messages that it got, and its dead letters.

Metrics: https://docs.aws.amazon.com/iot/latest/developerguide/metrics_dimensions.html
"""

from collections.abc import Iterator
from typing import Any

from iotgen.kinds.rules.rule import KeepingRule, Rule
from iotgen.model.contents import Clients
from iotgen.model.dead_letters import dead_letter_fact, dead_letter_metric
from iotgen.model.status import Fact, Metric, Status


def _metrics(rule: Rule) -> Iterator[Metric]:
    own = {"RuleName": rule.name}
    yield Metric(column="messages", title="messages", of="AWS/IoT:TopicMatch", dimensions=own)
    yield Metric(
        column="throttled",
        title="throttled messages",
        of="AWS/IoT:RuleMessageThrottled",
        dimensions=own,
        bad=True,
    )
    yield Metric(
        column="not JSON",
        title="messages that are not JSON",
        of="AWS/IoT:ParseError",
        dimensions=own,
        bad=True,
    )
    if isinstance(rule, KeepingRule):
        yield dead_letter_metric(rule)


def _facts(clients: Clients, rule: Rule) -> Iterator[Fact]:
    """Whether the rule is there, and what it could not hand on; one that is disabled is said to be."""
    about = clients("iot").get_topic_rule(ruleName=rule.name)["rule"]
    if about.get("ruleDisabled"):
        yield Fact(column="state", value="disabled", bad=True)
    if isinstance(rule, KeepingRule):
        yield dead_letter_fact(clients, rule)


RULE_STATUS: Status[Any] = Status(
    columns=("messages", "throttled", "not JSON", "dead"), metrics=_metrics, facts=_facts
)
