"""What is missed while Terraform replaces a schedule or a rule, which it deletes before it creates the other.

https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
"""

from collections.abc import Mapping
from typing import Any

_MISSED = {
    # A schedule at a rate invokes its target as soon as it is there.
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    "aws_scheduler_schedule": "times that pass meanwhile are missed, and a rate starts anew",
    "aws_cloudwatch_event_rule": "events that come meanwhile are not sent",
}


def missed(type_: str, before: Mapping[str, Any]) -> str:
    """What is missed while a resource of the type is replaced, in words; nothing if it was switched off."""
    return "" if before.get("state") == "DISABLED" else _MISSED.get(type_, "")
