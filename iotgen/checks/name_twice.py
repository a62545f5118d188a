"""Two resources would have the same name."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from iotgen.checks.former_key import taken
from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path

_NOUNS = {kind.section: kind.noun for kind in KINDS if kind.referred}


class _Use(NamedTuple):
    """The use of a name in a space: where, and whether that is a setting with the name."""

    space: str
    name: str
    path: Path
    given: bool = False

    @property
    def origin(self) -> str:
        """What has the name, in words: the resource, or an entry of its `access`."""
        section, *rest = self.path
        if section in _NOUNS and rest and "access" not in rest:
            return f"the {_NOUNS[str(section)]} `{rest[0]}`"
        return f"`{self.path[-2] if self.given else self.path[-1]}`"


def _uses(pipeline: Pipeline) -> Iterator[_Use]:
    """The name of each resource that may clash although its key differs."""
    for kind in KINDS:
        counted = taken(kind.of(pipeline))
        for resource in kind.of(pipeline):
            if any(counted[former] > 1 for former in resource.former):
                continue  # `former_key` reports it
            for name in kind.names(resource):
                # A name that the spec gives is the resource's own, and not those that its key makes.
                own = bool(resource.given) and name.text == resource.name and not name.path
                path = resource.named_at if own else name.path or resource.path
                yield _Use(name.space, name.compared or name.text, path, own or name.given)
    for function in pipeline.all(Function):
        for grant in function.grants:
            path = grant.path
            # A statement's id is in capitals instead of dashes, and a digit has no capital.
            key = "".join(word.capitalize() for word in grant.key.split("-"))
            for verb in grant.verb if isinstance(grant.verb, Mapping) else (grant.verb,):
                yield _Use(
                    f"statement of the role of `{function.key}`", f"{verb} {grant.section} {key}", path
                )


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each second use of a name; one at each place, since a function and its role have the same."""
    seen: dict[tuple[str, str], _Use] = {}
    reported: set[Path] = set()
    for use in _uses(pipeline):
        first = seen.setdefault((use.space, use.name), use)
        if first.path != use.path and use.path not in reported:
            reported.add(use.path)
            message = (
                f"this makes a second {use.space} named `{use.name}`; the first comes from {first.origin}"
            )
            hint = "Choose another name." if use.given else "Choose another key."
            yield Finding(use.path, message, hint, at_key=not use.given)


RULE = Rule(
    code="IOT311",
    summary="Two resources would have the same name.",
    why=(
        "Names are unique within a kind of resource; iotgen derives some of them, such as `<key>-dlq` for a "
        "dead-letter queue. AWS refuses the second resource of a name, or, as with alarms, lets it "
        "overwrite the first."
    ),
    fix="Choose another key or name for one of them.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html",
    check=check,
)
