"""All that is said of one resource, gathered from the spec, the model and what is rendered."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from iotgen.kinds import KINDS
from iotgen.kinds.functions import Function
from iotgen.kinds.roles import Permitted, Role, permitted
from iotgen.kinds.workflows import Workflow
from iotgen.model.access import Grant
from iotgen.model.alarm import Alarm
from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.dead_letters import Holder
from iotgen.model.drawing import Edge, Group, Node, Relation
from iotgen.model.expression import Expression, Joined, Reference
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Path
from iotgen.show.conditions import condition
from iotgen.show.description import Description, Named, Need, Neighbour, Permission, Setting, Watch
from iotgen.show.overrides import overrides_of
from iotgen.show.settings import settings_of
from iotgen.show.spec import Spec
from iotgen.show.subject import Subject

Chosen = Callable[[Permitted, Grant], bool]

# How the spec writes them, or what nearly all have.
_PLAIN: Mapping[str | Reference, str] = {ACCOUNT: "{account}", PARTITION: "aws"}
_OTHERS = (Relation.CALL, Relation.NOTICE, Relation.USE)


def describe(subject: Subject, spec: Spec, pipeline: Pipeline, owners: Mapping[str, Path]) -> Description:
    """A resource of a pipeline; `owners` has the path of what each Terraform address is rendered for."""
    addresses = tuple(_addresses(subject, owners))
    grants = tuple(_grants(pipeline))
    return Description(
        noun=subject.noun,
        key=subject.key,
        environment=pipeline.suffix,
        file=spec.document.file,
        line=spec.document.place(subject.path, key=True).line,
        settings=tuple(_settings(subject, spec)),
        names=tuple(_names(subject)),
        called_by=tuple(_neighbours(subject, spec, pipeline, incoming=True)),
        reaches=tuple(_neighbours(subject, spec, pipeline, incoming=False)),
        permissions=(
            *_permissions(spec, grants, lambda granted, _: granted is subject.resource),
            *_allowed(subject, spec),
        ),
        needs=tuple(_needs(subject)),
        used_by=tuple(
            _permissions(spec, grants, lambda _, grant: (grant.section, grant.key) == subject.path)
        ),
        dead_letter_queue=_dead_letter_queue(subject),
        alarms=tuple(_alarms(subject, pipeline)),
        addresses=addresses,
        overrides=tuple(overrides_of(spec, addresses)),
    )


def _settings(subject: Subject, spec: Spec) -> Iterator[Setting]:
    if subject.is_alarm and subject.path[0] != subject.kind.section:
        return  # an alarm on every resource of a kind has no settings of its own
    derived = {one.path: one for one in subject.kind.derived(subject.resource)}
    yield from settings_of(spec, subject.path, derived)


def _names(subject: Subject) -> Iterator[Named]:
    """The resource's own name, as far as it is known before an apply, and those of what belongs to it."""
    # Without its article.
    names = [(name.what.partition(" ")[2], name) for name in subject.kind.names(subject.resource)]
    others = [name.text for what, name in names if what != subject.kind.noun]
    if subject.whole and (len(others) < len(names) or subject.resource.name not in others):
        yield Named(subject.noun, subject.resource.name)
    for what, name in names:
        part = _belongs(name.path, subject) if name.path else subject.whole
        if part and what != subject.kind.noun:
            yield Named(what, name.text)


def _neighbours(subject: Subject, spec: Spec, pipeline: Pipeline, *, incoming: bool) -> Iterator[Neighbour]:
    """Who calls, notifies or uses a resource, or the other way round; permissions are told apart."""
    parts = [part for kind in KINDS for part in kind.drawing(kind.of(pipeline), pipeline)]
    known = {part.id: part for part in parts if isinstance(part, Node | Group)}
    for edge in parts:
        if not isinstance(edge, Edge) or edge.relation not in _OTHERS:
            continue
        own, other = (edge.head, edge.tail) if incoming else (edge.tail, edge.head)
        if own == subject.path and not subject.is_alarm:
            yield _neighbour(known[other], edge, spec)


