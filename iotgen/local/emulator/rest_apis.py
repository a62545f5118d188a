"""REST APIs as Terraform's provider reads and writes them, where MiniStack answers otherwise than AWS.

A part that was not set is not there, and a mock has no method behind it. An empty value of a key means that
AWS makes one, an empty base path is the path `(none)`, and the settings of a method are under its path with
`~1` for each slash, as they were written.

https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html
https://docs.aws.amazon.com/apigateway/latest/api/API_BasePathMapping.html
https://github.com/hashicorp/terraform-provider-aws/issues/9738
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

Answer = tuple[int, Mapping[str, str], bytes]


def mend_rest_apis(apigateway: Any) -> None:
    """Make this MiniStack module take what the provider writes, and answer what it expects to read."""
    apigateway._create_api_key = _without_empty(apigateway._create_api_key, "value")
    apigateway._create_usage_plan = _without_unset(
        apigateway._create_usage_plan, lambda: apigateway._usage_plans
    )
    apigateway._create_domain_name = _without_unset(
        apigateway._create_domain_name, lambda: apigateway._domain_names
    )
    _mend_mocks(apigateway)
    create_mapping = apigateway._create_base_path_mapping

    def mapped(domain: str, data: Mapping[str, Any]) -> Any:
        return create_mapping(domain, {name: value for name, value in data.items() if value != ""})

    apigateway._create_base_path_mapping = mapped
    for name in ("_get_stage", "_update_stage"):
        setattr(apigateway, name, _escaped(getattr(apigateway, name)))


# What a plan or a domain has only if it is set.
_OPTIONAL = ("quota", "throttle", "mutualTlsAuthentication")


def _without_unset(create: Callable[[Any], Any], made: Callable[[], Any]) -> Callable[[Any], Any]:
    """A call of `create`, after which none of what it made has an optional part that is empty."""

    def created(data: Any) -> Any:
        answer = create(data)
        for one in made().values():
            for name in _OPTIONAL:
                if one.get(name) == {}:
                    del one[name]
        return answer

    return created


def _mend_mocks(apigateway: Any) -> None:
    put = apigateway._put_integration

    def put_integration(api: str, resource: str, method: str, data: Mapping[str, Any]) -> Any:
        answer = put(api, resource, method, data)
        if data.get("type") == "MOCK" and answer[0] == 201:
            own = apigateway._resources[api][resource]["resourceMethods"][method]
            own["methodIntegration"]["httpMethod"] = data.get("httpMethod")
        return answer

    apigateway._put_integration = put_integration


def _without_empty(create: Callable[[Any], Any], name: str) -> Callable[[Any], Any]:
    """A call of `create` to which an empty setting is none."""
    return lambda data: create({key: value for key, value in data.items() if key != name or value})


def _escaped(stage: Callable[..., Answer]) -> Callable[..., Answer]:
    """A call that answers with a stage, whose settings have their slashes escaped."""

    def answer(*arguments: Any) -> Answer:
        status, headers, body = stage(*arguments)
        content = json.loads(body)
        settings = content.get("methodSettings")
        if not settings:
            return status, headers, body
        content["methodSettings"] = {_key(path): value for path, value in settings.items()}
        return status, headers, json.dumps(content).encode()

    return answer


def _key(path: str) -> str:
    resource, _, method = path.rpartition("/")
    return f"{resource.replace('/', '~1')}/{method}"
