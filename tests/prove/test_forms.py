"""Values have forms in which each text stands whole, and tables keep nothing but forms."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from iotgen.prove.aws.dynamodb import DynamoDb, Table
from iotgen.prove.forms import form, form_of_text, value_of
from iotgen.prove.ledger import marks_in

TEXTS = st.one_of(st.text(max_size=5), st.integers(0, 120).map("mark-{}".format))
VALUES = st.recursive(
    st.one_of(TEXTS, st.booleans(), st.none(), st.integers(), st.binary(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(text for one in value.values() for text in _texts(one))]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


@given(VALUES)
def test_a_form_has_each_text_whole_and_as_often_as_the_value(value: Any) -> None:
    texts, written = _texts(value), form(value)
    assert value_of(written) == value
    assert marks_in(written) == {text for text in texts if text.startswith("mark-")}
    for text in texts:
        # One may stand within another, too.
        assert written.count(form_of_text(text)) >= texts.count(text)


class Own(str):
    """A text of a class that no module has, as handlers' classes are here."""

    def __reduce_ex__(self, _protocol: object) -> Any:
        raise TypeError("not to be written")


def test_a_text_of_a_class_of_its_own_is_written_as_a_text() -> None:
    assert form({Own("a"): [Own("b"), {"c": Own("d")}]}) == form({"a": ["b", {"c": "d"}]})


def test_what_is_done_with_an_item_changes_no_table() -> None:
    service = DynamoDb({"t": Table("t", ("p",))}, lambda: 0, lambda: 0, lambda: False)
    item: Any = {"p": {"S": "a"}, "m": {"M": {"n": {"N": "1"}}}}
    service.put_item(TableName="t", Item=item)
    item["m"]["M"]["n"]["N"] = "2"
    read = service.get_item(TableName="t", Key={"p": {"S": "a"}})["Item"]
    assert read["m"] == {"M": {"n": {"N": "1"}}}
    read["m"]["M"]["n"]["N"] = "3"
    assert service.scan(TableName="t")["Items"] == [{"p": {"S": "a"}, "m": {"M": {"n": {"N": "1"}}}}]
