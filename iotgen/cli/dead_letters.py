"""What the commands on dead letters share: the queue that they work on, and what they print."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from iotgen.cli.boundary import INTERRUPTED
from iotgen.cli.console import print_json, say, show
from iotgen.cli.environment import opened
from iotgen.errors import IotgenError, UsageError

if TYPE_CHECKING:
    from iotgen.cli.environment import Environment
    from iotgen.invoke import AwsCall, Invocation
    from iotgen.kinds.functions import Function
    from iotgen.operate.dlq.kept import Kept
    from iotgen.operate.dlq.letter import DeadLetter, Filter
    from iotgen.operate.dlq.move_task import Moved
    from iotgen.operate.dlq.queues import DeadLetterQueue, Opened
    from iotgen.operate.dlq.removal import Removed
    from iotgen.operate.dlq.replay import Outcome
    from iotgen.operate.dlq.retry import Send

Stopped = Callable[[], bool]

_PROGRESS_SECONDS = 5.0
_MOST_PREVIEWED = 1_000
_MOST_CALLS = 10


@dataclass(frozen=True)
class At:
    """A dead-letter queue of an environment that is deployed."""

    environment: Environment
    opened: Opened

    @property
    def sqs(self) -> Any:
        """boto3's client."""
        return self.environment.clients("sqs")

    @property
    def queue(self) -> DeadLetterQueue:
        """The queue as the spec has it."""
        return self.opened.queue

    @property
    def folder(self) -> Path:
        """Where letters are kept, and edited."""
        from iotgen.operate.dlq.kept import kept_folder

        deployment = self.environment.deployment
        return kept_folder(deployment.out, deployment.suffix)

    def kept(self) -> Kept:
        """A new file for what is taken out."""
        from iotgen.operate.dlq.kept import Kept

        return Kept(self.folder, self.queue.key, now)


def queues(environment: Environment) -> tuple[DeadLetterQueue, ...]:
    """All dead-letter queues of an environment."""
    from iotgen.operate.dlq.queues import dead_letter_queues

    return dead_letter_queues(environment.pipeline, environment.checked.document)


def at(queue: str, given: dict[str, Any]) -> At:
    """The queue that the arguments and options of a command name."""
    from iotgen.operate.dlq.queues import find_queue
    from iotgen.operate.dlq.queues import opened as deployed

    environment = opened(**given)
    found = find_queue(queues(environment), queue)
    return At(environment, deployed(environment.clients("sqs"), found))


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def width() -> int:
    """How many characters a line may have."""
    return shutil.get_terminal_size((80, 24)).columns


def print_lines(lines: Iterable[str]) -> None:
    """Lines of a result."""
    for line in lines:
        click.echo(line)


@contextmanager
def stopping() -> Iterator[Stopped]:
    """Whether Ctrl-C was pressed, so that what is in hand can be ended; a second one interrupts at once."""
    pressed: list[bool] = []

    def note(_signal: int, _frame: object) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(True)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass
class _Progress:
    """Says every few seconds how far it is."""

    word: str
    last: float = 0.0

    def __call__(self, done: int, of: int) -> None:
        if (clock := time.monotonic()) - self.last >= _PROGRESS_SECONDS:
            if self.last:
                say(f"{self.word} {done:,} of about {max(of, done):,}")
            self.last = clock


@dataclass(frozen=True)
class Order:
    """Which letters are to go, how many and how fast; without `send` they are dropped."""

    filter: Filter
    limit: int | None
    rate: float | None
    send: Send | None

    @property
    def word(self) -> str:
        """What is done to them."""
        return "sent" if self.send else "dropped"


def remove(at: At, order: Order, form: str, stopped: Stopped) -> NoReturn:
    """Take letters out, say what came of it, and exit."""
    from iotgen.operate.dlq.queues import counts
    from iotgen.operate.dlq.removal import Pace, Wanted
    from iotgen.operate.dlq.removal import remove as take

    before, progress = counts(at.sqs, at.opened.url), _Progress(order.word)
    wanted = Wanted(
        order.filter,
        order.limit,
        Pace(order.rate, time.monotonic, time.sleep),
        stopped,
        lambda done: progress(done, min(before.waiting, order.limit or before.waiting)),
    )
    done = take(at.sqs, at.opened.url, before.waiting, wanted, at.kept(), order.send, before.at_ms)
    _show_removed(at, order, done, form)
    _exit(done, order, form)


