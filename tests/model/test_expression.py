import pytest

from iotgen.model.expression import Joined, Label, Reference, joined, literal


@pytest.mark.parametrize("name", ["a", "_2fa", "raw_sensor_data", "a-b", "A9"])
def test_a_label_is_a_name_that_terraform_takes(name: str) -> None:
    assert Label(name) == name


@pytest.mark.parametrize("name", ["", "2fa", "a b", "a.b", 'a"', "${a}", "é", "a\n", "-a"])
def test_no_other_text_is_a_label(name: str) -> None:
    with pytest.raises(ValueError, match="is not a Terraform name"):
        Label(name)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain $ % { } text", "plain $ % { } text"),
        ("${a}", "$${a}"),
        ("%{if}", "%%{if}"),
        ("$${a}", "$$${a}"),
        ("$%{", "$%%{"),
        ("${${", "$${$${"),
        ("\r\n${", "\r\n$${"),
        ("a\r${", 'a${"\\r"}$${'),
        ("%$\r{", '${"%$\\r"}{'),
    ],
)
def test_a_literal_text_has_no_template_in_it(text: str, escaped: str) -> None:
    assert literal(text) == escaped


def test_only_references_become_expressions() -> None:
    arn = joined("a${b}:", Reference("aws_sqs_queue.jobs.arn"), "/%{c}*")
    assert arn == Joined(("a${b}:", Reference("aws_sqs_queue.jobs.arn"), "/%{c}*"))
    assert str(arn) == "a$${b}:${aws_sqs_queue.jobs.arn}/%%{c}*"
