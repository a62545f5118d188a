"""Calls need the same permissions as on AWS.

Policies that deny plain HTTP do not apply, because calls never leave the machine. The policies themselves are
the same as on AWS, and their other conditions are evaluated unchanged.

A batch of messages needs the permission to send one, as on AWS, where there is no other.
"""

from collections.abc import Callable
from typing import Any


def mend_transport(app: Any) -> None:
    """Make this MiniStack module evaluate `aws:SecureTransport` as true."""
    pin: Callable[[str, bool], None] = app.pin_request_origin
    app.pin_request_origin = lambda source_ip, _secure: pin(source_ip, True)


def mend_batches(iam_actions: Any) -> None:
    """Make this MiniStack module require the same permission as AWS: there is none for batches."""
    extract: Callable[..., str | None] = iam_actions.extract_iam_action

    def extract_iam_action(*args: Any, **kwargs: Any) -> str | None:
        action = extract(*args, **kwargs)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract_iam_action
