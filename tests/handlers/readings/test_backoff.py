from readings.backoff import Backoff


def attempts(time_left: list[float], jitter: float = 1.0) -> tuple[int, list[float]]:
    slept: list[float] = []
    backoff = Backoff(slept.append, lambda: jitter, iter(time_left).__next__)
    return sum(1 for _ in backoff.attempts()), slept


def test_waits_twice_as_long_each_time_up_to_two_seconds() -> None:
    count, slept = attempts([100.0] * 7 + [0.0])
    assert count == 8
    assert slept == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0]


def test_never_waits_past_the_time_that_is_left() -> None:
    assert attempts([0.06, 0.1]) == (2, [0.05])


def test_tries_at_least_once() -> None:
    assert attempts([-1.0]) == (1, [])


def test_jitter_spreads_the_waits() -> None:
    assert attempts([100.0, 0.0], jitter=0.5)[1] == [0.025]
