"""The git revision of a project."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

Runner = Callable[[Sequence[str]], str]


def run_git(arguments: Sequence[str]) -> str:
    """What git prints; empty if there is no git, or it refuses."""
    try:
        # A repository may name a program of its own for its status: https://git-scm.com/docs/git-config
        argv = ["git", "-c", "core.fsmonitor=false", *arguments]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def revision(root: Path, files: Sequence[str], run: Runner = run_git) -> str:
    """The commit at `root`, with a `+` if `files` differ from it; empty outside of a repository."""
    commit = run(["-C", str(root), "rev-parse", "HEAD"]).strip()
    if not commit:
        return ""
    changed = run(["-C", str(root), "status", "--porcelain", "--", *files]).strip()
    return f"{commit}+" if changed else commit
