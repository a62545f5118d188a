"""Whether a secure parameter has a value that was set on AWS."""

from datetime import datetime
from typing import Any

from iotgen.kinds.parameters.parameter import UNSET
from iotgen.model.change import Attributes
from iotgen.model.contents import Amount, Clients


def is_plain(parameter: Attributes) -> bool:
    """Whether a parameter is no secret, so that the spec has its value."""
    return parameter.get("type") != "SecureString"


def parameter_contents(clients: Clients, parameter: Attributes, _now: datetime) -> Amount:
    """When the value of a secure parameter was set; of a plain one, the spec has the value."""
    if is_plain(parameter):
        return Amount("a value that is in the spec", empty=True)
    client, name = clients("ssm"), parameter["name"]
    found = client.get_parameter(Name=name, WithDecryption=False)["Parameter"]
    if found["Version"] == 1 and _unset(client, name):
        return Amount("no value yet", empty=True)
    date = found["LastModifiedDate"].date()
    return Amount(f"a secret, version {found['Version']}, set on {date}", empty=False)


def _unset(client: Any, name: str) -> bool:
    """Whether the value is the one of a parameter that was never set; not if that may not be read."""
    try:
        found = client.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    except client.exceptions.ClientError:
        return False
    return bool(found["Value"] == UNSET)
