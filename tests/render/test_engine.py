"""Templates to documents: holes, faults with their place, and one address for one thing."""

# ruff: noqa: E501 - a case is a line

import json
from collections.abc import Callable
from typing import Any

import pytest

from iotgen.errors import IotgenError
from iotgen.model.expression import Label, Reference, joined
from iotgen.render.engine import Engine, merge, write


def _engine(**templates: str) -> Engine:
    return Engine(lambda name: templates.get(name.removesuffix(".tf.json.j2")))


def _resource(body: str) -> str:
    return '{"resource": {"aws_x": {"{{ label }}": ' + body + "}}}"


def _render(body: str, **holes: Any) -> Any:
    document = _engine(t=_resource(body)).render("t", {"label": Label("x"), **holes})
    return document["resource"]["aws_x"]["x"]


def test_a_hole_takes_what_the_model_holds() -> None:
    holes = {"text": 'a "${b}"', "number": 1.5, "reference": Reference("a.b.c"), "list": (1, "x")}
    body = (
        '{"a": {{ text }}, "b": {{ number }}, "c": {{ reference }}, "d": {{ list }}, "e": {{ {"k": none} }}}'
    )
    assert _render(body, **holes) == {"a": 'a "$${b}"', "b": 1.5, "c": "${a.b.c}", "d": [1, "x"], "e": {}}


def test_null_is_left_out_wherever_it_stands() -> None:
    assert _render('{"a": null, "b": [null, {"c": null}], "d": {{ none }}}') == {"b": [{}]}


def test_what_a_text_that_is_made_in_a_template_holds_is_escaped_too() -> None:
    assert _render('{"a": {{ "prefix-" ~ name }}}', name="${x}") == {"a": "prefix-$${x}"}


def test_an_arn_from_a_name() -> None:
    assert _render('{"a": {{ arn("sqs", "us-east-1", name) }}}', name="q${x}") == {
        "a": "arn:${data.aws_partition.current.partition}:sqs:us-east-1:"
        "${data.aws_caller_identity.current.account_id}:q$${x}"
    }


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ('{\n  "a": {{ nothing }}\n}', "t.tf.json.j2:2: 'nothing' is undefined"),
        ('{\n\n  "a": {{ label.nothing }}\n}', "t.tf.json.j2:3: 'iotgen.model.expression.Label object' has no attribute 'nothing'"),
        ('{\n{% if %}\n}', "t.tf.json.j2:2: Expected an expression, got 'end of statement block'"),
        ('{\n{% endfor %}\n}', "t.tf.json.j2:2: Encountered unknown tag 'endfor'."),
        ('{\n  "a": {{ 1 // 0 }}\n}', "t.tf.json.j2:2: integer division or modulo by zero"),
        ('{\n  "a": {{ odd }}\n}', "t.tf.json.j2:2: object cannot be encoded as JSON"),
        ("{% include 'other' %}", "t.tf.json.j2:1: other"),
    ],
)  # fmt: skip
def test_a_template_that_fails_says_where(template: str, said: str) -> None:
    with pytest.raises(IotgenError) as raised:
        _engine(t=template).render("t", {"label": Label("x"), "odd": object()})
    assert (raised.value.message, raised.value.hint) == (said, "Correct the template.")


@pytest.mark.parametrize("template", ["", "{", '{"a": }', '{"a": 1,}', "[" * 100_000])
def test_what_is_not_json(template: str) -> None:
    with pytest.raises(IotgenError, match="the result is not valid JSON") as raised:
        _engine(t=template).render("t", {})
    assert "t.tf.json.j2" in raised.value.message


@pytest.mark.parametrize(
    "template",
    ["[]", "5", "null", '"a"', '{"resource": []}', '{"resource": {"aws_x": 5}}', '{"output": [1]}'],
)
def test_json_that_is_no_terraform(template: str) -> None:
    with pytest.raises(IotgenError, match="the result is not Terraform blocks as nested objects"):
        _engine(t=template).render("t", {})


def test_a_template_that_is_not_there() -> None:
    with pytest.raises(IotgenError, match=r"t\.tf\.json\.j2: t\.tf\.json\.j2"):
        _engine().render("t", {})


def test_merging_follows_terraforms_addresses() -> None:
    assert merge(
        [
            {"resource": {"a": {"x": {"k": 1}}}, "output": {"o": {"v": 1}}},
            {"resource": {"a": {"y": {}}, "b": {"x": {}}}, "data": {"a": {"x": {}}}, "output": {"p": {}}},
        ]
    ) == {
        "resource": {"a": {"x": {"k": 1}, "y": {}}, "b": {"x": {}}},
        "data": {"a": {"x": {}}},
        "output": {"o": {"v": 1}, "p": {}},
    }


@pytest.mark.parametrize(
    ("document", "address"),
    [
        ({"resource": {"a": {"x": {}}}}, "resource.a.x"),
        ({"data": {"a": {"x": {}}}}, "data.a.x"),
        ({"output": {"o": {}}}, "output.o"),
        ({"variable": {"v": {}}}, "variable.v"),
        ({"provider": {"aws": {}}}, "provider.aws"),
        ({"terraform": {"backend": {}}}, "terraform.backend"),
        ({"locals": {"x": 1}}, "locals.x"),
    ],
)
def test_one_address_made_twice(document: dict[str, Any], address: str) -> None:
    assert merge([document]) == document
    with pytest.raises(IotgenError, match=f"two templates render `{address}`"):
        merge([document, document])


def test_kinds_of_blocks_with_nothing_in_them_are_left_out() -> None:
    """Terraform refuses `"output": {}`."""
    assert merge([{"output": {}, "resource": {"a": {}}}]) == {}
    assert merge([{"resource": {"a": {}}}, {"resource": {"b": {"x": {}}}}]) == {"resource": {"b": {"x": {}}}}


def test_the_text_is_sorted_and_readable() -> None:
    text = write({"b": 1, "a": {"d": ["é", "😀"], "c": "\u2028"}})
    assert (
        text
        == '{\n  "a": {\n    "c": "\u2028",\n    "d": [\n      "é",\n      "😀"\n    ]\n  },\n  "b": 1\n}\n'
    )
    assert write(dict(reversed(json.loads(text).items()))) == text


@pytest.mark.parametrize("make", [object, lambda: {1, 2}, lambda: b"x"], ids=["object", "set", "bytes"])
def test_a_value_without_json(make: Callable[[], object]) -> None:
    with pytest.raises(IotgenError, match="cannot be encoded as JSON"):
        _render('{"a": {{ value }}}', value=make())


def test_a_reference_stands_in_a_joined_text() -> None:
    assert _render('{"a": {{ value }}}', value=joined("%{x}-", Reference("a.b"), "/*")) == {
        "a": "%%{x}-${a.b}/*"
    }
