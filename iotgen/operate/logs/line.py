"""A log line: what a function or Lambda itself wrote, as time, level, message and fields.

Functions log JSON (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html);
what they print, and what the local AWS writes for Lambda, is plain text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.log_group import LogGroup

# The fields that a line's time, writer, level and message come from, and those that only metrics need.
_OWN = frozenset({"timestamp", "service", "level", "log_level", "message", "_aws"})
_LEVELS = {"WARNING": "WARN", "CRITICAL": "FATAL"}
_ERRORS = frozenset({"ERROR", "FATAL"})
# What Lambda writes itself, in text: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
_PLATFORM = re.compile(
    r"(START|END|REPORT|INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT|EXTENSION|TELEMETRY|XRAY) ?\b"
    r"(?=.*(RequestId|Runtime|Init|Name|TraceId|Duration))"
)
_STATUS = re.compile(r"\tStatus: (\w+)")
_TIMED_OUT = re.compile(r"Task timed out after [\d.]+ seconds")
# `[ERROR]`, or `[ERROR]<tab>2026-01-15T10:00:00.000Z<tab>request id<tab>message`.
_TEXT = re.compile(r"\[(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)\](?:\t[^\t]*Z\t[^\t]*\t|\s*)")
TRACEBACK = "Traceback (most recent call last):"


@dataclass(frozen=True)
class Event:
    """What CloudWatch has of a line: `time` in milliseconds since 1970, `stream` of one container."""

    time: int
    id: str
    stream: str
    message: str


@dataclass(frozen=True)
class Line:
    """A log line of a `writer`; `platform` is whether Lambda wrote it about an invocation."""

    time: int
    writer: str
    level: str
    message: str
    fields: Mapping[str, Any]
    platform: bool = False

    @property
    def failed(self) -> bool:
        """Whether it reports an error."""
        return self.level in _ERRORS


def read(event: Event, group: LogGroup) -> Line:
    """The line that an event holds."""
    fields = _object(event.message)
    if fields is None:
        return _text(event, group.writer)
    if isinstance(fields.get("record"), dict) and str(fields.get("type", "")).startswith("platform."):
        return _platform(event, group.writer, str(fields["type"]), fields["record"])
    said = group.entry(fields)
    level = str(fields.get("level") or fields.get("log_level") or said.level).upper()
    return Line(
        event.time,
        group.writer,
        _LEVELS.get(level, level),
        _message(fields, said.message),
        {name: value for name, value in fields.items() if name not in _OWN},
    )


def mentioned(value: Any) -> Iterator[str]:
    """Every text in the fields of a line, however deep, keys included."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting += [*here, *here.values()]
        elif isinstance(here, list):
            waiting += here
        elif isinstance(here, str):
            yield here


def _object(text: str) -> dict[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _message(fields: Mapping[str, Any], otherwise: str) -> str:
    """A line's message; of an error that no handler caught, its type and message."""
    message = fields.get("message")
    if message is None and "errorType" in fields:
        message = f"{fields['errorType']}: {fields.get('errorMessage', '')}"
    if message is None:
        return otherwise
    return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)


def _platform(event: Event, writer: str, kind: str, record: Mapping[str, Any]) -> Line:
    # https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
    failed = record.get("status") not in (None, "success")
    return Line(event.time, writer, "ERROR" if failed else "", kind, record, platform=True)


def _text(event: Event, writer: str) -> Line:
    text = event.message.rstrip("\r\n")
    if _PLATFORM.match(text):
        status = _STATUS.search(text)
        failed = status is not None and status[1] != "success"
        shown = " ".join(text.split())
        return Line(event.time, writer, "ERROR" if failed else "", shown, {}, platform=True)
    match = _TEXT.match(text)
    level = _LEVELS.get(match[1], match[1]) if match else ""
    if not level and (_TIMED_OUT.search(text) or TRACEBACK in text):
        level = "ERROR"
    return Line(event.time, writer, level, text[match.end() :] if match else text, {})
