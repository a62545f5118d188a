"""Endpoints: the paths of the REST API that carries them, each with the function behind it."""

from collections.abc import Iterable, Iterator

from iotgen.kinds.accepting import users_drawing
from iotgen.kinds.endpoints.access_log import ACCESS_LOG, api_logs
from iotgen.kinds.endpoints.address import api_addresses, function_addresses
from iotgen.kinds.endpoints.alarms import api_alarms
from iotgen.kinds.endpoints.api import (
    API,
    SECTION,
    Api,
    Endpoint,
    endpoint_at,
    endpoints_of,
    request_schemas,
    requests_of,
)
from iotgen.kinds.endpoints.changes import api_changes
from iotgen.kinds.endpoints.cors import METHODS, Cors
from iotgen.kinds.endpoints.costs import API_COSTS
from iotgen.kinds.endpoints.gateway_responses import gateway_responses
from iotgen.kinds.endpoints.keys import key_value
from iotgen.kinds.endpoints.policy import answered, api_policy
from iotgen.kinds.endpoints.preflight import api_preflight
from iotgen.kinds.endpoints.resolve import resolve_api
from iotgen.kinds.endpoints.sample import sample_authorization, sample_request
from iotgen.kinds.endpoints.status import API_STATUS
from iotgen.kinds.endpoints.web_acl import rendered_rules
from iotgen.kinds.user_pools import SECTION as POOLS
from iotgen.model.api_address import address_label
from iotgen.model.derived import Derived
from iotgen.model.drawing import Edge, Group, Node, Part, Relation, Style
from iotgen.model.expression import Expression, Label, Reference, joined
from iotgen.model.kind import Kind, Name, role_name
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Output, Rendering

__all__ = [
    "ENDPOINTS",
    "Api",
    "Cors",
    "Endpoint",
    "answered",
    "api_addresses",
    "api_policy",
    "endpoint_at",
    "endpoints_of",
    "function_addresses",
    "key_value",
    "request_schemas",
    "requests_of",
    "sample_authorization",
    "sample_request",
]

_FILE = "api"


def _names(api: Api) -> Iterator[Name]:
    if api.web_acl and api.web_acl.own:
        # https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
        yield Name(what="a web ACL", text=api.name, space="web ACL", most=128, path=(*API, "web_acl"))
    for key in api.plan.keys if api.plan else ():
        # https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html
        yield Name(what="an API key", text=key.name, space="API key", most=1024, path=(*API, "keys"))
    for endpoint in api.endpoints:
        if endpoint.receiver:
            role, what = endpoint.receiver.role, "the role of an endpoint"
            yield role_name(what, role, endpoint.path)
    for endpoint in _signed(api):
        # IAM ignores case: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
        name = endpoint.caller_name
        what = "the policy of its callers"
        yield Name(what=what, text=name, space="policy", most=128, compared=name.lower(), path=endpoint.path)


def _signed(api: Api) -> Iterator[Endpoint]:
    """The endpoints whose callers a policy allows to call them."""
    return (endpoint for endpoint in api.endpoints if endpoint.is_signed)


def _render(apis: tuple[Api, ...], _digests: Digests) -> Iterator[Rendering]:
    for api in apis:
        yield from _deployed(api)
        yield Rendering(_FILE, api.path, "api", {"api": api})
        if api.address:
            holes = {"label": address_label(api.label), "address": api.address}
            yield Rendering(_FILE, api.path, "api_address", holes)
        for endpoint in _signed(api):
            yield Rendering(_FILE, endpoint.path, "endpoint_caller", {"api": api, "endpoint": endpoint})
        yield from _throttles(api)
        yield _stage(api)
        yield from _keys(api)
        if api.web_acl and api.web_acl.own:
            rules = rendered_rules(api.web_acl)
            yield Rendering(_FILE, api.path, "web_acl", {"api": api, "rules": rules})
        if api.domain:
            yield Rendering(_FILE, api.path, "domain", {"api": api, "domain": api.domain})


def _throttles(api: Api) -> Iterator[Rendering]:
    """The settings of endpoints with a throttle of their own; ANY has them for each method it stands for."""
    taken = {(endpoint.route, endpoint.method) for endpoint in api.endpoints}
    for endpoint in api.endpoints:
        if "throttle" not in endpoint.written:
            continue
        every = METHODS if endpoint.method == "ANY" else ()
        methods = [one for one in every if (endpoint.route, one) not in taken] or [endpoint.method]
        for method in methods:
            # https://github.com/hashicorp/terraform-provider-aws/issues/9738
            path = f"~1{endpoint.route.replace('/', '~1')}/{method}"
            own = endpoint.label if method == endpoint.method else f"{endpoint.label}_{method.lower()}"
            holes = {"api": api, "endpoint": endpoint, "label": Label(own), "method_path": path}
            yield Rendering(_FILE, endpoint.path, "endpoint_throttle", holes)


