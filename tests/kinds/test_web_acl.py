"""What the firewall of the API costs."""

from __future__ import annotations

from iotgen.kinds.endpoints.web_acl import firewall_charges, web_acl
from iotgen.model.cost import Charge, Use
from iotgen.model.expression import Label

USES = (Use("/x", {"requests": 1000.0}),)
ARN = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f"


def test_one_of_the_apis_own_costs_itself_its_rules_and_the_requests() -> None:
    acl = web_acl({"managed": ["AWSManagedRulesCommonRuleSet"], "rate": 100}, Label("api"))
    assert list(firewall_charges(acl, USES)) == [
        Charge("waf.acls", 1, "firewall"),
        Charge("waf.rules", 2, "firewall"),
        Charge("waf.requests", 1000.0, "/x"),
    ]


def test_one_that_exists_already_costs_the_requests() -> None:
    assert list(firewall_charges(web_acl(ARN, Label("api")), USES)) == [Charge("waf.requests", 1000.0, "/x")]


def test_none_costs_nothing() -> None:
    assert list(firewall_charges(web_acl(None, Label("api")), USES)) == []
