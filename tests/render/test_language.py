"""What a template can't do: reach Python, read a file, or keep a machine busy."""

# ruff: noqa: E501 - a case is a line

import pytest

from iotgen.bundled import templates
from iotgen.model.expression import Label
from iotgen.render.engine import Engine, TemplateError

HOLES = {"name": "small", "label": Label("x"), "settings": {"a": 1}, "entries": tuple(range(50))}
ENDLESS = "this template does not come to an end: it makes or repeats too much"


def _failure(template: str, **others: str) -> str:
    texts = {"t.tf.json.j2": template, **{f"{name}.j2": text for name, text in others.items()}}
    with pytest.raises(TemplateError) as raised:
        Engine(texts.get).text("t", HOLES)
    return raised.value.said


def _made(template: str) -> str:
    return Engine({"t.tf.json.j2": template}.get).text("t", HOLES)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ name['__class__'] }}", "access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ name|map(attribute='__class__')|list }}", "access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ [name]|map(attribute='__class__.__mro__')|list }}", "access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ name|attr('__class__') }}", "No filter named 'attr'."),
        ("{{ cycler.__init__.__globals__ }}", "access to attribute '__init__' of 'StrictUndefined' object is unsafe."),
        ("{{ lipsum.__globals__['os'].popen('id') }}", "'lipsum' is undefined"),
        ("{{ joiner() }}", "'joiner' is undefined"),
        ("{{ namespace() }}", "'namespace' is undefined"),
        ("{{ self.__init__ }}", "access to attribute '__init__' of 'TemplateReference' object is unsafe."),
        ("{{ arn.__globals__ }}", "access to attribute '__globals__' of 'function' object is unsafe."),
        ("{{ verbatim.mro() }}", "access to attribute 'mro' of 'type' object is unsafe."),
        ("{{ '{0.__class__}'.format(name) }}", "a template cannot call `format`"),
        ("{{ '{a.__class__}'.format_map(settings) }}", "a template cannot call `format_map`"),
        ("{{ label.encode() }}", "a template cannot call `encode`"),
        ("{{ settings.pop('a') }}", "access to attribute 'pop' of 'dict' object is unsafe."),
        ("{{ '%s'|format(name) }}", "No filter named 'format'."),
        ("{% include '/etc/passwd' %}", "/etc/passwd"),
        ("{% include '../../etc/passwd' %}", "../../etc/passwd"),
        ("{% include [name, '/etc/passwd'] %}", "none of the templates given were found: small, /etc/passwd"),
        ("{% import 'x' as x %}", "a template cannot use `import`"),
        ("{% from 'x' import y %}", "a template cannot use `from`"),
        ("{% extends 'x' %}", "a template cannot use `extends`"),
        ("{% block x %}{% endblock %}", "a template cannot use `block`"),
        ("{% macro m() %}{{ m() }}{% endmacro %}", "a template cannot use `macro`"),
        ("{% set n.x = 1 %}", "a template cannot use `namespace`"),
        ("{% set x %}{% endset %}", "a template cannot use `set ... endset`"),
        ("{% filter upper %}{% endfilter %}", "a template cannot use `filter`"),
        ("{% call name() %}{% endcall %}", "a template cannot use `call`"),
    ],
)  # fmt: skip
def test_what_reaches_out_of_the_data_is_refused(template: str, said: str) -> None:
    assert _failure(template) == said


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% for i in range(10**9) %}{% endfor %}", "a template cannot use `**`"),
        ("{% for i in range(1000000000) %}{% endfor %}", "'range' is undefined"),
        ("{{ 10**10**10 }}", "a template cannot use `**`"),
        ("{{ 'a' * 1000000000 }}", "`*` cannot be used with str and int"),
        ("{{ [1] * 1000000000 }}", "`*` cannot be used with list and int"),
        ("{{ '%0999999999d' % 1 }}", "`%` cannot be used with str and int"),
        ("{{ 'a'|center(1000000000) }}", "No filter named 'center'."),
        ("{{ 'a'|indent(1000000000) }}", "No filter named 'indent'."),
        ("{{ 1.5|round(1000000000, 'ceil') }}", "No filter named 'round'."),
        ("{{ 99999999999999 * 99999999999999 }}", "this number is too large"),
        ("{% set a = name %}" + "{% set a = a ~ a %}" * 40, ENDLESS),
        ("{% set a = name %}" + "{% set a = a + a %}" * 40, ENDLESS),
        ("{% set a = [1] %}" + "{% set a = a + a %}" * 40, ENDLESS),
        ("{% set a = name %}" + "{% set a = a|replace('l', a) %}" * 40, ENDLESS),
        ("{% set a = name %}" + "{% set a = [a, a, a]|join(a) %}" * 40, ENDLESS),
        ("{% for a in entries %}" * 5 + "x" + "{% endfor %}" * 5, ENDLESS),
        ("{% for a in entries %}{{ -1000|work }}{% endfor %}", "No filter named 'work'."),
        ("{{ ['nan'|float]|map('work')|list }}", "No filter named 'work'."),
        ("{% for a in entries recursive %}{{ loop(entries) }}{% endfor %}", "a template cannot call `LoopContext`"),
        ("{% for a in entries %}{% for b in entries %}{% include 'more.j2' %}{% endfor %}{% endfor %}", ENDLESS),
    ],
)  # fmt: skip
def test_what_does_not_end_is_ended(template: str, said: str) -> None:
    assert _failure(template, more="x" * 1000) == said


def test_a_template_that_includes_itself() -> None:
    assert "recursion" in _failure("{% include 'more.j2' %}", more="{% include 'more.j2' %}")


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("{{ name.upper() }}", '"SMALL"'),
        ("{{ name|replace('l', 'L') }}", '"smaLL"'),
        ("{{ entries[:3]|join('-') }}", '"0-1-2"'),
        ("{{ [{'a': 1}, {'a': 2}]|map(attribute='a')|list }}", "[1, 2]"),
        ("{{ 'a-' ~ name ~ 1 }}", '"a-small1"'),
        ("{% for key, value in settings.items() %}{{ key }}: {{ value + 1 }}{% endfor %}", '"a": 2'),
        ("{% for a in entries[:2] %}{{ a }}{% if not loop.last %}, {% endif %}{% endfor %}", "0, 1"),
        ("{% set twice = name + name %}{{ twice if twice else none }}", '"smallsmall"'),
        ("{{ missing|default(7 // 2) }}", "3"),
    ],
)  # fmt: skip
def test_what_data_needs_is_there(template: str, made: str) -> None:
    assert _made(template) == made


def test_the_budget_is_each_templates_own() -> None:
    engine = Engine(
        {
            "t.tf.json.j2": "{% for a in entries %}{% for b in entries %}{{ a ~ b }}{% endfor %}{% endfor %}"
        }.get
    )
    assert len({engine.text("t", HOLES) for _ in range(200)}) == 1


def test_the_built_in_templates_are_written_in_it() -> None:
    engine = Engine(lambda name: (templates() / name).read_text(encoding="utf-8"))
    for path in templates().glob("*.j2"):
        with pytest.raises(TemplateError, match="is undefined"):
            engine.text(path.name.removesuffix(".tf.json.j2"), {})
