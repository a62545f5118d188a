"""The width of texts, and how they are broken into lines, without a font at hand.

A viewer's own font may be narrower or wider, so the widths are those of a wide one (DejaVu Sans).
"""

import unicodedata

# Of a size of 1, by the characters that share them.
_WIDTHS = {
    0.28: "iljI|'!.,:;",
    0.34: 'ft[]() /\\-`"',
    0.42: "rJ",
    0.52: "cksvxyzL^*{}?",
    0.60: "abdeghnopquEFTZS0123456789_$#~=+<>",
    0.68: "ABCKPRVXY&",
    0.76: "DGHNOQU",
    0.84: "wmM%@",
    0.98: "W",
}
_WIDTH = {character: width for width, characters in _WIDTHS.items() for character in characters}
_WIDE = 1.02
_PLAIN, _BOLD = 1.03, 1.18
_OTHER = 0.64


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in the units of its font's size."""
    total = sum(_WIDTH.get(character) or _unknown(character) for character in text)
    return total * size * (_BOLD if bold else _PLAIN)


def _unknown(character: str) -> float:
    """An unknown character's width: full for East Asian ones and signs such as emoji."""
    if unicodedata.combining(character):
        return 0
    wide = unicodedata.east_asian_width(character) in "WF" or ord(character) > 0xFFFF
    return _WIDE if wide else _OTHER


def clipped(text: str, most: float, size: float, *, bold: bool = False) -> str:
    """The text, with an ellipsis in its middle where it is wider than `most`."""
    if width(text, size, bold=bold) <= most:
        return text
    kept = len(text) - 1
    while kept > 1 and width(_without_middle(text, kept), size, bold=bold) > most:
        kept -= 1 + kept // 64
    return _without_middle(text, kept)


def lines(text: str, most: float, size: float) -> list[str]:
    """A list of words with commas, in lines of about `most`; a longer word is clipped at twice that."""
    broken: list[str] = []
    for word in (clipped(word, 2 * most, size) for word in text.split(", ")):
        together = f"{broken[-1]}, {word}" if broken else word
        if broken and width(together, size) <= most:
            broken[-1] = together
        else:
            broken += [word]
    return [f"{line}," for line in broken[:-1]] + broken[-1:]


def _without_middle(text: str, kept: int) -> str:
    """`kept` characters of a text's beginning and end: names often differ in their last part."""
    end = kept // 2
    return text[: kept - end] + "…" + text[len(text) - end :]
