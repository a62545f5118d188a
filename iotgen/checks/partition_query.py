"""A value of `partition_by` is no expression of jq, or none of the record."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.deliveries import Delivery
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

# A name, or names with dots between them, as other languages write a path.
_DOTLESS = re.compile(r"(?P<head>[A-Za-z_]\w*)(?P<rest>[.\[].*)?")
_JSON_PATH = re.compile(r"\$(?P<path>[.\[].*)")
# What jq has without an argument that gives a text, a number or an object of its own:
# https://jqlang.github.io/jq/manual/v1.6/
_GIVEN = frozenset({"now", "env", "input", "true", "false", "null", "input_line_number"})
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
_PAIRS = {")": "(", "]": "[", "}": "{"}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find paths without their first dot, paths of JSONPath, and what does not end."""
    for delivery in pipeline.all(Delivery):
        for key, query in delivery.partition_by.items():
            if fault := _fault(query.strip()):
                yield Finding((*delivery.path, "partition_by", key), *fault)


def _fault(query: str) -> tuple[str, str] | None:
    if match := _JSON_PATH.fullmatch(query):
        path = match["path"] if match["path"].startswith(".") else f".{match['path']}"
        return f"`{query}` is a path of JSONPath, not of jq", f"Write `{path}`."
    match = _DOTLESS.fullmatch(query)
    if match and not (match["head"] in _GIVEN and not match["rest"]):
        return f"`{query}` is no path of jq, which begins with a dot", f"Write `.{query}`."
    return _open(query)


def _open(query: str) -> tuple[str, str] | None:
    """The bracket or the quote that has no partner."""
    bare = _TEXT.sub("", query)
    if '"' in bare:
        return f"a text in `{query}` does not end", 'Close it with `"`.'
    opened: list[str] = []
    for sign in bare:
        if sign in _PAIRS.values():
            opened.append(sign)
        elif sign in _PAIRS and (not opened or opened.pop() != _PAIRS[sign]):
            return f"nothing opens the `{sign}` in `{query}`", "Remove it, or open it."
    if opened:
        end = next(end for end, start in _PAIRS.items() if start == opened[-1])
        return f"nothing closes the `{opened[-1]}` in `{query}`", f"Close it with `{end}`."
    return None


RULE = Rule(
    code="IOT355",
    summary="A value of `partition_by` is no expression of jq.",
    why=(
        "Firehose gives the expression to jq 1.6 for each record. One that jq cannot read, such as a name "
        "without a dot, which is a function that jq does not have, is noticed during the apply or at the "
        "first record, and all records go to the errors."
    ),
    fix="Begin a path with a dot: `.device_id`, `.at[0:4]`.",
    source="https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html",
    check=check,
)
