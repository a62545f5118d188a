"""How long a spec may take with what has arrived, once nothing fails any more."""

from iotgen.prove.kernel import MINUTE, SECOND
from iotgen.prove.shape import FollowShape, Shape

# The pauses before Lambda tries an event again.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
_PAUSES = 3 * MINUTE
# For clients that try again, cold starts, and what is delivered late.
_MARGIN = 2 * MINUTE
# A message that is in flight as the faults end comes back once; a queue that keeps all has no other number.
_RECEIVES = 2


# The records before one that cannot be taken, each of which uses up its attempts.
_BEFORE = 5


def longest(shape: Shape) -> int:
    """The time in which all must be done that can be, in microseconds: what is not is a dead letter by then.

    A message waits for its visibility timeout at each of its receives, and for the batch window; an event has
    the timeout at each attempt, and the pauses between; a request has the timeout, and a record as many
    attempts as its trigger says.
    """
    queues = {one.key: one for one in shape.queues}
    polled = (
        (queues[one.queue].visibility + one.window) * (queues[one.queue].max_receives or _RECEIVES)
        for one in shape.polls
    )
    watched = {one.function for one in shape.watches}
    ruled = {target.key for one in shape.rules for target in one.targets if target.section == "functions"}
    called = {one.function for one in shape.endpoints}
    heard = {one.key for one in shape.subscriptions if one.section == "functions"}
    invoked = (
        (one.retries + 1) * one.timeout + _PAUSES
        for one in shape.functions
        if one.key in watched | ruled | heard
    )
    requested = (one.timeout for one in shape.functions if one.key in called)
    timeouts = {one.key: one.timeout for one in shape.functions}
    followed = (_followed(one, timeouts[one.function]) for one in shape.follows)
    return sum(polled) + sum(invoked) + sum(requested) + sum(followed) + _MARGIN


def _followed(follow: FollowShape, timeout: int) -> int:
    """The time for a record, and for some before it that cannot be taken."""
    attempts = (follow.max_retries if follow.max_retries is not None else _RECEIVES) + 1
    attempts += follow.batch_size.bit_length() if follow.bisect else 0
    return (attempts * (timeout + MINUTE) + follow.window) * _BEFORE


def words(duration: int) -> str:
    """A duration, in minutes where there are some."""
    return f"{duration / MINUTE:.0f} min" if duration >= MINUTE else f"{duration / SECOND:.0f} s"
