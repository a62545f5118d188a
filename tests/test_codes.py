"""The pages of codes."""

import pytest

from iotgen.checks import RULES, Rule
from iotgen.codes import STAGES, explain


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_a_page(rule: Rule) -> None:
    page = explain(rule.code)
    assert page
    assert page.startswith(f"{rule.code}: {rule.severity}\n")
    for part in (rule.summary, rule.source, rule.fix):
        assert part
        assert part in page


def test_a_code_that_is_no_rule_has_a_page() -> None:
    assert explain("IOT201") == f"IOT201: error\n\n{STAGES['IOT201']}\n"
    assert not STAGES.keys() & {rule.code for rule in RULES}


def test_there_is_no_page_of_what_is_no_code() -> None:
    assert explain("IOT999") is None
