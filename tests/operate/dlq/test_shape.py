"""The shape of a message is what its JSON is made of, whatever its values are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotgen.operate.dlq.shape import shape_of
from iotgen.spec.strict_json import DEEPEST


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"b": 1, "a": "x"}', "{a: string, b: number}"),
        ('{"a": [1, "x", 2, null]}', "{a: [null | number | string]}"),
        ('{"a b": true, "c-d": {}}', '{"a b": boolean, "c-d": {}}'),
        ("[]", "[]"),
        ("3.5", "number"),
        ("hello", "not JSON"),
        ("NaN", "not JSON"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "not JSON"),
        ("  ", "nothing"),
    ],
)
def test_a_shape_has_types_for_values_and_sorted_keys(body: str, text: str) -> None:
    assert shape_of(body).text == text


def test_its_id_depends_on_the_structure_alone() -> None:
    assert shape_of('{"a": 1, "b": "x"}').id == shape_of('{"b":"y","a":2.5}').id == "8e4f85"
    assert shape_of('{"a": 1}').id != shape_of('{"a": "1"}').id


@given(st.text())
def test_any_text_has_a_shape(body: str) -> None:
    assert len(shape_of(body).id) == 6
