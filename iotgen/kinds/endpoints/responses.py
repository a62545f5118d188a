"""What the spec itself says that API Gateway answers where it refuses a request, or fails at one."""

import json
from dataclasses import dataclass

from iotgen.model.kind import Settings

_QUOTED = "$context.error.messageString"


@dataclass(frozen=True, kw_only=True)
class OwnResponse:
    """The parts of a response that are not iotgen's: the JSON of its body, its headers and its status."""

    body: str | None
    headers: tuple[tuple[str, str], ...]
    status: str | None


def own_responses(written: Settings) -> dict[str, OwnResponse]:
    """Each response by its type."""
    return {
        kind: OwnResponse(
            body=_json(settings["body"]) if "body" in settings else None,
            headers=tuple(settings.get("headers", {}).items()),
            status=str(settings["status"]) if "status" in settings else None,
        )
        for kind, settings in written.items()
    }


def _json(body: Settings) -> str:
    """The body as API Gateway fills it in: one variable has quotes of its own.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
    """
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return text.replace(f'"{_QUOTED}"', _QUOTED)
