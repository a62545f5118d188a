"""What the resources that a plan destroys hold, asked in parallel, and what is unknown."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from iotgen.guard.held import Held, held, not_allowed
from iotgen.guard.losses import Loss
from iotgen.model.contents import Amount, Look
from iotgen.terraform.plan import Change

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def loss(name: str, look: Look) -> Loss:
    change = Change(
        address=f"aws_dynamodb_table.{name}",
        type="aws_dynamodb_table",
        label=name,
        actions=("delete",),
        before={"name": name},
    )
    return Loss(name, "table", change, look)


def _no_clients(service: str) -> Any:
    raise AssertionError(service)


def ask(*losses: Loss, progress: Callable[[int], None] = lambda _: None) -> tuple[Held, ...]:
    return held(losses, _no_clients, NOW, progress)


def test_each_is_asked_with_its_attributes_and_all_are_counted() -> None:
    known: list[int] = []
    lost = [
        loss(str(number), lambda _c, table, _n: Amount(table["name"], empty=False)) for number in range(40)
    ]
    answers = ask(*lost, progress=known.append)
    assert [one.amount.words for one in answers] == [str(number) for number in range(40)]
    assert known == list(range(1, 41))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ClientError({"Error": {"Code": "AccessDenied"}}, "Scan"), "unknown: AWS answers AccessDenied"),
        (
            EndpointConnectionError(endpoint_url="https://x"),
            'unknown: Could not connect to the endpoint URL: "https://x"',
        ),
    ],
)
def test_what_aws_does_not_say_is_unknown_and_not_empty(error: Exception, words: str) -> None:
    def refused(*_: Any) -> Amount:
        raise error

    (answer,) = ask(loss("t", refused))
    assert answer.amount == Amount(words, empty=False)


def test_an_error_of_iotgens_own_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        ask(loss("t", lambda _c, table, _n: Amount(table["url"], empty=True)))


def test_a_client_of_each_service_is_made_once() -> None:
    made: list[str] = []

    def look(clients: Any, _table: Any, _now: datetime) -> Amount:
        return Amount(clients("dynamodb"), empty=True)

    def client(service: str) -> str:
        made.append(service)
        return service

    held(tuple(loss(str(number), look) for number in range(20)), client, NOW, lambda _: None)
    assert made == ["dynamodb"]


def test_only_what_holds_something_has_to_be_allowed() -> None:
    full, empty = Amount("1 item", empty=False), Amount("0 items", empty=True)
    answers = ask(
        loss("full", lambda *_: full), loss("other", lambda *_: full), loss("empty", lambda *_: empty)
    )
    assert [one.loss.name for one in not_allowed(answers, frozenset({"full", "unrelated"}))] == ["other"]
