"""The world of one history: an account, its functions, and what calls them."""

from collections.abc import Mapping
from urllib.parse import quote_plus

from iotgen.prove.account import Account, Told
from iotgen.prove.aws.s3 import Version
from iotgen.prove.aws.sqs import Message
from iotgen.prove.broker import Broker
from iotgen.prove.chance import Chance
from iotgen.prove.events import Events
from iotgen.prove.functions import Container, FunctionService
from iotgen.prove.gateway import Gateway
from iotgen.prove.kernel import Kernel
from iotgen.prove.modules import Code
from iotgen.prove.poller import Poller
from iotgen.prove.shape import Shape, WatchShape
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
        self.queues_fed = tuple(one.queue for one in shape.polls)
        for bucket in self.account.buckets.values():
            watches = [one for one in shape.watches if one.bucket == bucket.name]
            bucket.created = lambda key, version, watches=watches: self._created(watches, key, version)  # type: ignore[misc]

    def put(self, queue: str, body: str) -> None:
        """Put a message into a queue."""
        now = self.kernel.now
        self.account.queues[queue].add(Message(self.account.number(), body, {}, now, now))

    def release(self) -> None:
        """Give the containers back, and end: nothing of this world can be asked afterwards."""
        for function in self.functions.values():
            function.release()
        # They refer to each other: taken apart, all is gone at once, and Python has no cycles to look for.
        account = self.account
        for part in (*account.queues.values(), *account.buckets.values(), *self.functions.values(), account):
            vars(part).clear()
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


def _untold(_who: str, _what: str) -> None:
    """Tell nobody."""
