"""The log lines that mention one of many ids."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from iotgen.model.log_group import LogGroup
from iotgen.operate.logs.line import Line, mentioned, read
from iotgen.operate.logs.pages import Reader, Window
from iotgen.operate.logs.tracebacks import whole
from iotgen.operate.logs.wanted import PLAIN

# What a search returns at most of a log group; a word that is in every line would be found without an end.
MOST_LINES = 5_000
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
_LONGEST_PATTERN = 1024

# A reader whose groups are filtered by a pattern of CloudWatch's, empty for none.
Readers = Callable[[str], Reader]


@dataclass(frozen=True)
class Mention:
    """A line of a log group, and those of the ids that it mentions."""

    group: LogGroup
    line: Line
    ids: frozenset[str]


@dataclass(frozen=True)
class Ids:
    """The ids that are looked for, as whole words: `e-1` is not in `e-10`."""

    texts: frozenset[str]

    def within(self, line: Line) -> frozenset[str]:
        """Those that a line mentions."""
        fields = set(mentioned(line.fields))
        return frozenset(self.texts & fields) | self.words((line.message, *fields))

    def words(self, texts: Iterable[str]) -> frozenset[str]:
        """Those that texts mention."""
        return frozenset(word for text in texts for word in self._words.findall(text))

    @cached_property
    def _words(self) -> re.Pattern[str]:
        listed = "|".join(re.escape(text) for text in sorted(self.texts, key=len, reverse=True))
        return re.compile(rf"(?<![\w-])(?:{listed})(?![\w-])")


@dataclass(frozen=True)
class Searched:
    """The lines of a search, the groups that do not exist, and those with more lines than were read."""

    mentions: tuple[Mention, ...]
    missing: frozenset[LogGroup]
    cut: frozenset[LogGroup]


def search(readers: Readers, groups: Sequence[LogGroup], window: Window, ids: Iterable[str]) -> Searched:
    """Look for ids in log groups; Lambda's own lines are among what is found."""
    wanted = Ids(frozenset(ids))
    found: dict[tuple[LogGroup, int, str], Mention] = {}
    missing: set[LogGroup] = set()
    cut: set[LogGroup] = set()
    for pattern in patterns(sorted(wanted.texts)) if wanted.texts else ():
        reader = readers(pattern)
        for group in groups:
            mentions = list(islice(_of(reader, group, window, wanted), MOST_LINES + 1))
            cut |= {group} if len(mentions) > MOST_LINES else set()
            for mention in mentions[:MOST_LINES]:
                found.setdefault((group, mention.line.time, repr(mention.line)), mention)
        missing |= reader.missing
    return Searched(tuple(found.values()), frozenset(missing), frozenset(cut))


def patterns(ids: Sequence[str]) -> Iterator[str]:
    """Patterns that let all lines through that mention one of the ids, as few as their length allows.

    What cannot stand in a pattern needs all lines, and then one pattern is enough.
    """
    if not all(PLAIN.fullmatch(id) for id in ids):
        yield ""
        return
    terms: list[str] = []
    for id in ids:
        term = f"?{json.dumps(id)}"
        if terms and len(" ".join((*terms, term))) > _LONGEST_PATTERN:
            yield " ".join(terms)
            terms = []
        terms.append(term)
    yield " ".join(terms)


def _of(reader: Reader, group: LogGroup, window: Window, ids: Ids) -> Iterator[Mention]:
    for event in whole(reader.events(group, window)):
        line = read(event, group)
        if within := ids.within(line):
            yield Mention(group, line, within)
