"""A text has a reference such as `${...}` that nothing resolves."""

import json
import re
from collections.abc import Iterator
from typing import Any

from iotgen.checks.rule import Rule
from iotgen.checks.undeclared_access import as_access, possible_variables
from iotgen.kinds import KINDS
from iotgen.kinds.functions import Function
from iotgen.kinds.parameters import Parameter
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity

_HOLE = re.compile(r"\$\{([^{}]*)\}")
# The references of Terraform, CloudFormation and the Serverless Framework, and the sections of a spec.
_REFERENCE = re.compile(
    r"(AWS::|(self|env|opt|param|ssm|cf|file|sls|aws):|(var|local|data|module|each|path|aws_\w+)\."
    rf"|({'|'.join(kind.section for kind in KINDS if kind.referred)})\.)"
)
# What names of resources and other texts of a spec take.
_PLACEHOLDER = re.compile(r"\{(suffix|account|region|pipeline)\}")
_SECTIONS = {kind.address: kind.section for kind in KINDS}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each variable with `${...}` or a placeholder in it, and each reference in a parameter's value."""
    reported: set[Path] = set()
    for function in pipeline.all(Function):
        for name, value in function.environment.items():
            path = function.variable(name)
            if not isinstance(value, str) or path in reported:
                continue
            if match := _HOLE.search(value) or _PLACEHOLDER.search(value):
                reported.add(path)
                yield _finding(path, match, _hint(match, value, pipeline))
    for parameter in pipeline.all(Parameter):
        for path, text in _texts(_content(parameter.value or ""), (*parameter.path, parameter.setting)):
            match = _HOLE.search(text)
            if match and _REFERENCE.match(match[1]):
                yield _finding(path, match, _instead(match[1], pipeline))


def _finding(path: Path, match: re.Match[str], hint: str) -> Finding:
    why = "iotgen does not interpolate" if match[0][0] == "$" else "it is not filled in here"
    return Finding(path, f"`{match[0]}` is passed on verbatim: {why}", hint)


def _hint(match: re.Match[str], value: str, pipeline: Pipeline) -> str:
    if match[0][0] == "$" or value == "{region}":
        return _instead(match[1], pipeline)
    return f"Write `{{value: {json.dumps(value, ensure_ascii=False)}}}`, where it is filled in."


def _instead(reference: str, pipeline: Pipeline) -> str:
    kind, _, rest = reference.partition(".")
    named = (_SECTIONS.get(kind, kind), rest.partition(".")[0].replace("_", "-"))
    for variable, grant in possible_variables(pipeline).items():
        if (grant.section, grant.key) == named:
            access = as_access(grant)
            return f"Add `{access}` to the function's `access`, and read the variable `{variable}` instead."
    if reference in ("region", "AWS::Region", "aws:region", "data.aws_region.current.name"):
        return "Read the variable `AWS_REGION` instead, which Lambda sets."
    return "Write the value itself; set values that differ by environment under `environments`."


def _content(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
    elif isinstance(value, str):
        yield path, value


RULE = Rule(
    code="IOT317",
    severity=Severity.WARNING,
    summary="A text has a reference such as `${...}` that nothing resolves.",
    why=(
        "Terraform, CloudFormation and the Serverless Framework replace such references. iotgen escapes "
        "them, so that a value gets to AWS exactly as it is written: the function would read the reference, "
        "not what it stands for."
    ),
    fix=(
        "Declare the access, and read the variable that it sets; or write the value itself, or "
        "`{value: TEXT}`, where `{suffix}` and the like are filled in."
    ),
    ignore="The function's own code resolves the reference.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check=check,
)
