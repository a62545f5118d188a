"""What is printed, where signals come at any moment."""

import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.system

# A command that is interrupted at any of its lines, and goes on.
INTERRUPTED = """\
import signal
import click
from iotgen.cli.streams import guarded

printing = False

def interrupt(*_):
    global printing
    if printing:
        printing = False
        raise KeyboardInterrupt

signal.signal(signal.SIGUSR1, interrupt)
with guarded():
    for number in range(3000):
        try:
            printing = True
            click.echo(number)
            printing = False
        except KeyboardInterrupt:
            pass
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
"""


def test_an_interrupted_line_is_not_printed_again() -> None:
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE) as printing:
        assert printing.stdout
        lines = []
        for line in printing.stdout:
            lines.append(line)
            printing.send_signal(signal.SIGUSR1)
    assert printing.returncode == 0
    assert len(lines) > 1000
    assert len(set(lines)) == len(lines)
