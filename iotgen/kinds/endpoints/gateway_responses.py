"""API Gateway's own error responses, in the form of the handlers' errors.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from dataclasses import dataclass

from iotgen.kinds.endpoints.api import Api
from iotgen.model.expression import Label


@dataclass(frozen=True)
class GatewayResponse:
    """An error response; `status` is None to keep API Gateway's own status."""

    code: Label
    type: str
    status: str | None
    retry_after: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers, as API Gateway's mapping of parameters."""
        return {"gatewayresponse.header.Retry-After": f"'{self.retry_after}'"} if self.retry_after else {}


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


def gateway_responses(api: Api) -> tuple[GatewayResponse, ...]:
    """The error responses of an API: some only where it asks for keys or tokens."""
    keys = any(endpoint.auth.api_key for endpoint in api.endpoints)
    return (*_ALWAYS, *(_OF_TOKENS if api.authorizers else ()), *(_OF_KEYS if keys else ()))
