"""Runs one handler as Lambda's Python runtime does: its paths, its context, its log, its errors.

Started as `python -P run.py REQUEST REPORT STACKS`: the descriptors of the request (JSON), of the report (a
JSON object a line: calls that were recorded, then how it ended), and of the stacks at a timeout.
"""

import faulthandler
import importlib
import importlib.util
import json
import logging
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path
from typing import Any

Handler = Callable[[Any, Any], Any]
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LARGEST_RESULT = 6 * 1024 * 1024


class Loader(SourceFileLoader):
    """Loads the function's modules, whose files here are links, under the names of the real files.

    So that tracebacks name them, and a debugger finds its breakpoints.
    """

    def source_to_code(self, data: Any, path: Any, *, _optimization: int = -1) -> Any:  # type: ignore[override]
        """The code of a module."""
        return super().source_to_code(data, os.path.realpath(os.fsdecode(path)))

    def set_data(self, path: Any, data: Any, *, _mode: int = 0o666) -> None:
        """Keep no bytecode: the folder is there for this once."""


class Context:
    """What a handler gets besides the event.

    https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    client_context = None
    identity = None

    def __init__(self, request: dict[str, Any]) -> None:
        self.function_name = request["name"]
        self.function_version = "$LATEST"
        self.invoked_function_arn = request["arn"]
        self.memory_limit_in_mb = str(request["memory"])
        self.aws_request_id = request["request_id"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME", "")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME", "")
        self._timeout = float(request["timeout"])
        self._paused = request["debug"] is not None  # in a debugger, time would run out at once
        self._began = time.monotonic()

    def get_remaining_time_in_millis(self) -> int:
        """The milliseconds until Lambda ends the invocation."""
        spent = 0.0 if self._paused else time.monotonic() - self._began
        return max(0, int((self._timeout - spent) * 1000))

    def log(self, message: object) -> None:
        """Write to the log."""
        sys.stdout.write(str(message))


class Report:
    """What the parent process learns."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __call__(self, entry: dict[str, Any]) -> None:
        """Write an entry at once, so that it outlives this process."""
        os.write(self._descriptor, json.dumps(entry).encode() + b"\n")


def main() -> None:
    """Run the handler of the request."""
    request_file, report_file, stacks_file = map(int, sys.argv[1:4])
    with os.fdopen(request_file, "rb") as file:
        request = json.loads(file.read())
    report = Report(report_file)
    began = time.monotonic()
    try:
        handler = _prepared(request, report)
    except BaseException as error:
        report({"error": _described(error, "Runtime.ImportModuleError"), "init": time.monotonic() - began})
        return
    init, began = time.monotonic() - began, time.monotonic()
    if request["debug"] is None:
        faulthandler.dump_traceback_later(request["timeout"], exit=True, file=stacks_file)
    entry = _call(handler, request)
    faulthandler.cancel_dump_traceback_later()
    report({**entry, "init": init, "duration": time.monotonic() - began, "memory": _peak()})


def _peak() -> int:
    """The most memory that this process had, in MB."""
    try:  # what `resource` says on Linux begins with the memory of the process that started this one
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) // 1024
    except (OSError, IndexError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2


def _prepared(request: dict[str, Any], report: Report) -> Handler:
    """The handler, imported; with debugpy, once a debugger is there."""
    sys.argv = [request["handler"]]
    sys.path[:0] = [request["task"], *request["layers"]]
    hook = FileFinder.path_hook((Loader, [".py"]), *_compiled())
    sys.path_hooks.insert(0, _within(request["task"], hook))
    _log(request)
    if request["dry"] or request["record"]:
        _beside("aws_calls").record_writes(lambda call: report({"call": call}), send=not request["dry"])
    if isinstance(request["debug"], int):
        debugpy = importlib.import_module("debugpy")
        debugpy.listen(("127.0.0.1", request["debug"]))
        debugpy.wait_for_client()
    module, _, name = request["handler"].rpartition(".")
    handler: Handler = getattr(importlib.import_module(module.replace("/", ".")), name)
    return handler


def _compiled() -> list[tuple[Any, list[str]]]:
    from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader

    return [(ExtensionFileLoader, EXTENSION_SUFFIXES)]


def _within(folder: str, hook: Callable[[str], Any]) -> Callable[[str], Any]:
    """A path hook for what is in `folder`, and for nothing else."""

    def find(path: str) -> Any:
        if path != folder and not path.startswith(f"{folder}/"):
            raise ImportError(path)
        return hook(path)

    return find


def _log(request: dict[str, Any]) -> None:
    """A handler at the root of `logging`, as Lambda has it, with the function's log level."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter(f"[%(levelname)s] {request['request_id']} %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(request["log_level"])
    if request["log_level"] == "INFO":  # where it found credentials and the endpoint, which are ours
        logging.getLogger("botocore").setLevel(logging.WARNING)


def _beside(name: str) -> Any:
    """A module of this folder, under a name that no handler has."""
    spec = importlib.util.spec_from_file_location(f"<{name}>", Path(__file__).with_name(f"{name}.py"))
    assert spec  # noqa: S101
    assert spec.loader  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _call(handler: Handler, request: dict[str, Any]) -> dict[str, Any]:
    """What the handler returns, as JSON, or how it failed."""
    context = Context(request)
    try:
        result = (
            _debugged(handler, request["event"], context)
            if request["debug"] == "pdb"
            else handler(request["event"], context)
        )
    except BaseException as error:
        _after(error, request)
        return {"error": _described(error)}
    return _written(result)


def _written(result: Any) -> dict[str, Any]:
    """The result as it comes out of Lambda."""
    try:
        text = json.dumps(result)
    except (TypeError, ValueError) as error:
        message = f"the handler's result cannot be written as JSON: {error}"
        return {"error": {"type": "Runtime.MarshalError", "message": message, "trace": ""}}
    if len(text) > LARGEST_RESULT:
        message = (
            f"the handler's result has {len(text):,} bytes, and Lambda returns at most {LARGEST_RESULT:,}"
        )
        return {"error": {"type": "Function.ResponseSizeTooLarge", "message": message, "trace": ""}}
    return {"result": json.loads(text)}


def _debugged(handler: Handler, event: Any, context: Context) -> Any:
    import pdb

    return pdb.Pdb().runcall(handler, event, context)


def _after(error: BaseException, request: dict[str, Any]) -> None:
    """Look at the wreck, under a debugger."""
    import bdb

    if request["debug"] == "pdb" and not isinstance(error, bdb.BdbQuit):
        import pdb

        sys.stdout.write("".join(traceback.format_exception_only(error)))
        pdb.post_mortem(error.__traceback__)


def _described(error: BaseException, unimported: str = "") -> dict[str, Any]:
    """An error as Lambda names it, with the traceback of the function's own code."""
    kind = unimported if isinstance(error, ImportError) and unimported else type(error).__name__
    return {"type": kind, "message": str(error), "trace": _trace(error)}


def _trace(error: BaseException) -> str:
    shown = traceback.TracebackException.from_exception(error)
    left = [shown]
    while left:
        one = left.pop()
        kept = [frame for frame in one.stack if not _is_own(frame.filename)]
        one.stack = traceback.StackSummary.from_list(kept)
        left += [cause for cause in (one.__cause__, one.__context__) if cause]
    return "".join(shown.format())


def _is_own(file: str) -> bool:
    return file == __file__ or file.startswith("<frozen importlib") or file.endswith(("/pdb.py", "/bdb.py"))


if __name__ == "__main__":
    main()
