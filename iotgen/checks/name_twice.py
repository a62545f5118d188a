"""Two resources would have the same name."""

from collections.abc import Iterator, Mapping

from iotgen.checks.former_key import taken
from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path

_ROLE = ("role", "name")
_NOUNS = {kind.section: kind.noun for kind in KINDS if kind.referred}


def _named(pipeline: Pipeline) -> Iterator[tuple[str, str, Path, str]]:
    """Kind, name, path and noun of each resource whose name may clash although its key differs."""
    for kind in KINDS:
        counted = taken(kind.of(pipeline))
        for resource in kind.of(pipeline):
            if any(counted[former] > 1 for former in resource.former):
                continue  # `former_key` reports it
            for name in kind.names(resource):
                # A name that the spec gives is the resource's own, and not those that its key makes.
                given = resource.given and name.text == resource.name
                path = resource.named_at if given else name.path or resource.path
                # A function's role has the function's name, unless the spec gives it another.
                noun = "role" if path[-2:] == _ROLE else name.space
                yield name.space, name.compared or name.text, path, noun
    for function in pipeline.all(Function):
        for grant in function.grants:
            path = grant.path
            # A statement's id is in capitals instead of dashes, and a digit has no capital.
            key = "".join(word.capitalize() for word in grant.key.split("-"))
            for verb in grant.verb if isinstance(grant.verb, Mapping) else (grant.verb,):
                kind_of = f"statement of the role of `{function.key}`"
                yield kind_of, f"{verb} {grant.section} {key}", path, kind_of


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each second use of a name."""
    seen: dict[tuple[str, str], Path] = {}
    for kind, name, path, noun in _named(pipeline):
        first = seen.setdefault((kind, name), path)
        if first != path:
            message = f"this makes a second {noun} named `{name}`; the first comes from {_origin(first)}"
            given = path[-1] == "name"
            hint = "Choose another name." if given else "Choose another key."
            yield Finding(path, message, hint, at_key=not given)


def _origin(path: Path) -> str:
    """What makes a name, in words: the resource, or an entry of its `access`."""
    section, *rest = path
    if section in _NOUNS and rest and "access" not in rest:
        return f"the {_NOUNS[str(section)]} `{rest[0]}`"
    return f"`{path[-2] if path[-1] == 'name' else path[-1]}`"


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
