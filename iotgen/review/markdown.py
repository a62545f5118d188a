"""A review as Markdown, for a comment on a pull request."""

import re
from collections.abc import Iterable, Iterator

from iotgen.review.permissions import Permissions
from iotgen.review.review import Group, Review
from iotgen.review.sentences import sentences
from iotgen.review.text import changes
from iotgen.review.words import counts, fate

# GitHub takes comments of up to 65,536 characters: https://github.com/dead-claudia/github-limits
_MOST = 60_000
_WIDTH = 100
# Longer changes are folded.
_SHORT = 30


def markdown(review: Review) -> str:
    """The review: what is lost first, then all changes, permissions and drift."""
    return "\n".join(_lines(review)) + "\n"


def _lines(review: Review) -> Iterator[str]:
    yield f"### Plan for `{review.suffix}`"
    yield from ("", f"**{_summary(review)}**")
    lost = [group for group in review.groups if group.loses]
    if lost:
        yield from ("", "> [!CAUTION]")
        yield from (f"> {line}" for line in _losses(lost))
    yield from _changes("Changes", review.groups)
    yield from _permissions("Permissions", review.permissions, review.groups)
    yield from _changes("Differs on AWS from the last apply", review.drift)
    yield from _permissions("Permissions on AWS", review.drift_permissions, ())


def _summary(review: Review) -> str:
    if review.empty:
        return "Nothing to change."
    return counts(review) if review.groups else f"Only outputs change: {', '.join(review.outputs)}."


def _losses(groups: Iterable[Group]) -> Iterator[str]:
    for group in groups:
        for item in group.items:
            if item.loses:
                what = group.owner.title if item.whole else f"{item.noun} of {group.owner.title}"
                yield f"- {_escaped(what)}: {fate(item)}"


def _changes(heading: str, groups: tuple[Group, ...]) -> Iterator[str]:
    if not groups:
        return
    text = changes(groups, width=_WIDTH)
    folded = text.count("\n") > _SHORT
    yield ""
    yield f"<details><summary>{heading}</summary>" if folded else f"**{heading}**"
    yield from ("", *_fenced(text))
    if folded:
        yield from ("", "</details>")


def _fenced(text: str) -> Iterator[str]:
    """A text in a fence that it cannot end, as long as a comment may be."""
    if len(text) > _MOST:
        text = text[:_MOST].rpartition("\n")[0] + "\n... and more, which a comment has no room for\n"
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`{3,}", text))])
    yield from (f"{fence}diff", text.rstrip("\n"), fence)


def _permissions(heading: str, permissions: Permissions, groups: Iterable[Group]) -> Iterator[str]:
    shown = list(sentences(permissions, groups))
    if shown:
        yield from ("", f"**{heading}**", "")
    for one in shown:
        words = _escaped(one.words)
        yield f"- **{words}**" if one.loud else f"- {words}"


def _escaped(words: str) -> str:
    """Words in which Markdown and HTML have no meaning, and nobody is mentioned."""
    escaped = re.sub(r"([\\`*_{}\[\]<>|~#@!])", r"\\\1", words)
    return escaped.replace("\\@", "@\u200b").replace("\\<", "&lt;").replace("\\>", "&gt;")
