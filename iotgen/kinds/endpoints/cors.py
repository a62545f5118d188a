"""CORS: which web pages may call the API, as preflight requests and API Gateway's own errors answer it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
"""

from dataclasses import dataclass
from typing import Any

from iotgen.model.expression import Label, Reference
from iotgen.spec.schema import schema

ANY = "*"
# The methods that ANY stands for.
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_ALLOW = "Access-Control-Allow"
# Of settings that a spec which names origins only has no mapping for.
_DEFAULTS = {
    name: setting["default"]
    for name, setting in schema()["$defs"]["corsSettings"]["properties"].items()
    if "default" in setting
}


@dataclass(frozen=True, kw_only=True)
class Cors:
    """The origins whose pages may call, and what browsers let them send; `max_age` is in seconds.

    `methods` is empty for those of each path.
    """

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    max_age: int
    credentials: bool

    @property
    def of_any(self) -> bool:
        """Whether the pages of all origins may call."""
        return ANY in self.origins

    @property
    def headers_of_all(self) -> dict[str, str]:
        """Those of API Gateway's own responses; of several origins, the caller's replaces the first."""
        named = {f"{_ALLOW}-Origin": ANY if self.of_any else self.origins[0]}
        if self.credentials:
            named[f"{_ALLOW}-Credentials"] = "true"
        if self.template:
            named["Vary"] = "Origin"
        return named

    @property
    def template(self) -> str | None:
        """What puts the caller's origin into a response, if it is one of several; None for one origin.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
        """
        if self.of_any or len(self.origins) == 1:
            return None
        known = " || ".join(f'$origin == "{origin}"' for origin in self.origins)
        return (
            '#set($origin = $input.params("Origin"))\n'
            '#if($origin == "")#set($origin = $input.params("origin"))#end\n'
            f"#if({known})#set($context.responseOverride.header.{_ALLOW}-Origin = $origin)#end\n"
        )


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """The OPTIONS method of a path, which API Gateway answers by itself."""

    label: Label
    resource: Reference
    methods: tuple[str, ...]
    cors: Cors

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer."""
        named = self.cors.headers_of_all | {
            f"{_ALLOW}-Methods": ",".join(self.cors.methods or self.methods),
            f"{_ALLOW}-Headers": ",".join(self.cors.headers),
            "Access-Control-Max-Age": str(self.cors.max_age),
        }
        return mapped(named)

    @property
    def declared(self) -> dict[str, bool]:
        """The headers that the method is declared to answer with."""
        return dict.fromkeys(self.headers, True)


def error_headers(origins: tuple[str, ...], *, credentials: bool) -> dict[str, str]:
    """The headers by which pages of some origins may read API Gateway's own errors.

    Their templates cannot choose an origin: where there are several, all may read them, without credentials.
    """
    several = ANY in origins or len(origins) > 1
    headers = {"Origin": ANY if several else origins[0]}
    if credentials and not several:
        headers["Credentials"] = "true"
    return {f"gatewayresponse.header.{_ALLOW}-{name}": f"'{value}'" for name, value in headers.items()}


def mapped(headers: dict[str, str]) -> dict[str, str]:
    """Headers as API Gateway's mapping of a method's response."""
    return {f"method.response.header.{name}": f"'{value}'" for name, value in headers.items()}


def cors_of(written: Any) -> Cors | None:
    """What the spec's `cors` means, in each of its forms: true, an origin, a list of them, or settings."""
    if written in (None, False):
        return None
    settings = _DEFAULTS | (written if isinstance(written, dict) else {"origins": written})
    origins = ANY if settings["origins"] is True else settings["origins"]
    return Cors(
        origins=(origins,) if isinstance(origins, str) else tuple(origins),
        methods=tuple(settings["methods"]),
        headers=tuple(settings["headers"]),
        max_age=settings["max_age"],
        credentials=settings["credentials"],
    )
