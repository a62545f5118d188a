"""The REST API from its settings: paths become resources, schemas models, and endpoints methods."""

import json
from collections.abc import Iterable, Iterator

from iotgen.kinds.accepting import accepted_at
from iotgen.kinds.endpoints.api import API, SECTION, Api, ApiResource, Endpoint, RequestModel
from iotgen.kinds.endpoints.auth import Auth, Auths
from iotgen.kinds.endpoints.cors import METHODS, Cors, Preflight, cors_of
from iotgen.kinds.endpoints.domain import Domain, domain_of
from iotgen.kinds.endpoints.entries import Entry, entries
from iotgen.kinds.endpoints.keys import usage_plan
from iotgen.kinds.endpoints.naming import (
    caller_name,
    invoke_arn,
    part,
    role_name,
    statement_id,
    words,
)
from iotgen.kinds.endpoints.network import network_of
from iotgen.kinds.endpoints.queue import queue_receiver
from iotgen.kinds.endpoints.receiver import Receiver
from iotgen.kinds.endpoints.record import delivery_receiver, stream_receiver
from iotgen.kinds.endpoints.request_model import deployed
from iotgen.kinds.endpoints.responses import own_responses
from iotgen.kinds.endpoints.topic import topic_receiver
from iotgen.kinds.endpoints.web_acl import web_acl
from iotgen.kinds.endpoints.workflow import workflow_receiver
from iotgen.kinds.functions import Function
from iotgen.model.api_address import api_key, given_name, is_addressed
from iotgen.model.context import Context, label
from iotgen.model.expression import Joined, Label, Reference, joined
from iotgen.model.kind import Resolving, Settings
from iotgen.problem import Finding, Path
from iotgen.spec.strict_json import read_json

# The section that each word for what is behind an endpoint names.
_BEHIND = {
    "function": "functions",
    "queue": "queues",
    "workflow": "workflows",
    "stream": "streams",
    "delivery": "deliveries",
    "topic": "topics",
}


def resolve_api(context: Resolving) -> tuple[Api, ...]:
    """The API, none if the spec has no endpoints."""
    own = tuple(entries(context))
    if not own:
        return ()
    settings = context.data["api"]
    key = api_key(context)
    throttle = settings.get("throttle", {})
    stage = settings["stage"]
    api = f"aws_api_gateway_rest_api.{label(key)}"
    models, auths = _models(context, own, label(key)), Auths(context, label(key))
    cors = cors_of(settings.get("cors"))
    endpoints = tuple(_endpoints(context, own, models, auths, key, stage))
    domain = domain_of(settings.get("domain"))
    common = context.common(key, ("api",) if "api" in context.written else (SECTION,))
    given = given_name(context)
    whole = Api(
        **common | ({"name": context.filled(given), "given": given} if given else {}),
        stage=stage,
        address=_address(context, label(key), domain) if is_addressed(context) else None,
        edge=settings["endpoint_type"] == "edge",
        vpc_endpoints=tuple(settings.get("vpc_endpoints", ())),
        accepted=accepted_at(context, settings["accept"], {}, (*API, "accept")),
        rate=throttle.get("rate"),
        burst=throttle.get("burst", throttle.get("rate")),
        manage_account=settings["manage_account"],
        log_retention_days=settings["log_retention_days"],
        log_kms_key=context.log_kms_key("api"),
        web_acl=web_acl(settings.get("web_acl"), label(key)),
        cors=cors,
        responses=own_responses(settings["responses"]),
        preflights=tuple(_preflights(context, label(key), own)),
        binary=tuple(settings.get("binary", ())),
        compression=settings.get("compression"),
        resources=_resources(label(key), [entry.route for entry in own]),
        models=tuple(models.values()),
        endpoints=endpoints,
        authorizers=auths.authorizers,
        domain=domain,
        plan=usage_plan(context, label(key), settings),
        # API Gateway logs to a group of this name, and would create one that never expires.
        execution_log_group=joined("API-Gateway-Execution-Logs_", Reference(f"{api}.id"), f"/{stage}"),
    )
    return (whole,)


def _address(context: Context, api: Label, domain: Domain | None) -> str | Joined:
    """The address that functions have: that of the API's domain, if it has one.

    It is composed, since the stage, which has its own, waits for the functions.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
    """
    if domain:
        return domain.url
    own, suffix = (
        Reference(f"aws_api_gateway_rest_api.{api}.id"),
        Reference("data.aws_partition.current.dns_suffix"),
    )
    return joined(
        "https://", own, f".execute-api.{context.region}.", suffix, f"/{context.data['api']['stage']}"
    )


def _resources(api: Label, routes: Iterable[str]) -> tuple[ApiResource, ...]:
    """Each part of each path once, parents first; the root is there with the API."""
    resources: dict[str, ApiResource] = {}
    for route in routes:
        parts = route.strip("/").split("/") if route != "/" else []
        for depth, name in enumerate(parts, start=1):
            above = "/".join(parts[: depth - 1])
            here = "/".join(parts[:depth])
            parent = part(api, words(above)) if above else None
            resources.setdefault(here, ApiResource(label=part(api, words(here)), part=name, parent=parent))
    return tuple(resources.values())


