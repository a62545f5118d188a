"""What can be shown, and the finding of it by name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iotgen.errors import IotgenError, UsageError
from iotgen.kinds import KINDS
from iotgen.model.alarm import Alarm
from iotgen.model.drawing import Edge
from iotgen.model.kind import AnyKind
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.problem import Path
from iotgen.show.spec import Spec
from iotgen.spec.nearest import nearest

_MOST_LISTED = 12


@dataclass(frozen=True)
class Subject:
    """A resource, or a part of one that has a key of its own, as an endpoint has.

    `path` is that of its settings; `resource` the one in the model that it is, or is a part of.
    """

    kind: AnyKind
    noun: str
    key: str
    title: str
    path: Path
    resource: Resource

    @property
    def whole(self) -> bool:
        """Whether it is the resource, and not a part of it."""
        return self.key == self.resource.key

    @property
    def is_alarm(self) -> bool:
        """Whether it is an alarm, whose path is that of what it watches if it has no settings of its own."""
        return isinstance(self.resource, Alarm)

    @property
    def names(self) -> frozenset[str]:
        """What it may be called."""
        words = {self.noun.lower(), self.kind.section}
        own = {str(self.path[0])} if len(self.path) == 1 and not self.is_alarm else set()
        return frozenset({self.key, self.title, *own, *(f"{word}/{self.key}" for word in words)})


def subjects(pipeline: Pipeline, spec: Spec) -> tuple[Subject, ...]:
    """All that can be shown: what a picture has of each kind, what else has a section, and the alarms."""
    shown = [subject for kind in KINDS for subject in _of_kind(kind, pipeline, spec)]
    return (*shown, *_alarms(pipeline))


def _of_kind(kind: AnyKind, pipeline: Pipeline, spec: Spec) -> Iterator[Subject]:
    resources = kind.of(pipeline)
    by_path: dict[Path, Resource] = {resource.path: resource for resource in resources}
    drawn: set[Path] = set()
    for part in kind.drawing(resources, pipeline) if kind.type is not Alarm else ():
        # Callers and subscribers are drawn, and are no part of the spec's sections.
        if isinstance(part, Edge) or not spec.has(part.id):
            continue
        resource: Resource = by_path[part.id] if part.id in by_path else resources[0]
        key = resource.key if len(part.id) == 1 else part.title if len(part.id) > 2 else str(part.id[-1])
        drawn.add(part.id)
        yield Subject(kind, part.noun, key, part.title, part.id, resource)
    for path, resource in by_path.items() if kind.referred else ():
        if path == (kind.section, resource.key) and path not in drawn and spec.has(path):
            yield Subject(kind, kind.noun, resource.key, resource.key, path, resource)


def _alarms(pipeline: Pipeline) -> Iterator[Subject]:
    (kind,) = [kind for kind in KINDS if kind.type is Alarm]
    for alarm in pipeline.all(Alarm):
        yield Subject(kind, kind.noun, alarm.key, alarm.key, alarm.path, alarm)


def find(name: str, known: Iterable[Subject]) -> Subject:
    """The subject called `name`: its key, or `noun/key`; IotgenError if there is none, or several."""
    known = tuple(known)
    matches = [subject for subject in known if name in subject.names]
    if len(matches) == 1:
        return matches[0]
    if matches:
        texts = [f"{subject.noun.lower()}/{subject.key}" for subject in matches]
        kinds = " and ".join(_with_article(subject.noun) for subject in matches)
        raise UsageError(f"`{name}` is {kinds}", f"Write {' or '.join(f'`{text}`' for text in texts)}.")
    raise _unknown(name, known)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0].lower() in 'aeio' else 'a'} {noun}"


def _unknown(name: str, known: tuple[Subject, ...]) -> IotgenError:
    every = sorted({one for subject in known for one in subject.names})
    meant = nearest(name, every)
    keys = sorted({subject.key for subject in known if subject.noun != "alarm"})
    if meant:
        return IotgenError(f"the spec has no `{name}`; did you mean `{meant}`?")
    listed = ", ".join(keys[:_MOST_LISTED])
    more = f" and {len(keys) - _MOST_LISTED} more" if len(keys) > _MOST_LISTED else ""
    return IotgenError(f"the spec has no `{name}`", f"Use one of: {listed}{more}." if keys else "")
