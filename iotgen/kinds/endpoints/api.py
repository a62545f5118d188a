"""The REST API: the tree of its paths, its request models and its endpoints."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from iotgen.kinds.accepting import Accepted
from iotgen.kinds.endpoints.auth import IAM, NONE, Auth, Authorizer
from iotgen.kinds.endpoints.cors import Cors, Preflight, error_headers
from iotgen.kinds.endpoints.domain import Domain
from iotgen.kinds.endpoints.keys import UsagePlan
from iotgen.kinds.endpoints.network import Network
from iotgen.kinds.endpoints.receiver import Receiver
from iotgen.kinds.endpoints.responses import OwnResponse
from iotgen.kinds.endpoints.web_acl import WebAcl
from iotgen.kinds.functions import Function
from iotgen.model.expression import Expression, Label, Reference
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.problem import Path

SECTION = "endpoints"
# Where the settings of the whole API are, also in a spec that has none.
API: Path = ("api",)


@dataclass(frozen=True, kw_only=True)
class ApiResource:
    """A part of a path; `parent` is the label of the part before it, None below the root."""

    label: Label
    part: str
    parent: Label | None


@dataclass(frozen=True, kw_only=True)
class RequestModel:
    """A JSON Schema that API Gateway validates bodies against; `schema` is its deployed text."""

    label: Label
    name: str
    schema: str


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A method of the API, with the function behind it, or the `receiver`.

    `route` is the path on AWS without its first slash. `rate` is in requests per second.

    `resource` is the id of its path; `method` may be ANY. `statement_id` is that of the permission to invoke.
    `caller_name` is the name of the policy that allows calling it; `written` names
    the settings that the spec has for it. `network` is where its callers are, None for anywhere;
    one that `is_private` is reached in VPCs alone.
    """

    label: Label
    resource: Reference
    statement_id: str
    route: str
    method: str
    function: Function | None
    receiver: Receiver | None
    rate: int | None
    burst: int | None
    invoke_arn: Expression
    body: str | None
    model: RequestModel | None
    parameters: Mapping[str, bool]
    auth: Auth
    cors: Cors | None
    network: Network | None
    is_private: bool
    caller_name: str
    path: Path
    written: frozenset[str]

    @property
    def is_open(self) -> bool:
        """Whether anyone may call it, from anywhere."""
        return self.asks_nothing and not self.is_limited

    @property
    def asks_nothing(self) -> bool:
        """Whether its callers need neither a signature nor a key nor a token."""
        return self.auth.type == NONE and not self.auth.api_key

    @property
    def is_limited(self) -> bool:
        """Whether only callers at some addresses, or in some VPCs, may call it."""
        return self.is_private or (self.network is not None and bool(self.network.addresses))

    @property
    def asks_for_key_only(self) -> bool:
        """Whether whoever has a key may call it."""
        return self.auth.type == NONE and self.auth.api_key

    @property
    def is_signed(self) -> bool:
        """Whether callers sign their requests, and a policy allows them to call."""
        return self.auth.type == IAM

    @property
    def answering(self) -> str | None:
        """The key of the function behind it, None for a receiver."""
        return self.function.key if self.function else None

    @property
    def behind(self) -> str:
        """The key of what is behind it."""
        return self.receiver.key if self.receiver else self.answering or ""

    @property
    def authorizing(self) -> str | None:
        """The key of the function that decides who may call, if there is one."""
        authorizer = self.auth.authorizer
        return authorizer.function.key if authorizer and authorizer.function else None

    def takes(self, path: str) -> bool:
        """Whether a request with this path is for it."""
        pattern = "/".join(map(_matching, self.route.split("/")))
        return re.fullmatch(pattern, path.strip("/")) is not None

    @property
    def exactness(self) -> tuple[int, ...]:
        """By part of the path: 0 if it is literal, 1 for a variable, 2 for the rest of a path."""
        return tuple(2 if part.endswith("+}") else int(part[:1] == "{") for part in self.route.split("/"))

    @property
    def title(self) -> str:
        """Its method and path."""
        return f"{self.method} /{self.route}"


