"""Changes of a deployed API that an apply cannot make.

A deployment is made before the one that it replaces is destroyed, and so is all that it depends on. The
integration of a method is one object on AWS whatever its type: the new one would be destroyed with the old.
"""

from collections.abc import Iterator

from iotgen.kinds.endpoints.api import Api
from iotgen.model.change import Deployed, fails
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Finding, Path

_WORDS = {
    "AWS_PROXY": "a function",
    "AWS": "a queue, a workflow or another service",
    "MOCK": "the answers to preflight requests",
}


def api_changes(apis: tuple[Api, ...], _pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """The methods that would have something of another kind behind them."""
    for api in apis:
        for label, kind, path in _integrations(api):
            there = deployed.get(f"aws_api_gateway_integration.{label}", {}).get("type")
            if there in _WORDS and there != kind:
                message = f"this method has {_WORDS[there]} behind it now; it cannot become {_WORDS[kind]}"
                yield fails(path, message, "Remove the method, apply, then add it again.")
        yield from _endpoint_type(api, deployed)


def _endpoint_type(api: Api, deployed: Deployed) -> Iterator[Finding]:
    """A private API that would be an edge-optimized one.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-api-migration.html
    """
    there = deployed.get(f"aws_api_gateway_rest_api.{api.label}", {}).get("endpoint_configuration")
    types = there[0].get("types") if isinstance(there, list) and there else None
    if types == ["PRIVATE"] and api.edge:
        message = "a private API cannot become an edge-optimized one"
        hint = "Apply `endpoint_type: regional` first, and `edge` once that is done."
        yield fails((*api.path, "endpoint_type"), message, hint)


def _integrations(api: Api) -> Iterator[tuple[str, str, Path]]:
    for endpoint in api.endpoints:
        yield endpoint.label, "AWS" if endpoint.receiver else "AWS_PROXY", endpoint.path
    for preflight in api.preflights:
        yield preflight.label, "MOCK", (*api.path, "cors")
