"""The file that a handler names is not in the function's zip."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.runtimes import NODE, OWN, PYTHON
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.spec.nearest import nearest
from iotgen.usage.available import LayerModules


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
    """Find each handler whose file is in none of the zip's folders."""
    for function in pipeline.all(Function):
        files = _files(function, sources) if function.source else None
        if files is None or not function.handler or not pipeline.settled(function.setting("handler")):
            continue
        possible = _possible(function)
        if possible and files.isdisjoint(possible) and not _is_of_a_layer(function, files, sources):
            message = f"`{function.source}` has no `{possible[0]}`, which `handler: {function.handler}` names"
            yield Finding(function.setting("handler"), message, _hint(function, possible[0], files))


def _possible(function: Function) -> tuple[str, ...]:
    """The files that may hold the handler; none in a language of which that is not known.

    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html,
    https://docs.aws.amazon.com/lambda/latest/dg/ruby-handler.html,
    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-provided.html
    """
    if function.language == PYTHON:
        module = function.entry.rpartition(".")[0].replace(".", "/")
        return (f"{module}.py", f"{module}/__init__.py")
    folder, slash, name = function.handler.rpartition("/")
    file = (folder + slash).removeprefix("./") + name.partition(".")[0]
    if function.language == NODE:
        return tuple(f"{file}{ending}" for ending in (".js", ".mjs", ".cjs", ""))
    if function.language == "ruby":
        return (f"{file}.rb",)
    # A layer may bring the program of a runtime of one's own.
    return ("bootstrap",) if function.language == OWN and not function.layers else ()


def _is_of_a_layer(function: Function, files: set[str], sources: Sources) -> bool:
    """Whether the handler is that of a library, such as a wrapper, which a layer of the function brings.

    https://docs.datadoghq.com/serverless/aws_lambda/installation/python/
    """
    if function.language == NODE:
        return bool(function.layers) and function.handler.startswith("/opt/")
    if function.language != PYTHON:
        return False
    top = function.entry.partition(".")[0]
    own = {file.partition("/")[0].removesuffix(".py") for file in files}
    return (
        top not in own and not nearest(top, sorted(own)) and LayerModules(function, sources).have(top) is True
    )


def _hint(function: Function, file: str, files: set[str]) -> str:
    typed = f"{file.removesuffix('.js')}.ts"
    if function.language == NODE and typed in files:
        return (
            f"Compile `{typed}`, and set `source` to the folder with the result: Lambda runs no TypeScript."
        )
    if function.language == OWN:
        return "Build the program under that name for Linux, into that folder."
    word = "MODULE" if function.language == PYTHON else "FILE"
    return f"Add the file, or set `handler` to `{word}.FUNCTION`."


RULE = Rule(
    code="IOT302",
    summary="The file that a handler names is not in the function's zip.",
    why=(
        "Lambda splits `handler` at a dot into a file and a function, and loads the file from the function's "
        "zip. When it is not there, every call ends with `Runtime.ImportModuleError`."
    ),
    fix="Add the file, or set `handler` to `FILE.FUNCTION`.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html",
    check=check,
)