@dataclass(frozen=True, kw_only=True)
class Api(Resource):
    """The REST API with its one stage; `rate` is in requests per second for each endpoint.

    With `edge` requests arrive at CloudFront's edge locations, and with `vpc_endpoints` at these alone.
    `accepted` are those outside of the spec who may call the endpoints that ask for signatures. `binary` are
    the media types of binary bodies; `compression` is the size in bytes from which responses are compressed,
    None for none. `responses` are those of API Gateway that the spec says, by their type. `address` is the
    one that functions have in a variable, None if none has.
    """

    stage: str
    address: str | Expression | None
    edge: bool
    vpc_endpoints: tuple[str, ...]
    accepted: tuple[Accepted, ...]
    rate: int | None
    burst: int | None
    manage_account: bool
    log_retention_days: int
    log_kms_key: str | Expression | None
    web_acl: WebAcl | None
    authorizers: tuple[Authorizer, ...]
    plan: UsagePlan | None
    domain: Domain | None
    cors: Cors | None
    responses: Mapping[str, OwnResponse]
    preflights: tuple[Preflight, ...]
    binary: tuple[str, ...]
    compression: int | None
    resources: tuple[ApiResource, ...]
    models: tuple[RequestModel, ...]
    endpoints: tuple[Endpoint, ...]
    execution_log_group: Expression

    @property
    def error_headers(self) -> Mapping[str, str]:
        """The headers by which pages may read API Gateway's own errors, the same at all endpoints."""
        written = dict.fromkeys(one for one in (self.cors, *(one.cors for one in self.endpoints)) if one)
        origins = dict.fromkeys(origin for one in written for origin in one.origins)
        credentials = all(one.credentials for one in written)
        return error_headers(tuple(origins), credentials=credentials) if written else {}

    @property
    def arrival(self) -> str:
        """Where requests arrive, in AWS's word."""
        return "PRIVATE" if self.vpc_endpoints else "EDGE" if self.edge else "REGIONAL"

    @property
    def hidden(self) -> bool:
        """Whether it answers at its own domain only."""
        return self.domain is not None and self.domain.only


def _matching(part: str) -> str:
    """A pattern for what a part of a path takes."""
    return ".+" if part.endswith("+}") else "[^/]+" if part.startswith("{") else re.escape(part)


def endpoints_of(pipeline: Pipeline, function: Function | None = None) -> tuple[Endpoint, ...]:
    """The endpoints of the API, or only those of `function`; each is throttled separately."""
    api = pipeline.one(Api)
    return tuple(
        endpoint
        for endpoint in (api.endpoints if api else ())
        if function is None or endpoint.answering == function.key
    )


def endpoint_at(pipeline: Pipeline, method: str, path: str) -> Endpoint | None:
    """The endpoint that answers a request, as API Gateway finds it: the most exact path, then the method."""
    fitting = [one for one in endpoints_of(pipeline) if one.method in (method, "ANY") and one.takes(path)]
    return min(fitting, key=lambda one: (one.exactness, one.method == "ANY"), default=None)


def requests_of(pipeline: Pipeline, function: Function) -> tuple[Endpoint, ...]:
    """The endpoints whose requests invoke a function: those that it answers, and those that it authorizes."""
    return tuple(
        endpoint
        for endpoint in endpoints_of(pipeline)
        if function.key in (endpoint.answering, endpoint.authorizing)
    )


def request_schemas(pipeline: Pipeline) -> dict[str, Path]:
    """The files of request models that hold a JSON object, each with its first path in the spec."""
    schemas: dict[str, Path] = {}
    for endpoint in endpoints_of(pipeline):
        if endpoint.model and endpoint.body:
            schemas.setdefault(endpoint.body, (*endpoint.path, "body"))
    return schemas
