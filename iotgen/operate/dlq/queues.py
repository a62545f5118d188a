"""The dead-letter queues of a pipeline, by the names that people use for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from iotgen.errors import IotgenError, UsageError
from iotgen.kinds import KINDS
from iotgen.kinds.functions import Function
from iotgen.model.dead_letters import Holder
from iotgen.model.pipeline import Pipeline
from iotgen.operate.refusal import explaining
from iotgen.spec.document import Document
from iotgen.spec.nearest import nearest


@dataclass(frozen=True)
class DeadLetterQueue:
    """A dead-letter queue, and the queue or function (`noun`) at `place` in the spec that it belongs to."""

    owner: Holder
    noun: str
    place: str

    @property
    def key(self) -> str:
        """Its key, as in the output `dead_letter_queue_urls`."""
        return self.owner.dead_letter_key

    @property
    def name(self) -> str:
        """Its name on AWS."""
        return self.owner.dead_letter_name


@dataclass(frozen=True)
class Opened:
    """A dead-letter queue that is deployed, and where."""

    queue: DeadLetterQueue
    url: str
    arn: str


@dataclass(frozen=True)
class Counts:
    """How many messages wait, and how many are hidden by a reader; both lag behind by up to a minute.

    `at_ms` is SQS's own time, to the second, in milliseconds since 1970.
    """

    waiting: int
    in_flight: int
    at_ms: int


def dead_letter_queues(pipeline: Pipeline, document: Document) -> tuple[DeadLetterQueue, ...]:
    """Those of every kind that has any, in the order of the spec."""
    return tuple(
        DeadLetterQueue(owner, kind.noun, document.where(owner.path))
        for kind in KINDS
        for owner in kind.of(pipeline)
        if isinstance(owner, Holder)
    )


def find_queue(queues: Iterable[DeadLetterQueue], name: str) -> DeadLetterQueue:
    """The queue with a key, a name on AWS, or the key of an owner that no other has; UsageError if none.

    `<key>-dlq` is the same as `<key>`.
    """
    queues = tuple(queues)
    by_key = {queue.key: queue for queue in queues}
    for known in (by_key, {queue.name: queue for queue in queues}):
        if found := known.get(name) or known.get(name.removesuffix("-dlq")):
            return found
    owned = [queue for queue in queues if queue.owner.key == name]
    if len(owned) == 1:
        return owned[0]
    meant = nearest(name, by_key)
    suggestion = f"; did you mean `{meant}`?" if meant else ""
    listed = ", ".join(f"`{key}`" for key in by_key)
    raise UsageError(f"there is no dead-letter queue `{name}`{suggestion}", f"Choose one of {listed}.")


def opened(sqs: Any, queue: DeadLetterQueue) -> Opened:
    """The queue on AWS; IotgenError if it is not deployed."""
    url = url_of(sqs, queue.name)
    if url is None:
        message = f"the dead-letter queue of `{queue.owner.key}` is not deployed: AWS has no `{queue.name}`"
        raise IotgenError(message, "Run `iotgen apply` first, or choose another `--suffix`.")
    with explaining(f"look into `{queue.name}`", "sqs:GetQueueAttributes"):
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return Opened(queue, url, attributes["QueueArn"])


def url_of(sqs: Any, name: str) -> str | None:
    """The URL of a queue; None if AWS has none of that name."""
    with explaining(f"find the queue `{name}`", "sqs:GetQueueUrl"):
        try:
            return str(sqs.get_queue_url(QueueName=name)["QueueUrl"])
        except sqs.exceptions.QueueDoesNotExist:
            return None


def counts(sqs: Any, url: str) -> Counts:
    """How many messages a queue holds."""
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    with explaining("count messages", "sqs:GetQueueAttributes"):
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
    waiting, in_flight = (int(answer["Attributes"][name]) for name in names)
    date = answer["ResponseMetadata"].get("HTTPHeaders", {}).get("date")
    at = parsedate_to_datetime(date) if date else datetime.now(UTC)
    return Counts(waiting, in_flight, int(at.timestamp() * 1000))


def readers(pipeline: Pipeline, queue: DeadLetterQueue) -> Iterator[Function]:
    """The functions that work on what is dead there: those that its owner triggers, or the owner."""
    if isinstance(queue.owner, Function):
        yield queue.owner
    for function in pipeline.all(Function):
        if any(trigger.resource == queue.owner.path for trigger in function.triggers):
            yield function
