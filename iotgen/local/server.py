"""Starts, stops and finds the local AWS: one MiniStack for each project folder, on loopback only."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from iotgen.errors import IotgenError, RemoteError
from iotgen.local import environment
from iotgen.local.credentials import new_credentials
from iotgen.local.port import HOST, check_free, free_port, listening
from iotgen.local.record import Files, LocalAws, unwritable
from iotgen.system import reason

HEALTH = "/_ministack/health"
# As a file, which finds its own iotgen: the server's environment has no path to it.
COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("serve.py")))
# In seconds. A start takes half a second, and more on a busy machine.
START_PATIENCE = 60.0
STOP_PATIENCE = 10.0
# All data is in memory and lost at the end anyway: there is no reason to wait longer for running calls.
GRACE = 2.0
POLL = 0.05
RUNTIME = (3, 11)

Say = Callable[[str], None]


def up(
    folder: Path,
    port: int | None = None,
    say: Say = lambda _line: None,
    *,
    region: str = "us-east-1",
    env: Mapping[str, str] = os.environ,
    command: tuple[str, ...] = COMMAND,
    patience: float = START_PATIENCE,
) -> LocalAws:
    """Return the local AWS of `folder`, started if it is not running, and ready.

    `port` None selects that of the running one, or else a free one; `command` starts the server. Raises
    IotgenError if the port is in use, this project's local AWS runs at another port, or MiniStack is not
    installed; RemoteError if it is not ready within `patience` seconds.
    """
    files = Files(folder.absolute())
    if command == COMMAND and importlib.util.find_spec("ministack") is None:
        raise IotgenError(
            "the local AWS needs MiniStack, which is not installed", "Run `pip install 'iotgen[local]'`."
        )
    with files.controlled():
        if files.running():
            return _running(files, port, patience)
        if port is not None:
            check_free(port)
        say("Starting the local AWS (MiniStack)")
        try:
            return _start(files, port, region, env, command, patience)
        except OSError as error:
            raise unwritable(files.folder, error) from error


def down(folder: Path, say: Say = lambda _line: None, *, patience: float = STOP_PATIENCE) -> bool:
    """Stop the local AWS of `folder` with all its functions; return whether it was running.

    When this returns, its processes have ended, its port is closed and its temporary files are removed; the
    log is kept.
    """
    files = Files(folder.absolute())
    if not files.folder.is_dir():
        return False
    with files.controlled():
        was_running = files.running()
        if was_running:
            say("Stopping the local AWS")
            _stop(_recorded(files), files, patience)
        files.record.unlink(missing_ok=True)
        _remove(files.scratch)
        return was_running


def status(folder: Path) -> LocalAws | None:
    """Return the running local AWS of `folder`, or None; `died` reports whether it should be running."""
    files = Files(folder.absolute())
    return files.read() if files.running() else None


def died(folder: Path) -> str:
    """Return the message for a local AWS that ended without being stopped; empty if there is none."""
    files = Files(folder.absolute())
    aws = files.read()
    if aws is None or files.running():
        return ""
    return (
        f"the local AWS at {aws.endpoint} (process {aws.pid}) ended without being stopped, and its data is "
        f"lost. The end of its log, {aws.log}:\n{_last_lines(aws.log)}"
    )


def healthy(aws: LocalAws, timeout: float = 2.0) -> bool:
    """Whether this instance answers at its port within `timeout` seconds."""
    connection = HTTPConnection(HOST, aws.port, timeout=timeout)
    try:
        # The server answers health checks only for its own instance.
        connection.request("GET", f"{HEALTH}?instance={aws.instance}")
        answer = json.loads(connection.getresponse().read())
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return isinstance(answer, dict) and answer.get("version") == aws.instance


def interpreter_note(version: tuple[int, int] = sys.version_info[:2]) -> str:
    """Return a note if iotgen runs on another Python than the functions, or an empty string."""
    if version == RUNTIME:
        return ""
    ours, theirs = (".".join(map(str, pair)) for pair in (version, RUNTIME))
    return (
        f"The local AWS runs functions with this Python, {ours}: compiled packages of a python{theirs} layer "
        f"do not load in it. Install iotgen under Python {theirs} to use them."
    )


def _running(files: Files, port: int | None, patience: float) -> LocalAws:
    aws = _recorded(files)
    if port is not None and port != aws.port:
        raise IotgenError(
            f"this project's local AWS already runs at port {aws.port}, not {port}",
            "Omit `--port` to use it, or stop it first with `iotgen local down`.",
        )
    deadline = time.monotonic() + patience
    while not healthy(aws):
        if not files.running() or time.monotonic() > deadline:
            raise RemoteError(
                f"the local AWS (process {aws.pid}) does not answer at {aws.endpoint}; its log is {aws.log}",
                "Restart it: `iotgen local down`, then `iotgen local up`.",
            )
        time.sleep(POLL)
    return aws


def _recorded(files: Files) -> LocalAws:
    aws = files.read()
    if aws is None:
        raise IotgenError(
            f"a local AWS runs for {files.folder}, but its record is missing",
            f"Find its process with `fuser {files.lock}`, end it, then try again.",
        )
    return aws


def _start(
    files: Files,
    port: int | None,
    region: str,
    env: Mapping[str, str],
    command: tuple[str, ...],
    patience: float,
) -> LocalAws:
    chosen = free_port() if port is None else port
    _prepare(files)
    instance, credentials = uuid.uuid4().hex, new_credentials()
    server_env = environment.for_server(
        env,
        port=chosen,
        host=HOST,
        instance=instance,
        region=region,
        scratch=files.scratch,
        function_logs=files.function_logs,
        credentials=credentials,
    )
    process = _launch(files, server_env, command)
    endpoint = f"http://{HOST}:{chosen}"
    aws = LocalAws(
        process.pid,
        chosen,
        endpoint,
        instance,
        files.log,
        region,
        credentials.access_key,
        credentials.secret_key,
    )
    try:
        files.write(aws)
        _wait_until_ready(process, aws, patience)
    except BaseException:
        _kill_group(process.pid)
        process.wait()
        files.record.unlink(missing_ok=True)
        raise
    # It outlives this process: Popen must neither wait for it nor warn about it.
    process.returncode = 0
    return aws


def _prepare(files: Files) -> None:
    """Empty the server's folders, and keep the log of the previous server."""
    for folder in (files.scratch, files.function_logs):
        _remove(folder)
        folder.mkdir(mode=0o700)
    if files.log.exists():
        files.log.replace(files.log.with_suffix(".previous.log"))


