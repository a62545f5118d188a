"""A dimension of a count of log lines is no field of what its pattern matches."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.metrics import LogMetric
from iotgen.model.log_pattern import fault
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

# The name of a field of a pattern in brackets, before what it is compared with.
_FIELD = re.compile(r"\s*([A-Za-z_]\w*)")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find dimensions of patterns that have no fields, and those that are none of the pattern's."""
    for metric in pipeline.all(LogMetric):
        pattern = metric.log.pattern.strip()
        if not metric.log.dimensions or fault(pattern):
            continue
        if pattern[0] not in "{[":
            message = f"the pattern of `{metric.key}` matches terms, which have no fields for dimensions"
            hint = 'Write a pattern of JSON, such as `{ $.event = "*" }`, or of fields, such as `[ip, user]`.'
            yield Finding((*metric.path, "dimensions"), message, hint)
            continue
        for name, field in metric.log.dimensions.items():
            if found := _of_json(field) if pattern[0] == "{" else _of_fields(field, pattern):
                yield Finding((*metric.path, "dimensions", name), *found)


def _of_json(field: str) -> tuple[str, str] | None:
    if field.startswith(("$.", "$[")):
        return None
    return (
        f"the pattern is of JSON, whose fields begin with `$.`, and not `{field}`",
        f"Write `$.{field[1:]}`.",
    )


def _of_fields(field: str, pattern: str) -> tuple[str, str] | None:
    found = (_FIELD.match(part) for part in re.split(r"[,\[]", pattern)[1:])
    names = list(dict.fromkeys(match[1] for match in found if match))
    if field[1:] in names:
        return None
    known = ", ".join(f"`${name}`" for name in names)
    return f"the pattern names no field `{field}`", f"Name it in the pattern, or use one of {known}."


RULE = Rule(
    code="IOT456",
    summary="A dimension of a count of log lines is no field of what its pattern matches.",
    why=(
        "CloudWatch Logs takes the value of a dimension from a field of the line, and reads fields only of "
        "lines that a pattern of JSON or of fields in brackets matches. It refuses dimensions beside terms "
        "at the end of an apply."
    ),
    fix="Write `$.field` for JSON, and `$field` for a field that the pattern names in brackets.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html",
    check=check,
)
