"""Texts of the spec that name its resources: `${buckets.images}`, `${workflows.orders.arn}`.

What fills them in is known at plan time, but for the ARN of a secret, whose end only AWS knows.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.arn import arn
from iotgen.model.context import Context
from iotgen.model.expression import Expression, joined
from iotgen.problem import Finding, Path
from iotgen.spec.nearest import nearest

MARK = re.compile(r"\$\{([A-Za-z][\w.:-]*)\}")
_FUNCTIONS = "functions"
_ATTRIBUTES = ("arn", "name")
# These are written without the dollar sign.
_PLACEHOLDERS = ("suffix", "account", "region", "pipeline")
_HINT = "Write `${tables.KEY}`, `${buckets.KEY}` and so on, or the value itself."


def with_names(context: Context, value: Any, path: Path) -> Any:
    """The `value` at `path` of the spec, with all references and placeholders in its texts filled in."""
    if isinstance(value, str):
        return _text(context, value, path)
    if isinstance(value, Mapping):
        return {key: with_names(context, one, (*path, key)) for key, one in value.items()}
    if isinstance(value, list):
        return [with_names(context, one, (*path, index)) for index, one in enumerate(value)]
    return value


def _text(context: Context, text: str, path: Path) -> str | Expression:
    parts = tuple(_parts(context, text, path))
    if all(isinstance(one, str) for one in parts):
        return "".join(map(str, parts))
    return joined(*(one for one in parts if one != ""))


def _parts(context: Context, text: str, path: Path) -> Iterator[str | Expression]:
    end = 0
    for match in MARK.finditer(text):
        yield context.with_account(text[end : match.start()])
        yield reference(context, match, path) or match[0]
        end = match.end()
    yield context.with_account(text[end:])


def reference(
    context: Context, match: re.Match[str], path: Path, within: tuple[str, int] | None = None
) -> str | Expression | None:
    """What a match of `MARK` stands for, None if it is nothing, which is reported."""
    section, _, rest = match[1].partition(".")
    key, _, attribute = rest.partition(".")
    known = (_FUNCTIONS, *(one for one in context.forms if one != "keys"))
    if not key or section not in known or (attribute and attribute not in _ATTRIBUTES):
        context.report(Finding(path, *_fault(match[1], known), within=within, code="IOT201"))
        return None
    if not context.has(section, key, path):
        return None
    wanted = attribute or (context.forms[section].noted if section in context.forms else "name")
    return _arn(context, section, key) if wanted == "arn" else context.full_name(section, key)


def _fault(name: str, known: tuple[str, ...]) -> tuple[str, str]:
    message = f"nothing fills in `${{{name}}}`"
    if name in _PLACEHOLDERS:
        return message, f"Write `{{{name}}}`."
    section, _, rest = name.partition(".")
    meant = nearest(section, known)
    if rest and meant and meant != section:
        return f"{message}; did you mean `${{{meant}.{rest}}}`?", ""
    if section in known and rest.count("."):
        return message, f"Write `${{{section}.{rest.partition('.')[0]}.arn}}` or `.name`."
    return message, _HINT


def _arn(context: Context, section: str, key: str) -> str | Expression:
    if section == _FUNCTIONS:
        return arn("lambda", context.region, "function:", context.name_of(section, key))
    # The ARN of a secret that follows from its name is a pattern, which only permissions take.
    return context.attribute(section, key, "arn") if section == "secrets" else context.arn(section, key)
