"""Permissions are asked for as AWS asks for them.

Policies that refuse plain HTTP let calls through, because these never leave the machine. What goes to AWS
keeps those policies, and their other conditions are evaluated as they stand.

A batch of messages is sent under the permission to send one, as on AWS, where no other exists.
"""

from collections.abc import Callable
from typing import Any


def mend_transport(app: Any) -> None:
    """Make this MiniStack module evaluate `aws:SecureTransport` as true."""
    pin: Callable[[str, bool], None] = app.pin_request_origin
    app.pin_request_origin = lambda source_ip, _secure: pin(source_ip, True)


def mend_batches(iam_actions: Any) -> None:
    """Make this MiniStack module ask for the permission that AWS asks for: a batch has none of its own."""
    extract: Callable[..., str | None] = iam_actions.extract_iam_action

    def extract_iam_action(*args: Any, **kwargs: Any) -> str | None:
        action = extract(*args, **kwargs)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract_iam_action