def _keys(api: Api) -> Iterator[Rendering]:
    """The usage plan and its keys, which are no part of a deployment."""
    if api.plan:
        yield Rendering(_FILE, api.path, "usage_plan", {"api": api, "plan": api.plan})
        for key in api.plan.keys:
            yield Rendering(_FILE, api.path, "api_key", {"api": api, "key": key})


def _deployed(api: Api) -> Iterator[Rendering]:
    """The resources that are part of a deployment of the API."""
    for resource in api.resources:
        yield Rendering(_FILE, api.path, "api_resource", {"api": api, "resource": resource})
    for model in api.models:
        yield Rendering(_FILE, api.path, "api_model", {"api": api, "model": model})
    for endpoint in api.endpoints:
        holes = {"api": api, "endpoint": endpoint}
        yield Rendering(_FILE, endpoint.path, "endpoint", holes)
        if endpoint.receiver:
            more = {"receiver": endpoint.receiver}
            yield Rendering(_FILE, endpoint.path, "endpoint_receiver", holes | more)
        else:
            yield Rendering(_FILE, endpoint.path, "endpoint_function", holes)
    for authorizer in api.authorizers:
        yield Rendering(_FILE, api.path, "authorizer", {"api": api, "authorizer": authorizer})
    for preflight in api.preflights:
        yield Rendering(_FILE, api.path, "preflight", {"api": api, "preflight": preflight})
    yield from _refusals(api)


def _refusals(api: Api) -> Iterator[Rendering]:
    """Who may not call, and what callers get who are refused."""
    for response in gateway_responses(api):
        headers = {**api.error_headers, **response.headers} or None
        holes = {"api": api, "response": response, "headers": headers}
        yield Rendering(_FILE, api.path, "gateway_response", holes)
    if policy := api_policy(api):
        yield Rendering(_FILE, api.path, "api_policy", {"api": api, "policy": policy})


def _stage(api: Api) -> Rendering:
    # Integrations and gateway responses are live only if they exist before the deployment.
    deployed = [
        *(f"aws_api_gateway_integration.{endpoint.label}" for endpoint in api.endpoints),
        *(f"aws_api_gateway_integration_response.{preflight.label}" for preflight in api.preflights),
        *(
            f"aws_api_gateway_integration_response.{endpoint.label}__{answer}"
            for endpoint in api.endpoints
            if endpoint.receiver
            for answer in ("accepted", "refused")
        ),
        *(
            f"aws_api_gateway_gateway_response.{api.label}__{response.code}"
            for response in gateway_responses(api)
        ),
        # A private API is not deployed without a policy.
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
        *([f"aws_api_gateway_rest_api_policy.{api.label}"] if api_policy(api) else ()),
    ]
    # The deployment does not depend on functions, or its `create_before_destroy` would extend to their
    # dependencies. The stage waits for them, so that no request arrives before API Gateway may invoke the
    # function.
    before_live = [
        f"aws_cloudwatch_log_group.{api.label}__execution",
        *(
            f"aws_iam_role_policy.{endpoint.label}__send"
            if endpoint.receiver
            else f"aws_lambda_permission.{endpoint.label}__endpoint"
            for endpoint in api.endpoints
        ),
        *(
            f"aws_lambda_permission.{authorizer.label}"
            for authorizer in api.authorizers
            if authorizer.function
        ),
    ]
    holes = {"api": api, "deployed": deployed, "before_live": before_live, "access_log": ACCESS_LOG}
    return Rendering(_FILE, api.path, "api_stage", holes, digested=_is_live)


# What belongs to a stage or to the account, and takes effect by itself.
_NOT_DEPLOYED = frozenset(
    f"aws_api_gateway_{name}"
    for name in (
        "method_settings",
        "api_key",
        "usage_plan",
        "usage_plan_key",
        "domain_name",
        "base_path_mapping",
    )
)


def _is_live(address: str) -> bool:
    """Whether resources of this type are part of a deployment."""
    return address.startswith("aws_api_gateway_") and address not in _NOT_DEPLOYED


