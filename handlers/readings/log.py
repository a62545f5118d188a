"""The log: lines that Lambda's log filter reads, and metrics that pass it at any level.

The filter (`application_log_level`) takes a line for INFO that has no known `level` and no RFC 3339
`timestamp`: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html.
Metrics are lines of the log too, in CloudWatch's embedded metric format, so a level below the filter's
loses them.
"""

import json
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

# Where Lambda's names of levels differ from Python's.
_LEVELS = {"WARNING": "WARN", "CRITICAL": "FATAL"}


def make(**options: Any) -> Logger:
    """Make a logger; `options` go to Powertools."""
    return Logger(location=None, use_rfc3339=True, utc=True, json_serializer=_line, **options)


def write(logger: Logger, level: int, fields: Mapping[str, Any], metrics: Mapping[str, Any]) -> None:
    """Write a line with metrics; where the level asks for fewer lines, the metrics alone."""
    proxy: Any = logger  # Powertools takes from the standard library's logger what its own lacks
    if proxy.isEnabledFor(level):
        proxy.log(level, "invocation", extra={**metrics, **fields})
    elif metrics:
        proxy.log(logger.log_level, "metrics", extra=metrics)


def _line(fields: dict[str, Any]) -> str:
    # In ASCII: half of a surrogate pair would lose the line.
    return json.dumps({**fields, "level": _LEVELS.get(fields["level"], fields["level"])}, default=str)
