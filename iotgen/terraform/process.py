"""Runs a Terraform process to its end, streams its output, and forwards interrupts to it.

Terraform gets a process group of its own. A terminal sends Ctrl-C to the whole foreground group, and
a second one means "exit at once, state may be lost" to Terraform; so only iotgen receives signals, and
forwards each once.
"""

import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import IO

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TAIL_LINES = 500
FIRST_NOTICE = (
    "Interrupted: Terraform is finishing its current operations and saving its state. Please wait: "
    "a second interrupt stops it at once and may lose track of resources."
)
AGAIN_NOTICE = "Interrupted again: Terraform stops at once."


@dataclass(frozen=True)
class Finished:
    """The result of a process.

    `code` is negative if a signal ended it. `stdout` and `stderr` are complete for a captured run; for a
    streamed one `stdout` has the last lines of both. `interrupts` is the number of forwarded signals.
    """

    code: int
    stdout: str
    stderr: str
    interrupts: int


@dataclass
class _Interrupts:
    """The signals received, and the process group to forward them to once it exists."""

    say: Callable[[str], None]
    count: int = 0
    process: "subprocess.Popen[str] | None" = None
    notices: "SimpleQueue[tuple[str, str] | None]" = field(default_factory=SimpleQueue)

    def receive(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        # Only queued: printing inside a signal handler may re-enter the stream that was interrupted.
        self.notices.put(("notice", FIRST_NOTICE if self.count == 1 else AGAIN_NOTICE))
        self.forward()

    def forward(self) -> None:
        if self.process is not None and self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGINT)


def run(
    argv: Sequence[str],
    *,
    folder: Path,
    env: Mapping[str, str],
    sink: Callable[[str], None] | None,
    say: Callable[[str], None],
) -> Finished:
    """Run `argv` in `folder` to its end, however often this process is interrupted meanwhile.

    `sink` receives each line of output at once, without its newline; None captures the output instead. A
    sink that raises (a closed pipe) is not called again, and the process continues. `say` reports
    interrupts. Raises OSError if the process cannot be started.
    """
    interrupts = _Interrupts(say)
    with _received_by(interrupts.receive):
        process = subprocess.Popen(
            list(argv),
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if sink is None else subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        )
        interrupts.process = process
        if interrupts.count:
            interrupts.forward()
        with process:
            output = _drain(process, interrupts, sink)
            code = process.wait()
    return Finished(code, "".join(output["stdout"]), "".join(output["stderr"]), interrupts.count)


def _drain(
    process: "subprocess.Popen[str]", interrupts: _Interrupts, sink: Callable[[str], None] | None
) -> dict[str, "deque[str]"]:
    """Read all output until the process closes it; return the captured lines, or the last streamed ones."""
    limit = None if sink is None else TAIL_LINES
    output: dict[str, deque[str]] = {"stdout": deque(maxlen=limit), "stderr": deque(maxlen=limit)}
    events = interrupts.notices
    pipes = {name: pipe for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)) if pipe}
    for name, pipe in pipes.items():
        threading.Thread(target=_read, args=(name, pipe, events), daemon=True).start()
    deliver = _Delivery(sink)
    notify = _Delivery(interrupts.say)
    open_pipes = len(pipes)
    while open_pipes:
        event = events.get()
        if event is None:
            open_pipes -= 1
            continue
        source, text = event
        if source == "notice":
            notify(text)
            continue
        output[source].append(text)
        deliver(text.rstrip("\r\n"))
    while not events.empty():
        if event := events.get():
            notify(event[1])
    return output


def _read(name: str, pipe: IO[str], events: "SimpleQueue[tuple[str, str] | None]") -> None:
    try:
        for line in pipe:
            events.put((name, line))
    finally:
        events.put(None)


class _Delivery:
    """Passes lines to a callable until it fails, for example on a closed pipe; then drops them.

    Whatever it raises, the output has to be read to its end: a pipe closed early kills Terraform.
    """

    def __init__(self, sink: Callable[[str], None] | None) -> None:
        self._sink = sink

    def __call__(self, line: str) -> None:
        if self._sink is None:
            return
        try:
            self._sink(line)
        except Exception:
            self._sink = None


@contextmanager
def _received_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Handle the signals that would end this process with `handler`; an ignored one stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in FORWARDED}
    handled = [number for number, old in before.items() if old is not signal.SIG_IGN]
    for number in handled:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, before[number] or signal.SIG_DFL)
