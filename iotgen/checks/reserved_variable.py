"""An environment variable has a name that Lambda reserves."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each variable with a reserved name."""
    for function in pipeline.all(Function):
        own = {grant.alias: (*grant.path, "as") for grant in function.grants if grant.alias}
        for name in function.environment:
            if name in RESERVED:
                message = f"`{name}` is reserved: Lambda sets it itself"
                path = own.get(name, function.variable(name))
                yield Finding(path, message, "Choose another name.", at_key=name not in own)


RULE = Rule(
    code="IOT320",
    summary="An environment variable has a name that Lambda reserves.",
    why=(
        "Lambda sets these variables itself, such as `AWS_REGION` and `_HANDLER`. It refuses a function "
        "whose configuration sets one of them."
    ),
    fix="Choose another name.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check=check,
)
