"""Dead-letter queues, which keep failed messages and events for 14 days, of queues and functions."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.contents import Clients
from iotgen.model.context import Context, label
from iotgen.model.expression import Expression, Label, Reference
from iotgen.model.kind import Name, Settings
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Output, Rendering, output_of
from iotgen.model.resource import Resource
from iotgen.model.status import Fact, Metric
from iotgen.problem import Path

DAY = 86400
AGE = "AWS/SQS:ApproximateAgeOfOldestMessage"
WAITING = "AWS/SQS:ApproximateNumberOfMessagesVisible"
_ADDRESS = "aws_sqs_queue"
_QUEUES = "queues"


class Retry(StrEnum):
    """How a dead letter is tried again: sent to its queue, to its function, or published to its rule."""

    MESSAGE = "message"
    EVENT = "event"
    PUBLISH = "publish"


@dataclass(frozen=True, kw_only=True)
class Holder(Resource, ABC):
    """A resource with a dead-letter queue, which is `fifo` where it has to be.

    `dead_letter_kms_key` is the ARN of the KMS key that encrypts the queue, None with SQS's own.
    """

    dead_letter_name: str
    dead_letter_label: Label
    dead_letter_kms_key: str | Expression | None = None
    fifo: bool = False

    @property
    @abstractmethod
    def retry(self) -> Retry:
        """How its dead letters are tried again."""

    @property
    def retried(self) -> str:
        """The name on AWS of what they are tried again by."""
        return self.name

    @property
    def dead_letter_key(self) -> str:
        """The key of its dead-letter queue: a queue's own, or a function's and `-async`."""
        return self.dead_letter_label.replace("_", "-").removesuffix("-dlq")


def dead_letters(name: str, key: str, kms_key: str | Expression | None) -> dict[str, Any]:
    """The arguments of a holder whose dead-letter queue has a name, the key `key` and a KMS key."""
    return {"dead_letter_name": name, "dead_letter_label": label(key), "dead_letter_kms_key": kms_key}


def dead_letters_of(context: Context, queue: str) -> str:
    """The name of a queue's dead-letter queue: the one that it is given, or else its first key makes it."""
    given = context.data[_QUEUES][queue].get("dead_letter_name")
    own = context.filled(given) if given else context.name(f"{context.keys(_QUEUES, queue)[0]}-dlq")
    return own + context.ending(_QUEUES, queue)


def holder_labels(label: str) -> tuple[str, ...]:
    """The labels that the function or queue with a dead-letter queue of this label may have."""
    endings = ("_async_dlq", "_rule_dlq", "_dlq")
    return tuple(label.removesuffix(ending) for ending in endings if label.endswith(ending))


def dead_letter_name(holder: Holder) -> Name:
    """The name of the dead-letter queue."""
    return Name(what="a dead-letter queue", text=holder.dead_letter_name, space="queue", most=80)


def dead_letter_preflight(holders: tuple[Holder, ...], account: Account) -> Iterator[Check]:
    """The names of the dead-letter queues that are taken."""
    for holder in holders:
        yield from queue_taken("the dead-letter queue", holder.dead_letter_name, holder.path, account)


def queue_taken(what: str, name: str, path: Path, account: Account) -> Iterator[Check]:
    """An error if the name of a queue is taken."""
    client = account.client("sqs")
    try:
        client.get_queue_url(QueueName=name)
    except client.exceptions.QueueDoesNotExist:
        return
    yield from account.taken(what, name, path, account.arn("sqs", name))


def dead_letter_rendering(
    file: str,
    holder: Holder,
    source: str | None,
    senders: Iterable[Any] = (),
    size: int | None = None,
    visibility: int | None = None,
) -> Rendering:
    """The dead-letter queue, into which only the queue named `source` may move messages, if given.

    `senders` are the services that may send to it: a `sid`, a `principal` and an `arn` each. `size` is the
    most bytes of a letter, where that is not what the provider makes it, `visibility` its visibility timeout
    in seconds, where that is not SQS's.
    """
    holes = {"owner": holder, "source": source, "senders": list(dict.fromkeys(senders)), "size": size}
    holes["visibility"] = visibility
    ending = holder.dead_letter_label.removeprefix(holder.label)
    moved = {holder.dead_letter_label: tuple(Label(f"{one}{ending}") for one in holder.former)}
    return Rendering(file, holder.path, "dead_letter_queue", holes, moved=moved)


def dead_letter_outputs(holders: tuple[Holder, ...]) -> tuple[Output, ...]:
    """The URLs of the dead-letter queues: a queue's by its key, a function's by its key and `-async`."""
    labels = {holder.dead_letter_key: holder.dead_letter_label for holder in holders}
    description = "The URLs of the dead-letter queues, by the queue or function they belong to"
    return output_of("dead_letter_queue_urls", description, labels, f"{_ADDRESS}.url")


def dead_letter_alarms(make: AlarmMaker, settings: Settings, holder: Holder) -> Iterator[Alarm]:
    """Alarms on messages in the queue, and on those about to expire; `settings` are those of all alarms."""
    count, days = settings["queues"]["dead_letters"], settings["queues"]["dead_letter_age"]
    own = {"QueueName": Reference(f"{_ADDRESS}.{holder.dead_letter_label}.name")}
    key = holder.dead_letter_label.replace("_", "-")
    if count:
        description = f"{holder.dead_letter_name} holds messages that failed"
        yield make(
            key=key,
            path=holder.path,
            description=description,
            metric=WAITING,
            dimensions=own,
            threshold=count,
            statistic="Maximum",
        )
    if days:
        # In a dead-letter queue the metric counts from the move, but retention counts from when a message was
        # first sent: one that spent four days in its queue is deleted at an age of ten.
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
        description = f"A message has been in {holder.dead_letter_name} for {days} days, and will be deleted"
        yield make(
            key=f"{key}-expiring",
            path=holder.path,
            description=description,
            metric=AGE,
            dimensions=own,
            threshold=days * DAY,
            statistic="Maximum",
        )


def message_counts(clients: Clients, name: str) -> tuple[int, int]:
    """The messages of a queue that wait and that are in flight, which SQS knows approximately."""
    client = clients("sqs")
    url = client.get_queue_url(QueueName=name)["QueueUrl"]
    asked = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    counts = client.get_queue_attributes(QueueUrl=url, AttributeNames=list(asked))["Attributes"]
    waiting, in_flight = (int(counts.get(one, 0)) for one in asked)
    return waiting, in_flight


def dead_letter_fact(clients: Clients, holder: Holder) -> Fact:
    """How many messages are in the dead-letter queue."""
    return Fact(column="dead", value=sum(message_counts(clients, holder.dead_letter_name)), bad=True)


def dead_letter_metric(holder: Holder) -> Metric:
    """The same, over time."""
    return Metric(
        column="dead",
        title="dead letters",
        of=WAITING,
        dimensions={"QueueName": holder.dead_letter_name},
        statistic="Maximum",
        bad=True,
        answered=True,
    )
