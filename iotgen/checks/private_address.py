"""An API that is not private asks for private addresses."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_network

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api, endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity

# https://www.rfc-editor.org/rfc/rfc1918 and https://www.rfc-editor.org/rfc/rfc4193
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each address in `from` that no call from the internet has."""
    api = pipeline.one(Api)
    if api is None or api.vpc_endpoints:
        return
    for place, address in _addresses(pipeline).items():
        if _is_private(address):
            message = f"`{address}` is a private address, which no call of this API has"
            hint = "Write the public address of its network, or `endpoint_type: private` of `api`."
            yield Finding(place, message, hint)


def _addresses(pipeline: Pipeline) -> Mapping[Path, str]:
    """Each address in the spec by its place."""
    return {
        (*(endpoint.path if "from" in endpoint.written else ("api",)), "from", word, index): address
        for endpoint in endpoints_of(pipeline)
        if endpoint.network
        for word, listed in (
            ("addresses", endpoint.network.addresses),
            ("except", endpoint.network.excluded),
        )
        for index, address in enumerate(listed)
    }


def _is_private(address: str) -> bool:
    network = ip_network(address, strict=False)
    return any(
        network.version == one.version
        and network.network_address in one
        and network.prefixlen >= one.prefixlen
        for one in _PRIVATE
    )


RULE = Rule(
    code="IOT442",
    severity=Severity.WARNING,
    summary="An API that is not private asks for private addresses.",
    why=(
        "API Gateway sees the public address from which a call arrives over the internet, never that of a "
        "machine inside of its network. A private address under `from` lets nobody in, and keeps "
        "nobody out."
    ),
    fix="Name the public address of the network, such as that of its NAT gateway, or make the API private.",
    ignore="The list is shared with private APIs.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    check=check,
)
