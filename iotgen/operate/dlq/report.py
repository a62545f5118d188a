"""What there is to say of dead letters, as lines for people and as data for programs."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from iotgen.operate.dlq.groups import Group, Shown
from iotgen.operate.dlq.kept import as_json
from iotgen.operate.dlq.letter import DeadLetter
from iotgen.operate.dlq.overview import Overview
from iotgen.operate.dlq.queues import Counts
from iotgen.operate.dlq.removal import Removed
from iotgen.visible import visible

# What fits on a screen.
_MOST_GROUPS = 6
_MOST_REASONS = 3
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def overview_lines(overviews: Iterable[Overview], now: datetime, width: int) -> Iterator[str]:
    """The queues that hold something, then the names of the others."""
    overviews = tuple(overviews)
    filled = [one for one in overviews if _holds(one.counts)]
    column = max((len(one.queue.key) for one in filled), default=0) + 2
    for one in sorted(filled, key=lambda one: -(one.counts.waiting if one.counts else 0)):
        yield f"{one.queue.key:{column}}{_counted(one, now)}"
        yield f"{'':{column}}of the {one.queue.noun} {one.queue.owner.key}, {one.queue.place}"
        for reason, number in one.reasons[:_MOST_REASONS]:
            yield short(f"{'':{column}}{number} of {one.looked_at} looked at: {visible(reason)}", width)
    empty = [one.queue.key for one in overviews if one.counts and not _holds(one.counts)]
    missing = [one.queue.key for one in overviews if one.counts is None]
    for word, keys in (("empty", empty), ("not deployed", missing)):
        if keys:
            yield from _wrapped(f"{word}: ", keys, width)


def overview_data(one: Overview) -> dict[str, Any]:
    """A queue for programs."""
    return {
        "queue": one.queue.key,
        "name": one.queue.name,
        "owner": one.queue.owner.key,
        "kind": one.queue.noun,
        "place": one.queue.place,
        "deployed": one.counts is not None,
        "messages": one.counts.waiting if one.counts else 0,
        "in_flight": one.counts.in_flight if one.counts else 0,
        "dead_seconds": one.dead_seconds,
        "oldest_sent": one.sent.isoformat() if one.sent else None,
        "looked_at": one.looked_at,
        "reasons": [{"reason": reason, "messages": number} for reason, number in one.reasons],
    }


def shown_lines(shown: Shown, width: int) -> Iterator[str]:
    """The queue, and its largest groups."""
    yield header(shown)
    if shown.counts.in_flight:
        yield in_flight(shown.counts.in_flight)
    for group in shown.groups[:_MOST_GROUPS]:
        yield ""
        yield from _group_lines(group, width)
    if more := shown.groups[_MOST_GROUPS:]:
        count = sum(len(group.letters) for group in more)
        yield ""
        yield f"{len(more)} more groups with {messages(count)}; `--format json` has them all"


def header(shown: Shown) -> str:
    """How much there is, and how much of it was looked at."""
    seen = "all of them" if shown.complete else f"{shown.looked_at:,}, which `--limit` changes"
    number = max(shown.counts.waiting, shown.looked_at)
    looked = f"; looked at {seen}" if number else ""
    return f"{shown.opened.queue.key}: {messages(number)}{looked}"


def shown_data(shown: Shown) -> dict[str, Any]:
    """The queue and its groups for programs; bodies may be cut off."""
    return {
        "queue": shown.opened.queue.key,
        "messages": shown.counts.waiting,
        "in_flight": shown.counts.in_flight,
        "looked_at": shown.looked_at,
        "complete": shown.complete,
        "groups": [
            {
                "reason": group.reason,
                "shape": group.shape.id,
                "structure": group.shape.text,
                "messages": [letter_data(letter) for letter in group.letters],
            }
            for group in shown.groups
        ],
    }


def letter_lines(letter: DeadLetter, body: str) -> Iterator[str]:
    """One letter; `body` is its body as it is to be read."""
    yield f"{letter.id}  {_when(letter)}"
    yield f"reason: {visible(letter.reason)}"
    yield f"shape:  {letter.shape.id}  {visible(letter.shape.text)}"
    if letter.report:
        yield f"topic:  {visible(letter.report.topic)}"
    for name, attribute in sorted(as_json(letter.attributes).items()):
        value = attribute.get("StringValue", attribute.get("BinaryValue", ""))
        yield f"{visible(name)}: {visible(str(value))}"
    yield ""
    yield visible(body, keep="\n\t").rstrip("\n")


def letter_data(letter: DeadLetter) -> dict[str, Any]:
    """One letter for programs."""
    return {
        "id": letter.id,
        "sent": letter.sent.isoformat(),
        "receives": letter.receives,
        "reason": letter.reason,
        "shape": letter.shape.id,
        "attributes": as_json(letter.attributes),
        "body": letter.body,
    }


def removed_data(queue: str, done: Removed, left: Counts | None) -> dict[str, Any]:
    """What became of letters for programs; `left` is None where AWS did not answer any more."""
    error = done.error
    about = {"message": error.message, "hint": error.hint, "exit_code": error.exit_code} if error else None
    return {
        **({"error": about} if about else {}),
        "queue": queue,
        "removed": done.removed,
        "looked_at": done.looked_at,
        "complete": done.complete,
        "interrupted": done.stopped,
        "failed": done.failed,
        "kept": str(done.kept) if done.kept else None,
        "left": left.waiting if left else None,
        "in_flight": left.in_flight if left else None,
    }


def removed_lines(queue: str, done: Removed, left: Counts | None, word: str) -> Iterator[str]:
    """What became of letters; `word` is what was done to them."""
    rest = f"; about {left.waiting:,} left" if left else ""
    yield f"{queue}: {word} {messages(done.removed)}{rest}"
    if done.kept:
        yield f"kept in {done.kept}"
    for id, why in list(done.failed.items())[:_MOST_REASONS]:
        yield f"still there: {id}: {visible(why)}"
    if len(done.failed) > _MOST_REASONS:
        yield f"still there: {len(done.failed) - _MOST_REASONS:,} more"
    if left and left.in_flight:
        yield in_flight(left.in_flight)


def in_flight(number: int) -> str:
    """What nobody can see for now."""
    are, them = ("is", "it") if number == 1 else ("are", "them")
    return f"{number:,} {are} in flight and not visible: a reader has {them}, or had {them} a moment ago"


def messages(number: int) -> str:
    """A number of messages."""
    return f"{number:,} message" if number == 1 else f"{number:,} messages"


def age(seconds: float) -> str:
    """A time of two units at most, such as `3 d 4 h`."""
    parts: list[str] = []
    rest = int(seconds)
    for length, unit in _UNITS:
        if rest >= length or parts:
            parts.append(f"{rest // length} {unit}")
            rest %= length
    return " ".join(part for part in parts[:2] if not part.startswith("0 ")) or f"{rest} s"


def short(text: str, width: int) -> str:
    """A text on one line of so many characters."""
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _holds(counts: Counts | None) -> bool:
    return counts is not None and bool(counts.waiting or counts.in_flight)


def _counted(one: Overview, now: datetime) -> str:
    if one.counts is None:
        return ""
    hidden = f", {one.counts.in_flight:,} in flight" if one.counts.in_flight else ""
    text = f"{messages(one.counts.waiting)}{hidden}"
    if one.dead_seconds is not None:
        return f"{text}, the oldest here for {age(one.dead_seconds)}"
    if one.sent is None:
        return text
    return f"{text}, the oldest looked at sent {age((now - one.sent).total_seconds())} ago"


def _group_lines(group: Group, width: int) -> Iterator[str]:
    oldest = group.letters[0]
    yield short(f"{len(group.letters):,}  {visible(group.reason)}", width)
    yield short(f"    shape {group.shape.id}  {visible(group.shape.text)}", width)
    yield f"    {oldest.id}  {_when(oldest)}"
    yield short(f"    {visible(oldest.content)}", width)


def _when(letter: DeadLetter) -> str:
    return f"sent {letter.sent:%Y-%m-%d %H:%M:%S} UTC" if letter.sent_ms else ""


def _wrapped(label: str, words: Iterable[str], width: int) -> Iterator[str]:
    line, indent = label, " " * len(label)
    words = list(words)
    for word, end in zip(words, [", "] * (len(words) - 1) + [""], strict=True):
        if len(line) > len(label) and len(line) + len(word) + len(end.rstrip()) > width:
            yield line.rstrip()
            line = indent
        line += word + end
    yield line
