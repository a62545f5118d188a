"""The numbers of functions on the local AWS, which has no metrics: what their logs say of each invocation."""

import re
from collections.abc import Iterable, Sequence

from iotgen.operate.logs.line import Line
from iotgen.operate.logs.merge import lines
from iotgen.operate.logs.pages import Reader, Window
from iotgen.operate.logs.wanted import Wanted
from iotgen.operate.status.watched import HOUR, Numbers, Watched

_REPORT = re.compile(r"REPORT RequestId: \S+ Duration: ([\d.]+) ms")
# Where a metric of that name is shown of a resource with a log.
_CALLS, _ERRORS, _DURATION = "AWS/Lambda:Invocations", "AWS/Lambda:Errors", "AWS/Lambda:Duration"


def from_logs(reader: Reader, watched: Sequence[Watched], now: int) -> Numbers:
    """Invocations, errors and the duration that one in a hundred exceeds, of functions that have a log."""
    numbers = {}
    for one in watched:
        wanted = {
            metric.of: metric.column for metric in one.metrics if metric.of in (_CALLS, _ERRORS, _DURATION)
        }
        if not (wanted and one.logs):
            continue
        found = lines(reader, one.logs, Window(now - HOUR, now), Wanted(platform=True))
        for of, value in _numbers(found).items():
            if of in wanted:
                numbers[one.named, wanted[of]] = value
    return numbers


def _numbers(found: Iterable[Line]) -> dict[str, float]:
    durations, errors = [], 0
    for line in found:
        report = _REPORT.match(line.message) if line.platform else None
        if report:
            durations.append(float(report[1]))
            errors += line.failed
    slowest = {_DURATION: percentile(durations, 99)} if durations else {}
    return {_CALLS: len(durations), _ERRORS: errors, **slowest}


def percentile(values: Iterable[float], share: int) -> float:
    """The least of the values that `share` percent of them do not exceed; ValueError for none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    return ordered[-(-len(ordered) * share // 100) - 1]
