import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from iotgen.terraform.find import Executable
from iotgen.terraform.process import FIRST_NOTICE, Finished, run

pytestmark = pytest.mark.system

Program = Callable[[str], Executable]

# Ends in order at the first SIGINT, at once at the second, as Terraform does.
STOPPABLE = """
    import signal, sys
    count = 0
    def stop(number, frame):
        global count
        count += 1
        print("interrupt", count)
        if count == 2:
            sys.exit(9)
    signal.signal(signal.SIGINT, stop)
    print("ready")
    while count < {wanted}:
        signal.pause()
    print("state saved")
    sys.exit(1)
"""


def start(
    executable: Executable,
    folder: Path,
    sink: Callable[[str], None] | None,
    say: Callable[[str], None] = print,
) -> Finished:
    return run(executable.argv, folder=folder, env=os.environ, sink=sink, say=say)


def test_output_comes_line_by_line_both_streams_in_order(program: Program, tmp_path: Path) -> None:
    lines: list[str] = []
    fake = program(
        """
        import sys
        print("one")
        print("two", file=sys.stderr)
        print("drei \\u00fc")
        sys.exit(2)
        """
    )
    finished = start(fake, tmp_path, lines.append)
    assert lines == ["one", "two", "drei ü"]
    assert (finished.code, finished.stdout, finished.interrupts) == (2, "one\ntwo\ndrei ü\n", 0)


def test_a_line_arrives_while_the_process_runs(program: Program, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    fake = program(
        f"""
        import pathlib, time
        print("first")
        while not pathlib.Path({str(seen)!r}).exists():
            time.sleep(0.01)
        """
    )
    assert start(fake, tmp_path, lambda _line: seen.touch()).code == 0


def test_captured_streams_are_kept_apart(program: Program, tmp_path: Path) -> None:
    fake = program('import sys; print("x" * 200000); print("oh", file=sys.stderr)')
    finished = start(fake, tmp_path, None)
    assert len(finished.stdout) == 200001
    assert finished.stderr == "oh\n"


def test_environment_and_input_are_what_was_given(program: Program, tmp_path: Path) -> None:
    fake = program(
        "import os, sys; print(sorted(os.environ), repr(sys.stdin.read()), os.getpgid(0) == os.getpid())"
    )
    finished = run(fake.argv, folder=tmp_path, env={"A": "b", "LC_CTYPE": "C.UTF-8"}, sink=None, say=print)
    assert finished.stdout == "['A', 'LC_CTYPE'] '' True\n"


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Take signals as a job in the foreground does: one in the background ignores SIGINT, nohup's SIGHUP."""
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    hangup = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGHUP, hangup)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_passed_on_once_and_the_end_awaited(
    program: Program, tmp_path: Path, number: signal.Signals
) -> None:
    lines: list[str] = []
    said: list[str] = []

    def sink(line: str) -> None:
        lines.append(line)
        if line == "ready":
            os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    finished = start(program(STOPPABLE.format(wanted=1)), tmp_path, sink, said.append)
    assert lines == ["ready", "interrupt 1", "state saved"]
    assert said == [FIRST_NOTICE]
    assert (finished.code, finished.interrupts) == (1, 1)
    assert signal.getsignal(number) == before


def test_a_second_signal_is_passed_on_too(program: Program, tmp_path: Path) -> None:
    lines: list[str] = []
    said: list[str] = []

    def sink(line: str) -> None:
        lines.append(line)
        if line in ("ready", "interrupt 1"):
            os.kill(os.getpid(), signal.SIGINT)

    finished = start(program(STOPPABLE.format(wanted=2)), tmp_path, sink, said.append)
    assert lines == ["ready", "interrupt 1", "interrupt 2"]
    assert len(said) == 2
    assert (finished.code, finished.interrupts) == (9, 2)


def test_an_ignored_signal_stays_ignored(program: Program, tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:

        def sink(_line: str) -> None:
            os.kill(os.getpid(), signal.SIGHUP)

        assert start(program('print("x")'), tmp_path, sink).interrupts == 0
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("error", [BrokenPipeError(), RuntimeError("a fault in the sink")])
def test_a_broken_sink_does_not_end_the_process(program: Program, tmp_path: Path, error: Exception) -> None:
    done = tmp_path / "done"
    fake = program(f'for n in range(20000): print("line", n)\nopen({str(done)!r}, "w").close()')
    calls: list[str] = []

    def sink(line: str) -> None:
        calls.append(line)
        raise error

    assert start(fake, tmp_path, sink).code == 0
    assert done.exists()
    assert calls == ["line 0"]


def test_a_broken_output_of_ours_does_not_end_the_process(program: Program, tmp_path: Path) -> None:
    """The whole way: `iotgen | head -1` closes the pipe that the sink prints to."""
    done = tmp_path / "done"
    fake = program(f'for n in range(20000): print("line", n)\nopen({str(done)!r}, "w").close()')
    caller = (
        "import os, sys; from pathlib import Path; from iotgen.terraform.process import run\n"
        f"run({fake.argv!r}, folder=Path({str(tmp_path)!r}), env=os.environ, "
        "sink=lambda line: print(line, flush=True), say=print)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", caller], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.wait(timeout=60)
    assert done.exists()


def test_the_process_ends_in_order_after_its_caller_was_killed(program: Program, tmp_path: Path) -> None:
    fake = program(
        f"""
        import os, pathlib, time
        folder = pathlib.Path({str(tmp_path)!r})
        print("ready")
        while not (folder / "killed").exists():
            time.sleep(0.01)
        for n in range(20000):
            print("line", n)
        (folder / "done").touch()
        """
    )
    caller = (
        "import os, signal; from pathlib import Path; from iotgen.terraform.process import run\n"
        f"run({fake.argv!r}, folder=Path({str(tmp_path)!r}), env=os.environ, "
        "sink=lambda line: os.kill(os.getpid(), signal.SIGKILL), say=print)"
    )
    killed = subprocess.run([sys.executable, "-c", caller], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    (tmp_path / "killed").touch()
    deadline = time.monotonic() + 60
    while not (tmp_path / "done").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_program_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        start(Executable((str(tmp_path / "gone"),), "a test"), tmp_path, None)
