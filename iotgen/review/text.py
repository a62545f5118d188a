"""A review as text, for a terminal or a file."""

import textwrap
from collections.abc import Callable, Iterable, Iterator

from iotgen.model.plural import plural
from iotgen.review.permissions import Permissions
from iotgen.review.review import Group, Item, Review
from iotgen.review.sentences import sentences
from iotgen.review.settings import Setting
from iotgen.review.together import Bundle, Together, together
from iotgen.review.words import (
    SYMBOLS,
    counts,
    fate,
    listed,
    parts,
    value,
)
from iotgen.terraform.plan import Action
from iotgen.visible import visible

# Colours a text in a style: `loud`, `heading`, or the name of an action.
Paint = Callable[[str, str], str]
_TITLE = 44
_INDENT = "    "


def plain(text: str, _style: str) -> str:
    """A text without colours."""
    return text


def text(review: Review, *, width: int = 80, paint: Paint = plain) -> str:
    """The review in lines of about `width` characters."""
    return "\n".join(_Text(width, paint).lines(review)) + "\n"


def changes(groups: Iterable[Group], *, width: int = 80) -> str:
    """What happens to each group, without permissions and counts."""
    return "\n".join(_Text(width, plain).groups(groups)) + "\n"


def drift(review: Review, *, width: int = 80, paint: Paint = plain) -> str:
    """What differs on AWS from the last apply."""
    lines = list(_Text(width, paint).drift(review))
    return "\n".join(lines or ["Nothing differs on AWS from the last apply."]) + "\n"


class _Text:
    def __init__(self, width: int, paint: Paint) -> None:
        self._width = width
        self._paint = paint

    def lines(self, review: Review) -> Iterator[str]:
        """All lines of a review."""
        if review.groups:
            yield from self.groups(review.groups)
            yield from self._permissions("permissions", review.permissions, review.groups)
        if review.drift:
            yield from self._heading("differs on AWS from the last apply")
            yield from self.drift(review)
        yield from self._end(review)

    def drift(self, review: Review) -> Iterator[str]:
        """What differs on AWS."""
        yield from self.groups(review.drift, gone="gone")
        yield from self._permissions("permissions on AWS", review.drift_permissions, ())

    def groups(self, groups: Iterable[Group], gone: str = "") -> Iterator[str]:
        """What happens to each group, with a word for what is no longer there."""
        shown = together(groups)
        single = [one.first.owner for one in shown if len(one.groups) == 1]
        columns = (
            min(_TITLE, max((len(owner.title) for owner in single), default=0)),
            max((len(owner.place) for owner in single), default=0),
        )
        for one in shown:
            yield from self._title(one, columns, gone)
            for bundle in one.bundles:
                yield from self._bundle(bundle, one)

    def _end(self, review: Review) -> Iterator[str]:
        if review.groups:
            yield from ("", self._paint(counts(review), "heading"))
        elif review.outputs:
            yield f"Only outputs change: {', '.join(review.outputs)}."
        else:
            yield "Nothing to change."

    def _heading(self, words: str) -> Iterator[str]:
        yield from ("", self._paint(words, "heading"))

    def _title(self, one: Together, columns: tuple[int, int], gone: str) -> Iterator[str]:
        """The symbol, the noun and the keys, with the place and what happens to the parts."""
        group = one.first
        symbol = f"{SYMBOLS[group.action]:3} "
        style = "loud" if group.loses else group.action.value
        if len(one.groups) > 1:
            nouns = plural(len(one.groups), group.owner.noun)
            words = f"{nouns}: {', '.join(each.owner.key for each in one.groups)}"
            yield from (self._paint(line, style) for line in self._wrapped(words, symbol, "      "))
            return
        whole = next((item for item in group.items if item.whole), None)
        about = fate(whole) if whole and whole.loses else parts(group) if not one.bundles else ""
        if gone and group.action is Action.DESTROY:
            about = gone
        title, place = columns
        words = f"{symbol}{visible(group.owner.title):{title}}  {group.owner.place:{place}}  {about}"
        yield self._paint(words.rstrip(), style)

    def _bundle(self, bundle: Bundle, one: Together) -> Iterator[str]:
        """What happens to parts, or settings of the whole."""
        item = bundle.first
        what = "" if item.whole else _what(bundle, one)
        if item.action in (Action.CREATE, Action.DESTROY, Action.FORGET):
            yield self._paint(f"{_INDENT}{SYMBOLS[item.action]} {what}", item.action.value)
            return
        for words in _about(item, what):
            yield f"{_INDENT}{words}"
        for setting in item.settings:
            yield from self._setting(setting, f"{what}: " if what else "")
        if item.whole and len(bundle.items) > 1:
            yield f"{_INDENT}and {plural(len(bundle.items) - 1, 'part')} of it alike"

    def _setting(self, setting: Setting, what: str) -> Iterator[str]:
        name = visible(f"{what}{setting.name}")
        forces = "  forces the replacement" if setting.forces else ""
        room = self._width - len(_INDENT) - len(name) - len(forces) - 6
        before, after = value(setting.before, 10_000), value(setting.after, 10_000)
        if len(before) + len(after) <= room:
            yield f"{_INDENT}{name}  {before} -> {after}{self._paint(forces, 'loud')}"
            return
        yield f"{_INDENT}{name}{self._paint(forces, 'loud')}"
        most = self._width - 8
        yield f"{_INDENT}  - {value(setting.before, most)}"
        yield f"{_INDENT}  + {value(setting.after, most)}"

    def _permissions(self, heading: str, permissions: Permissions, groups: Iterable[Group]) -> Iterator[str]:
        shown = list(sentences(permissions, groups))
        if shown:
            yield from self._heading(heading)
        for one in shown:
            for line in self._wrapped(one.words, "  ", _INDENT):
                yield self._paint(line, "loud") if one.loud else line

    def _wrapped(self, words: str, first: str, then: str) -> list[str]:
        return textwrap.wrap(
            words,
            self._width,
            initial_indent=first,
            subsequent_indent=then,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _what(bundle: Bundle, one: Together) -> str:
    """Parts in words: by name if it is one of one group, else by number."""
    if len(bundle.items) == 1 and len(one.groups) == 1:
        return visible(f"{bundle.first.noun} {bundle.first.name}".rstrip())
    return listed(item.noun for item in bundle.items)


def _about(item: Item, what: str) -> Iterator[str]:
    """What is not a setting: new code, a new name, a replacement."""
    prefix = f"{what}: " if what else ""
    if item.former:
        yield f"{prefix}moved from {item.former}"
    if item.new_code:
        yield f"{prefix}new code"
    forced = any(setting.forces for setting in item.settings)
    if item.action is Action.REPLACE and not item.whole and (item.loses or not forced):
        yield f"{prefix}{fate(item) if item.loses else 'replaced'}"
    if item.missed:
        yield f"{prefix}{item.missed}"
    if item.reason == "replace_because_tainted":
        yield f"{prefix}replaced, since creating it failed"
    if item.permissions:
        yield f"{prefix}other permissions, see below"
    if item.rewritten:
        yield f"{prefix}the same permissions, written in another way"
