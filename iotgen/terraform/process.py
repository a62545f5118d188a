"""Runs a Terraform process to its end, streams its output, and forwards interrupts to it.

Terraform gets a process group of its own. A terminal sends Ctrl-C to the whole foreground group, and
a second one means "exit at once, state may be lost" to Terraform; so only iotgen receives signals, and
forwards each once.

What is streamed goes through a file, not a pipe: a pipe whose reader is gone would end Terraform at its next
line, and what it is creating at that moment would be in no state. So it ends in order even if iotgen is
killed.
"""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import IO, BinaryIO

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TAIL_LINES = 500
# Seconds between two looks at the file, and bytes of each.
_PAUSE = 0.05
_CHUNK = 65536
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
    with ExitStack() as stack:
        stack.enter_context(_received_by(interrupts.receive))
        file = stack.enter_context(tempfile.TemporaryFile()) if sink else None
        process = subprocess.Popen(
            list(argv),
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=file or subprocess.PIPE,
            stderr=subprocess.STDOUT if file else subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            process_group=0,
        )
        interrupts.process = process
        if interrupts.count:
            interrupts.forward()
        with process:
            output = _drain(process, file, interrupts, sink)
            code = process.wait()
    return Finished(code, "".join(output["stdout"]), "".join(output["stderr"]), interrupts.count)


def _drain(
    process: "subprocess.Popen[str]",
    file: BinaryIO | None,
    interrupts: _Interrupts,
    sink: Callable[[str], None] | None,
) -> dict[str, "deque[str]"]:
    """Read all output until the process ends it; return the captured lines, or the last streamed ones."""
    limit = None if sink is None else TAIL_LINES
    output: dict[str, deque[str]] = {"stdout": deque(maxlen=limit), "stderr": deque(maxlen=limit)}
    events = interrupts.notices
    readers = list(_readers(process, file, events))
    for reader in readers:
        threading.Thread(target=reader, daemon=True).start()
    deliver = _Delivery(sink)
    notify = _Delivery(interrupts.say)
    at_work = len(readers)
    while at_work:
        event = events.get()
        if event is None:
            at_work -= 1
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


def _readers(
    process: "subprocess.Popen[str]", file: BinaryIO | None, events: "SimpleQueue[tuple[str, str] | None]"
) -> Iterator[Callable[[], None]]:
    """What reads the output, from a file or from pipes; each queues None at its end."""
    if file:
        yield partial(_follow, process, file.fileno(), events)
    for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
        if pipe:
            yield partial(_read, name, pipe, events)


def _follow(
    process: "subprocess.Popen[str]", file: int, events: "SimpleQueue[tuple[str, str] | None]"
) -> None:
    """Queue the lines that a process writes to a file, as they come; the file's offset is the process's."""
    read, rest = 0, b""
    try:
        while True:
            ended = process.poll() is not None  # before the last read, not after it
            while chunk := os.pread(file, _CHUNK, read):
                read += len(chunk)
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    events.put(("stdout", f"{line.decode(errors='replace')}\n"))
            if ended:
                break
            time.sleep(_PAUSE)
        if rest:
            events.put(("stdout", rest.decode(errors="replace")))
    finally:
        events.put(None)


def _read(name: str, pipe: IO[str], events: "SimpleQueue[tuple[str, str] | None]") -> None:
    try:
        for line in pipe:
            events.put((name, line))
    finally:
        events.put(None)


class _Delivery:
    """Passes lines to a callable until it fails, for example on a closed pipe; then drops them.

    Whatever it raises, the output is read to its end, so that Terraform's own end is awaited.
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
