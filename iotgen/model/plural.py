"""Numbers of things in words."""


def plural(number: int, noun: str) -> str:
    """A number and its noun."""
    if number == 1:
        return f"1 {noun}"
    ending = "ies" if noun.endswith("y") and noun[-2:] not in ("ay", "ey") else "s"
    return f"{number} {noun[:-1] if ending == 'ies' else noun}{'es' if noun.endswith('s') else ending}"