def _outputs(apis: tuple[Api, ...]) -> Iterator[Output]:
    for api in apis:
        yield Output("api_endpoint", "Where the API answers; put an endpoint's path behind it", _url(api))
        if api.domain:
            attribute = "cloudfront_domain_name" if api.edge else "regional_domain_name"
            target = Reference(f"aws_api_gateway_domain_name.{api.label}.{attribute}")
            yield Output("api_domain_target", "What the record of the API's domain has to point to", target)
        callers = {
            endpoint.title: Reference(f"aws_iam_policy.{endpoint.label}__caller.arn")
            for endpoint in _signed(api)
        }
        description = "The IAM policies that let their holders call an endpoint, by the endpoint"
        if callers:
            yield Output("caller_policy_arns", description, callers)
        if anyone := _authorizations(endpoint for endpoint in api.endpoints if endpoint.is_open):
            yield Output("open_endpoints", "The endpoints that anyone may call", anyone)
        if limited := _authorizations(one for one in api.endpoints if one.asks_nothing and one.is_limited):
            yield Output("limited_endpoints", "The endpoints that anyone at some addresses may call", limited)
        others = (one for one in api.endpoints if not (one.asks_nothing or one.is_signed))
        if guarded := _authorizations(others):
            yield Output("guarded_endpoints", "The endpoints that ask for an API key or a token", guarded)
        if api.plan:
            ids = {key.key: Reference(f"aws_api_gateway_api_key.{key.label}.id") for key in api.plan.keys}
            yield Output("api_key_ids", "The ids of the API keys, by which AWS shows their values", ids)


def _url(api: Api) -> Expression:
    """The address of the API; Terraform makes that of the domain only once the domain answers."""
    if api.domain and api.domain.only:
        name = Reference(f"aws_api_gateway_base_path_mapping.{api.label}.domain_name")
        return joined("https://", name, f"/{api.domain.path}" if api.domain.path else "")
    return Reference(f"aws_api_gateway_stage.{api.label}.invoke_url")


def _authorizations(endpoints: Iterable[Endpoint]) -> dict[str, Reference]:
    return {
        endpoint.title: Reference(f"aws_api_gateway_method.{endpoint.label}.authorization")
        for endpoint in endpoints
    }


def _derived(api: Api) -> Iterator[Derived]:
    if not api.given:
        yield Derived((*API, "name"), api.key, "the pipeline's name")
    if api.rate is not None:
        yield Derived((*API, "throttle", "burst"), api.burst, "the rate")


_STYLE = Style(name="endpoint", hue=265, icon="M8 6 3 12l5 6M16 6l5 6-5 6M13.5 4.5l-3 15", shape=("{{", "}}"))
_CALLERS = Style(
    name="callers",
    hue=None,
    icon="M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4",
    shape=("([", "])"),
)


def _drawing(apis: tuple[Api, ...], _pipeline: Pipeline) -> Iterator[Part]:
    """The API as a frame around its endpoints, with those who call them."""
    for api in apis:
        rate = f" · {api.rate}/s" if api.rate else ""
        callers = (*API, "callers")
        yield Node(id=callers, noun="callers", title="Callers", note=_note(api), style=_CALLERS)
        private = " · private" if api.vpc_endpoints else ""
        firewall = " · firewall" if api.web_acl else ""
        yield Group(id=API, noun="API", title=api.key, note=f"API Gateway{private}{rate}{firewall}")
        yield from users_drawing(API, api.accepted)
        yield Edge(tail=callers, head=API, text="", accent=callers, relation=Relation.CALL)
        for endpoint in api.endpoints:
            asked = {"anyone": "open", "signed": ""}.get(endpoint.auth.words, endpoint.auth.words)
            where = "some addresses" if endpoint.network else ""
            notes = (asked, where, "validated body" if endpoint.model else "")
            note = ", ".join(filter(None, notes))
            yield Node(
                id=endpoint.path, noun="endpoint", title=endpoint.title, note=note, style=_STYLE, group=API
            )
            yield Edge(
                tail=endpoint.path,
                head=endpoint.receiver.path if endpoint.receiver else ("functions", endpoint.behind),
                text="",
                accent=endpoint.path,
                relation=Relation.CALL,
            )
        yield from _deciding(api)


def _deciding(api: Api) -> Iterator[Edge]:
    """The functions and user pools of the spec that decide who may call."""
    for one in api.authorizers:
        head = one.function.path if one.function else (POOLS, one.pool) if one.pool else None
        if head:
            yield Edge(tail=API, head=head, text="who may call", accent=API, relation=Relation.CALL)


def _note(api: Api) -> str:
    """Who may call the endpoints: the strictest first, and anyone last."""
    words = sorted(
        {endpoint.auth.words for endpoint in api.endpoints}, key=lambda one: (one == "anyone", one)
    )
    return ", or ".join(words)


ENDPOINTS = Kind(
    section=SECTION,
    noun="endpoint",
    type=Api,
    address="aws_api_gateway_rest_api",
    referred=False,
    used_in=None,
    resolve=resolve_api,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=api_alarms,
    logs=api_logs,
    status=API_STATUS,
    traces=None,
    changes=api_changes,
    contents=None,
    refuses=None,
    preflight=api_preflight,
    in_spec=None,
    waits={},
    renamable=False,
    access=None,
    existing=None,
    derived=_derived,
    drawing=_drawing,
    costs=API_COSTS,
)
