"""A letter edited: what its editor gets, and the edited one sent before the dead one is deleted."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from iotgen.errors import IotgenError
from iotgen.operate.dlq.finding import located
from iotgen.operate.dlq.kept import Kept
from iotgen.operate.dlq.layout import on_one_line, spread
from iotgen.operate.dlq.letter import DeadLetter
from iotgen.operate.dlq.queues import Opened, counts
from iotgen.operate.dlq.receiving import receiving
from iotgen.operate.dlq.retry import Send
from iotgen.operate.dlq.rule_report import with_payload
from iotgen.spec.strict_json import read_json


@dataclass(frozen=True)
class Draft:
    """A letter as an editor shows it: JSON over many lines, any other text as it is."""

    letter: DeadLetter

    @property
    def is_json(self) -> bool:
        """Whether its content is JSON, which the edited one has to be too."""
        return not _fault(self.letter.content)

    @property
    def text(self) -> str:
        """What to edit."""
        return spread(self.letter.content) if self.is_json else self.letter.content

    def body(self, edited: str, path: Path) -> str | None:
        """The body to send, None where nothing was changed; IotgenError if it cannot be one."""
        content = self._content(edited, path)
        if content is None or self.letter.report is None:
            return content
        return with_payload(self.letter.body, content)

    def _content(self, edited: str, path: Path) -> str | None:
        if edited == self.text:
            return None
        if not edited.strip():
            raise IotgenError("the edited message is empty, and nothing was sent", _again(path))
        if not self.is_json:
            return edited
        if fault := _fault(edited):
            raise IotgenError(f"the edited message is not JSON, and nothing was sent: {fault}", _again(path))
        body = on_one_line(edited)
        return None if body == on_one_line(self.letter.content) else body


def exchange(sqs: Any, opened: Opened, letter: DeadLetter, body: str, send: Send, kept: Kept) -> None:
    """Send the letter with another body, and delete the dead one; IotgenError if that is not there any more.

    It is looked for again, since editing takes its time and hides it from nobody.
    """
    with receiving(sqs, opened.url, counts(sqs, opened.url).waiting) as receiver:
        there = located(receiver, opened, letter.id)
        kept.keep([there], "edit")
        if refused := send([replace(there, body=body)]):
            raise IotgenError(f"the edited message was refused: {refused[there.id]}")
        if failed := receiver.delete([there]):
            raise IotgenError(
                f"the edited message was sent, but the dead one cannot be deleted: {failed[there.id]}",
                f"Run `iotgen dlq drop {opened.queue.key} {there.id} --yes`.",
            )


def _fault(text: str) -> str:
    try:
        read_json(text)
    except ValueError as error:
        return str(error)
    return ""


def _again(path: Path) -> str:
    return f"Your text is in {path}: run this again to go on with it."
