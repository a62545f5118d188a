"""A path has a variable twice, or another name for the variable of an earlier path."""

from collections import Counter
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each path with a variable twice, and each with another name for the variable of an earlier one."""
    first: dict[str, tuple[str, str]] = {}
    for endpoint in {one.route: one for one in endpoints_of(pipeline)}.values():
        parts = endpoint.route.split("/")
        counts = Counter(part for part in parts if part.startswith("{"))
        for variable in (part for part, count in counts.items() if count > 1):
            message = (
                f"`/{endpoint.route}` has `{variable}` twice, but the function receives one value per name"
            )
            yield Finding(endpoint.path[:2], message, "Give each variable a name of its own.", at_key=True)
        for depth, part in enumerate(parts):
            above = "/".join(parts[:depth])
            if not part.startswith("{"):
                continue
            known, route = first.setdefault(above, (part, endpoint.route))
            if known != part:
                message = (
                    f"`{part}` and `{known}` of `/{route}` are at the same position: "
                    "API Gateway allows one name there"
                )
                yield Finding(endpoint.path[:2], message, f"Write `{known}` here as well.", at_key=True)
                break


RULE = Rule(
    code="IOT347",
    summary="A path has a variable twice, or another name for the variable of an earlier path.",
    why=(
        "API Gateway allows one path variable at each position, and refuses a second one with another name "
        "in the middle of an apply. If a path has the same variable twice, the function receives only one "
        "value."
    ),
    fix="Give each variable of a path a name of its own, and the same name to those at the same position.",
    source="https://github.com/amazon-archives/aws-apigateway-importer/issues/202",
    check=check,
)
