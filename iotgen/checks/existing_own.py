"""A resource that the spec makes is named as one that exists already."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.model.dead_letters import Holder
from iotgen.model.kind import Name
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.model.sources import Sources
from iotgen.problem import Finding

# The names of a section are in the space that is called like its resources, but for those of keys.
_SPACES = {"key": "alias"}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each name in `existing` that a resource of the spec has."""
    outside = [one for one in pipeline.all(Outside) if not one.account]
    made = dict(_made(pipeline)) if outside else {}
    for one in outside:
        found = made.get((_SPACES.get(one.noun, one.noun), one.name))
        if found:
            owner, name = found
            message = f"the spec makes `{one.name}` itself: it is {name.what}, of `{owner.key}`"
            yield Finding((*one.path, "existing"), message, _hint(owner, name))


def _made(pipeline: Pipeline) -> Iterator[tuple[tuple[str, str], tuple[Resource, Name]]]:
    """The names that the spec makes, by their space, with whose they are."""
    for kind in KINDS:
        for resource in kind.of(pipeline):
            for name in kind.names(resource):
                yield (name.space, name.text), (resource, name)


def _hint(owner: Resource, name: Name) -> str:
    if isinstance(owner, Holder) and name.text == owner.dead_letter_name:
        if owner.path[0] == "queues":
            return (
                f"Write `dead_letters: {owner.key}` in `triggers`, or `receive_rejected` of `{owner.key}` "
                "and the like in `access`."
            )
        return f"Write the `async` of `{owner.key}`: `on_failure` sends what fails to a queue of the spec."
    return f"Refer to it by its key, `{owner.key}`."


RULE = Rule(
    code="IOT414",
    summary="A resource that the spec makes is named as one that exists already.",
    why=(
        "What `existing` names has to be there before the first apply, and is neither made, changed nor "
        "waited for. A resource of the spec is not there then, so that apply fails; later the resource has "
        "two keys, and permissions, alarms and the order of the apply follow one of them only."
    ),
    fix="Refer to the resource by its own key.",
    source="https://developer.hashicorp.com/terraform/language/data-sources",
    check=check,
)
