"""The URL of a function: an address of its own on the internet, without an API.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iotgen.spec.schema import schema

_OPEN = "none"
_ANY = "*"


@dataclass(frozen=True, kw_only=True)
class UrlCors:
    """The web pages that may call a URL, and what they may send and read; `max_age` is in seconds."""

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    expose: tuple[str, ...]
    max_age: int
    credentials: bool


@dataclass(frozen=True, kw_only=True)
class Url:
    """A URL: who may call it, and whether the response is sent while it is made.

    `written` are the settings that the spec has.
    """

    auth: str
    stream: bool
    cors: UrlCors | None
    written: frozenset[str]

    @property
    def is_open(self) -> bool:
        """Whether anyone may call it."""
        return self.auth == _OPEN

    @property
    def authorization(self) -> str:
        """The same as AWS has it."""
        return "NONE" if self.is_open else "AWS_IAM"


def resolve_url(setting: bool | Mapping[str, Any] | None, written: Any) -> Url | None:
    """The URL of a function, if any; `written` is the setting without defaults."""
    if not setting:
        return None
    settings = {**_defaults("functionUrlSettings"), **(setting if isinstance(setting, Mapping) else {})}
    return Url(
        auth=settings["auth"],
        stream=settings["stream"],
        cors=_cors(settings.get("cors")),
        written=frozenset(written) if isinstance(written, Mapping) else frozenset(),
    )


def _cors(setting: bool | str | Sequence[str] | Mapping[str, Any] | None) -> UrlCors | None:
    if not setting:
        return None
    given: Mapping[str, Any] = setting if isinstance(setting, Mapping) else {"origins": setting}
    settings = {**_defaults("functionUrlCorsSettings"), **given}
    return UrlCors(
        origins=_texts(settings["origins"]),
        methods=tuple(settings["methods"]),
        headers=_header_names(settings["headers"]),
        expose=_header_names(settings["expose"]),
        max_age=settings["max_age"],
        credentials=settings["credentials"],
    )


def _texts(origins: bool | str | Sequence[str]) -> tuple[str, ...]:
    if origins is True:
        return (_ANY,)
    return (origins,) if isinstance(origins, str) else tuple(origins or ())


def _header_names(headers: Sequence[str]) -> tuple[str, ...]:
    """In small letters, as Lambda's own examples have them; they are compared without case."""
    return tuple(header.lower() for header in headers)


def _defaults(name: str) -> dict[str, Any]:
    """The defaults of settings, which a spec that abbreviates them has no mapping for."""
    properties: Mapping[str, Any] = schema()["$defs"][name]["properties"]
    return {key: setting["default"] for key, setting in properties.items() if "default" in setting}
