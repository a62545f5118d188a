"""`from` names addresses that no call of the API has, or leaves none."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api, endpoints_of
from iotgen.kinds.endpoints.api import Endpoint
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity

IpNetwork = IPv4Network | IPv6Network

# https://www.rfc-editor.org/rfc/rfc1918 and https://www.rfc-editor.org/rfc/rfc4193
_PRIVATE: Final = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
_ANYWHERE = ("0.0.0.0/0", "::/0")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each address in `from` that no call has, and each `from` that lets nobody in."""
    api = pipeline.one(Api)
    if api is None:
        return
    for place, address in _addresses(pipeline).items():
        yield from _public(place, address) if api.vpc_endpoints else _private(place, address)
    places = {_place(one): one.network for one in endpoints_of(pipeline) if one.network}
    for place, network in places.items():
        if network.excluded and _covers(network.excluded, network.addresses or _ANYWHERE):
            message = "nobody may call: `except` has all addresses that may"
            yield Finding((*place, "except"), message, "Except fewer of them.")


def _private(place: Path, address: str) -> Iterator[Finding]:
    if _covers(map(str, _PRIVATE), (address,)):
        message = f"`{address}` is a private address, which no call of this API has"
        hint = "Write the public address of its network, or `endpoint_type: private` of `api`."
        yield Finding(place, message, hint)


def _public(place: Path, address: str) -> Iterator[Finding]:
    if ip_network(address, strict=False).is_global:
        message = f"`{address}` is a public address, and callers of a private API have those of their VPC"
        yield Finding(place, message, "Write the addresses of the subnets that they are in.")


def _place(endpoint: Endpoint) -> Path:
    """Where the spec has the `from` of an endpoint."""
    return (*(endpoint.path if "from" in endpoint.written else ("api",)), "from")


def _addresses(pipeline: Pipeline) -> Mapping[Path, str]:
    """Each address in the spec by its place."""
    return {
        (*_place(endpoint), word, index): address
        for endpoint in endpoints_of(pipeline)
        if endpoint.network
        for word, listed in (
            ("addresses", endpoint.network.addresses),
            ("except", endpoint.network.excluded),
        )
        for index, address in enumerate(listed)
    }


def _covers(wide: Iterable[str], narrow: Iterable[str]) -> bool:
    """Whether each of some networks is within one of others."""
    around = [ip_network(one, strict=False) for one in wide]
    return all(
        any(_is_within(ip_network(inner, strict=False), outer) for outer in around) for inner in narrow
    )


def _is_within(inner: IpNetwork, outer: IpNetwork) -> bool:
    return (
        inner.version == outer.version
        and inner.network_address in outer
        and inner.prefixlen >= outer.prefixlen
    )


RULE = Rule(
    code="IOT442",
    severity=Severity.WARNING,
    summary="The `from` of callers has addresses that no call of the API has, or leaves none.",
    why=(
        "API Gateway sees the public address from which a call arrives over the internet, never that of a "
        "machine inside of its network; of a call of a private API it sees the address within the VPC. Any "
        "other address under `from` lets nobody in, and keeps nobody out."
    ),
    fix=(
        "Name the public address of the network, such as that of its NAT gateway, or make the API private; "
        "for a private one, name subnets of its callers' VPCs."
    ),
    ignore="The list is shared with APIs of the other kind, or the VPC has public addresses of its own.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    check=check,
)
