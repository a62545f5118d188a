"""API Gateway's own error responses, in the form of the handlers' errors.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from dataclasses import dataclass, replace

from iotgen.kinds.endpoints.api import Api
from iotgen.kinds.endpoints.responses import OwnResponse
from iotgen.model.expression import Label


@dataclass(frozen=True)
class GatewayResponse:
    """An error response; `status` is None to keep API Gateway's own status.

    `own` are the parts of it that the spec says.
    """

    code: Label
    type: str
    status: str | None
    retry_after: str | None = None
    own: OwnResponse | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers, as API Gateway's mapping of parameters."""
        usual = {"Retry-After": self.retry_after} if self.retry_after else {}
        named = usual | dict(self.own.headers if self.own else ())
        return {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in named.items()}

    @property
    def template(self) -> str:
        """The body, in which API Gateway fills in variables."""
        if self.own and self.own.body is not None:
            return self.own.body
        return f'{{"error":{{"code":"{self.code}","message":$context.error.messageString,"details":[]}}}}'


_ALWAYS = (
    GatewayResponse(Label("invalid_body"), "BAD_REQUEST_BODY", "400"),
    GatewayResponse(Label("invalid_parameters"), "BAD_REQUEST_PARAMETERS", "400"),
    GatewayResponse(Label("access_denied"), "ACCESS_DENIED", "403"),
    GatewayResponse(Label("too_large"), "REQUEST_TOO_LARGE", "413"),
    GatewayResponse(Label("throttled"), "THROTTLED", "429", retry_after="1"),
    GatewayResponse(Label("request_refused"), "DEFAULT_4XX", None),
    GatewayResponse(Label("unavailable"), "DEFAULT_5XX", None, retry_after="1"),
)
_OF_TOKENS = (GatewayResponse(Label("unauthorized"), "UNAUTHORIZED", "401"),)
_OF_KEYS = (
    GatewayResponse(Label("invalid_api_key"), "INVALID_API_KEY", "403"),
    GatewayResponse(Label("quota_exceeded"), "QUOTA_EXCEEDED", "429"),
)


_KNOWN = {response.type: response for response in (*_ALWAYS, *_OF_TOKENS, *_OF_KEYS)}


def gateway_responses(api: Api) -> tuple[GatewayResponse, ...]:
    """The error responses of an API: some only where it asks for keys or tokens, or the spec has them."""
    keys = any(endpoint.auth.api_key for endpoint in api.endpoints)
    usual = (*_ALWAYS, *(_OF_TOKENS if api.authorizers else ()), *(_OF_KEYS if keys else ()))
    types = dict.fromkeys((*(response.type for response in usual), *api.responses))
    return tuple(_response(api, one) for one in types)


def _response(api: Api, kind: str) -> GatewayResponse:
    known = _KNOWN.get(kind) or GatewayResponse(Label(kind.lower()), kind, None)
    own = api.responses.get(kind)
    return replace(known, own=own, status=own.status or known.status) if own else known
