"""The policy of the API: who may call it by where they are, and who else by their signature.

API Gateway asks it beside what an endpoint asks of its callers. Where they do not sign, the policy has to
allow the call, too. Those of this account who sign may call by policies of their own, unless it denies that.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from iotgen.kinds.endpoints.api import Api, Endpoint
from iotgen.kinds.endpoints.cors import METHODS
from iotgen.kinds.endpoints.naming import invoke_arn
from iotgen.model.expression import Joined, Reference, joined

Conditions = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, kw_only=True)
class Denial:
    """Calls that are refused under `conditions`."""

    sid: str
    resources: tuple[Joined, ...]
    conditions: Conditions


@dataclass(frozen=True, kw_only=True)
class ApiPolicy:
    """The statements of the policy: `unsigned` calls that it allows, None for none, and `denials`.

    Where other endpoints ask for a signature (`signed`), what allows all others must not let in who signs.
    """

    unsigned: Joined | None
    signed: tuple[Joined, ...]
    denials: tuple[Denial, ...]


def api_policy(api: Api) -> ApiPolicy | None:
    """The policy of an API; None if it needs none."""
    if not (api.accepted or api.vpc_endpoints or any(one.network for one in api.endpoints)):
        return None
    every = joined(Reference(f"aws_api_gateway_rest_api.{api.label}.execution_arn"), f"/{api.stage}/*")
    signed = tuple(one for one in api.endpoints if one.is_signed)
    return ApiPolicy(
        unsigned=every if api.preflights or len(signed) < len(api.endpoints) else None,
        signed=_arns(api, signed),
        denials=tuple(_denials(api, every)),
    )


def _denials(api: Api, every: Joined) -> Iterator[Denial]:
    """The calls from elsewhere than endpoints take, and from the addresses that they exclude.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
    """
    key = "aws:SourceIp"
    if api.vpc_endpoints:
        key = "aws:VpcSourceIp"
        elsewhere = {"StringNotEquals": {"aws:SourceVpce": api.vpc_endpoints}}
        yield Denial(sid="DenyElsewhere", resources=(every,), conditions=elsewhere)
    networks = dict.fromkeys(one.network for one in api.endpoints if one.network)
    for number, network in enumerate(networks, start=1):
        here = tuple(one for one in api.endpoints if one.network == network)
        resources = (every,) if len(here) == len(api.endpoints) else _arns(api, here)
        if network.addresses:
            outside = {"NotIpAddress": {key: network.addresses}}
            yield Denial(sid=f"DenyOutside{number}", resources=resources, conditions=outside)
        if network.excluded:
            inside = {"IpAddress": {key: network.excluded}}
            yield Denial(sid=f"DenyExcluded{number}", resources=resources, conditions=inside)


def _arns(api: Api, endpoints: Iterable[Endpoint]) -> tuple[Joined, ...]:
    """The ARNs of the methods that endpoints answer, in as few as will do."""
    return tuple(
        invoke_arn(api.label, api.stage, method, one.route)
        for one in endpoints
        for method in (("ANY",) if answered(api, one) == METHODS else answered(api, one))
    )


def answered(api: Api, endpoint: Endpoint) -> tuple[str, ...]:
    """The methods that an endpoint answers: ANY those that have no endpoint of their own at its path."""
    if endpoint.method != "ANY":
        return (endpoint.method,)
    taken = {one.method for one in api.endpoints if one.route == endpoint.route}
    return tuple(method for method in METHODS if method not in taken)
