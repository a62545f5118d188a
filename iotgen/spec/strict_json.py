"""Strict JSON: Python's parser accepts more than the standard, and deeper nesting than iotgen can process.

https://www.rfc-editor.org/rfc/rfc8259#section-6: Infinity and NaN are not permitted.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any, NoReturn

# Deeper than any schema or configuration that people write; iotgen walks them recursively.
DEEPEST = 64
_MOST_DIGITS = 1_000
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def read_json(text: str) -> Any:
    """The data in `text`; JSONDecodeError if it is not JSON, or nested too deeply."""
    depth = 0
    for mark in _BRACKETS.finditer(text):
        depth += (mark[0] in "[{") - (mark[0] in "]}")
        if depth > DEEPEST:
            raise json.JSONDecodeError(f"it is nested more than {DEEPEST} levels deep", text, mark.start())

    def refuse(word: str) -> NoReturn:
        shown = word if len(word) <= 20 else f"{word[:20]}..."
        raise json.JSONDecodeError(f"`{shown}` is not a number in JSON", text, max(text.find(word), 0))

    return json.loads(text, parse_constant=refuse, parse_float=_finite(refuse), parse_int=_short(refuse))


def _finite(refuse: Callable[[str], NoReturn]) -> Callable[[str], float]:
    return lambda word: number if math.isfinite(number := float(word)) else refuse(word)


def _short(refuse: Callable[[str], NoReturn]) -> Callable[[str], int]:
    return lambda word: int(word) if len(word) <= _MOST_DIGITS else refuse(word)
