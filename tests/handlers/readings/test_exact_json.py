import json
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st
from readings import exact_json
from readings.exact_json import JsonError

numbers = st.one_of(
    st.integers(-(10**38) + 1, 10**38 - 1),
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e90, max_value=1e90).filter(
        lambda number: number == 0 or abs(number) > 1e-90
    ),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.text(), st.integers(-(10**37), 10**37)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=12,
)


@given(values)
def test_what_is_written_is_read_back(value: Any) -> None:
    text = exact_json.dumps(value)
    assert text.isascii()
    assert exact_json.loads(text) == json.loads(text) == value


@given(numbers)
def test_a_number_is_exact_through_json_and_dynamodb(number: int | float | Decimal) -> None:
    parsed = exact_json.loads(str(number))
    assert parsed == Decimal(str(number))
    stored = TypeDeserializer().deserialize(TypeSerializer().serialize(parsed))
    assert exact_json.loads(exact_json.dumps(stored)) == parsed


@pytest.mark.parametrize("texts", [("25.50", "25.5"), ("1e2", "100", "100.0"), ("0", "-0", "0.0e-999")])
def test_one_number_has_one_form(texts: tuple[str, ...]) -> None:
    assert len({exact_json.dumps(exact_json.loads(text)) for text in texts}) == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("NaN", "NaN is not a number that JSON knows"),
        ("[-Infinity]", "-Infinity is not a number that JSON knows"),
        ("9" * 39, f"the number {'9' * 39} has more than 38 digits or is too large"),
        ("1e121", "the number 1e121 has more than 38 digits or is too large"),
        ("1e-121", "the number 1e-121 is too large or too small"),
        ("0." + "1" * 500, "a number of more than 38 digits"),
        ("1" * 5000, "a number of more than 38 digits"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1, "b": 2, "a": 1}', 'the key "a" appears twice in one object'),
        ('[{"b": {"": 1, "": 2}}]', 'the key "" appears twice in one object'),
        ('{"\\u0061": 1, "a": 2}', 'the key "a" appears twice in one object'),
        (
            '{"' + "k" * 100 + '": 1, "' + "k" * 100 + '": 2}',
            f'the key "{"k" * 64}" appears twice in one object',
        ),
        ("\ufeff\ufeff1", "not JSON: Expecting value at line 1 column 1"),
        ("1 2", "not JSON: Extra data at line 1 column 3"),
        ('{"a": 1', "not JSON: Expecting ',' delimiter at line 1 column 8"),
    ],
)
def test_refuses(text: str, complaint: str) -> None:
    with pytest.raises(JsonError) as caught:
        exact_json.loads(text)
    assert str(caught.value) == complaint


def test_refuses_bytes_that_are_no_utf_8() -> None:
    with pytest.raises(JsonError, match="the text is not UTF-8"):
        exact_json.loads(b'"\xff\xfe\xfa"')


def test_refuses_utf_16_by_its_name() -> None:
    with pytest.raises(JsonError, match="the text is UTF-16, not UTF-8"):
        exact_json.loads("{}".encode("utf-16"))


@pytest.mark.parametrize("text", ["\ufeff{}", b"\xef\xbb\xbf{}"])
def test_drops_a_byte_order_mark(text: str | bytes) -> None:
    assert exact_json.loads(text) == {}


def test_does_not_write_what_is_nested_too_deeply() -> None:
    with pytest.raises(JsonError, match="nested deeper than 32 levels"):
        exact_json.dumps(json.loads("[" * 40 + "]" * 40))


def test_knows_half_a_surrogate_pair() -> None:
    assert exact_json.is_unicode(exact_json.dumps("\U0001f321 and \\ud800"))
    assert not exact_json.is_unicode(exact_json.dumps("\ud800"))