def restore(at: At, order: Order, path: Path, form: str, stopped: Stopped) -> NoReturn:
    """Send letters again from the file that kept them, say what came of it, and exit."""
    from iotgen.operate.dlq import report
    from iotgen.operate.dlq.removal import Pace, Wanted
    from iotgen.operate.dlq.restore import restore as send_again

    assert order.send  # noqa: S101 - a redrive sends
    pace, progress = Pace(order.rate, time.monotonic, time.sleep), _Progress(order.word)
    wanted = Wanted(order.filter, order.limit, pace, stopped, lambda done: progress(done, done))
    done = send_again(path, wanted, order.send)
    if form == "json":
        print_json(report.removed_data(at.queue.key, done, None))
    else:
        print_lines(report.removed_lines(at.queue.key, done, None, f"{order.word} from {path}:"))
    _exit(done, order, form)


def _exit(done: Removed, order: Order, form: str) -> NoReturn:
    if done.error:
        sys.exit(done.error.exit_code if form == "json" else show(done.error))
    if done.stopped:
        sys.exit(INTERRUPTED)
    sys.exit(1 if done.failed or (order.filter.ids and not done.removed) else 0)


def _show_removed(at: At, order: Order, done: Removed, form: str) -> None:
    from iotgen.operate.dlq import report
    from iotgen.operate.dlq.queues import counts

    # Where AWS has just refused, it would refuse this too.
    left = None if done.error else counts(at.sqs, at.opened.url)
    if form == "json":
        print_json(report.removed_data(at.queue.key, done, left))
        return
    if not done.removed and not done.failed and not done.error:
        which = "it is empty" if order.filter.takes_all else f"none of the {done.looked_at:,} looked at match"
        click.echo(f"{at.queue.key}: nothing was {order.word}: {which}")
        return
    print_lines(report.removed_lines(at.queue.key, done, left, order.word))
    if done.stopped:
        say("interrupted; run it again to go on")
    elif not done.complete and order.limit is None and not done.error:
        say(f"stopped after {done.looked_at:,} messages, as many as SQS hides at a time; run it again")


def moved_by_sqs(at: At, rate: float | None, form: str, stopped: Stopped) -> bool:
    """Let SQS move all of a queue; whether it can."""
    from iotgen.model.dead_letters import Retry
    from iotgen.operate.dlq import move_task

    if at.queue.owner.retry is not Retry.MESSAGE:
        return False
    source = at.opened.arn
    watch = move_task.Watch(time.sleep, stopped, _Progress("moved by SQS"))
    destination = f"{source.rpartition(':')[0]}:{at.queue.owner.name}"
    moved = move_task.move(at.sqs, source, destination, rate, watch)
    if moved is None:
        return False
    _show_moved(at, moved, form)
    if moved.status == "FAILED":
        sys.exit(1)
    if moved.status == "CANCELLED":
        sys.exit(INTERRUPTED)
    return True


def _show_moved(at: At, moved: Moved, form: str) -> None:
    from iotgen.visible import visible

    if form == "json":
        about = {"status": moved.status, "of": moved.of, "reason": moved.reason}
        print_json({"queue": at.queue.key, "moved": moved.moved, "by": "SQS", **about})
        return
    why = f": {visible(moved.reason)}" if moved.reason else ""
    click.echo(f"{at.queue.key}: SQS moved {moved.moved:,} of {moved.of:,}, {moved.status.lower()}{why}")


