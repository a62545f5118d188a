"""What an ARN in a policy names, in the spec's words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iotgen.kinds import KINDS
from iotgen.kinds.functions import FUNCTIONS
from iotgen.model.dead_letters import holder_labels
from iotgen.review.owner import Owner, Owners
from iotgen.terraform.plan import Change

_TYPES = frozenset(kind.address for kind in KINDS)
# The attributes that hold a resource's own name, of all kinds.
_NAMES = ("name", "bucket", "function_name")


@dataclass(frozen=True)
class Target:
    """The resource of the spec that an ARN names, with a `part` of it: objects, or its dead-letter queue."""

    owner: Owner
    part: str = ""

    def words(self, subject: Owner) -> str:
        """It, as somebody's own or by its noun and key."""
        own = self.owner == subject
        if self.part.startswith("the "):
            return f"its {self.part[4:]}" if own else f"{self.part} of {self.owner.key}"
        return f"{self.owner.title}{self.part}"


class Targets:
    """The targets of ARNs: of what is deployed by ARN, and of what a plan creates by name."""

    def __init__(self, owners: Owners, changes: Iterable[Change]) -> None:
        self._owners = owners
        self._addresses: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            if change.type in _TYPES:
                for name in _own_names(change):
                    self._addresses[name].append(change)

    def of(self, arn: str) -> Target | None:
        """The target of an ARN, None if it names nothing of the spec."""
        service = [*arn.split(":"), "", ""][2]
        for name, rest in _named(arn):
            found = [change for change in self._addresses.get(name, ()) if _serves(change, service)]
            if found:
                return self._target(found[0], service, rest)
        return None

    def _target(self, change: Change, service: str, rest: str) -> Target:
        owner = self._owners.of(change.address)
        if service == "logs":
            return Target(owner, "the log group")
        if any(owner.key == holder.replace("_", "-") for holder in holder_labels(change.label)):
            return Target(owner, "the dead-letter queue")
        return Target(owner, f", objects {rest}" if rest else "")


def _own_names(change: Change) -> Iterator[str]:
    for attributes in (change.before, change.after):
        if attributes:
            yield from {str(attributes[name]) for name in ("arn", *_NAMES) if attributes.get(name)}


def _named(arn: str) -> Iterator[tuple[str, str]]:
    """What may be the name in an ARN, and what follows it."""
    yield arn, ""
    rest = arn.split(":", 5)[-1].removesuffix(":*")
    if rest.startswith("function:"):  # a version or an alias of it may follow
        yield rest.split(":")[1], ""
    head, slash, tail = rest.partition("/")
    yield rest, ""
    if arn.startswith("arn:") and ":s3:" in arn:
        yield head, tail
    elif slash:
        yield tail, ""
        yield f"/{tail}", ""
        yield rest.rpartition("/")[2], ""
    yield rest.rpartition(":")[2], ""


def _serves(change: Change, service: str) -> bool:
    """Whether a resource may be what an ARN of a service names: a queue and a topic may have one name."""
    if service == "logs":
        return change.type == FUNCTIONS.address
    kind = next(kind for kind in KINDS if kind.address == change.type)
    if kind.access:
        # boto3 calls Step Functions otherwise than ARNs do.
        return service in (kind.access.service, kind.existing.service if kind.existing else "")
    return change.type.startswith(f"aws_{service}_")
