"""API Gateway's own error responses, in the form of the handlers' errors.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from dataclasses import dataclass

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


GATEWAY_RESPONSES = (
    GatewayResponse(Label("invalid_body"), "BAD_REQUEST_BODY", "400"),
    GatewayResponse(Label("invalid_parameters"), "BAD_REQUEST_PARAMETERS", "400"),
    GatewayResponse(Label("access_denied"), "ACCESS_DENIED", "403"),
    GatewayResponse(Label("too_large"), "REQUEST_TOO_LARGE", "413"),
    GatewayResponse(Label("throttled"), "THROTTLED", "429", retry_after="1"),
    GatewayResponse(Label("request_refused"), "DEFAULT_4XX", None),
    GatewayResponse(Label("unavailable"), "DEFAULT_5XX", None, retry_after="1"),
)
