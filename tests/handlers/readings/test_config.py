from decimal import Decimal
from typing import Any

import pytest
from readings import config
from readings.config import CACHE_SECONDS, RETRY_SECONDS, ConfigError, ConfigSource, Threshold


def test_every_key_has_a_default() -> None:
    parsed = config.parse("{}")
    assert parsed.thresholds == {}
    assert parsed.cooldown_seconds == 900
    assert parsed.retention_days is None
    assert parsed.clock == config.ClockBounds(300, None, refuse=True)
    assert parsed.limits == config.Limits(5_242_880, 1000, 65_536, 100, 86_400)
    assert parsed.registry == config.Registry(None, 1.0, 600)


@pytest.mark.parametrize("days", ["0", "-1", "1.5", '"400"', "true", "1e9"])
def test_refuses_a_retention_that_deletes_at_once_or_is_no_number_of_days(days: str) -> None:
    with pytest.raises(ConfigError, match=r"^retention_days must be "):
        config.parse(f'{{"retention_days": {days}}}')


def test_reads_what_is_set() -> None:
    parsed = config.parse(
        '{"thresholds": {"temperature": {"max": 80.5}}, "clock": {"beyond": "flag", "max_past_seconds": 60}}'
    )
    assert parsed.thresholds == {"temperature": Threshold(None, Decimal("80.5"))}
    assert parsed.clock == config.ClockBounds(300, 60, refuse=False)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON: Expecting value at line 1 column 1"),
        ("[]", "the configuration must be object"),
        ('{"treshold": {}}', "the configuration must not contain {'treshold'} properties"),
        ('{"limits": {"readings": 0}}', "limits.readings must be bigger than or equal to 1"),
        ('{"limits": {"page": "many"}}', "limits.page must be integer"),
        ('{"thresholds": {"temperature": {"max": "hot"}}}', "thresholds.temperature.max must be number"),
        ('{"clock": {"beyond": "ignore"}}', "clock.beyond must be one of ['refuse', 'flag']"),
        (
            '{"registry": {"url": "http://plain.example"}}',
            "registry.url must be the https:// URL of the device registry,"
            " which is asked for <url>/<device_id>, or null for none",
        ),
    ],
)
def test_refuses(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.parse(text)
    assert str(caught.value) == complaint


class Parameter:
    """Parameter Store with one parameter; an exception as its value is raised."""

    def __init__(self) -> None:
        self.value: str | Exception = '{"limits": {"page": 7}}'
        self.calls = 0

    def get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        if isinstance(self.value, Exception):
            raise self.value
        return {"Parameter": {"Name": Name, "Value": self.value}}


class Source:
    def __init__(self) -> None:
        self.parameter, self.time, self.errors = Parameter(), 1_000_000, list[Exception]()
        self._source = ConfigSource(lambda: self.parameter, "config", lambda: self.time)

    @property
    def known(self) -> bool:
        return self._source.known

    def page(self) -> int:
        return self._source.get(self.errors.append).limits.page


def test_is_read_once_while_it_is_fresh() -> None:
    source = Source()
    assert [source.page() for _ in range(5)] == [7] * 5
    source.time += CACHE_SECONDS * 1000 - 1
    assert source.page() == 7
    assert source.parameter.calls == 1
    source.time += 1
    assert source.page() == 7
    assert source.parameter.calls == 2


@pytest.mark.parametrize("bad", ["not JSON", '{"limits": {"page": 0}}', OSError("unreachable")])
def test_the_last_good_one_stays_in_use(bad: str | Exception) -> None:
    source = Source()
    source.page()
    source.parameter.value = bad
    source.time += CACHE_SECONDS * 1000
    assert [source.page() for _ in range(3)] == [7] * 3
    assert len(source.errors) == 1
    assert source.parameter.calls == 2
    source.parameter.value = '{"limits": {"page": 8}}'
    source.time += CACHE_SECONDS * 1000
    assert source.page() == 8


def test_without_a_good_one_the_defaults_hold() -> None:
    source = Source()
    source.parameter.value = OSError("unreachable")
    assert source.page() == 100
    assert len(source.errors) == 1


@pytest.mark.parametrize("bad", ["{", OSError("unreachable")])
def test_is_known_from_the_first_good_one_on(bad: str | Exception) -> None:
    source = Source()
    known = []
    for value in (bad, "{}", bad):
        source.parameter.value = value
        source.page()
        known.append(source.known)
        source.time += CACHE_SECONDS * 1000
    assert known == [False, True, True]


def test_without_a_good_one_it_is_soon_read_again() -> None:
    source = Source()
    source.parameter.value = OSError("unreachable")
    assert [source.page() for _ in range(3)] == [100] * 3
    assert source.parameter.calls == 1
    source.parameter.value = '{"limits": {"page": 8}}'
    source.time += RETRY_SECONDS * 1000
    assert source.page() == 8
    source.time += CACHE_SECONDS * 1000 - 1
    assert source.page() == 8
    assert source.parameter.calls == 2
