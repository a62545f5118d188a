"""Commands on dead letters: list, show, replay, edit, redrive, drop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from iotgen.cli import dead_letters, options
from iotgen.cli.console import print_json, say
from iotgen.cli.dead_letters import Order, Replay, print_lines
from iotgen.cli.environment import opened
from iotgen.cli.words import Group
from iotgen.errors import IotgenError, UsageError

_LEAST_OF_AN_ID = 8


def _choosing(least: int) -> Callable[..., Any]:
    """A callback that refuses what is too short: as an empty variable is, it would choose too much."""

    def check(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
        for text in value if isinstance(value, tuple) else (value,):
            if text is not None and len(text) < least:
                what = f"give at least {least} characters of it" if text else "it is empty"
                raise click.BadParameter(what)
        return value

    return check


_queue = click.argument("queue")
_id = click.argument("id", callback=_choosing(_LEAST_OF_AN_ID))
_ids = click.argument("ids", nargs=-1, callback=_choosing(_LEAST_OF_AN_ID), metavar="[ID]...")
_reason = click.option(
    "--reason", callback=_choosing(1), metavar="TEXT", help="Only messages with this in their reason."
)
_shape = click.option(
    "--shape",
    callback=_choosing(1),
    metavar="SHAPE",
    help="Only messages of this shape, as `show` names it.",
)
_most = click.option("--limit", type=click.IntRange(1), help="How many messages at most.")


@click.group(cls=Group)
def dlq() -> None:
    """Look into dead-letter queues, and try again what is in them.

    QUEUE is the key of a queue, or of a function and `-async` for its failed events. ID is a message's, or
    its first eight characters or more.
    """


@dlq.command("list")
@options.environment
@options.results()
def list_(form: str, **given: Any) -> None:
    """List the dead-letter queues: how much is in each, since when, and why."""
    from iotgen.operate.dlq import overview, report

    environment = opened(**given)
    now = dead_letters.now()
    found = overview.overviews(environment.clients, dead_letters.queues(environment), now)
    if found and all(one.counts is None for one in found):
        raise IotgenError(
            f"nothing is deployed as `{given['suffix']}`: AWS has none of its dead-letter queues",
            "Run `iotgen apply` first, or choose another `--suffix`.",
        )
    if form == "json":
        print_json([report.overview_data(one) for one in found])
    else:
        print_lines(report.overview_lines(found, now, dead_letters.width()))


@dlq.command("show")
@_queue
@click.argument("id", required=False, callback=_choosing(_LEAST_OF_AN_ID))
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    help="How many messages to look at.",
)
@options.environment
@options.results()
def show_(queue: str, id: str | None, limit: int, form: str, **given: Any) -> None:
    """Group the messages of QUEUE by reason and shape; with ID, print one.

    They are hidden from other readers while it looks.
    """
    from iotgen.operate.dlq import report
    from iotgen.operate.dlq.edit import Draft
    from iotgen.operate.dlq.finding import find_letter
    from iotgen.operate.dlq.groups import look_into

    at = dead_letters.at(queue, given)
    if id is not None:
        letter = find_letter(at.sqs, at.opened, id)
        if form == "json":
            print_json(report.letter_data(letter))
        else:
            print_lines(report.letter_lines(letter, Draft(letter).text))
        return
    shown = look_into(at.sqs, at.opened, limit)
    if form == "json":
        print_json(report.shown_data(shown))
    else:
        print_lines(report.shown_lines(shown, dead_letters.width()))


@dlq.command()
@_queue
@_id
@click.option(
    "--dry/--against",
    default=True,
    show_default=True,
    help="Record what it would write, or write it on the target.",
)
@click.option("--delete", is_flag=True, help="With --against: delete the message once it is handled.")
@options.environment
@options.results()
def replay(queue: str, id: str, dry: bool, delete: bool, form: str, **given: Any) -> None:
    """Run the handler of QUEUE here on the message ID, with the code as it is now.

    It reads from the target. With --dry, what it would write is recorded and answered as done.
    """
    from iotgen.cli.invoke import live_account, logged, place_of, unheard
    from iotgen.invoke import other_python, run
    from iotgen.operate.dlq import replay as replaying
    from iotgen.operate.dlq.finding import find_letter

    if delete and dry:
        raise UsageError("`--delete` needs `--against`: a dry run handles nothing", "Add `--against`.")
    at = dead_letters.at(queue, given)
    function = replaying.handler_of(at.environment.pipeline, at.queue)
    letter = find_letter(at.sqs, at.opened, id)
    event = replaying.event_of(letter, at.opened)
    if note := other_python(function):
        say(note)
    place = place_of(at.environment, function, live_account(at.environment))
    listen = logged if form == "text" else unheard
    invocation = run(function, event, place, dry=dry, record=True, listen=listen, say=say)
    calls = [call.parameters for call in invocation.calls]
    failed = invocation.error is not None
    outcome = replaying.outcome(at.opened, invocation.result, calls, failed=failed)
    reasons = replaying.new_reasons(at.opened, calls)
    handled = outcome is replaying.Outcome.HANDLED
    kept = dead_letters.delete_handled(at, letter) if delete and handled else None
    dead_letters.show_replay(Replay(letter, function, invocation, outcome, reasons, dry, kept), form)
    sys.exit(0 if handled else 1)


@dlq.command()
@_queue
@_id
@options.environment
@options.results()
def edit(queue: str, id: str, form: str, **given: Any) -> None:
    """Edit the message ID of QUEUE in $EDITOR, and send it again.

    The dead one is kept in a file and deleted once the edited one is sent. Without a change nothing is sent.
    """
    from iotgen.operate.dlq.draft import discard, private, read
    from iotgen.operate.dlq.edit import Draft, exchange
    from iotgen.operate.dlq.finding import find_letter
    from iotgen.operate.dlq.retry import sender

    dead_letters.require_editor()
    at = dead_letters.at(queue, given)
    send = sender(at.environment.clients, at.queue)
    letter = find_letter(at.sqs, at.opened, id)
    draft = Draft(letter)
    path, begun = private(at.folder, letter.id, draft.text)
    if begun:
        say(f"going on with your text in {path}")
    dead_letters.edit_file(path)
    body, kept = draft.body(read(path), path), at.kept()
    if body is not None:
        with dead_letters.pointing_to(path):
            exchange(at.sqs, at.opened, letter, body, send, kept)
    discard(path)
    if form == "json":
        file = str(kept.path) if kept.path else None
        print_json({"queue": at.queue.key, "id": letter.id, "sent": body is not None, "kept": file})
    elif body is None:
        click.echo("unchanged: nothing was sent")
    else:
        click.echo(f"sent to the {at.queue.noun} {at.queue.owner.key}; the dead one is kept in {kept.path}")


@dlq.command()
@_queue
@_ids
@_reason
@_shape
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="How many messages a second at most.")
@_most
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Send what this file of out/.kept has, instead of what is in QUEUE.",
)
@options.environment
@options.results()
def redrive(
    queue: str,
    ids: tuple[str, ...],
    reason: str | None,
    shape: str | None,
    rate: float | None,
    limit: int | None,
    file: Path | None,
    form: str,
    **given: Any,
) -> None:
    """Send the messages of QUEUE to where they came from, to be tried again.

    All of them, or those that ID, --reason and --shape choose. Each is kept in a file first. Where SQS can
    move all of a queue by itself, it does, and nothing needs to be kept. Run it again to go on after an
    interruption: a message that was in hand may be sent twice.
    """
    from iotgen.operate.dlq.letter import Filter
    from iotgen.operate.dlq.retry import sender

    at = dead_letters.at(queue, given)
    order = Order(Filter(reason, shape, ids), limit, rate, sender(at.environment.clients, at.queue))
    whole = order.filter.takes_all and limit is None
    with dead_letters.stopping() as stopped:
        if file is not None:
            dead_letters.restore(at, order, file, form, stopped)
        if not (whole and dead_letters.moved_by_sqs(at, rate, form, stopped)):
            dead_letters.remove(at, order, form, stopped)


@dlq.command()
@_queue
@_ids
@_reason
@_shape
@_most
@options.yes
@options.environment
@options.results()
def drop(
    queue: str,
    ids: tuple[str, ...],
    reason: str | None,
    shape: str | None,
    limit: int | None,
    yes: bool,
    form: str,
    **given: Any,
) -> None:
    """Delete messages of QUEUE, each of which is kept in a file first.

    All of them, or those that ID, --reason and --shape choose. Without --yes they are shown, and stay.
    """
    from iotgen.operate.dlq.letter import Filter

    at = dead_letters.at(queue, given)
    wanted = Filter(reason, shape, ids)
    if not yes:
        dead_letters.refuse_drop(at, wanted, limit, form)
    with dead_letters.stopping() as stopped:
        dead_letters.remove(at, Order(wanted, limit, None, None), form, stopped)


COMMANDS = (dlq,)