def _launch(
    files: Files, server_env: Mapping[str, str], command: tuple[str, ...]
) -> "subprocess.Popen[bytes]":
    """Start the server in a session of its own, which holds the lock as long as it runs."""
    lock = files.take_lock()
    try:
        with files.log.open("wb") as log:
            return subprocess.Popen(
                command,
                cwd=files.scratch,
                env=server_env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock,),
                start_new_session=True,
            )
    finally:
        os.close(lock)


def _wait_until_ready(process: "subprocess.Popen[bytes]", aws: LocalAws, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not healthy(aws):
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(timeout=POLL)
            raise RemoteError(
                f"the local AWS ended with code {code} before it was ready. The end of its log, {aws.log}:\n"
                f"{_last_lines(aws.log)}",
                "See the log for the cause; `iotgen local up --port` chooses another port.",
            )
        if time.monotonic() > deadline:
            raise RemoteError(
                f"the local AWS was not ready at {aws.endpoint} within {patience:g} s; its log is {aws.log}",
                "Try again: on a very busy machine the second start is faster.",
            )


def _stop(aws: LocalAws, files: Files, patience: float) -> None:
    """End the server, and the rest of its process group."""
    with suppress(ProcessLookupError):
        os.kill(aws.pid, signal.SIGTERM)
    deadline = time.monotonic() + min(GRACE, patience)
    while files.running() and time.monotonic() < deadline:
        time.sleep(POLL)
    # Even if the server has already ended: the functions' processes are in its group.
    _kill_group(aws.pid)
    while files.running():
        if time.monotonic() > deadline + patience:
            raise RemoteError(
                f"cannot stop the local AWS (process {aws.pid})",
                f"End it by hand: `kill -9 {aws.pid}`.",
            )
        time.sleep(POLL)
    # The system closes the port at the same time; one that stays open belongs to another process by now.
    while listening(aws.port) and time.monotonic() < deadline + patience:
        time.sleep(POLL)
    # Succeeds only if this process started the server.
    with suppress(ChildProcessError):
        os.waitpid(aws.pid, os.WNOHANG)


def _remove(folder: Path) -> None:
    """Remove a folder with its content, including the functions' code, which is read-only."""
    for parent, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(parent).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _last_lines(log: Path, count: int = 15) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        return f"  (the log cannot be read: {reason(error)})"
    return "\n".join(f"  {line}" for line in lines[-count:]) or "  (the log is empty)"
