"""The resources of a pipeline of which something is shown, and their metrics."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iotgen.kinds import KINDS
from iotgen.model.log_group import LogGroup
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.resource import Resource
from iotgen.model.status import Metric, Status

HOUR = 3_600_000  # milliseconds


@dataclass(frozen=True)
class Watched:
    """A resource of a section, with the metrics and log groups that it has."""

    section: str
    resource: Resource
    status: Status[Any]
    metrics: tuple[Metric, ...]
    logs: tuple[LogGroup, ...]

    @property
    def named(self) -> Named:
        """Its section and key."""
        return self.section, self.resource.key


# The values of metrics by resource and column, of the hour before a time in milliseconds; without those that
# are not known.
Numbers = Mapping[tuple[Named, str], float]
Source = Callable[[Sequence[Watched], int], Numbers]


def watched(pipeline: Pipeline) -> Iterator[Watched]:
    """Every resource of which something is shown, those first that use others."""
    for kind in reversed(KINDS):
        if status := kind.status:
            for resource in kind.of(pipeline):
                metrics = tuple(metric for metric in status.metrics(resource) if not metric.answered)
                yield Watched(kind.section, resource, status, metrics, tuple(kind.logs(resource)))
