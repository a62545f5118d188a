"""Patterns of CloudWatch Logs: what is certainly wrong with one.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re

# A text in quotes, in which a backslash escapes.
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
# A regular expression, which is the whole pattern, or stands in one.
_REGEX = re.compile(r"%[^%]*%")
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
_IN_REGEX = re.compile(r"[A-Za-z0-9:_#=@/;,\-\s^$?\[\]{}|\\*+.]*")
# A term, which may be optional or excluded.
_TERM = re.compile(r"[?-]?[\w./*@#-]+")
_COMPARISON = re.compile(r"[=<>]|\b(IS|NOT EXISTS)\b")

Fault = tuple[str, str]
"""A message about a pattern, which follows its name, and a hint."""


def fault(pattern: str) -> Fault | None:
    """What CloudWatch would refuse, or take for something else than it seems to be."""
    text = pattern.strip()
    if _without_quoted(text).count('"'):
        return "has a quotation mark too few", 'Write each phrase in two: `"a phrase"`.'
    if text.startswith("{"):
        return _json(text)
    if text.startswith("["):
        return _fields(text)
    if text.startswith("%"):
        return _regex(text)
    return _terms(text)


def _without_quoted(text: str) -> str:
    return _REGEX.sub("", _QUOTED.sub("", text))


def _json(text: str) -> Fault | None:
    example = "Write it as in `{ $.status = 500 }`."
    if not text.endswith("}"):
        return "begins with { and does not end with }", example
    inner = _without_quoted(text[1:-1])
    if inner.count("(") != inner.count(")") or inner.count("[") != inner.count("]"):
        return "has a bracket too few or too many", example
    if "$." not in inner and "$[" not in inner:
        return "names no property of the JSON, which begins with `$.`", example
    if not _COMPARISON.search(inner):
        return "compares no property", example
    return None


def _fields(text: str) -> Fault | None:
    if not text.endswith("]"):
        return "begins with [ and does not end with ]", "Write it as in `[ip, user, status=5*]`."
    inner = text[1:-1]
    if re.fullmatch(r"\w+", inner):
        message = f"matches every line of one word, which it calls {inner}"
        return message, f"Write the text with its brackets in quotation marks: `'\"{text}\"'`."
    return None


def _regex(text: str) -> Fault | None:
    inner = text[1:-1]
    if len(text) < len("%x%") or not text.endswith("%"):
        return "begins with % and does not end with %", "Write it as in `%[Ee]rror|FAIL%`."
    if not _IN_REGEX.fullmatch(inner):
        known = "letters, digits, spaces, `:_#=@/;,-` and `^$?[]{}|\\*+.`"
        return "has characters that a regular expression cannot have", f"Use {known}; others as `\\x28`."
    return None


def _terms(text: str) -> Fault | None:
    for term in _QUOTED.sub(" ", text).split():
        if term not in ("?", "-") and not _TERM.fullmatch(term):
            message = f"has the term `{term}`, whose characters are not all letters and digits"
            return message, "Write a term with other characters in quotation marks: `'\"a term\"'`."
    return None
