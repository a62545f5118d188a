"""What an answer weighs. Lambda writes what a function returns as JSON once more, and takes 6 MB of that.

The figure is of its error, "Exceeded maximum allowed payload size (6291556 bytes)", see
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. API Gateway would answer 502,
also where readings were stored.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from readings import exact_json
from readings.exact_json import Written
from readings.http import RequestError

_LAMBDA_BYTES = 6_291_556
# For what stands around the parts: status, headers, counts, a token.
_AROUND = 16 * 1024
MOST_BYTES = _LAMBDA_BYTES - _AROUND
# What a character of a body becomes at most: fourteen of an astral one, and much the same of 1e37, which is
# written in full and, as a temperature, thrice.
_MOST_GROWTH = 16
# What an item has beside the reading, or the reason why there is none; and what the registry may add to it.
_MOST_AROUND_ITEM = 2400
_MOST_FACTS = 8 * 1024


def written(values: Iterable[Any]) -> list[Written]:
    """Write the parts of an answer, each once."""
    return [Written(exact_json.dumps(value)) for value in values]


def check(*parts: Sequence[Written]) -> None:
    """Raise RequestError where an answer with these parts would be too large; to be called before storing."""
    if sum(_weight(text) for part in parts for text in part) > MOST_BYTES:
        reason = "the answer would be larger than 6 MB: send fewer readings in one request"
        raise RequestError(413, "answer_too_large", reason)


def is_small(body_length: int, documents: int, *, has_facts: bool) -> bool:
    """Whether an answer that repeats a request is never too large, so that it need not be written to know."""
    each = _MOST_AROUND_ITEM + has_facts * _MOST_FACTS
    return body_length * _MOST_GROWTH + documents * each <= MOST_BYTES


def page(values: Iterable[Any]) -> list[Written]:
    """Write values until an answer is full; give those that it holds, the first of them in any case."""
    texts: list[Written] = []
    left = MOST_BYTES
    for text in map(Written, map(exact_json.dumps, values)):
        left -= _weight(text)
        if texts and left < 0:
            break
        texts.append(text)
    return texts


def _weight(text: str) -> int:
    """Count a part with its comma, as Lambda writes it: in ASCII already, and these two escaped again."""
    return len(text) + text.count('"') + text.count("\\") + 1
