"""A module that a handler imports is not valid Python."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.usage.modules import read_code


def _place(function: Function, folder: str) -> Path:
    if folder == function.source:
        return function.setting("source")
    return (*function.setting("include"), function.include.index(folder))


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each module that a handler imports and that cannot be loaded; a shared one once."""
    reported: set[str] = set()
    for function in pipeline.all(Function):
        code = read_code(function, sources)
        for fault in code.unparsed if code else ():
            if fault.file in reported:
                continue
            reported.add(fault.file)
            file = f"{fault.file}:{fault.error.line}" if fault.error.line else fault.file
            message = f"{file}: not valid Python: {fault.error.message}"
            hint = f"Correct that line: `{function.key}` cannot be loaded."
            yield Finding(_place(function, fault.folder), message, hint)


RULE = Rule(
    code="IOT304",
    summary="A module that a handler imports is not valid Python.",
    why=(
        "Lambda imports the handler's module when it starts an execution environment. A syntax error in it, "
        "or in a module that it imports, ends every call with `Runtime.UserCodeSyntaxError`; Terraform does "
        "not notice."
    ),
    fix="Correct that line.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html",
    check=check,
)
