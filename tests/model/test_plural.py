import pytest

from iotgen.model.plural import plural


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [
        (1, "bus", "1 bus"),
        (2, "bus", "2 buses"),
        (2, "delivery", "2 deliveries"),
        (0, "key", "0 keys"),
        (3, "queue", "3 queues"),
    ],
)
def test_a_number_and_its_noun(number: int, noun: str, text: str) -> None:
    assert plural(number, noun) == text
