"""Terraform's output with `-json`: what it does to each resource, and its messages as text.

https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# A message may have many lines, and a run many messages; the last ones say why it failed.
_KEPT_LINES = 500


class Stage(StrEnum):
    """How far Terraform is with a resource."""

    START = "apply_start"
    PROGRESS = "apply_progress"
    COMPLETE = "apply_complete"
    ERROR = "apply_errored"


_STAGES = {stage.value: stage for stage in Stage}


@dataclass(frozen=True)
class Step:
    """What Terraform does to a resource: `action` is create, update or delete, `seconds` how long so far."""

    stage: Stage
    address: str
    type: str
    action: str
    seconds: float = 0


class Stream:
    """Takes the lines of a run with `-json`: steps go to `watch`, messages as text to `sink`."""

    def __init__(self, sink: Callable[[str], None], watch: Callable[[Step], None]) -> None:
        self._sink = sink
        self._watch = watch
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)

    @property
    def text(self) -> str:
        """The messages so far."""
        return "\n".join(self._lines)

    def __call__(self, line: str) -> None:
        """Take a line; what is no JSON is a message."""
        event = _event(line)
        if event is None:
            self._show([line] if line.strip() else [])
        elif event.get("type") == "diagnostic":
            self._show(_message(event.get("diagnostic", {})))
        elif step := _step(event):
            self._watch(step)

    def _show(self, lines: list[str]) -> None:
        for line in lines:
            self._lines.append(line)
            self._sink(line)


def _event(line: str) -> Mapping[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, Mapping) else None


def _step(event: Mapping[str, Any]) -> Step | None:
    stage = _STAGES.get(str(event.get("type")))
    if stage is None:
        return None
    hook = event.get("hook", {})
    resource = hook.get("resource", {})
    return Step(
        stage,
        resource.get("addr", ""),
        resource.get("resource_type", ""),
        hook.get("action", ""),
        hook.get("elapsed_seconds", 0),
    )


def _message(diagnostic: Mapping[str, Any]) -> list[str]:
    """A diagnostic as Terraform writes it, without its frame."""
    return [*_lines(diagnostic), ""]


def _lines(diagnostic: Mapping[str, Any]) -> Iterator[str]:
    yield f"{str(diagnostic.get('severity', 'error')).capitalize()}: {diagnostic.get('summary', '')}"
    address, place = diagnostic.get("address"), diagnostic.get("range")
    if address or place:
        yield ""
    if address:
        yield f"  with {address},"
    if place:
        yield f"  on {place.get('filename')} line {place.get('start', {}).get('line')}"
    if detail := diagnostic.get("detail"):
        yield from ("", *str(detail).splitlines())
