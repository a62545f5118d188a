"""The command that reads the logs of an environment: logs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.console import say
from iotgen.errors import IotgenError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iotgen.cli.environment import Environment
    from iotgen.model.log_group import LogGroup
    from iotgen.operate.logs.line import Line
    from iotgen.operate.logs.pages import Reader, Window
    from iotgen.operate.logs.wanted import Wanted

_POLL = 2.0  # seconds
_COLOURS = {"ERROR": "red", "FATAL": "red", "WARN": "yellow", "writer": "cyan"}


@click.command()
@click.argument("functions", nargs=-1)
@click.option("--follow", "-f", is_flag=True, help="Go on with lines as they come, until Ctrl-C.")
@click.option(
    "--since", default="10m", show_default=True, help="The first time: `30s`, `10m`, `2h` ago, or ISO 8601."
)
@click.option("--until", show_default="now", help="The last time.")
@click.option("--errors", is_flag=True, help="Only errors, timeouts and failed starts.")
@click.option("--request", metavar="ID", help="Only lines of a request.")
@click.option("--device", metavar="ID", help="Only lines that mention a device.")
@click.option("--api", is_flag=True, help="Also the API's access log.")
@click.option("--all", "platform", is_flag=True, help="Also Lambda's own lines: START, END, REPORT.")
@click.option(
    "--limit", type=click.IntRange(1), default=10_000, show_default=True, help="How many lines at most."
)
@options.results()
@options.environment
def logs(functions: tuple[str, ...], form: str, limit: int, **given: Any) -> None:
    """Print the logs of all functions in the order of time, or of the FUNCTIONS that are named."""
    from iotgen.cli.environment import opened
    from iotgen.operate.logs.sources import sources

    window, wanted = _window(given), _wanted(given)
    follow, api = given.pop("follow"), given.pop("api")
    environment = opened(**given)
    groups = sources(environment.pipeline, functions, unusual=api)
    reader = _reader(environment, wanted)
    if follow:
        _follow(reader, groups, wanted, window.start, _Output(groups, form, limit))
    else:
        _read(reader, groups, wanted, window, _Output(groups, form, limit), environment)


class _Output:
    """Prints lines, at most `limit` of them."""

    def __init__(self, groups: Sequence[LogGroup], form: str, limit: int) -> None:
        self._width = max((len(group.writer) for group in groups), default=0)
        self._json, self._left = form == "json", limit
        self.full, self.empty = False, True

    def print(self, lines: Iterable[Line]) -> None:
        """Print lines until there are no more, the limit is reached, or nobody reads them."""
        from iotgen.cli.streams import unread

        for line in lines:
            if not self._left:
                self.full = True
                _say_limit(line)
                return
            click.echo(self._form(line))
            self.empty = False
            self._left -= 1
            if unread():
                return

    def _form(self, line: Line) -> str:
        import json

        from iotgen.operate.logs import forms

        if self._json:
            return json.dumps(forms.as_object(line), ensure_ascii=False)
        return forms.text(line, self._width, paint)


def _say_limit(line: Line) -> None:
    from iotgen.operate.logs.times import rfc_3339

    say(f"There are more lines: `--since {rfc_3339(line.time)}` goes on, `--limit` allows more.")


def paint(text: str, part: str) -> str:
    """Colour a part of a line."""
    colour = _COLOURS.get(part)
    return click.style(text, fg=colour, dim=part in ("time", "fields")) if colour or part else text


def _window(given: dict[str, Any]) -> Window:
    """Take the time to read out of a command's options."""
    import time

    from iotgen.operate.logs.pages import Window
    from iotgen.operate.logs.times import moment

    now = time.time_ns() // 1_000_000
    since, until = given.pop("since"), given.pop("until")
    if until and given["follow"]:
        raise UsageError("`--follow` goes on without an end, and `--until` names one", "Omit one of them.")
    window = Window(moment(since, "--since", now), moment(until, "--until", now) if until else now)
    if window.start > (window.end or now):
        raise UsageError(f"`--since {since}` is after the end", "Choose an earlier time.")
    return window


def _wanted(given: dict[str, Any]) -> Wanted:
    """Take which lines are asked for out of a command's options."""
    from iotgen.operate.logs.wanted import Wanted

    ids = [id_ for id_ in (given.pop("request"), given.pop("device")) if id_ is not None]
    return Wanted(errors=given.pop("errors"), ids=tuple(ids), platform=given.pop("platform"))


def _reader(environment: Environment, wanted: Wanted) -> Reader:
    from iotgen.deploy import Target
    from iotgen.operate.logs.pages import Reader
    from iotgen.operate.logs.wanted import no_pattern

    on_aws = environment.deployment.target is Target.AWS
    return Reader(environment.clients("logs"), wanted.pattern if on_aws else no_pattern, say)


def _read(
    reader: Reader,
    groups: Sequence[LogGroup],
    wanted: Wanted,
    window: Window,
    output: _Output,
    environment: Environment,
) -> None:
    from iotgen.operate.logs.merge import lines
    from iotgen.operate.logs.times import rfc_3339

    output.print(lines(reader, groups, window, wanted))
    if groups and reader.missing == set(groups):
        deployment = environment.deployment
        what = f"`{deployment.suffix}` on target {deployment.target}"
        hint = f"`iotgen apply --target {deployment.target} --suffix {deployment.suffix}` deploys it."
        raise IotgenError(f"there are no logs of {what}: none of its log groups exists", hint)
    _say_missing(reader.missing)
    if output.empty:
        say(f"There are no such lines since {rfc_3339(window.start)}; `--since 1d` looks further back.")


def _follow(reader: Reader, groups: Sequence[LogGroup], wanted: Wanted, start: int, output: _Output) -> None:
    """Print lines as they come; ends with Ctrl-C, the limit, or when nobody reads them any more."""
    import time

    from iotgen.cli.streams import unread
    from iotgen.operate.logs.follow import Follower

    said: set[LogGroup] = set()

    def wait() -> None:
        sys.stdout.flush()
        _say_missing(reader.missing - said)
        said.update(reader.missing)
        time.sleep(_POLL)

    follower = Follower(reader, groups, wanted, lambda: time.time_ns() // 1_000_000, wait, unread)
    try:
        output.print(follower.lines(start))
    except KeyboardInterrupt:
        return


def _say_missing(groups: Iterable[LogGroup]) -> None:
    for group in sorted(groups, key=lambda one: one.writer):
        say(f"{group.writer} has not run yet: there is no log group {group.name}.")


COMMANDS = (logs,)
