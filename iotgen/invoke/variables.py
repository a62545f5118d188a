"""The values of a function's variables on a target, where the spec has references."""

from collections.abc import Mapping

from iotgen.errors import RemoteError
from iotgen.invoke.explaining import explaining
from iotgen.kinds import KINDS
from iotgen.kinds.endpoints import Api, function_addresses
from iotgen.kinds.functions import Addressed, Attributed, Connecting, Filled, Function
from iotgen.model.expression import Reference
from iotgen.model.live import Live
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource

_OF = {kind.section: kind for kind in KINDS}


def variables(function: Function, pipeline: Pipeline, live: Live) -> dict[str, str]:
    """Each variable with its value; RemoteError where a resource is not deployed, or AWS does not answer."""
    granted = {grant.variable: grant for grant in function.grants}
    filled = {one.variable: one for one in function.variables(Filled)}
    addressed = {one.variable: one for one in function.variables(Addressed)}
    connecting = {one.variable for one in function.variables(Connecting)}
    attributed = {one.variable: one for one in function.variables(Attributed)}
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
        if name in connecting:
            with explaining(f"`{name}`, the host that devices connect to"):
                answer = live.client("iot").describe_endpoint(endpointType="iot:Data-ATS")
            values[name] = str(answer["endpointAddress"])
            continue
        if name in attributed:
            values[name] = _attribute(attributed[name], pipeline, live)
            continue
        if name not in granted:
            with explaining(f"the account in `{name}`"):
                values[name] = live.text(value)
            continue
        grant = granted[name]
        with explaining(f"`{name}`, the {grant.access.noun} `{grant.key}`"):
            values[name] = grant.live(live, _resource(pipeline, grant.section, grant.key))
    return values


def _attribute(one: Attributed, pipeline: Pipeline, live: Live) -> str:
    """A name or an ARN, which account and partition complete, a queue's URL, or what is of a user pool."""
    access = _OF[one.section].access
    with explaining(f"`{one.variable}`, of the {_OF[one.section].noun} `{one.key}`"):
        if one.asked:
            return one.asked(live, _resource(pipeline, one.section, one.key))
        if isinstance(one.value, Reference) and access:
            return access.variable.live(live, _resource(pipeline, one.section, one.key))
        return live.text(one.value)


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


def _resource(pipeline: Pipeline, section: str, key: str) -> Resource:
    resources: tuple[Resource, ...] = _OF[section].known(pipeline)
    return next(resource for resource in resources if resource.key == key)
