"""The known name that a misspelt one was probably meant to be."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The name in `known` that is closest to `word`, or None when none is close (1 is the same)."""
    from difflib import get_close_matches  # only faults need it

    names = {name.lower().replace("_", "-"): name for name in known}
    found = get_close_matches(word.lower().replace("_", "-"), list(names), n=1, cutoff=cutoff)
    return names[found[0]] if found else None
