"""Faults of a definition by the Amazon States Language: what AWS refuses when it makes the workflow.

Only what the language says is looked at; fields that are not known are left alone.
https://states-language.net/spec.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.problem import Path
from iotgen.spec.nearest import nearest

TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
_ENDS = ("Succeed", "Fail")
_MOST_LETTERS = 80
_OBJECT = "Write `{StartAt: First, States: {First: {Type: Succeed}}}`."
_WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
_ITEMS = ("ItemProcessor", "Iterator")
# The lists that states of a type have.
_LISTS = {"Choices": "Choice", "Branches": "Parallel"}


@dataclass(frozen=True)
class Fault:
    """One fault at a path of the definition."""

    path: Path
    message: str
    hint: str = ""


def faults(data: Any) -> Iterator[Fault]:
    """The faults of a whole definition."""
    seen: dict[str, Path] = {}
    yield from _machine(data, (), seen, "the definition")


def defaultless(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Each choice without `Default`: the path and the name of its state."""
    for name, state, at in every_state(data, path):
        if state.get("Type") == "Choice" and "Default" not in state:
            yield at, name


def every_state(data: Any, path: Path = ()) -> Iterator[tuple[str, Mapping[str, Any], Path]]:
    """Each state with its name and path, those inside of others too."""
    states = data.get("States") if isinstance(data, dict) else None
    for name, state in states.items() if isinstance(states, dict) else ():
        if isinstance(state, dict):
            at = (*path, "States", name)
            yield name, state, at
            for inner, inner_path in _machines(state, at):
                yield from every_state(inner, inner_path)


def _machines(state: Mapping[str, Any], path: Path) -> Iterator[tuple[Any, Path]]:
    """The machines inside of a state."""
    branches = state.get("Branches")
    for index, branch in enumerate(branches if isinstance(branches, list) else ()):
        yield branch, (*path, "Branches", index)
    for name in _ITEMS:
        if name in state:
            yield state[name], (*path, name)


def _machine(data: Any, path: Path, seen: dict[str, Path], what: str) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield Fault(path, f"{what} must be an object with `StartAt` and `States`", _OBJECT)
        return
    states, start = data.get("States"), data.get("StartAt")
    if not isinstance(states, dict) or not states:
        yield Fault((*path, "States"), f"{what} needs `States`: an object with a state by each name", _OBJECT)
        return
    if start is None:
        yield Fault(path, f"{what} needs `StartAt`", f"Write `StartAt: {next(iter(states))}`.")
    elif not isinstance(start, str) or start not in states:
        yield Fault((*path, "StartAt"), *_lost(start, states))
    inside = (*path, "States")
    for name, state in states.items():
        yield from _state(name, state, (*inside, name), states, seen)
    if isinstance(start, str) and start in states and _is_connected(states):
        yield from _reach(start, states, inside, what)


def _is_connected(states: Mapping[str, Any]) -> bool:
    """Whether every state is one, and leads to others that are there: else that is the fault."""
    return all(
        isinstance(one, dict) and all(target in states for _, target in _targets(one))
        for one in states.values()
    )


def _lost(target: Any, states: Mapping[str, Any]) -> tuple[str, str]:
    """The message and the hint for a state that is not there."""
    near = nearest(str(target), states)
    shown = f"; did you mean `{near}`?" if near else ""
    hint = f"Write `{near}`." if near else f"Use one of: {', '.join(states)}."
    return f"there is no state `{target}` here{shown}", hint


def _state(
    name: str, state: Any, path: Path, states: Mapping[str, Any], seen: dict[str, Path]
) -> Iterator[Fault]:
    if not isinstance(state, dict):
        yield Fault(
            path, f"the state `{name}` must be an object with a `Type`", "Write `{Type: Pass, End: true}`."
        )
        return
    if len(name) > _MOST_LETTERS:
        message = f"a state's name has {_MOST_LETTERS} characters at most, this one {len(name)}"
        yield Fault(path, message, "Shorten it.")
    if seen.setdefault(name, path) != path:
        yield Fault(path, f"two states are called `{name}`", "Names are unique in the whole definition.")
    kind = state.get("Type")
    if kind not in TYPES:
        yield from _unknown(name, kind, path)
        return
    yield from _ending(name, state, path)
    yield from _body(name, state, path)
    for at, target in _targets(state):
        if target not in states:
            yield Fault((*path, *at), *_lost(target, states))
    for inner, inner_path in _machines(state, path):
        yield from _machine(
            inner,
            inner_path,
            seen,
            f"`{inner_path[-1]}`" if isinstance(inner_path[-1], str) else f"a branch of `{name}`",
        )


