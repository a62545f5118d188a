"""What the spec itself says that API Gateway answers where it refuses a request, or fails at one."""

import json
from dataclasses import dataclass

from iotgen.model.kind import Settings


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
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
