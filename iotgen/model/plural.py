"""Numbers of things in words."""

_UNITS = {"day": 86_400, "hour": 3600, "minute": 60, "second": 1}


def plural(number: int, noun: str) -> str:
    """A number and its noun."""
    if number == 1:
        return f"1 {noun}"
    ending = "ies" if noun.endswith("y") and noun[-2:] not in ("ay", "ey") else "s"
    return f"{number} {noun[:-1] if ending == 'ies' else noun}{'es' if noun.endswith('s') else ending}"


def lasting(seconds: int) -> str:
    """A time in the largest unit of which it is a whole number."""
    unit = next(unit for unit, size in _UNITS.items() if seconds % size == 0)
    return plural(seconds // _UNITS[unit], unit)
