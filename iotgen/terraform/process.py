"""Run one Terraform process: output as it comes, interrupts passed on, and always waited for.

Terraform gets a process group of its own. A terminal sends Ctrl-C to the whole foreground group, and
Terraform takes a second one as "exit at once, state may be lost"; so iotgen alone receives signals and
passes each on once.
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
    "Interrupted: Terraform is finishing what is under way and saving its state. Please wait; "
    "interrupting again makes it stop at once and may lose track of resources."
)
AGAIN_NOTICE = "Interrupted again: Terraform was told to stop at once."


@dataclass(frozen=True)
class Finished:
    """How a process ended.

    `code` is negative when a signal ended it. `stdout` and `stderr` are whole for a captured run; for a
    streamed one `stdout` holds the last lines of both. `interrupts` counts the signals that were passed
    on.
    """

    code: int
    stdout: str
    stderr: str
    interrupts: int


@dataclass
class _Interrupts:
    """The signals that came, and the process group that they go to once there is one."""

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

    `sink` gets each line of output, without its newline, as it comes; None captures the output instead. A
    sink that raises (a closed pipe) is not called again, and the process goes on. `say` tells of
    interrupts. Raises OSError when the process can't be started.
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
    """Take all output until the process closes it; return the captured text, or the tail of the streamed."""
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
    """Hand lines to a callable until it fails, as a closed pipe or a full disk does; then drop them.

    Whatever it raises, the process has to be drained to its end: a pipe closed early kills Terraform.
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
    """Let `handler` take the signals that would end this process; one that is ignored stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in FORWARDED}
    taken = [number for number, old in before.items() if old is not signal.SIG_IGN]
    for number in taken:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number] or signal.SIG_DFL)
