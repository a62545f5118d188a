"""The question before something changes, and what needs no question."""

import pytest

from iotgen.cli.confirm import described, likely_environment, refuse_misspelt
from iotgen.errors import UsageError
from iotgen.terraform.root_module import without_outputs

LISTED = ("prod", "staging", "eu2")


@pytest.mark.parametrize(
    ("suffix", "likely"),
    [
        ("prdo", "prod"),
        ("prods", "prod"),
        ("stagin", "staging"),
        ("prod", None),
        ("dev", None),
        ("eu1", None),
        ("eu3", None),
    ],
)
def test_the_environment_that_was_probably_meant(suffix: str, likely: str | None) -> None:
    assert likely_environment(suffix, LISTED) == likely


def test_a_misspelt_environment_is_not_made_without_a_question() -> None:
    with pytest.raises(UsageError) as raised:
        refuse_misspelt("prdo", "prod", fresh=True)
    assert (raised.value.message, raised.value.hint) == (
        "there is no environment `prdo` yet, in the spec or on AWS; did you mean `prod`?",
        "To create it, add `prdo: {}` to `environments`, or omit `--yes`.",
    )
    refuse_misspelt("prdo", "prod", fresh=False)
    refuse_misspelt("dev", None, fresh=True)


def test_the_question_says_where_and_whether_it_is_new() -> None:
    place = "AWS, account 123456789012, region us-east-1"
    assert described(place, "prod", None, fresh=False) == (f"target: {place}", "environment: `prod`")
    assert described(place, "prdo", "prod", fresh=True)[1] == (
        "environment: `prdo` (new: nothing is deployed to it yet); did you mean `prod`?"
    )


def test_terraforms_own_outputs_are_left_out() -> None:
    lines: list[str] = []
    sink = without_outputs(lines.append)
    for line in ("Apply complete!", "\x1b[0m\x1b[1m\x1b[32mOutputs:", "", 'api_endpoint = "x"'):
        sink(line)
    assert lines == ["Apply complete!"]
