"""The place of every node of a JSON text."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from iotgen.problem import Path
from iotgen.spec.document import Place
from iotgen.spec.json_places import json_places


def test_places_count_from_one_and_are_those_of_the_keys() -> None:
    text = '{\n\t"a": [1, {"b\\n": {}}],\n  "c": "}"\n}'
    assert json_places(text) == {
        (): Place(1, 1, ()),
        ("a",): Place(2, 2, ("a",)),
        ("a", 0): Place(2, 8, ("a", 0)),
        ("a", 1): Place(2, 11, ("a", 1)),
        ("a", 1, "b\n"): Place(2, 12, ("a", 1, "b\n")),
        ("c",): Place(3, 3, ("c",)),
    }


def _paths(node: Any, path: Path = ()) -> set[Path]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return {path}.union(*(_paths(value, (*path, step)) for step, value in inner))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 2]))
def test_every_node_has_a_place(value: Any, indent: int | None) -> None:
    assert json_places(json.dumps(value, indent=indent)).keys() == _paths(value)
