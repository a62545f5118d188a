"""A log file for each function, besides its log group: output, log lines and tracebacks.

In the log group, the report of an invocation that failed says so, as on AWS.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_NAME = re.compile(r"[\w-]+")
# MiniStack's word for a log that has Lambda's own lines already.
_WHOLE = "rie"


def mend_function_logs(lambda_svc: Any, folder: Path) -> None:
    """Make this MiniStack module append each invocation's log to a file of `folder`."""
    emit = lambda_svc._emit_lambda_logs

    def emit_lambda_logs(
        func: Mapping[str, Any], request_id: str, log: str, error: bool, duration_ms: int, **more: Any
    ) -> None:
        name = (func.get("config") or func).get("FunctionName", "")
        if _NAME.fullmatch(name):
            ended = "failed" if error else "ended"
            lines = [
                f"START RequestId: {request_id}",
                *log.splitlines(),
                f"END RequestId: {request_id} {ended} after {duration_ms} ms",
            ]
            with (folder / f"{name}.log").open("a", encoding="utf-8", errors="replace") as file:
                # In one write: other invocations may write to the file, too.
                file.write("\n".join(lines) + "\n")
        if error and more.get("log_source") != _WHOLE:
            log, more = _failed(request_id, log, duration_ms), {**more, "log_source": _WHOLE}
        emit(func, request_id, log, error, duration_ms, **more)

    lambda_svc._emit_lambda_logs = emit_lambda_logs


def _failed(request_id: str, log: str, duration_ms: int) -> str:
    """The log of an invocation that failed, which MiniStack would write like that of any other.

    Of Lambda's REPORT it has what is read here: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
    """
    report = f"REPORT RequestId: {request_id}\tDuration: {duration_ms} ms\tStatus: error"
    return "\n".join(
        [f"START RequestId: {request_id}", *log.splitlines(), f"END RequestId: {request_id}", report]
    )
