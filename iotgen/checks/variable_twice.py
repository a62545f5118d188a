"""Two resources of a function's access have the same environment variable."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.access import Grant
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each second resource with a variable of a function."""
    for function in pipeline.all(Function):
        first: dict[str, Grant] = {}
        # Those that are named by the spec are at fault.
        for grant in sorted(function.grants, key=lambda one: bool(one.alias)):
            other = first.setdefault(grant.variable, grant)
            if other is not grant:
                path = grant.path
                message = (
                    f"`{grant.variable}` would hold both the {other.access.noun} `{other.key}` and "
                    f"the {grant.access.noun} `{grant.key}`"
                )
                yield Finding(
                    (*path, "as") if grant.alias else path, message, "Choose another name for one of them."
                )


RULE = Rule(
    code="IOT419",
    summary="Two resources of a function's access have the same environment variable.",
    why=(
        "The handler finds each resource by a variable: `TABLE_<KEY>`, for example, or the name that `as` "
        "gives it. A function has one value for each name, so it would find only one of the two."
    ),
    fix="Give one of them another name by `as`.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check=check,
)
