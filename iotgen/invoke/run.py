"""Run one handler here, in a process of its own, with the function's code, layers and variables."""

import signal
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from iotgen.errors import IotgenError
from iotgen.invoke.invocation import AwsCall, Failure, Invocation
from iotgen.invoke.place import Place, environment, folders
from iotgen.invoke.process import Ended, Log, run_process
from iotgen.kinds.functions import PYTHON, Function

Say = Callable[[str], None]


def _silent(_line: str) -> None:
    """Say nothing."""


def run(
    function: Function,
    event: Any,
    place: Place,
    *,
    dry: bool = False,
    record: bool = False,
    debug: str | int | None = None,
    listen: Say = _silent,
    say: Say = _silent,
    request_id: str | None = None,
) -> Invocation:
    """Run the handler of `function` with an event, and return what came of it.

    The process is this Python with the function's zip and its built layers before its own packages, and the
    credentials of `place`: these are the caller's, not those of the function's role. It is ended at the
    function's timeout.

    With `record`, calls of AWS that may write are recorded; with `dry` they are also answered instead of
    sent, but for what does not go through botocore. `debug` is "pdb" for this terminal, or the port for
    debugpy. `listen` gets each line of the log as it comes, `say` lines of progress. Raises IotgenError where
    the code cannot be packaged or no process started, RemoteError where a layer cannot be built.
    """
    _refuse_foreign(function)
    request_id = request_id or str(uuid4())
    with folders(function, place, say) as made:
        request = {
            "task": str(made.task),
            "layers": [str(layer) for layer in made.layers],
            "handler": function.handler,
            "name": function.name,
            "arn": f"arn:aws:lambda:{place.region}:{place.account}:function:{function.name}",
            "memory": function.memory,
            "timeout": function.timeout,
            "log_level": function.log_level,
            "request_id": request_id,
            "event": event,
            "dry": dry,
            "record": record,
            "debug": debug,
        }
        log = Log(listen)
        variables = environment(function, place, made)
        ended = run_process(request, variables, made.task, log, function.timeout)
    return _invocation(function, ended, log, request_id)


def _refuse_foreign(function: Function) -> None:
    """IotgenError unless the function is Python in a folder of the project."""
    if function.image:
        what = "is an image"
    elif function.language != PYTHON:
        what = f"runs on {function.runtime}"
    elif function.artifact:
        what = f"is the zip `{function.artifact}`"
    else:
        return
    message = f"`{function.key}` {what}; only a Python function with a `source` runs here"
    raise IotgenError(message, f"Deploy it, and look at its log: `iotgen logs {function.key}`.")


def other_python(function: Function) -> str:
    """What to know where this Python is not that of the function's runtime; empty if it is."""
    here = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if here == function.runtime:
        return ""
    return f"`{function.key}` is for {function.runtime}, and runs here in {here}"


def _invocation(function: Function, ended: Ended, log: Log, request_id: str) -> Invocation:
    outcome: dict[str, Any] = ended.report[-1] if ended.report else {}
    calls = tuple(AwsCall(**entry["call"]) for entry in ended.report if "call" in entry)
    error = outcome.get("error")
    if error is None and "result" not in outcome:
        error = _killed(function, ended)
    return Invocation(
        request_id=request_id,
        result=outcome.get("result"),
        error=Failure(**error) if error else None,
        logs=tuple(log.kept),
        dropped=log.dropped,
        init=outcome.get("init", 0.0),
        duration=outcome.get("duration", float(function.timeout) if ended.stacks else 0.0),
        memory=outcome.get("memory", 0),
        calls=calls,
    )


def _killed(function: Function, ended: Ended) -> dict[str, str]:
    """How a process ended that did not say so itself."""
    if ended.stacks:
        message = f"the handler had not returned after {function.timeout} s, the function's timeout"
        return {"type": "Sandbox.Timedout", "message": message, "trace": _own_frames(ended.stacks)}
    if ended.code == -signal.SIGKILL:
        message = "the process was killed: it neither imported the handler nor returned in time"
        return {"type": "Runtime.ExitError", "message": message}
    how = signal.Signals(-ended.code).name if ended.code < 0 else f"exit code {ended.code}"
    return {"type": "Runtime.ExitError", "message": f"the process ended before the handler returned: {how}"}


def _own_frames(stacks: str) -> str:
    """The stacks without the frames of the program that runs the handler."""
    lines = stacks.splitlines()
    own = ("inside/run.py", "<frozen runpy>", "<frozen importlib")
    return "\n".join(line for line in lines if not any(name in line for name in own))
