"""The REST API from its settings: paths become resources, schemas models, and endpoints methods."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.kinds.endpoints.api import SECTION, Api, ApiResource, Endpoint, RequestModel
from iotgen.kinds.endpoints.request_model import deployed
from iotgen.kinds.functions import Function
from iotgen.model.context import Context, label
from iotgen.model.expression import Joined, Label, Reference, joined
from iotgen.model.kind import Resolving
from iotgen.problem import Finding, Path
from iotgen.spec.strict_json import read_json

# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
LONGEST_POLICY_NAME = 128
# https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
LONGEST_STATEMENT_ID = 100
# A part of a path without characters that also encode a slash or a brace.
_PLAIN = re.compile(r"[A-Za-z0-9]+((_|-+)[A-Za-z0-9]+)*")


def resolve_api(context: Resolving) -> tuple[Api, ...]:
    """The API, none if the spec has no endpoints."""
    entries = list(context.entries(SECTION))
    if not entries:
        return ()
    settings = context.data["api"]
    key = settings.get("name", f"{context.data['pipeline']}-api")
    throttle = settings.get("throttle", {})
    stage = settings["stage"]
    api = f"aws_api_gateway_rest_api.{label(key)}"
    models = _models(context, label(key))
    own = Api(
        **context.common(key, ("api",) if "api" in context.written else (SECTION,)),
        stage=stage,
        rate=throttle.get("rate"),
        burst=throttle.get("burst", throttle.get("rate")),
        manage_account=settings["manage_account"],
        log_retention_days=settings["log_retention_days"],
        web_acl=settings.get("web_acl"),
        resources=_resources(label(key), [route for route, _, _ in entries]),
        models=tuple(models.values()),
        endpoints=tuple(_endpoints(context, entries, models, key, stage)),
        # API Gateway logs to a group of this name, and would create one that never expires.
        execution_log_group=joined("API-Gateway-Execution-Logs_", Reference(f"{api}.id"), f"/{stage}"),
    )
    return (own,)


def _resources(api: Label, routes: list[str]) -> tuple[ApiResource, ...]:
    """Each part of each path once, parents first."""
    resources: dict[str, ApiResource] = {}
    for route in routes:
        parts = route.strip("/").split("/")
        for depth, part in enumerate(parts, start=1):
            above = "/".join(parts[: depth - 1])
            here = "/".join(parts[:depth])
            parent = _part(api, _words(above)) if above else None
            resources.setdefault(here, ApiResource(label=_part(api, _words(here)), part=part, parent=parent))
    return tuple(resources.values())


def _part(api: Label, name: str) -> Label:
    """The Terraform name of a part of the API: no two APIs share one, as no key has an underscore."""
    return Label(f"{api}__{name}")


def _words(route: str) -> str:
    """A path in the letters of a Terraform name: `devices/{id}` is devices__-id-.

    An ambiguous part gets a digest, so that no two paths share a name.
    """
    parts = route.strip("/").split("/")
    words = "__".join(parts).replace("{", "-").replace("}", "-")
    is_plain = all(part.startswith("{") or _PLAIN.fullmatch(part) for part in parts)
    return words if is_plain else f"{words}-{_digest('/'.join(parts))}"


def _statement_id(words: str, method: str) -> str:
    """The id of the permission for the API to invoke the function, truncated if it is too long."""
    name = f"endpoint-{words}_{method.lower()}"
    if len(name) <= LONGEST_STATEMENT_ID:
        return name
    end = f"-{_digest(words)}_{method.lower()}"
    return name[: LONGEST_STATEMENT_ID - len(end)] + end


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _models(context: Context, api: Label) -> dict[str, RequestModel]:
    """A model for each schema file, by its path; the stem names it, in the alphabet that AWS allows."""
    models: dict[str, RequestModel] = {}
    seen: set[str] = set()
    for _, endpoint, path in context.entries(SECTION):
        file = endpoint.get("body")
        if file is None or file in seen:
            continue
        seen.add(file)
        text = context.sources.text(file)
        schema = _compact(context, text, file, (*path, "body")) if text is not None else None
        if schema is None:
            continue
        stem = file.rsplit("/", 1)[-1].removesuffix(".json")
        words = "".join(char if char.isascii() and char.isalnum() else " " for char in stem).split()
        name = "".join(word[:1].upper() + word[1:] for word in words) or "Body"
        taken = {model.name for model in models.values()}
        while name in taken:
            name += "X"
        models[file] = RequestModel(label=_part(api, name), name=name, schema=schema)
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
    entries: list[tuple[str, Mapping[str, Any], Path]],
    models: dict[str, RequestModel],
    api: str,
    stage: str,
) -> Iterator[Endpoint]:
    for route, settings, path in entries:
        if not context.has("functions", settings["function"], (*path, "function")):
            continue
        words, method = _words(route), settings["method"]
        yield Endpoint(
            label=_part(label(api), f"{words}_{method.lower()}"),
            resource=_part(label(api), words),
            statement_id=_statement_id(words, method),
            route=route.lstrip("/"),
            method=method,
            function=context.resources.get(Function, settings["function"]),
            invoke_arn=_invoke_arn(label(api), stage, method, route),
            body=settings.get("body"),
            model=models.get(settings.get("body", "")),
            parameters={
                f"method.request.querystring.{name}": need == "required"
                for name, need in settings["parameters"].items()
            },
            caller_name=_caller_name(context, api, method, route),
            path=path,
            written=frozenset(context.written[SECTION][route]),
        )


def _caller_name(context: Context, api: str, method: str, route: str) -> str:
    """The name of an endpoint's caller policy: of `GET /devices/{id}` it is iot-api-devices.=id-get-dev.

    No path has the characters that encode a slash and a brace, so no two endpoints share a name.
    """
    path = route.strip("/").replace("/", ".").replace("{", "=").replace("}", "")
    name = context.name(f"{api}-{path}-{method.lower()}")
    digest = _digest(route)
    excess = len(name) - LONGEST_POLICY_NAME + len(digest) + 1
    if len(name) <= LONGEST_POLICY_NAME or excess >= len(path):
        return name
    return context.name(f"{api}-{path[:-excess]}-{digest}-{method.lower()}")


def _invoke_arn(api: Label, stage: str, method: str, route: str) -> Joined:
    """The ARN of exactly this method; a path variable matches anything."""
    path = "/".join("*" if part.startswith("{") else part for part in route.strip("/").split("/"))
    return joined(Reference(f"aws_api_gateway_rest_api.{api}.execution_arn"), f"/{stage}/{method}/{path}")
