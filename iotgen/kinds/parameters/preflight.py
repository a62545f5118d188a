"""The names of parameters that are taken, and the secrets that were never set."""

from collections.abc import Iterator
from typing import Any

from iotgen.kinds.parameters.parameter import UNSET, Parameter
from iotgen.model.preflight import Account, Check, Level

# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
_NAMES_IN_A_CALL = 10


def parameter_preflight(parameters: tuple[Parameter, ...], account: Account) -> Iterator[Check]:
    """An error for each taken name, and a warning for each secure parameter without a value of its own."""
    client = account.client("ssm")
    deployed = dict(_deployed(client, [parameter.name for parameter in parameters]))
    for parameter in parameters:
        found = deployed.get(parameter.name)
        if found:
            yield from account.taken("the parameter", parameter.name, parameter.path, found["ARN"])
        if parameter.secure and (found is None or _unset(client, found)):
            yield Check(
                level=Level.WARNING,
                about="secret",
                message=f"the secure parameter `{parameter.key}` has no value yet",
                hint=f"Run `iotgen secret set {parameter.key}` once it is deployed.",
                path=parameter.path,
            )


def _deployed(client: Any, names: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for start in range(0, len(names), _NAMES_IN_A_CALL):
        answer = client.get_parameters(Names=names[start : start + _NAMES_IN_A_CALL], WithDecryption=False)
        yield from ((one["Name"], one) for one in answer["Parameters"])


def _unset(client: Any, found: dict[str, Any]) -> bool:
    """Whether it has the value of its first version; not if that may not be read."""
    if found["Version"] != 1:
        return False
    try:
        value = client.get_parameter(Name=found["Name"], WithDecryption=True)["Parameter"]["Value"]
    except client.exceptions.ClientError:
        return False
    return bool(value == UNSET)
