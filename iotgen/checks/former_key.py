"""A resource is renamed from a key that another one has, or has had."""

from collections import Counter
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.model.expression import Label
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def taken(resources: tuple[Resource, ...]) -> Counter[Label]:
    """How many resources of a kind have, or had, each label."""
    return Counter(label for one in resources for label in {one.label, *one.former})


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each former key that has another owner."""
    for kind in KINDS:
        resources = kind.of(pipeline)
        counted = taken(resources)
        for resource in resources:
            for index, former in enumerate(resource.former):
                if counted[former] > 1 or (former == resource.label and not _again(resource, index)):
                    key = former.replace("_", "-")
                    message = (
                        f"the {kind.noun} `{resource.key}` cannot be renamed from `{key}`, "
                        f"which is the key of {_owner(former, resource, resources, kind.noun)}"
                    )
                    hint = f"Remove `{key}` from `renamed_from`, or remove the other {kind.noun}."
                    yield Finding((*resource.path, "renamed_from", index), message, hint)


def _again(resource: Resource, index: int) -> bool:
    """Whether a resource has its first key again, which still makes its name."""
    return index == 0 and len(resource.former) > 1


def _owner(former: Label, renamed: Resource, resources: tuple[Resource, ...], noun: str) -> str:
    for other in resources:
        if other.label == former:
            return "itself" if other is renamed else f"a {noun} in this spec"
    others = (f"`{other.key}`" for other in resources if other is not renamed and former in other.former)
    return f"the earlier {noun} that {next(others)} is renamed from"


RULE = Rule(
    code="IOT319",
    summary="A resource is renamed from a key that another one has, or has had.",
    why=(
        "`renamed_from` moves what is deployed under an earlier key to the key of today. Terraform moves one "
        "resource to one address, and refuses to plan when the earlier one is still declared, or goes to two."
    ),
    fix="Name each earlier key once, and only where no resource has it any more.",
    source="https://developer.hashicorp.com/terraform/language/moved",
    check=check,
)
