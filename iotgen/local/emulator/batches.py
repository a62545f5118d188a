"""A trigger gets up to its full batch size of messages; MiniStack stops at ten."""

from typing import Any

_AT_A_TIME = 10
# An invocation allows 6 MB. A batch may exceed this size by one part of ten messages.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
_MOST_BYTES = 3_000_000


def mend_batch_size(sqs: Any) -> None:
    """Make this MiniStack module deliver batches of more than ten messages."""
    receive = sqs._receive_messages_for_esm

    def receive_messages_for_esm(queue_url: str, most: int) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        size = 0
        while len(batch) < most and size < _MOST_BYTES:
            part = receive(queue_url, min(_AT_A_TIME, most - len(batch)))
            if not part:
                break
            batch += part
            size += sum(len(message["body"]) for message in part)
        return batch

    sqs._receive_messages_for_esm = receive_messages_for_esm
