"""Where a load arrives: an endpoint, a bucket, a queue, or a rule of AWS IoT that fills a queue."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.errors import UsageError
from iotgen.kinds.queues import QUEUES
from iotgen.kinds.rules import Rule
from iotgen.model.pipeline import Pipeline
from iotgen.prove.shape import EndpointShape, Shape, WatchShape


@dataclass(frozen=True)
class Entry:
    """A place that takes readings; `queue` is the key of the queue that they come into at once."""

    name: str
    endpoint: EndpointShape | None = None
    watch: WatchShape | None = None
    queue: str = ""
    notified: bool = False

    @property
    def function(self) -> str:
        """The function that an arrival calls by itself; empty for a queue."""
        if self.endpoint:
            return self.endpoint.function
        return self.watch.function if self.watch else ""


def entry_of(pipeline: Pipeline, shape: Shape, to: str | None) -> Entry:
    """The place with a name, by default the first; UsageError if there is none, or not that one."""
    places = {one.name: one for one in _entries(pipeline, shape)}
    if not places:
        raise UsageError(
            "no endpoint, bucket, queue or rule of the spec brings readings to a Python function"
        )
    if to is None:
        return next(iter(places.values()))
    if to not in places:
        raise UsageError(f"no readings arrive at `{to}`", f"Name one of these: {', '.join(places)}.")
    return places[to]


def _entries(pipeline: Pipeline, shape: Shape) -> Iterator[Entry]:
    polled = {one.queue for one in shape.polls}
    busy = {one.function for one in shape.polls}
    posted = [one for one in shape.endpoints if one.method in ("POST", "PUT", "ANY") and "{" not in one.path]
    for endpoint in sorted(posted, key=lambda one: one.function in busy):
        yield Entry(endpoint.path, endpoint=endpoint)
    for rule in pipeline.all(Rule):
        for target in rule.targets:
            if target.section == QUEUES.section and target.key in polled:
                yield Entry(rule.key, queue=target.key, notified=True)
    buckets = {one.name: one.key for one in shape.buckets}
    for watch in shape.watches:
        yield Entry(buckets[watch.bucket], watch=watch)
    for key in sorted(polled):
        yield Entry(key, queue=key)
