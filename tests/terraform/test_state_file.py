"""A state that Terraform cannot lock: damaged, or in use by a process that lives."""

# ruff: noqa: E501 - messages are whole

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from iotgen.terraform.failures import failed
from iotgen.terraform.state_file import holder_of, state_hint

DAMAGED = (
    "Error: Error acquiring the state lock Error message: 2 problems: - Unsupported state file format: The state file "
    "could not be parsed as JSON: syntax error at byte offset 60. - Unsupported state file format: The state file does "
    'not have a "version" attribute, which is required to identify the format version.'
)
LOCKED = (
    "Error: Error acquiring the state lock\nError message: resource temporarily unavailable\nLock Info:\n"
    "  ID:        924b3bea\n  Path:      terraform.tfstate\n  Who:       ops@host\n  Created:   2026-11-25\n"
)


def test_a_damaged_state_with_a_backup(tmp_path: Path) -> None:
    (tmp_path / "terraform.tfstate").write_text("{")
    (tmp_path / "terraform.tfstate.backup").write_text("{}")
    state = tmp_path / "terraform.tfstate"
    assert failed("terraform plan", DAMAGED, tmp_path).hint == (
        f"{state} is damaged, not locked. Restore the state before the last change: "
        f"cp {state}.backup {state}; it lacks later resources, so check the next plan carefully."
    )


def test_a_damaged_state_without_a_backup(tmp_path: Path) -> None:
    (tmp_path / "terraform.tfstate").write_text("{")
    assert failed("terraform plan", DAMAGED, tmp_path).hint == (
        f"{tmp_path}/terraform.tfstate is damaged, not locked, and has no backup beside it: "
        "restore it from your own backup."
    )


def test_a_damaged_state_elsewhere(tmp_path: Path) -> None:
    assert failed("terraform plan", DAMAGED, tmp_path).hint == (
        "The state is damaged, not locked: restore an earlier version of it in its backend."
    )


@pytest.fixture
def terraform(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is called like Terraform, and works in a folder of its own."""
    program = tmp_path / "bin/terraform"
    program.parent.mkdir()
    shutil.copy(shutil.which("sleep") or "/bin/sleep", program)
    (tmp_path / "work").mkdir()
    with subprocess.Popen([program, "600"], cwd=tmp_path / "work") as process:
        yield process
        process.kill()


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="the system has no /proc")
def test_a_terraform_that_still_works_there_is_not_to_be_unlocked(
    tmp_path: Path, terraform: subprocess.Popen[bytes]
) -> None:
    assert holder_of(tmp_path / "work") == terraform.pid
    assert holder_of(tmp_path) is None
    hint = failed("terraform apply", LOCKED, tmp_path / "work").hint
    assert hint == (
        f"Terraform is still running in that folder, as process {terraform.pid}: wait until it has ended, then run "
        "this again. It may be left from a killed run. Do not unlock the state while it runs."
    )
    assert "force-unlock" not in hint


def test_the_process_that_has_locked_the_state(tmp_path: Path) -> None:
    state = tmp_path / "terraform.tfstate"
    state.write_text("{}")
    lock = f"import fcntl; f = open({str(state)!r}, 'r+'); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert holder_of(tmp_path, processes=tmp_path) == process.pid
        process.communicate(b"\n")
    assert holder_of(tmp_path, processes=tmp_path) is None


def test_a_lock_that_nobody_here_holds_says_whose_it_is(tmp_path: Path) -> None:
    assert state_hint(LOCKED, tmp_path, processes=tmp_path) == ""
    assert failed("terraform apply", LOCKED, tmp_path).hint == (
        "The state is locked by ops@host. If that run is over and no other is in progress, unlock it: "
        f"terraform -chdir={tmp_path} force-unlock 924b3bea"
    )
