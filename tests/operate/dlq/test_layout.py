"""JSON laid out for an editor is the same JSON, with every number and text as it was written."""

import json

from hypothesis import given
from hypothesis import strategies as st

from iotgen.operate.dlq.layout import on_one_line, spread

values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_it_reads_like_json_that_people_write() -> None:
    assert spread('{"a":[1.50,{}],"b":{"c":"x, {y}"},"d":[]}') == (
        '{\n  "a": [\n    1.50,\n    {}\n  ],\n  "b": {\n    "c": "x, {y}"\n  },\n  "d": []\n}\n'
    )


def test_numbers_and_repeated_keys_stay_as_they_are() -> None:
    text = '{"a":1.0e400,"a":0.10,"b":"\\u00e9"}'
    assert on_one_line(spread(text)) == text


@given(values)
def test_it_is_laid_out_as_python_does_and_back(value: object) -> None:
    text = json.dumps(value, separators=(",", ":"))
    assert spread(text) == json.dumps(value, indent=2) + "\n"
    assert on_one_line(spread(text)) == text