def _neighbour(other: Node | Group, edge: Edge, spec: Spec) -> Neighbour:
    line = spec.document.place(other.id, key=True).line if spec.has(other.id) else None
    return Neighbour(other.noun, other.title, edge.text, line)


def _grants(pipeline: Pipeline) -> Iterator[tuple[Permitted, Grant]]:
    for holder in permitted(pipeline):
        for grant in holder.grants:
            yield holder, grant


def _permissions(
    spec: Spec, grants: Iterable[tuple[Permitted, Grant]], chosen: Chosen
) -> Iterator[Permission]:
    for holder, grant in grants:
        if chosen(holder, grant):
            actions = {action for verb in grant.verbs for action in grant.access.verbs[verb].actions}
            line = spec.document.place(grant.path or (*holder.path, "definition")).line
            # Only functions have an environment.
            variable = grant.variable if isinstance(holder, Function) else ""
            yield Permission(_title(holder), grant.words(), tuple(sorted(actions)), variable, line)


def _title(holder: Permitted) -> str:
    """A function's key, and the noun and the key of another."""
    return holder.key if isinstance(holder, Function) else f"{type(holder).__name__.lower()} {holder.key}"


def _allowed(subject: Subject, spec: Spec) -> Iterator[Permission]:
    """What somebody may do by statements of their own and by policies, which give no variable."""
    holder = subject.resource
    if not isinstance(holder, Function | Workflow | Role):
        return
    for one in holder.allowed:
        line = spec.document.place(one.path).line
        yield Permission(_title(holder), one.words(), tuple(sorted(one.actions)), "", line)
    for policy in holder.managed:
        line = spec.document.place(policy.path).line
        yield Permission(_title(holder), policy.words(), (), "", line)


def _needs(subject: Subject) -> Iterator[Need]:
    """What a role that exists already has to allow, which nothing else would tell."""
    holder = subject.resource
    if not isinstance(holder, Function | Workflow) or not holder.runs_as.existing or not subject.whole:
        return
    for one in holder.statements:
        if not one.deny:  # what is denied to the code need not be allowed
            conditions = tuple(
                f"{test} {key}: {', '.join(map(_plain, values))}" for test, key, values in one.conditions
            )
            yield Need(one.actions, tuple(map(_plain, one.resources)), conditions)


def _plain(text: str | Expression) -> str:
    """A text as the spec would have it, with a reference that only Terraform knows in its own form."""
    parts = text.parts if isinstance(text, Joined) else (text,)
    return "".join(_PLAIN.get(part, str(part)) for part in parts)


def _dead_letter_queue(subject: Subject) -> str | None:
    own = subject.resource
    return own.dead_letter_name if isinstance(own, Holder) and subject.whole else None


def _alarms(subject: Subject, pipeline: Pipeline) -> Iterator[Watch]:
    address = next(kind.address for kind in KINDS if kind.type is Alarm)
    for alarm in pipeline.all(Alarm):
        if alarm is subject.resource or (alarm.watches == subject.path and not subject.is_alarm):
            yield Watch(
                key=alarm.key,
                name=alarm.name,
                description=alarm.description,
                metric=", ".join(part.metric for part in alarm.measured),
                condition=condition(alarm),
                notifies=", ".join(one.name for one in alarm.notify) or None,
                address=f"{address}.{alarm.label}",
            )


def _addresses(subject: Subject, owners: Mapping[str, Path]) -> Iterator[str]:
    """The addresses of a resource's own blocks, without its alarms."""
    alarms = next(kind.address for kind in KINDS if kind.type is Alarm)
    if subject.is_alarm:
        yield f"{alarms}.{subject.resource.label}"
        return
    for address, path in sorted(owners.items()):
        if not address.startswith(f"{alarms}.") and _belongs(path, subject):
            yield address


def _belongs(path: Path, subject: Subject) -> bool:
    """Whether what is rendered for `path` is the subject's: below its path, or at that of the whole."""
    if subject.whole and path == subject.resource.path:
        return True
    return path[: len(subject.path)] == subject.path