def _unknown(name: str, kind: Any, path: Path) -> Iterator[Fault]:
    known = f"Use one of: {', '.join(TYPES)}."
    if kind is None:
        yield Fault(path, f"the state `{name}` needs a `Type`", known)
        return
    near = nearest(str(kind), TYPES)
    shown = f"; did you mean `{near}`?" if near else ""
    yield Fault(
        (*path, "Type"), f"`{kind}` is not a type of states{shown}", f"Write `{near}`." if near else known
    )


def _ending(name: str, state: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """`Next` or `End`: one of them, in the states that have them."""
    kind = state["Type"]
    given = [one for one in ("Next", "End") if one in state]
    if kind in (*_ENDS, "Choice"):
        for one in given:
            where = "from each of its `Choices`" if kind == "Choice" else "nowhere: it is an end"
            yield Fault((*path, one), f"a {kind} state has no `{one}`: it goes on {where}", "Remove it.")
    elif len(given) == 2 and state["End"]:
        yield Fault((*path, "End"), f"the state `{name}` has both `Next` and `End`", "Remove one of them.")
    elif "Next" not in state and state.get("End") is not True:
        yield Fault(path, f"the state `{name}` needs `Next` or `End`", "Write `End: true` if it is the last.")


def _body(name: str, state: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """What a state of its type cannot do without."""
    kind = state["Type"]
    if kind == "Task" and not isinstance(state.get("Resource"), str):
        hint = "Write `Resource: ${functions.KEY}`, or an integration of a service."
        yield Fault(path, f"the Task `{name}` needs a `Resource`", hint)
    if kind == "Wait" and sum(one in state for one in _WAITS) != 1:
        yield Fault(
            path,
            f"the Wait `{name}` needs one of {', '.join(f'`{one}`' for one in _WAITS)}",
            "Write `Seconds: 60`.",
        )
    if kind == "Map" and not any(one in state for one in _ITEMS):
        yield Fault(
            path, f"the Map `{name}` needs `ItemProcessor`: an object with `StartAt` and `States`", _OBJECT
        )
    yield from _lists(name, state, path)


def _lists(name: str, state: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """The lists that a state needs, and where each choice goes."""
    for field, of in _LISTS.items():
        value = state.get(field)
        if state["Type"] == of and not (isinstance(value, list) and value):
            at = (*path, field) if field in state else path
            yield Fault(
                at, f"the {of} `{name}` needs `{field}`: a list", f"List at least one under `{field}`."
            )
    choices = state.get("Choices") if state["Type"] == "Choice" else None
    for index, choice in enumerate(_dicts(choices)):
        if "Next" not in choice:
            yield Fault(
                (*path, "Choices", index),
                f"a choice of `{name}` needs `Next`",
                "Name the state that comes then.",
            )


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one if isinstance(one, dict) else {} for one in value] if isinstance(value, list) else []


def _targets(state: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """The names of the states that may come next, and where they are written."""
    kind = state.get("Type")
    if kind not in (*_ENDS, "Choice") and "Next" in state:
        yield ("Next",), state["Next"]
    if kind == "Choice" and "Default" in state:
        yield ("Default",), state["Default"]
    for field in ("Choices", "Catch"):
        for index, one in enumerate(_dicts(state.get(field))):
            if "Next" in one:
                yield (field, index, "Next"), one["Next"]


def _reach(start: str, states: Mapping[str, Any], path: Path, what: str) -> Iterator[Fault]:
    """The states that nothing leads to, and a machine that never ends."""
    reached, waiting = {start}, [start]
    while waiting:
        for _, target in _targets(states[waiting.pop()]):
            if target in states and target not in reached:
                reached.add(target)
                waiting.append(target)
    for name in states:
        if name not in reached:
            yield Fault(
                (*path, name), f"nothing leads to the state `{name}`", "Name it in a `Next`, or remove it."
            )
    ends = [one for one in states.values() if one.get("Type") in _ENDS or one.get("End")]
    if not ends:
        hint = "Write `End: true` in the last state."
        yield Fault(path, f"{what} never ends: no state is Succeed, Fail or has `End`", hint)
