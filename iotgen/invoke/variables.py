"""The values of a function's variables on a target, where the spec has references."""

from collections.abc import Mapping

from iotgen.errors import RemoteError
from iotgen.invoke.explaining import explaining
from iotgen.kinds import KINDS
from iotgen.kinds.endpoints import Api, function_addresses
from iotgen.kinds.functions import Function
from iotgen.model.access import Grant
from iotgen.model.live import Live
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource

_OF = {kind.section: kind for kind in KINDS}


def variables(function: Function, pipeline: Pipeline, live: Live) -> dict[str, str]:
    """Each variable with its value; RemoteError where a resource is not deployed, or AWS does not answer."""
    granted = {grant.variable: grant for grant in function.grants}
    filled = {one.variable: one for one in function.filled}
    addressed = {one.variable: one for one in function.addressed}
    values = {}
    for name, value in function.environment.items():
        if isinstance(value, str):
            values[name] = value
            continue
        if name in filled:
            with explaining(f"`{name}`, the parameter `{filled[name].key}`"):
                found = live.client("ssm").get_parameter(Name=filled[name].name)
            values[name] = str(found["Parameter"]["Value"])
            continue
        if name in addressed:
            values[name] = _address(name, pipeline, live) + addressed[name].ending
            continue
        if name not in granted:
            with explaining(f"the account in `{name}`"):
                values[name] = live.text(value)
            continue
        grant = granted[name]
        with explaining(f"`{name}`, the {grant.access.noun} `{grant.key}`"):
            values[name] = grant.live(live, _resource(pipeline, grant))
    return values


def _address(name: str, pipeline: Pipeline, live: Live) -> str:
    what = f"`{name}`, the address of the API"
    with explaining(what):
        addresses = [address for api in pipeline.all(Api) for address in function_addresses(live.client, api)]
    if not addresses:
        raise RemoteError(f"{what} is not deployed", "`iotgen apply` deploys it.")
    return addresses[0]


def deployed_variables(function: Function, names: frozenset[str], live: Live) -> dict[str, str]:
    """The values that those of these variables have which the deployed function has."""
    if not names:
        return {}
    with explaining(f"the variables of `{function.key}` that `overrides` set"):
        deployed = live.client("lambda").get_function_configuration(FunctionName=function.name)
    there: Mapping[str, str] = deployed.get("Environment", {}).get("Variables", {})
    return {name: there[name] for name in sorted(names & there.keys())}


def _resource(pipeline: Pipeline, grant: Grant) -> Resource:
    resources: tuple[Resource, ...] = _OF[grant.section].known(pipeline)
    return next(resource for resource in resources if resource.key == grant.key)
