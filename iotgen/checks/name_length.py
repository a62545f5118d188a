"""A name, with its suffix, is longer or shorter than AWS allows."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each name that is too long or too short; one for each resource."""
    reported: set[Path] = set()
    named = [(one, name) for kind in KINDS for one in kind.of(pipeline) for name in kind.names(one)]
    for resource, name in named:
        length = len(name.text)
        if name.least <= length <= name.most or resource.path in reported:
            continue
        reported.add(resource.path)
        bound = f"at most {name.most}" if length > name.most else f"at least {name.least}"
        message = (
            f"`{name.text}` has {length} characters; "
            f"the name of {name.what} takes {bound}, including its suffix"
        )
        given = name.given or bool(resource.given)
        hint = "Choose another name." if given else "Choose another key."
        place = name.path if name.given else resource.named_at
        yield Finding(place, message, hint, at_key=not given)


RULE = Rule(
    code="IOT310",
    summary="A name, with its suffix, is longer or shorter than AWS allows.",
    why=(
        "AWS limits names: to 64 characters for a function, 80 for a queue, 63 for a bucket, 128 for a "
        "policy. The suffix is part of the name, as are a bucket's account and region, so that a key that "
        "is short by itself can make a name that is too long. AWS refuses it when the resource is created."
    ),
    fix="Choose another key or name, or another suffix.",
    source="https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
    check=check,
)
