"""Who else may use a queue, a bus, a topic, a bucket or the API: other accounts, roles and services.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-least-privilege-policy.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.context import Context
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Expression, joined
from iotgen.problem import Path

# The parts of an ARN: arn, partition, service, region, account, resource.
_ACCOUNT = 4


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A user outside of the spec; of a service, what it sends for, and the account that this belongs to.

    `kind` is that of the principal: AWS or Service. `owner` is None where the `sources` name their accounts.
    `organization` is that of whose accounts any may send.
    `verbs` are what it may do with a queue or a topic, and `actions` the same in IAM's words.
    """

    sid: str
    who: str
    kind: str
    principal: str | Expression
    sources: tuple[str | Expression, ...]
    written: tuple[str, ...]
    owner: str | Expression | None
    verbs: tuple[str, ...]
    actions: tuple[str, ...]
    path: Path
    organization: str | None = None

    @property
    def gives(self) -> bool:
        """Whether messages come from it."""
        return not self.takes or len(self.verbs) > 1

    @property
    def takes(self) -> bool:
        """Whether messages go to it."""
        return not _TAKING.isdisjoint(self.verbs)


# The verbs of those that messages go to.
_TAKING = frozenset({"receive", "subscribe"})
# The IAM actions of each verb.
Verbs = Mapping[str, tuple[str, ...]]


def accepted(context: Context, section: str, key: str, verbs: Verbs) -> tuple[Accepted, ...]:
    """Those that the spec lists for a queue, a bus, a topic or a bucket; the first of `verbs` is usual."""
    return accepted_at(context, context.data[section][key].get("accept", ()), verbs, (section, key, "accept"))


def accepted_at(
    context: Context, written: Sequence[Mapping[str, Any]], verbs: Verbs, path: Path
) -> tuple[Accepted, ...]:
    """Those of a list at `path`."""
    return tuple(_one(context, one, verbs, (*path, index)) for index, one in enumerate(written))


def _one(context: Context, written: Mapping[str, Any], verbs: Verbs, path: Path) -> Accepted:
    sources = _listed(written.get("source", ()))
    # Of a bucket, a bus or the API, its own room has the statements.
    may = _listed(written.get("access", next(iter(verbs)))) if verbs else ()
    named = next(word for word in ("service", "role", "account", "organization") if word in written)
    who = written[named] if named in ("service", "role") else f"{named} {written[named]}"
    return Accepted(
        sid=f"Accept{int(path[-1]) + 1}",
        who=who,
        kind="Service" if "service" in written else "AWS",
        principal=_principal(context, written),
        sources=tuple(map(context.with_account, sources)),
        written=sources,
        owner=_owner(written, sources) if "service" in written else None,
        verbs=may,
        actions=tuple(action for verb in may for action in verbs[verb]),
        path=path,
        organization=written.get("organization"),
    )


def _principal(context: Context, written: Mapping[str, Any]) -> str | Expression:
    if "service" in written:
        return str(written["service"])
    if "role" in written:
        return context.with_account(written["role"])
    if "organization" in written:
        return "*"
    return joined("arn:", PARTITION, f":iam::{written['account']}:root")


def _owner(written: Mapping[str, Any], sources: Sequence[str]) -> str | Expression | None:
    """The ARN of a bucket names no account: who deletes it leaves its name to others.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
    """
    if "account" in written:
        return str(written["account"])
    nameless = any(not source.split(":")[_ACCOUNT] for source in sources)
    return ACCOUNT if nameless else None


def _listed(written: str | Sequence[str]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)


_SENDER = Style(name="sender", hue=None, icon="M4 12h12M12 7l5 5-5 5M20 4v16", shape=("([", "])"))


def users_drawing(path: Path, users: Sequence[Accepted]) -> Iterator[Node | Edge]:
    """Those who send to a resource, and those who receive of it."""
    for one in users:
        noun = "sender" if one.gives else "receiver"
        yield Node(id=one.path, noun=noun, title=one.who, note="outside of the spec", style=_SENDER)
        if one.gives:
            yield Edge(tail=one.path, head=path, text="", accent=one.path, relation=Relation.NOTICE)
        if one.takes:
            yield Edge(tail=path, head=one.path, text="", accent=path, relation=Relation.NOTICE)
