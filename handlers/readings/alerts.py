"""Alerts of crossed thresholds: what an invocation does about them once its readings are stored.

An alert belongs to a subject: a device, a sensor and a bound. Of an invocation's crossings the oldest of each
subject counts, and those that cool down as far as the container remembers are dropped.

- Up to FEW subjects are claimed one by one (`claims`), then one notification names all that were free.
- More are a storm: they are listed in rows (`storm`), thousands in each, then one notification gives their
  number, the worst of them, and where the list stands. A listed crossing counts as notified.
- A notification needs a slot (`slots`): at most 10 a minute, one of them for storms, and 400 ms apart, over
  all containers. Where the minute has none left, crossings are listed, and an earlier notification of that
  minute has named the list.

What holds. Every crossing in a message that SQS may delete, or in a request that was answered 200, is in a
notification, or in the list, or its subject cools down after one that is; or else another reading of the
subject is being notified of just then, and its message or event comes again if that fails. A client need not
come again, so the notification of a request holds nothing back. The same alert comes twice only

- when the function is ended between a notification and the mark on its claims, the mark cannot be written, or
  SNS's answer is lost: nothing shows whether the notification went out;
- in a storm, and right after one: a list makes no claims. What another container listed or notified of is
  fresh to this one, a message of a storm that comes back is listed again, and once no more than FEW subjects
  cross, a container notifies of what another one has listed.

An invocation with n crossings makes at most `most_calls(n, kinds)` AWS calls for alerts, where `kinds`
counts the sensors and bounds among them and nothing is throttled, plus the clients' own retries.
"""

from collections.abc import Callable, Iterable, Sequence

from readings import thresholds
from readings.alert_message import Notification
from readings.invocation import Invocation
from readings.notifier import FEW, Notifier, failures
from readings.reading import Reading
from readings.slots import ATTEMPTS
from readings.table import Key, Table
from readings.thresholds import Crossing

# Kept of an invocation's time for its alerts, where something crosses.
SECONDS = 2.0

_MARGIN_MS = 1000


def crossed(readings: Iterable[Reading], invocation: Invocation) -> Sequence[Crossing] | None:
    """Give what readings cross; None while the container has not read its thresholds."""
    config = invocation.config()
    if not invocation.services.config.known:
        return None
    return [crossing for reading in readings for crossing in thresholds.crossings(reading, config.thresholds)]


def time_for_rows(crossings: Sequence[Crossing], invocation: Invocation) -> Callable[[], float]:
    """Give the seconds that storing may take: less where something crosses, so that alerts get their turn."""
    reserve = SECONDS if crossings else 0
    return lambda: invocation.time_left() - reserve


def notify(
    crossings: Sequence[Crossing], table: Table, invocation: Invocation, *, returning: bool
) -> dict[Key, Exception]:
    """Alert of what stored readings cross; give the readings to come back for, with the reason.

    `returning` is whether those come again by themselves, as messages and events do and requests need not.
    """
    services = invocation.services

    def publish(notification: Notification) -> None:
        services.client("sns").publish(
            TopicArn=services.environment["TOPIC_DEVICE_ALERTS"],
            Subject=notification.subject,
            Message=notification.message,
        )

    notifier = Notifier(
        table=table,
        publish=publish,
        memory=services.alert_memory,
        backoff=invocation.backoff,
        now=services.clock.now,
        holder=invocation.id,
        lease_until=invocation.ends_at() + _MARGIN_MS,
        returning=returning,
    )
    try:
        outcome = notifier.notify(crossings, invocation.config().cooldown_seconds)
    except Exception as error:  # rows are stored, whatever is wrong with their alerts
        return failures(crossings, error)
    invocation.count("alerts", outcome.sent)
    invocation.count("alerts_listed", outcome.listed)
    invocation.notify(outcome.named)
    return outcome.failed


def most_calls(number: int, kinds: int) -> int:
    """Give the most AWS calls for so many crossings, of so many kinds: a row lists 190 of the longest ids."""
    rows = kinds + number // 190
    return 2 * FEW + 2 * ATTEMPTS + 3 + rows // 25 + 1
