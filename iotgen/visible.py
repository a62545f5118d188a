"""Escapes characters that a terminal or an editor acts upon instead of showing them."""

import re
import unicodedata

# Controls, formats (which can reverse the text after them), line separators, surrogates.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

# Characters that set the direction of the text around them: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str, keep: str = "") -> str:
    """`text` with invisible characters escaped as in JSON, except those in `keep`."""
    if text.isprintable():
        return text
    return "".join(character if character in keep else _shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    code = ord(character)
    if code > 0xFFFF:
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"
