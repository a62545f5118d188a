"""The processes that run functions: they share the unpacked code and its bytecode, and start a few at a time.

Each has its own folder for temporary files, as TMPDIR; `/tmp` is the machine's. A process that fails to start
fails only its own call, with the handler's traceback; MiniStack would end all processes of that function,
even busy ones.
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iotgen.local.emulator.bundles import Bundles
from iotgen.local.environment import FUNCTION_LOGS

# The server's variables that functions must not get: its folders, and its bytecode setting.
_OF_THE_SERVER = (FUNCTION_LOGS, "PYTHONDONTWRITEBYTECODE", "S3_DATA_DIR", "STATE_DIR")
_LONGEST_TURN = 15.0  # seconds
_SILENT = '_real_stdout.write(json.dumps({"status": "error", "error": str(e)}) + "\\n")'
_LOUD = f"traceback.print_exc()\n        {_SILENT}"


class NotStartedError(RuntimeError):
    """A function's process failed to start, with the reason and its log."""

    def __init__(self, message: str, log: str) -> None:
        super().__init__(message)
        self.log = log


class Workers:
    """Starts the processes of Python functions, for MiniStack's `runtime` and `lambda_svc`."""

    def __init__(self, runtime: Any, lambda_svc: Any, folder: Path) -> None:
        self._runtime = runtime
        self._lambda_svc = lambda_svc
        self._bundles = Bundles(folder / "unpacked")
        self._bytecode = folder / "bytecode"
        self._script = folder / "worker.py"
        folder.mkdir(parents=True)
        script = runtime._PYTHON_WORKER_SCRIPT
        # The original script reports only the message of a failed import, without a traceback.
        self._script.write_text(script.replace(_SILENT, _LOUD, 1), encoding="utf-8")

    def start(self, worker: Any) -> None:
        """Start a worker's process and wait for its import of the handler; NotStartedError if it fails."""
        worker._discard_tmpdir()
        worker._start_time = None
        worker._tmpdir = tempfile.mkdtemp(prefix=f"ministack-lambda-{worker.func_name}-")
        code = self._bundles.unpacked(worker.code_zip)
        zips = [self._lambda_svc._resolve_layer_zip(layer) for layer in worker.config.get("Layers", [])]
        layers = [self._bundles.unpacked(content) for content in zips if content]
        worker._proc = subprocess.Popen(
            [sys.executable, str(self._script)],
            cwd=code,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
            env=self._environment(worker, code, layers),
        )
        worker._stderr_queue = queue.Queue()
        worker._stderr_thread = threading.Thread(target=worker._read_stderr, daemon=True)
        worker._stderr_thread.start()
        self._initialize(worker, code)
        worker._start_time = time.time()

    def _environment(self, worker: Any, code: Path, layers: list[Path]) -> dict[str, str]:
        config = worker.config
        _, region = self._runtime._account_region_from_function_config(config)
        own = {name: value for name, value in os.environ.items() if name not in _OF_THE_SERVER}
        defaults = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
            self._runtime.HOST_PREFIX_ENV: "true",
            "LAMBDA_TASK_ROOT": str(code),
            "AWS_LAMBDA_FUNCTION_NAME": config.get("FunctionName", ""),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
            "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
            "AWS_LAMBDA_LOG_STREAM_NAME": Path(worker._tmpdir).name,
            "_LAMBDA_FUNCTION_ARN": config.get("FunctionArn", ""),
            "_LAMBDA_TIMEOUT": str(config.get("Timeout", 30)),
        }
        return {
            **own,
            **defaults,
            **self._variables(config),
            **self._runtime.execution_credentials(config),
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "TMPDIR": worker._tmpdir,
            "HOME": worker._tmpdir,
            "PYTHONPYCACHEPREFIX": str(self._bytecode),
            "_LAMBDA_LAYERS_DIRS": os.pathsep.join(map(str, layers)),
        }

    def _variables(self, config: Mapping[str, Any]) -> dict[str, str]:
        """The function's own variables, except reserved ones."""
        variables = config.get("Environment", {}).get("Variables", {})
        reserved = self._runtime._RESERVED_RUNTIME_ENV_VARS
        return {name: value for name, value in variables.items() if name not in reserved}

    def _initialize(self, worker: Any, code: Path) -> None:
        config = worker.config
        module, _, handler = config.get("Handler", "index.handler").rpartition(".")
        first = {
            "code_dir": str(code),
            "module": module.replace("/", "."),
            "handler": handler,
            "env": self._variables(config),
            "function_name": config.get("FunctionName", ""),
            "memory": config.get("MemorySize", 128),
            "arn": config.get("FunctionArn", ""),
            "snapstart": (config.get("SnapStart") or {}).get("OptimizationStatus") == "On",
        }
        try:
            worker._proc.stdin.write(json.dumps(first) + "\n")
            worker._proc.stdin.flush()
            answer = _first_json(worker._proc.stdout)
        except OSError as error:  # it ended before reading
            answer = {"error": str(error)}
        if answer.get("status") != "ready":
            worker._proc.kill()
            worker._proc.wait()
            worker._stderr_thread.join(1)
            raise NotStartedError(f"init failed: {answer.get('error')}", worker._drain_stderr())


def _first_json(lines: Any) -> dict[str, Any]:
    """The first JSON object in the process's output, after any lines that modules print."""
    for line in lines:
        if line.startswith("{"):
            try:
                answer: dict[str, Any] = json.loads(line)
            except ValueError:
                continue
            return answer
    return {"error": "the process ended"}


def mend_workers(runtime: Any, lambda_svc: Any, folder: Path, starting: threading.Semaphore) -> None:
    """Make these MiniStack modules start processes with `Workers`, limited by `starting`."""
    spawn, invoke = runtime.Worker._spawn, runtime.Worker.invoke
    workers = Workers(runtime, lambda_svc, folder)

    def spawn_in_turn(worker: Any) -> None:
        # A handler that calls another function during its import waits for that one's start: not forever.
        has_turn = starting.acquire(timeout=_LONGEST_TURN)
        try:
            if worker.config.get("Runtime", "").startswith("python"):
                workers.start(worker)
            else:
                spawn(worker)
        finally:
            if has_turn:
                starting.release()

    def invoke_alone(worker: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return invoke(worker, *args, **kwargs)
        except Exception as error:
            runtime.kill_workers([worker])
            return {"status": "error", "error": str(error), "log": getattr(error, "log", "")}

    runtime.Worker._spawn = spawn_in_turn
    runtime.Worker.invoke = invoke_alone
