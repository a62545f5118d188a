"""When the code can come to a variable's name, and when it can't."""

from __future__ import annotations

import pytest

from iotgen.kinds.parameters import PARAMETERS
from iotgen.kinds.tables import TABLES
from iotgen.model.access import Grant
from iotgen.model.expression import joined
from iotgen.model.kind import AnyKind
from iotgen.usage.facts import Facts, read_facts
from iotgen.usage.mentions import Mentions, mentions
from iotgen.usage.modules import Code, Module


def _grant(kind: AnyKind) -> Grant:
    assert kind.access
    return Grant(section=kind.section, key="x", verb="read", access=kind.access, arn=joined())


TABLE, PARAMETER = _grant(TABLES), _grant(PARAMETERS)


def _mentions(text: str, *foreign: str) -> Mentions:
    facts = read_facts(text, (3, 11))
    assert isinstance(facts, Facts)
    code = Code({"handler": Module("handler", "h.py", True, facts)}, (), frozenset(foreign), True)
    return mentions(code, frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "environ['TABLE_RAW_DATA']",
        "environ[f'TABLE_{name}']",
        "environ['TABLE_' + name]",
        "environ['TABLE_RAW_' + name]",
        "environ['TABLE_%s' % name]",
        "environ['{}_{}'.format(kind, name)]",
        "environ[f'{kind}_{name}']",
        "environ[f'{kind}_RAW_DATA']",
        "environ['_'.join(parts)]",
        "environ[f'table_{name}'.upper()]",
        "Template('TABLE_$name')",
        "names = 'TABLE_A,TABLE_RAW_DATA'.split(',')",
        "[name for name in environ if name.startswith('TABLE_')]",
    ],
)
def test_it_can(text: str) -> None:
    assert _mentions(text).can_name("TABLE_RAW_DATA")


@pytest.mark.parametrize(
    "text",
    [
        "'''TABLE_RAW_DATA'''",
        "# TABLE_RAW_DATA",
        "environ['TABLE_OTHER']",
        "environ[f'QUEUE_{name}']",
        "x = 'raw_data', 'table', 'device_id', '__main__', 'a_%s', '{}: {}'",
    ],
)
def test_it_cannot(text: str) -> None:
    assert not _mentions(text).can_name("TABLE_RAW_DATA")


MAKER = """
class Services:
    def table(self, key, sort):
        return Table(self.environment[f"TABLE_{key}"], sort)
"""


@pytest.mark.parametrize(
    ("callers", "can"),
    [
        ("services.table('OTHER', 'x')", False),
        ("services.table('OTHER', 'x'); table = f(table, services.tables)", False),
        ("services.table('RAW_DATA', 'x')", True),
        ("services.table(sort='x', key='RAW_DATA')", True),
        ("services.table('OTHER', 'x'); services.table(name, 'x')", True),
        ("services.table(*names)", True),
        ("services.table(**names)", True),
        ("map(services.table, names)", True),
        ("make = services.table", True),
        ("services.table('OTHER', 'x'); environ['TABLE_' + name]", True),
    ],
)
def test_a_name_that_a_function_makes_of_its_argument(callers: str, can: bool) -> None:
    assert _mentions(f"{MAKER}\n{callers}\n").can_name("TABLE_RAW_DATA") is can


def test_a_library_that_nobody_knows_can_do_anything() -> None:
    assert _mentions("", "json", "botocore.config.Config").can_name("TABLE_X") is False
    assert _mentions("", "acme.tables").can_name("TABLE_X")
    assert _mentions("", "acme.tables").can_call(TABLE, "read")


def test_powertools_call_aws_with_names_that_they_are_given() -> None:
    mentioned = _mentions("", "aws_lambda_powertools.utilities.parameters")
    assert not mentioned.can_name("PARAMETER_X")
    assert mentioned.can_call(PARAMETER, "read")


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("client.query()", True),
        ("getattr(client, 'get_item')()", True),
        ("getattr(client, name)()", True),
        ("client._make_api_call('GetItem', {})", True),
        ("client.put_item()", False),
        ("getattr(context, 'name')", False),
    ],
)
def test_operations(text: str, can: bool) -> None:
    assert _mentions(text).can_call(TABLE, "read") is can


def test_names_on_aws() -> None:
    assert _mentions("x = 'raw-data-dev'").can_hold("raw-data")
    assert _mentions("x = 'raw-data'").can_hold("raw-data")
    assert not _mentions("x = 'raw'").can_hold("raw-data")
