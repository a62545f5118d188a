from collections.abc import Mapping
from typing import Any

import pytest
from readings import config
from readings.registry import Registry

SETTINGS = config.parse('{"registry": {"url": "https://registry.example/"}}').registry
OFF = config.parse("{}").registry


class Upstream:
    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, str], float]] = []
        self.answer: tuple[int, bytes] | Exception = (200, b'{"location": "hall"}')
        self.key, self.time = "s3cret", 0
        self.errors: list[Exception] = []
        self.registry = Registry(self._get, lambda: self.key, lambda: self.time)

    def _get(self, url: str, headers: Mapping[str, str], seconds: float) -> tuple[int, bytes]:
        self.asked.append((url, headers, seconds))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def facts(self, device: str = "d", settings: Any = SETTINGS, seconds: float = 20) -> Any:
        return self.registry.facts(device, settings, lambda: seconds, self.errors.append)


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


def test_asks_with_the_key_and_remembers(upstream: Upstream) -> None:
    assert [upstream.facts() for _ in range(3)] == [{"location": "hall"}] * 3
    headers = {"Accept": "application/json", "x-api-key": "s3cret"}
    assert upstream.asked == [("https://registry.example/d", headers, 1.0)]
    upstream.time = 600_000
    upstream.facts()
    assert len(upstream.asked) == 2


@pytest.mark.parametrize("key", ["", "unset"])
def test_a_key_that_is_not_set_is_not_sent(upstream: Upstream, key: str) -> None:
    upstream.key = key
    upstream.facts()
    assert "x-api-key" not in upstream.asked[0][1]


@pytest.mark.parametrize(("settings", "seconds"), [(OFF, 20.0), (SETTINGS, 7.9)])
def test_is_not_asked_without_url_or_time(upstream: Upstream, settings: Any, seconds: float) -> None:
    assert upstream.facts(settings=settings, seconds=seconds) is None
    assert upstream.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        OSError("unreachable"),
        (500, b""),
        (302, b""),
        (200, b"no JSON"),
        (200, b"[]"),
        (200, b'{"a": "' + b"x" * 2048 + b'"}'),
    ],
)
def test_a_failure_costs_nothing_but_the_facts(upstream: Upstream, answer: Any) -> None:
    upstream.facts("known")
    upstream.time = 600_000
    upstream.answer = answer
    assert upstream.facts("known") == {"location": "hall"}
    assert upstream.facts("other") is None
    assert (len(upstream.asked), len(upstream.errors)) == (2, 1)
    upstream.answer = (200, b'{"location": "roof"}')
    upstream.time += 30_000
    assert upstream.facts("other") == {"location": "roof"}


def test_an_unknown_device_has_no_facts(upstream: Upstream) -> None:
    upstream.answer = (404, b"")
    assert upstream.facts() is None
    assert upstream.errors == []


def test_keeps_texts_numbers_and_truth_values(upstream: Upstream) -> None:
    upstream.answer = (200, b'{"a": 1.5, "b": true, "c": "x", "d": null, "e": [], "f": {}}')
    facts = upstream.facts()
    assert {name: str(value) for name, value in facts.items()} == {"a": "1.5", "b": "True", "c": "x"}
