"""Expressions of EventBridge Scheduler: `rate(5 minutes)` and `cron(0 3 * * ? *)`.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import re
from collections.abc import Iterator

_RATE = re.compile(r"rate\(([1-9][0-9]*) (minutes?|hours?|days?)\)")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
_DAY = 86_400
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# The name of each field, its range, and the names of its values.
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minutes", 0, 59, ()),
    ("hours", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of week", 1, 7, _WEEKDAYS),
    ("year", 1970, 2199, ()),
)
_DAY_OF_MONTH = re.compile(r"\?|L|LW|(?:[1-9]|[12][0-9]|3[01])W")
_DAY_OF_WEEK = re.compile(r"\?|L|(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:L|#[1-5])")


def fault(text: str) -> str:
    """What is wrong with an expression, empty if nothing is."""
    if text.startswith("rate("):
        return _rate_fault(text)
    if text.startswith("cron(") and text.endswith(")"):
        return next(_cron_faults(text[len("cron(") : -1]), "")
    return "it is neither `rate(5 minutes)` nor `cron(0 3 * * ? *)`"


def per_second(text: str) -> float:
    """How often a valid expression comes, about."""
    if match := _RATE.fullmatch(text):
        return 1 / (int(match[1]) * _SECONDS[match[2].removesuffix("s")])
    minutes, hours, day, month, weekday, _year = text[len("cron(") : -1].split()
    days = _share(day, 1, 31, ()) * _share(weekday, 1, 7, _WEEKDAYS) * _share(month, 1, 12, _MONTHS)
    a_day = _share(minutes, 0, 59, ()) * 60 * _share(hours, 0, 23, ()) * 24
    return a_day * days / _DAY


def _rate_fault(text: str) -> str:
    match = _RATE.fullmatch(text)
    if match is None:
        return "a rate is `rate(VALUE UNIT)`: a whole number from 1, and minutes, hours or days"
    value, unit = int(match[1]), match[2]
    one = unit.removesuffix("s")
    right = one if value == 1 else f"{one}s"
    return "" if unit == right else f"write `rate({value} {right})`"


def _cron_faults(text: str) -> Iterator[str]:
    fields = text.split()
    if len(fields) != len(_FIELDS):
        yield f"it has {len(fields)} fields of 6: minutes, hours, day of month, month, day of week, year"
        return
    for field, (name, low, high, names) in zip(fields, _FIELDS, strict=True):
        special = {"day of month": _DAY_OF_MONTH, "day of week": _DAY_OF_WEEK}.get(name)
        for part in field.split(",") if field != "?" else [field]:
            if special and special.fullmatch(part):
                continue
            if _values(part, low, high, names) is None:
                yield f"`{part}` is no value of the {name}: use {low} to {high}"
    unsaid = [fields[index] == "?" for index in (2, 4)]
    if unsaid == [False, False]:
        yield "one of day of month and day of week must be `?`"
    if unsaid == [True, True]:
        yield "only one of day of month and day of week can be `?`"


def _values(part: str, low: int, high: int, names: tuple[str, ...]) -> int | None:
    """How many values a part of a field stands for, None if it is not one."""
    base, slash, step = part.partition("/")
    first, dash, last = base.partition("-")
    ends = [_number(one, low, high, names) for one in ([first, last] if dash else [first])]
    if base == "*":
        ends = [low, high]
    elif slash and not dash:
        ends = [*ends, high]
    if None in ends or (slash and not (step.isdecimal() and int(step) > 0)):
        return None
    start, end = int(ends[0] or 0), int(ends[-1] or 0)
    span = end - start if end >= start else end - start + high - low + 1
    return span // (int(step) if slash else 1) + 1


def _number(text: str, low: int, high: int, names: tuple[str, ...]) -> int | None:
    if text.upper() in names:
        return names.index(text.upper()) + low
    return int(text) if text.isascii() and text.isdecimal() and low <= int(text) <= high else None


def _share(field: str, low: int, high: int, names: tuple[str, ...]) -> float:
    """The share of all values that a field stands for."""
    whole = high - low + 1
    if field == "?":
        return 1.0
    return min(1.0, sum(_values(part, low, high, names) or 1 for part in field.split(",")) / whole)
