"""The confirmation before a change, and what needs none."""

import dataclasses

import pytest

from iotgen.cli.confirm import Consent, Likely, Question, agree, described, lost_lines
from iotgen.errors import IotgenError, UsageError
from iotgen.guard.held import Held
from iotgen.guard.losses import Loss
from iotgen.model.contents import Amount
from iotgen.terraform.plan import Change
from iotgen.terraform.root_module import without_outputs


def held(name: str, words: str = "3 items", *, empty: bool = False, noun: str = "table") -> Held:
    change = Change(address=name, type="t", label=name, actions=("delete",), before={})
    amount = Amount(words, empty=empty)
    return Held(Loss(name, noun, change, lambda *_: amount), amount)


def asked(*all_held: Held, whole: bool = False, likely: Likely | None = None) -> Question:
    return Question(
        place="AWS, account 123456789012, region us-east-1",
        suffix="prod",
        likely=likely,
        fresh=likely is not None,
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


def test_the_confirmation_shows_the_target_and_whether_it_is_new() -> None:
    place = "target: AWS, account 123456789012, region us-east-1"
    assert described(asked()) == (place, "environment: `prod`")
    assert described(asked(likely=Likely("prods", declared=False)))[1] == (
        "environment: `prod` (new: nothing is deployed to it yet); did you mean `prods`?"
    )


def test_a_name_that_is_close_to_one_of_the_spec_needs_a_question() -> None:
    declared = asked(likely=Likely("prods", declared=True))
    with pytest.raises(UsageError) as raised:
        agree(declared, YES)
    assert (raised.value.message, raised.value.hint) == (
        "there is no environment `prod` yet, in the spec or on AWS; did you mean `prods`?",
        "To create it, add `prod: {}` to `environments`, or omit `--yes`.",
    )
    agree(declared, NO, Answers("y"))
    agree(asked(likely=Likely("prods", declared=False)), YES)


def test_what_was_renamed_is_offered_wherever_it_is_not_allowed() -> None:
    offered = dataclasses.replace(asked(FULL), offers=("To keep it:", "    tables:"))
    for consent in (YES, NO):
        with pytest.raises(IotgenError) as raised:
            agree(offered, consent)
        assert raised.value.hint.endswith(".\n    To keep it:\n        tables:")


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
