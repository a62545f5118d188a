"""The module that a handler names is not in the function's zip."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def _files(function: Function, sources: Sources) -> set[str] | None:
    """The files of the function's zip; None if its source folder does not exist."""
    own = sources.folders.get(function.source)
    if own is None:
        return None
    included = {
        f"{folder.rstrip('/').rpartition('/')[2]}/{file}"
        for folder in function.include
        for file in sources.folders.get(folder) or ()
    }
    return {*own, *included}


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each handler whose module is in none of the zip's folders."""
    for function in pipeline.all(Function):
        files = _files(function, sources)
        if files is None or not pipeline.settled((*function.path, "handler")):
            continue
        module = function.handler.rpartition(".")[0].replace(".", "/")
        if f"{module}.py" not in files and f"{module}/__init__.py" not in files:
            message = f"`{function.source}` has no `{module}.py`, which `handler: {function.handler}` names"
            hint = "Add the file, or set `handler` to `MODULE.FUNCTION`."
            yield Finding((*function.path, "handler"), message, hint)


RULE = Rule(
    code="IOT302",
    summary="The module that a handler names is not in the function's zip.",
    why=(
        "Lambda splits `handler` at its last dot into a module and a function, and imports the module from "
        "the function's zip. When it is not there, every call ends with `Runtime.ImportModuleError`."
    ),
    fix="Add the module, or set `handler` to `MODULE.FUNCTION`.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html",
    check=check,
)
