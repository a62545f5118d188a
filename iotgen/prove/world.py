"""The world of one history: an account, its functions, and what calls them."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote_plus

from iotgen.prove.account import Account, Told
from iotgen.prove.aws.dynamodb import item_of
from iotgen.prove.aws.kinesis import Stream
from iotgen.prove.aws.s3 import Version
from iotgen.prove.aws.sns import Notification, Topic
from iotgen.prove.aws.sqs import Message
from iotgen.prove.broker import Broker
from iotgen.prove.chance import Chance
from iotgen.prove.events import Events
from iotgen.prove.follower import Follower, change
from iotgen.prove.functions import Container, FunctionService
from iotgen.prove.gateway import Gateway
from iotgen.prove.kernel import Kernel
from iotgen.prove.modules import Code
from iotgen.prove.poller import Poller
from iotgen.prove.shape import FollowShape, Shape, WatchShape
from iotgen.prove.subscriptions import Subscription
from iotgen.prove.weather import Weather

Codes = Mapping[str, Code]
Pools = Mapping[str, list[Container]]


class World:
    """All of a pipeline, at the beginning of time. `pools` has containers that may be used again."""

    def __init__(
        self, shape: Shape, codes: Codes, pools: Pools, chance: Chance, weather: Weather, tell: Told | None
    ) -> None:
        self.shape = shape
        self.kernel = Kernel()
        self.account = Account(shape, self.kernel, chance, weather, tell or _untold)
        self.tell = self.account.tell
        self.functions = {
            one.key: FunctionService(one, self.account, pools[one.key], codes[one.key])
            for one in shape.functions
        }
        self.gateway = Gateway(self.account, self.functions)
        self.pollers = [Poller(one, self.account, self.functions[one.function]) for one in shape.polls]
        self.events = {key: Events(self.account, function) for key, function in self.functions.items()}
        self.broker = Broker(self.account, self.events, shape.rules)
        self.subscriptions = [Subscription(one, self.account, self.events) for one in shape.subscriptions]
        for topic in self.account.topics.values():
            own = [one for one in self.subscriptions if one.shape.topic == topic.arn]
            if own:
                topic.heard = lambda said, topic=topic, own=own: _hear(topic, own, said)  # type: ignore[misc]
        self.followers = [self._follower(one) for one in shape.follows]
        self.queues_fed = tuple(one.queue for one in shape.polls)
        # The queues for what topics and streams cannot hand on, but for those that a function reads.
        failed = {one.failed for one in shape.subscriptions} | {one.failed for one in shape.follows}
        self.failed = {one for one in failed if one and one not in self.queues_fed}
        for bucket in self.account.buckets.values():
            watches = [one for one in shape.watches if one.bucket == bucket.name]
            bucket.created = lambda key, version, watches=watches: self._created(watches, key, version)  # type: ignore[misc]

    def put(self, queue: str, body: str) -> None:
        """Put a message into a queue."""
        now = self.kernel.now
        self.account.queues[queue].add(Message(self.account.number(), body, {}, now, now))

    def _follower(self, shape: FollowShape) -> Follower:
        function = self.functions[shape.function]
        if shape.section == "streams":
            return Follower(shape, self.account, function, self.account.streams[shape.source])
        stream = Stream(shape.source)
        table = self.account.tables[shape.source]
        view = next(one.stream for one in self.shape.tables if one.name == table.name) or ""
        table.heard.append(
            lambda _, old, new: change(stream, table, view, item_of(old), item_of(new), self.kernel.now)
        )
        return Follower(shape, self.account, function, stream)

    def waiting(self) -> Iterator[tuple[str, int]]:
        """How many events have still to come to each function, and by what else."""
        yield "a rule", self.broker.waiting
        yield from ((key, events.waiting) for key, events in self.events.items())
        yield from ((one.shape.name, one.waiting) for one in self.subscriptions)
        yield from ((one.shape.function, one.waiting) for one in self.followers)

    def redrive(self, letter: Message) -> bool:
        """Try again what a topic or a stream could not hand on; False where a letter is of neither."""
        for one in self.subscriptions:
            if letter.source == one.shape.name:
                one.again(letter)
                return True
        return any(follower.again(letter) for follower in self.followers)

    def release(self) -> None:
        """Give the containers back, and end: nothing of this world can be asked afterwards."""
        for function in self.functions.values():
            function.release()
        # They refer to each other: taken apart, all is gone at once, and Python has no cycles to look for.
        account = self.account
        parts = (*account.queues.values(), *account.buckets.values(), *account.streams.values())
        for part in (*parts, *self.functions.values(), *self.subscriptions, account):
            vars(part).clear()
        for follower in self.followers:
            follower.release()
        self.kernel.forget()

    def _created(self, watches: list[WatchShape], key: str, version: Version) -> None:
        for watch in watches:
            if key.startswith(watch.prefix) and key.endswith(watch.suffix):
                self.events[watch.function].add(self.notification(watch.bucket, key, version))

    def notification(self, bucket: str, key: str, version: Version) -> dict[str, object]:
        """The event of a new object.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
        """
        thing = {"key": quote_plus(key, safe="/"), "size": len(version.content), "eTag": version.etag}
        if self.account.buckets[bucket].versioned:
            thing["versionId"] = version.id
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": self.shape.region,
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"}, "object": thing},
        }
        return {"Records": [record]}


def _hear(topic: Topic, subscriptions: list[Subscription], said: Notification) -> None:
    for one in subscriptions:
        one.hear(topic, said)


def _untold(_who: str, _what: str) -> None:
    """Tell nobody."""
