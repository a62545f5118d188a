"""What the modules of a container hold right after loading, and the way back to it."""

import dis
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, MutableSequence, MutableSet
from copy import deepcopy
from functools import cache
from types import CodeType, ModuleType
from typing import Any

# Words by which code may assign a variable of a module without naming it.
_ANY = frozenset(
    {"globals", "vars", "locals", "setattr", "delattr", "__dict__", "__setattr__", "exec", "eval"}
)
_ASSIGNING = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL", "STORE_ATTR", "DELETE_ATTR"})
_CACHE = type(cache(lambda: None))
_CONTAINERS = (MutableMapping, MutableSequence, MutableSet)


class Image:
    """All state of modules and their classes: variables, what lists, mappings, sets and objects hold, caches.

    `codes` are those of the modules: a variable that none of them can assign is as it was.
    """

    def __init__(self, modules: Mapping[str, ModuleType], codes: Iterable[CodeType]) -> None:
        assigned = [_assigned(code) for code in codes]
        names = None if None in assigned else frozenset[str]().union(*(one for one in assigned if one))
        classes = [one for module in modules.values() for one in _classes(module)]
        namespaces = [vars(one) for one in (*modules.values(), *classes)]
        self._variables = [_Variables(vars(module), names) for module in modules.values()]
        self._attributes = [_Attributes(one, names) for one in classes]
        self._contents = [pair for one in namespaces for pair in _contents(one, modules)]
        self._clears: list[Callable[[], None]] = [
            value.cache_clear for one in namespaces for value in one.values() if isinstance(value, _CACHE)
        ]

    def restore(self, *, others: bool) -> None:
        """Give the modules all of it again; `others` is whether code of other modules has run, too."""
        for variables in self._variables:
            variables.restore(others=others)
        for attributes in self._attributes:
            if others or attributes.assigned or len(attributes.now) > len(attributes.first):
                attributes.restore(others=others)
        for value, content in self._contents:
            _restore(value, content)
        for clear in self._clears:
            clear()


class _Variables:
    """The variables of a module, of which only some can be assigned; `names` is None where all can."""

    def __init__(self, variables: dict[str, Any], names: frozenset[str] | None) -> None:
        self._variables, self._first = variables, dict(variables)
        self._assigned = {name: self._first[name] for name in self._first if names is None or name in names}

    def restore(self, *, others: bool) -> None:
        """Give them their values again; where none came or went, Python still knows where each is."""
        variables, first = self._variables, self._first
        before = len(variables)
        variables.update(first if others else self._assigned)
        if not before == len(variables) == len(first):
            variables.clear()
            variables.update(first)


class _Attributes:
    """The attributes of a class: those of now, those of first, and of these the ones that can be assigned."""

    def __init__(self, owner: type, names: frozenset[str] | None) -> None:
        self._owner, self.now, self.first = owner, vars(owner), dict(vars(owner))
        self.assigned = {name: self.first[name] for name in self.first if names is None or name in names}

    def restore(self, *, others: bool) -> None:
        """Give the class its attributes again, and no more."""
        for name, value in (self.first if others else self.assigned).items():
            if self.now.get(name) is not value:
                type.__setattr__(self._owner, name, value)
        if len(self.now) > len(self.first):
            for name in self.now.keys() - self.first.keys():
                type.__delattr__(self._owner, name)


@cache
def _assigned(code: CodeType) -> frozenset[str] | None:
    """The names of variables that a module's code may assign, in any module; None where it may be any."""
    names: set[str] = set()
    for part in (code, *_functions(code)):
        if not _ANY.isdisjoint(part.co_names):
            return None
        names |= {one.argval for one in dis.get_instructions(part) if one.opname in _ASSIGNING}
    return frozenset(names)


def _functions(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _functions(constant)


def _classes(module: ModuleType) -> Iterator[type]:
    own = module.__name__
    return (value for value in vars(module).values() if isinstance(value, type) and value.__module__ == own)


def _contents(names: Mapping[str, Any], modules: Mapping[str, ModuleType]) -> Iterator[tuple[Any, Any]]:
    """What variables hold and copies of it: containers, and objects whose class is the function's own."""
    for name, value in names.items():
        # Python's own, and those of `enum`.
        if (
            (name.startswith("_") and name.endswith("_"))
            or isinstance(value, (type, ModuleType))
            or callable(value)
        ):
            continue
        if isinstance(value, _CONTAINERS) or (
            hasattr(value, "__dict__") and type(value).__module__ in modules
        ):
            try:
                yield value, deepcopy(value if isinstance(value, _CONTAINERS) else vars(value))
            except (TypeError, AttributeError):  # what cannot be copied holds no state of the function
                continue


def _restore(value: Any, content: Any) -> None:
    """Give a variable its first content again; to compare takes a fifth of the time of copying."""
    if (value if isinstance(value, _CONTAINERS) else vars(value)) == content:
        return
    if isinstance(value, MutableMapping):
        value.clear()
        value.update(deepcopy(content))
    elif isinstance(value, MutableSequence):
        value[:] = deepcopy(content)
    elif isinstance(value, MutableSet):
        value.clear()
        value |= deepcopy(content)
    else:
        vars(value).clear()
        vars(value).update(deepcopy(content))
