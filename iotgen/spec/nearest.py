"""The known name that a misspelt one probably stands for.

Only a slip of the fingers counts (letters that are missing, doubled, swapped or wrong), another style of
writing a word, and a word cut short, such as `env` or `max_size`. Words that merely look alike mean different
things, and a wrong suggestion is worse than none.
"""

import re
from collections.abc import Iterable

# In a short word nearly every other one is some letters away.
_LETTERS_FOR_A_SLIP = 3
MOST_SLIPS = 3


def nearest(word: str, known: Iterable[str], most: int = MOST_SLIPS) -> str | None:
    """The name that is at most a slip for every three letters, and `most` in all, from `word`.

    A letter twice may always be a slip. Else the only one that `word` is short for.
    """
    known = list(known)
    written = _plain(word)
    doubled = len(set(written)) < len(written)
    allowed = min(most, max(len(written) // _LETTERS_FOR_A_SLIP, doubled))
    ranked = [(slips(written, _plain(name), allowed), index, name) for index, name in enumerate(known)]
    near = [(distance, index, name) for distance, index, name in ranked if distance <= allowed]
    if near:
        return min(near)[2]
    longer = [name for name in known if _is_short_for(word, name)]
    return longer[0] if len(longer) == 1 else None


def _plain(word: str) -> str:
    """A word without its style: `batchSize`, `batch-size` and `Batch_Size` are written alike."""
    return word.lower().replace("_", "").replace("-", "")


def _is_short_for(word: str, name: str) -> bool:
    """Whether each part of `word` is a prefix of the corresponding part of `name`."""
    parts, of = re.split("[_-]", word.lower()), re.split("[_-]", name.lower())
    return (
        len(word) >= _LETTERS_FOR_A_SLIP
        and len(parts) <= len(of)
        and all(part and whole.startswith(part) for part, whole in zip(parts, of, strict=False))
    )


def slips(one: str, other: str, most: int) -> int:
    """How many letters are missing, added, wrong or swapped with the next; more than `most` is `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        here = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(last[column] + 1, here[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        if min(here) > most:
            return most + 1
        before, last = last, here
    return min(last[-1], most + 1)
