"""A handler is missing, or has not the form that its runtime takes."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

# The form of a handler, by the language: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
# and the pages on the handlers of each, such as https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.
_FORMS = {
    "python": ("MODULE.FUNCTION", "handler.handler"),
    "nodejs": ("FILE.FUNCTION", "index.handler"),
    "ruby": ("FILE.FUNCTION", "lambda_function.lambda_handler"),
    "java": ("PACKAGE.CLASS::METHOD", "com.example.Handler::handleRequest"),
    "dotnet": ("ASSEMBLY::NAMESPACE.CLASS::METHOD", "Readings::Readings.Function::Handle"),
}
# In these, a dot parts the file from the function.
_DOTTED = ("python", "nodejs", "ruby")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function without a handler, and each handler in another form."""
    for function in pipeline.all(Function):
        if function.image or function.language not in _FORMS or not pipeline.settled(function.path):
            continue
        form, example = _FORMS[function.language]
        if not function.handler:
            message = f"`{function.key}` needs `handler`: {function.runtime} has no default"
            yield Finding(function.path, message, f"Write it as {form}: `handler: {example}`.", at_key=True)
        elif function.language in _DOTTED and not _is_dotted(function.handler):
            message = f"`handler` cannot be `{function.handler}`: {function.runtime} takes {form}"
            yield Finding(function.setting("handler"), message, f"Write it as in `handler: {example}`.")


def _is_dotted(handler: str) -> bool:
    file, _, called = handler.rpartition("/")[2].partition(".")
    return bool(file and called) and not called.endswith(".")


RULE = Rule(
    code="IOT446",
    summary="A handler is missing, or has not the form that its runtime takes.",
    why=(
        "Lambda needs a handler with every runtime, and finds the function by its form: a file or a class, "
        "and a function in it. AWS refuses a function without one, and one with a handler of another form "
        "fails at every call."
    ),
    fix="Write the handler in the form of the runtime's language.",
    source="https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
    check=check,
)
