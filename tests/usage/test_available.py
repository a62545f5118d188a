"""What a module binds at its top."""

import pytest

from iotgen.usage.available import is_dynamic, top_names
from iotgen.usage.facts import Facts, read_facts


def _facts(text: str) -> Facts:
    facts = read_facts(text, (3, 11))
    assert isinstance(facts, Facts)
    return facts


def test_every_way_to_bind_a_name() -> None:
    text = """
import a.b, c.d as e
from f import g, h as i
j: int = 1
k, (l, *m) = n = [], ([], [])
for o in []: p = 1
with x as q: pass
try: r = 1
except ValueError as s: pass
if (t := 1):
    def u(): pass
match x:
    case [v, *w]: pass
class A:
    inside = 1
def function(argument):
    global set_there
    set_there = local = 1
"""
    assert top_names(_facts(text)) == set("aegijklmnopqrstuvw") | {"A", "function", "set_there"}


@pytest.mark.parametrize(
    "text", ["from a import *", "def __getattr__(name): ...", "globals().update(x=1)", "__path__ = []"]
)
def test_a_module_whose_names_are_not_written_in_it(text: str) -> None:
    assert is_dynamic(_facts(text))
    assert not is_dynamic(_facts("import a\nb = a.c"))