def refuse_drop(at: At, wanted: Filter, limit: int | None, form: str) -> NoReturn:
    """Show what would go, and raise the IotgenError that nothing did."""
    from iotgen.operate.dlq import report
    from iotgen.operate.dlq.groups import look_into

    shown = look_into(at.sqs, at.opened, min(limit or _MOST_PREVIEWED, _MOST_PREVIEWED), wanted)
    matches = sum(len(group.letters) for group in shown.groups)
    if form == "text":
        print_lines(report.shown_lines(shown, width()))
    raise IotgenError(
        f"nothing was dropped; {matches:,} of the {shown.looked_at:,} messages looked at would be",
        "Pass `--yes` to drop them.",
    )


def delete_handled(at: At, letter: DeadLetter) -> Path | None:
    """Keep a letter that was handled, and delete it; IotgenError if it is not there any more."""
    from iotgen.operate.dlq.finding import located
    from iotgen.operate.dlq.queues import counts
    from iotgen.operate.dlq.receiving import receiving

    kept = at.kept()
    with receiving(at.sqs, at.opened.url, counts(at.sqs, at.opened.url).waiting) as receiver:
        try:
            there = located(receiver, at.opened, letter.id)
        except IotgenError as error:
            raise IotgenError(
                f"`{letter.id}` was handled, but somebody else has taken it meanwhile"
            ) from error
        kept.keep([there], "replay")
        if failed := receiver.delete([there]):
            raise IotgenError(f"`{letter.id}` was handled, but cannot be deleted: {failed[there.id]}")
    return kept.path


@dataclass(frozen=True)
class Replay:
    """A letter, the invocation with it, and what that means."""

    letter: DeadLetter
    function: Function
    invocation: Invocation
    outcome: Outcome
    reasons: tuple[str, ...]
    dry: bool
    kept: Path | None


def show_replay(replay: Replay, form: str) -> None:
    """The outcome, the writes that were recorded, and the result."""
    from dataclasses import asdict

    from iotgen.visible import visible

    invocation = replay.invocation
    if form == "json":
        about = {"id": replay.letter.id, "function": replay.function.key, "dry": replay.dry}
        kept = str(replay.kept) if replay.kept else None
        about |= {"outcome": replay.outcome, "reasons": list(replay.reasons), "kept": kept}
        print_json({**about, "invocation": asdict(invocation)})
        return
    if error := invocation.error:
        click.echo(visible(error.trace, keep="\n\t").rstrip(), err=True)
        click.secho(visible(f"{error.type}: {error.message}"), fg="red", err=True)
    why = f": {visible('; '.join(replay.reasons))}" if replay.reasons else ""
    click.echo(f"{replay.outcome} by {replay.function.key} in {invocation.duration * 1000:.0f} ms{why}")
    _show_calls(invocation.calls, "recorded, not sent (dry)" if replay.dry else "sent")
    if replay.kept:
        click.echo(f"deleted; kept in {replay.kept}")
    if not invocation.error:
        print_json(invocation.result)


def _show_calls(calls: tuple[AwsCall, ...], what: str) -> None:
    import json

    from iotgen.operate.dlq.report import short
    from iotgen.visible import visible

    click.echo(f"calls that write: {f'{len(calls)}, {what}' if calls else 'none'}")
    for call in calls[:_MOST_CALLS]:
        parameters = json.dumps(call.parameters, ensure_ascii=False)
        click.echo(short(f"  {call.service} {call.operation} {visible(parameters)}", width()))
    if len(calls) > _MOST_CALLS:
        click.echo(f"  and {len(calls) - _MOST_CALLS} more; `--format json` has them all")


def require_editor() -> None:
    """UsageError where no editor can be opened."""
    if not sys.stdin.isatty() and not (os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        raise UsageError("cannot open an editor: standard input is not a terminal", "Set EDITOR.")


def edit_file(path: Path) -> None:
    """Open the editor on a file, and wait; IotgenError if it fails."""
    try:
        click.edit(filename=str(path))
    except click.ClickException as error:
        message = f"the editor failed, and nothing was sent: {error.message}"
        raise IotgenError(message, f"Your text is in {path}: run this again to go on with it.") from error


@contextmanager
def pointing_to(path: Path) -> Iterator[None]:
    """Name the file with an edited text where it cannot be sent."""
    try:
        yield
    except IotgenError:
        say(f"your text is in {path}")
        raise