def _preflights(context: Context, api: Label, own: Iterable[Entry]) -> Iterator[Preflight]:
    """The preflight requests of each path that web pages may call, and has no OPTIONS method of its own."""
    routes: dict[str, list[str]] = {}
    settings: dict[str, Cors] = {}
    for entry in own:
        if cors := _cors(context, entry):
            settings.setdefault(entry.route, cors)
            routes.setdefault(entry.route, []).extend(METHODS if entry.method == "ANY" else [entry.method])
    for route, methods in routes.items():
        if not any((entry.route, entry.method) == (route, "OPTIONS") for entry in own):
            yield Preflight(
                label=part(api, f"{words(route)}_options"),
                resource=_resource(api, route),
                methods=tuple(dict.fromkeys((*methods, "OPTIONS"))),
                cors=settings[route],
            )


def _models(context: Context, own: Iterable[Entry], api: Label) -> dict[str, RequestModel]:
    """A model for each schema file, by its path; the stem names it, in the alphabet that AWS allows."""
    models: dict[str, RequestModel] = {}
    seen: set[str] = set()
    for entry in own:
        file = entry.settings.get("body")
        if file is None or file in seen:
            continue
        seen.add(file)
        text = context.sources.text(file)
        schema = _compact(context, text, file, (*entry.path, "body")) if text is not None else None
        if schema is None:
            continue
        stem = file.rsplit("/", 1)[-1].removesuffix(".json")
        plain = "".join(char if char.isascii() and char.isalnum() else " " for char in stem).split()
        name = "".join(word[:1].upper() + word[1:] for word in plain) or "Body"
        taken = {model.name for model in models.values()}
        while name in taken:
            name += "X"
        models[file] = RequestModel(label=part(api, name), name=name, schema=schema)
    return models


def _compact(context: Context, text: str, file: str, path: Path) -> str | None:
    """The model's schema on one line with sorted keys; a problem if it is not a JSON object."""
    try:
        schema = read_json(text)
    except ValueError as error:
        context.report(Finding(path, f"`{file}` is not JSON: {error}", code="IOT204"))
        return None
    if not isinstance(schema, dict):
        message = f"`{file}` is not a JSON Schema: it must be an object"
        context.report(Finding(path, message, code="IOT204"))
        return None
    return json.dumps(deployed(schema), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _endpoints(
    context: Resolving,
    own: Iterable[Entry],
    models: dict[str, RequestModel],
    auths: Auths,
    api: str,
    stage: str,
) -> Iterator[Endpoint]:
    for entry in own:
        settings = entry.settings
        known = all(
            context.has(section, settings[name], (*entry.path, name))
            for name, section in _BEHIND.items()
            if name in settings
        )
        auth = _auth(context, auths, entry)
        if not known or auth is None:
            continue
        name, method = words(entry.route), entry.method
        throttle = settings.get("throttle", context.data["api"].get("throttle", {}))
        yield Endpoint(
            label=part(label(api), f"{name}_{method.lower()}"),
            resource=_resource(label(api), entry.route),
            statement_id=statement_id(name, method),
            route=entry.route.lstrip("/"),
            method=method,
            function=_function(context, settings),
            receiver=_receiver(context, entry, api),
            rate=throttle.get("rate"),
            burst=throttle.get("burst", throttle.get("rate")),
            invoke_arn=invoke_arn(label(api), stage, method, entry.route),
            body=settings.get("body"),
            model=models.get(settings.get("body", "")),
            parameters={
                f"method.request.querystring.{name}": need == "required"
                for name, need in settings["parameters"].items()
            },
            auth=auth,
            cors=_cors(context, entry),
            network=network_of(settings.get("from", context.data["api"]["from"])),
            is_private="vpc_endpoints" in context.data["api"],
            caller_name=caller_name(context, api, method, entry.route),
            path=entry.path,
            written=entry.written,
        )


def _function(context: Resolving, settings: Settings) -> Function | None:
    return context.resources.get(Function, settings["function"]) if "function" in settings else None


def _cors(context: Context, entry: Entry) -> Cors | None:
    """Which web pages may call an endpoint, by its own setting or by that of the API."""
    return cors_of(entry.settings.get("cors", context.data["api"].get("cors")))


def _receiver(context: Resolving, entry: Entry, api: str) -> Receiver | None:
    """What is behind an endpoint without a function."""
    cors = _cors(context, entry)
    role = role_name(context, api, entry.method, entry.route)
    if "queue" in entry.settings:
        return queue_receiver(context, entry.settings["queue"], role, cors)
    if "workflow" in entry.settings:
        return workflow_receiver(context, entry.settings["workflow"], role, cors)
    if "stream" in entry.settings:
        own = entry.settings.get("partition_key")
        return stream_receiver(context, entry.settings["stream"], role, cors, own)
    if "delivery" in entry.settings:
        return delivery_receiver(context, entry.settings["delivery"], role, cors)
    if "topic" in entry.settings:
        return topic_receiver(context, entry.settings["topic"], role, cors)
    return None


def _auth(context: Resolving, auths: Auths, entry: Entry) -> Auth | None:
    """What an endpoint asks of its callers, by its own setting or by that of the API."""
    path = (*entry.path, "auth") if "auth" in entry.settings else (*API, "auth")
    written = entry.settings.get("auth", context.data["api"]["auth"])
    return auths.of(written, path, api_key=entry.settings["api_key"])


def _resource(api: Label, route: str) -> Reference:
    """The id of the API's resource for a path."""
    if route == "/":
        return Reference(f"aws_api_gateway_rest_api.{api}.root_resource_id")
    return Reference(f"aws_api_gateway_resource.{part(api, words(route))}.id")
