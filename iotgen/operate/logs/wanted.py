"""Which lines are asked for: here, and as a filter pattern that CloudWatch applies before it sends them."""

import json
import re
from dataclasses import dataclass

from iotgen.model.log_group import LogGroup, no_entry
from iotgen.operate.logs.line import Line, mentioned

# In a quoted phrase of a filter pattern these stand for themselves; other characters are left to this side.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
PLAIN = re.compile(r"[\w.:/#@=+-]+", re.ASCII)
# Any of these terms is in every line that reports an error; case counts. More lines have them, too.
_ERROR_PATTERN = '?ERROR ?FATAL ?CRITICAL ?Traceback ?"timed out" ?"Status: " ?"platform."'


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The lines that are asked for; `ids` are texts that each of them mentions.

    Lambda's own lines are shown with `platform`, or if they report an error.
    """

    errors: bool = False
    ids: tuple[str, ...] = ()
    platform: bool = False

    def matches(self, line: Line) -> bool:
        """Whether a line is asked for."""
        if line.platform and not (self.platform or line.failed):
            return False
        if self.errors and not line.failed:
            return False
        return all(mentions(line, id_) for id_ in self.ids)

    def pattern(self, group: LogGroup) -> str:
        """A filter pattern that lets all lines of a group through that match; empty for all lines.

        `?term` cannot stand beside terms without the question mark, so the pattern is of one sort.
        """
        for id_ in self.ids:
            if PLAIN.fullmatch(id_):
                return json.dumps(id_)
        # A level that is read out of other fields is no word of the line.
        return _ERROR_PATTERN if self.errors and group.entry is no_entry else ""


def no_pattern(_group: LogGroup) -> str:
    """The pattern where CloudWatch filters nothing: the local AWS reads no pattern as AWS does."""
    return ""


def mentions(line: Line, id_: str) -> bool:
    """Whether a field is, or a text has as a word, this id: `device-1` is not in `device-10`."""
    if any(text == id_ for text in mentioned(line.fields)):
        return True
    word = re.compile(rf"(?<![\w-]){re.escape(id_)}(?![\w-])")
    return any(word.search(text) for text in (line.message, *mentioned(line.fields)))
