"""What an account must have for the rules: free names."""

from collections.abc import Iterator

from iotgen.kinds.rules.rule import KeepingRule, Rule
from iotgen.model.dead_letters import dead_letter_preflight
from iotgen.model.preflight import Account, Check

# AWS says of a rule that is not there that access to it is denied.
_ABSENT = ("UnauthorizedException", "ResourceNotFoundException")


def rule_preflight(rules: tuple[Rule, ...], account: Account) -> Iterator[Check]:
    """The names of rules and their dead-letter queues that are taken."""
    client = account.client("iot")
    for rule in rules:
        try:
            there = client.get_topic_rule(ruleName=rule.name)["ruleArn"]
        except client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in _ABSENT:
                raise
            continue
        yield from account.taken("the rule", rule.name, rule.path, there)
    yield from dead_letter_preflight(tuple(one for one in rules if isinstance(one, KeepingRule)), account)
