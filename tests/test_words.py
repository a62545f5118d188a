"""What the command line says of the words of other tools, and of typing errors."""

import pytest

from iotgen.cli import cli
from iotgen.cli.words import unknown_command, unknown_option

COMMANDS = list(cli.commands)
LISTED = "`iotgen --help` lists all commands"
REMOVED = "`iotgen destroy --help` explains how to remove a deployment"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("deploy", "did you mean `iotgen apply`?"),
        ("DEPLOY", "did you mean `iotgen apply`?"),
        ("deplyo", "did you mean `iotgen apply`?"),
        ("up", "did you mean `iotgen apply`?"),
        ("synth", "did you mean `iotgen render`?"),
        ("package", "did you mean `iotgen render`?"),
        ("validate", "did you mean `iotgen check`?"),
        ("preview", "did you mean `iotgen plan`?"),
        ("start-api", "did you mean `iotgen local up`?"),
        ("chekc", "did you mean `iotgen check`?"),
        ("remove", REMOVED),
        ("delete", REMOVED),
        ("down", f"`iotgen local down` stops the local AWS, and {REMOVED}"),
        ("destory", LISTED),
        ("destroyy", LISTED),
        ("destro", LISTED),
        ("detroy", LISTED),
        ("import", LISTED),
        ("list", LISTED),
        ("tear-down", REMOVED),
        ("nothing", LISTED),
        ("x", LISTED),
    ],
)
def test_a_command_of_another_tool(word: str, said: str) -> None:
    assert unknown_command(word, COMMANDS) == f"there is no command `{word}`; {said}"


@pytest.mark.parametrize(("word", "meant"), [("start", "up"), ("stop", "down"), ("stauts", "status")])
def test_a_command_on_the_local_aws(word: str, meant: str) -> None:
    said = unknown_command(word, ["up", "down", "status"], "iotgen local")
    assert said == f"there is no command `{word}`; did you mean `iotgen local {meant}`?"


@pytest.mark.parametrize(
    ("group", "word", "meant"),
    [
        ("dlq", "purge", "drop"),
        ("dlq", "retry", "redrive"),
        ("dlq", "ls", "list"),
        ("secret", "rotate", "set"),
        ("secret", "lst", "list"),
    ],
)
def test_a_command_of_a_group(group: str, word: str, meant: str) -> None:
    commands = {"dlq": ["list", "redrive", "drop"], "secret": ["list", "set"]}[group]
    message = unknown_command(word, commands, f"iotgen {group}")
    assert message == f"there is no command `{word}`; did you mean `iotgen {group} {meant}`?"


def test_a_group_suggests_no_command_of_another() -> None:
    message = unknown_command("deploy", ["list", "set"], "iotgen secret")
    assert message == "there is no command `deploy`; `iotgen secret --help` lists all commands"


def test_nothing_suggests_to_destroy() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    slips = {
        "destroy"[:at] + new + "destroy"[at + cut :]
        for at in range(8)
        for new in ["", *letters]
        for cut in (0, 1)
    }
    for word in slips - {"destroy"}:
        assert "destroy" not in unknown_command(word, COMMANDS).removeprefix(f"there is no command `{word}`")


@pytest.mark.parametrize(
    ("command", "word", "said"),
    [
        ("apply", "--stage", "; did you mean `--suffix`?"),
        ("apply", "--env", "; did you mean `--suffix`?"),
        ("apply", "--auto-approve", "; did you mean `--yes`?"),
        ("apply", "--tarrget", "; did you mean `--target`?"),
        ("apply", "--profile", "; set AWS_PROFILE"),
        ("apply", "--dry-run", "; `iotgen plan` shows what would change"),
        ("apply", "--yess", ""),
        ("apply", "--force", ""),
        ("check", "--json", "; did you mean `--format`?"),
        ("check", "--auto-approve", ""),
        ("destroy", "--auto-approve", ""),
        ("destroy", "--force", ""),
        ("destroy", "--stage", "; did you mean `--suffix`?"),
    ],
)
def test_an_option_of_another_tool(command: str, word: str, said: str) -> None:
    assert unknown_option(word, cli.commands[command]) == f"there is no option `{word}`{said}"
