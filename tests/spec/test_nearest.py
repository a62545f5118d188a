import pytest

from iotgen.spec.nearest import nearest, slips

SECTIONS = (
    "x",
    "tables",
    "queues",
    "topics",
    "functions",
    "environments",
    "triggers",
    "access",
    "log_level",
    "log_days",
)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("functoins", "functions"),
        ("fnctions", "functions"),
        ("function", "functions"),
        ("Functions", "functions"),
        ("logLevel", "log_level"),
        ("log-level", "log_level"),
        ("tabels", "tables"),
        ("acces", "access"),
        ("env", "environments"),
        ("log_lev", "log_level"),
        ("trigger", "triggers"),
        ("xx", "x"),
    ],
)
def test_a_slip_is_found(word: str, meant: str) -> None:
    assert nearest(word, SECTIONS) == meant


@pytest.mark.parametrize(
    "word", ["events", "retries", "log", "y", "", "resources", "stables_of_many", "ab", "policies", "t"]
)
def test_a_word_of_its_own_is_not(word: str) -> None:
    assert nearest(word, SECTIONS) is None


def test_the_nearest_of_several_and_the_first_of_two() -> None:
    assert nearest("batch_sise", ["batch_size", "batch_side"]) == "batch_size"
    assert nearest("batch_sixe", ["batch_size", "batch_side"]) == "batch_size"
    assert nearest("aws_s3_bucketttt", ["aws_s3_bucket"], most=2) is None


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("ab", "ba", 1), ("abc", "abd", 1), ("abc", "abcd", 1), ("abc", "xyz", 3)],
)
def test_slips_are_counted(one: str, other: str, count: int) -> None:
    assert slips(one, other, 3) == count
    assert slips(other, one, 3) == count


def test_counting_ends_where_it_is_too_many() -> None:
    assert slips("abcdef", "uvwxyz", 2) == 3
    assert slips("a", "abcdef", 2) == 3
