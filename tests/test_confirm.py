"""The confirmation before a change, and what needs none."""

import dataclasses

import pytest

from iotgen.cli.confirm import (
    Consent,
    Question,
    agree,
    described,
    likely_environment,
    lost_lines,
    refuse_misspelt,
)
from iotgen.errors import IotgenError, UsageError
from iotgen.guard.held import Held
from iotgen.guard.losses import Loss
from iotgen.model.contents import Amount
from iotgen.terraform.plan import Change
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


def test_the_confirmation_shows_the_target_and_whether_it_is_new() -> None:
    place = "AWS, account 123456789012, region us-east-1"
    assert described(place, "prod", None, fresh=False) == (f"target: {place}", "environment: `prod`")
    assert described(place, "prdo", "prod", fresh=True)[1] == (
        "environment: `prdo` (new: nothing is deployed to it yet); did you mean `prod`?"
    )


def held(name: str, words: str = "3 items", *, empty: bool = False, noun: str = "table") -> Held:
    change = Change(address=name, type="t", label=name, actions=("delete",), before={})
    amount = Amount(words, empty=empty)
    return Held(Loss(name, noun, change, lambda *_: amount), amount)


def asked(*all_held: Held, whole: bool = False, likely: str | None = None) -> Question:
    return Question(
        place="AWS",
        suffix="prod",
        likely=likely,
        fresh=False,
        held=all_held,
        whole=whole,
        counts="1 to add",
    )


class Answers:
    """Answers of a user, one after the other, and what they were asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, text: str) -> str:
        self.asked.append(text)
        return self.answers.pop(0)


NO = Consent(yes=False)
YES = Consent(yes=True)
FULL, EMPTY, QUEUE = held("rows"), held("old", "0 items", empty=True), held("jobs", "1 message", noun="queue")


def test_what_holds_something_is_typed_before_the_last_question() -> None:
    ask = Answers("rows", "jobs", "y")
    agree(asked(FULL, EMPTY, QUEUE), NO, ask)
    assert ask.asked == [
        "Type `rows` to destroy it with what it holds",
        "Type `jobs` to destroy it with what it holds",
        "1 to add: proceed with `prod`? [y/N]",
    ]


def test_what_is_allowed_on_the_command_line_is_not_asked_for() -> None:
    ask = Answers("yes")
    agree(asked(FULL, QUEUE), Consent(yes=False, allowed=frozenset({"rows", "jobs"})), ask)
    assert ask.answers == []


def test_a_name_is_asked_for_once() -> None:
    agree(asked(FULL, FULL), NO, Answers("rows", "y"))


@pytest.mark.parametrize("answers", [("row",), ("",), ("y",), ("rows", "n"), ("rows", "")])
def test_anything_else_changes_nothing(answers: tuple[str, ...]) -> None:
    with pytest.raises(IotgenError, match="nothing was changed"):
        agree(asked(FULL), NO, Answers(*answers))


def test_without_losses_there_is_one_question() -> None:
    ask = Answers("Y")
    agree(asked(), NO, ask)
    assert ask.asked == ["1 to add: proceed with `prod`? [y/N]"]


def test_a_whole_environment_is_destroyed_by_its_name_alone() -> None:
    ask = Answers("prod")
    agree(asked(FULL, QUEUE, whole=True), NO, ask)
    assert ask.asked == ["Type `prod` to destroy all of it"]


@pytest.mark.parametrize("answer", ["rows", "y", "dev"])
def test_a_whole_environment_is_not_destroyed_by_another_answer(answer: str) -> None:
    with pytest.raises(IotgenError, match="nothing was changed"):
        agree(asked(FULL, QUEUE, whole=True), NO, Answers(answer))


def test_an_environment_that_holds_nothing_is_one_question() -> None:
    ask = Answers("y")
    agree(asked(EMPTY, whole=True), NO, ask)
    assert ask.asked == ["1 to add: proceed with `prod`? [y/N]"]


def test_yes_alone_destroys_nothing_that_holds_something() -> None:
    agree(asked(EMPTY), YES)
    with pytest.raises(UsageError) as raised:
        agree(asked(FULL, EMPTY, QUEUE), YES)
    assert (raised.value.message, raised.value.hint) == (
        "nothing was changed: this would destroy the table `rows` (3 items); the queue `jobs` (1 message)",
        "Pass `--allow-destroy rows --allow-destroy jobs` to destroy it.",
    )
    agree(asked(FULL, QUEUE), Consent(yes=True, allowed=frozenset({"rows", "jobs", "gone"})))


def test_the_environments_name_allows_a_destroy_and_no_apply() -> None:
    by_name = Consent(yes=True, allowed=frozenset({"prod"}))
    agree(asked(FULL, QUEUE, whole=True), by_name)
    with pytest.raises(UsageError) as raised:
        agree(asked(FULL, QUEUE, whole=True), YES)
    assert raised.value.hint == "Pass `--allow-destroy prod` to destroy it."
    with pytest.raises(UsageError):
        agree(asked(FULL), by_name)


@pytest.mark.parametrize(
    ("question", "options"),
    [
        (asked(), "--yes"),
        (asked(EMPTY), "--yes"),
        (asked(FULL, QUEUE), "--yes --allow-destroy rows --allow-destroy jobs"),
        (asked(FULL, QUEUE, whole=True), "--yes --allow-destroy prod"),
    ],
)
def test_without_a_terminal_the_error_names_the_options(question: Question, options: str) -> None:
    with pytest.raises(IotgenError) as raised:
        agree(question, NO)
    assert raised.value.message == "cannot ask for confirmation: standard input is not a terminal"
    assert raised.value.hint == f"Pass `{options}`."


def test_a_misspelt_environment_is_refused_with_yes() -> None:
    fresh = dataclasses.replace(asked(likely="prods"), fresh=True)
    with pytest.raises(UsageError, match="did you mean `prods`"):
        agree(fresh, YES)
    agree(fresh, NO, Answers("y"))


def test_losses_are_aligned_and_empty_ones_a_line() -> None:
    assert lost_lines((FULL, EMPTY, QUEUE, held("none", empty=True))) == [
        "destroy table `rows`  3 items",
        "destroy queue `jobs`  1 message",
        "destroy, empty: `old`, `none`",
    ]
    assert lost_lines((held("t", "unknown: \x1b[2J"),)) == ["destroy table `t`  unknown: \\u001b[2J"]
    assert lost_lines(()) == []


def test_terraforms_own_outputs_are_left_out() -> None:
    lines: list[str] = []
    sink = without_outputs(lines.append)
    for line in ("Apply complete!", "\x1b[0m\x1b[1m\x1b[32mOutputs:", "", 'api_endpoint = "x"'):
        sink(line)
    assert lines == ["Apply complete!"]
