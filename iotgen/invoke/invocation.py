"""One invocation of a handler here: what it is given, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Failure:
    """How a handler failed: the type and message of its error as Lambda names them, and its traceback.

    The traceback is empty where there is none: at the end of the process, or a result that is no JSON.
    """

    type: str
    message: str
    trace: str = ""


@dataclass(frozen=True)
class AwsCall:
    """A call of AWS that was recorded, with the parameters that the handler gave."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Invocation:
    """What came of an invocation: a `result` (plain JSON), or an `error`.

    `logs` are the last lines of what it wrote, `dropped` is how many came before these. Times are in seconds,
    `memory` is the process's peak in MB. `calls` are those that may write, where they were to be recorded.
    """

    request_id: str
    result: Any = None
    error: Failure | None = None
    logs: tuple[str, ...] = ()
    dropped: int = 0
    init: float = 0.0
    duration: float = 0.0
    memory: int = 0
    calls: tuple[AwsCall, ...] = ()
