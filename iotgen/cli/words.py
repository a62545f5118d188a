"""Suggestions for commands and options of other tools, and for misspelt ones.

None suggests `destroy`, nor `--yes` for it: a typing error must not be one key away from a removal.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import click

from iotgen import bundled
from iotgen.spec.nearest import nearest

_REMOVAL = "`iotgen destroy --help` explains how to remove a deployment"
# Commands of SAM, Serverless, CDK, Chalice, Architect, Pulumi and Terraform.
_COMMANDS: Mapping[str, str] = {
    "apply": "deploy up sync ship release",
    "render": "synth synthesize synthesise package build generate compile export",
    "check": "validate lint verify",
    "plan": "preview changes changeset what-if whatif",
    "output": "outputs info url",
    "init": "new create",
    "explain": "rule rules why",
    "local up": "start start-api start-lambda offline sandbox emulate",
    "local down": "stop",
    "local status": "ps",
    "send": "post",
    "--help": "help",
    "--version": "version",
}
_LOCAL: Mapping[str, str] = {
    "up": "start start-api start-lambda run serve",
    "down": "stop kill shutdown",
    "status": "ps ls list info log logs",
}
_DLQ: Mapping[str, str] = {
    "list": "ls status count",
    "show": "peek inspect get view read",
    "replay": "invoke run test",
    "redrive": "retry resend move requeue",
    "drop": "delete remove rm purge clear",
}
_SECRET: Mapping[str, str] = {"set": "put update rotate change add", "list": "ls show status"}
_DEVICES: Mapping[str, str] = {
    "add": "enrol enroll register provision create new",
    "list": "ls show status",
    "remove": "rm delete revoke drop",
}
_OF_GROUPS = {"local": _LOCAL, "dlq": _DLQ, "secret": _SECRET, "devices": _DEVICES}
_REMOVALS = "remove delete rm down teardown undeploy uninstall nuke purge"
# Words of their own, although one letter away from a word above.
_UNRELATED = frozenset({"import", "list"})
_OPTIONS: Mapping[str, str] = {
    "--suffix": "--stage --env --environment --stack --stack-name --workspace",
    "--out": "--output --output-dir --out-dir --outdir --build-dir",
    "--yes": "--auto-approve --no-confirm-changeset --require-approval --assume-yes --no-input",
    "--format": "--output-format --json",
}
_ADVICE: Mapping[str, str] = {
    "--profile": "set AWS_PROFILE",
    "--aws-profile": "set AWS_PROFILE",
    "--region": "write `region` in the spec",
    "--template": "name the spec as an argument",
    "--template-file": "name the spec as an argument",
    "--config": "name the spec as an argument",
    "--config-file": "name the spec as an argument",
    "--file": "name the spec as an argument",
    "--spec": "name the spec as an argument",
    "--local": "write `--target local`",
    "--dry-run": "`iotgen plan` shows what would change",
    "--noexecute": "`iotgen plan` shows what would change",
}
_CONSENT = frozenset({"--yes", "--allow-destroy"})
_DANGEROUS = _CONSENT | {"destroy"}


class Group(click.Group):
    """A group that suggests commands for those of other tools, and names the folder of the documentation."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Add the folder of the documentation, which is installed with iotgen."""
        formatter.write(f"\nDocumentation: {bundled.docs()}\n")  # not wrapped, so that it can be copied

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; UsageError with a suggestion if there is none."""
        name = str(args[0])
        if self.get_command(ctx, name) is None and not ctx.resilient_parsing and not name.startswith("-"):
            raise click.UsageError(unknown_command(name, list(self.commands), ctx.command_path), ctx)
        return super().resolve_command(ctx, args)


def unknown_command(name: str, known: Iterable[str], path: str = "iotgen") -> str:
    """The message for an unknown command, with a suggestion."""
    words = _words(_OF_GROUPS.get(path.rpartition(" ")[2], _COMMANDS))
    typed = name.lower()
    near = None if typed in _UNRELATED - {*words} else nearest(typed, [*words, *known])
    suggestion = words.get(typed) or words.get(near or "") or near
    if suggestion in _DANGEROUS:
        suggestion = None
    message = f"there is no command `{name}`"
    if path == "iotgen" and typed.replace("-", "") in _REMOVALS.split():
        local = "`iotgen local down` stops the local AWS, and " if typed == "down" else ""
        return f"{message}; {local}{_REMOVAL}"
    if suggestion:
        return f"{message}; did you mean `{path} {suggestion}`?"
    return f"{message}; `{path} --help` lists all commands"


def unknown_option(name: str, command: click.Command | None) -> str:
    """The message for an unknown option, with a suggestion."""
    known = [option for parameter in command.params for option in parameter.opts] if command else []
    destroys = command is not None and command.name == "destroy"
    safe = [option for option in known if option.startswith("--") and not (destroys and option in _DANGEROUS)]
    message, typed = f"there is no option `{name}`", name.lower()
    if typed in _ADVICE and typed not in known:
        return f"{message}; {_ADVICE[typed]}"
    suggestion = _words(_OPTIONS).get(typed)
    suggestion = suggestion or nearest(typed, [option for option in safe if option not in _CONSENT])
    return f"{message}; did you mean `{suggestion}`?" if suggestion in safe else message


def as_usage_error(error: click.UsageError) -> click.UsageError:
    """The error, with iotgen's message for an unknown option."""
    if isinstance(error, click.NoSuchOption):
        return click.UsageError(unknown_option(error.option_name, _command(error.ctx)), error.ctx)
    return error


def _command(context: click.Context | None) -> click.Command | None:
    return context.command if context else None


def _words(table: Mapping[str, str]) -> dict[str, Any]:
    """The word of iotgen for each word of other tools in `table`."""
    return {word: ours for ours, words in table.items() for word in words.split()}
