"""The firewall before the API: a web ACL of WAF, of the API's own or one that exists already.

https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.cost import Charge, Use
from iotgen.model.expression import Expression, Label, Reference

ADDRESS = "aws_wafv2_web_acl"


@dataclass(frozen=True, kw_only=True)
class WebAcl:
    """A web ACL. Of the API's own, `rules` have their names and what they do, in Terraform's words."""

    arn: str | Expression
    rules: tuple[tuple[str, Mapping[str, Any]], ...]

    @property
    def own(self) -> bool:
        """Whether it is made with the API."""
        return bool(self.rules)


def web_acl(written: str | Mapping[str, Any] | None, api: Label) -> WebAcl | None:
    """The web ACL of an API; None if it has none."""
    if written is None:
        return None
    if isinstance(written, str):
        return WebAcl(arn=written, rules=())
    return WebAcl(arn=Reference(f"{ADDRESS}.{api}.arn"), rules=tuple(_rules(written)))


def _rules(written: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each rule; a group of rules decides itself what it blocks.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html
    """
    for group in written.get("managed", ()):
        yield (
            group,
            {
                "override_action": {"none": {}},
                "statement": {"managed_rule_group_statement": {"name": group, "vendor_name": "AWS"}},
            },
        )
    if rate := written.get("rate"):
        limit = {"limit": rate, "aggregate_key_type": "IP"}
        yield "rate", {"action": {"block": {}}, "statement": {"rate_based_statement": limit}}


def rendered_rules(acl: WebAcl) -> list[Mapping[str, Any]]:
    """The rules in Terraform's words, each with its priority and a metric of its name."""
    shown = {"cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True}
    return [
        {"name": name, "priority": at, **rule, "visibility_config": {**shown, "metric_name": name}}
        for at, (name, rule) in enumerate(acl.rules)
    ]


def firewall_charges(acl: WebAcl | None, uses: tuple[Use, ...]) -> Iterator[Charge]:
    """The web ACL with its rules, if it is the API's own, and the requests that it looks at."""
    if acl is None:
        return
    if acl.own:
        yield Charge("waf.acls", 1, "firewall")
        yield Charge("waf.rules", len(acl.rules), "firewall")
    for use in uses:
        yield Charge("waf.requests", use.get("requests"), use.path)
