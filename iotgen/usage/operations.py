"""The operations of boto3 that handlers call, and the IAM action that each needs.

Operations that are not listed are not checked.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Mapping

from iotgen.kinds import KINDS
from iotgen.model.access import Spoken

_ACCESSES = {kind.section: kind.access for kind in KINDS if kind.access}

# By the service's name in boto3, then by method, of clients and of resources.
ACTIONS: Mapping[str, Mapping[str, str | Spoken]] = {
    **{access.service: access.operations for access in _ACCESSES.values()},
    # No verb grants these.
    "cloudwatch": {"put_metric_data": "cloudwatch:PutMetricData"},
    "iot-data": {"publish": "iot:Publish"},
    "ses": {"send_email": "ses:SendEmail", "send_raw_email": "ses:SendRawEmail"},
    "sesv2": {"send_email": "ses:SendEmail"},
}

# The methods of a boto3 resource's objects, by the method that creates the object.
OBJECTS: Mapping[str, Mapping[str, frozenset[str]]] = {
    access.service: access.objects for access in _ACCESSES.values()
}

# The section of the spec for each service.
SECTIONS: Mapping[str, str] = {access.service: section for section, access in _ACCESSES.items()}


def granting(action: str) -> tuple[tuple[str, str], ...]:
    """The sections and verbs of the spec that grant an IAM action."""
    return tuple(
        (section, name)
        for section, access in _ACCESSES.items()
        for name, verb in access.verbs.items()
        if action in verb.actions
    )
