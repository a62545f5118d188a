"""The table of operations says of each verb what the model's roles really allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.model.access import access_variables
from iotgen.usage.mentions import KINDS
from iotgen.usage.operations import ACTIONS, METHODS, OBJECTS, SECTIONS, VERBS, granting

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
tables: {x: {partition_key: {id: string}}}
queues: {x: {}}
topics: {x: {}}
parameters: {x: {value: y}}
buckets: {x: {}}
functions: {f: {source: h, access: {%s: {x: %s}}}}
"""
SERVICES = {section: service for service, section in SECTIONS.items()}


@pytest.mark.parametrize(("section", "verb"), VERBS)
def test_a_verb(section: str, verb: str, compile_spec: Compile) -> None:
    written = f"{{{verb}: a/}}" if section == "buckets" else verb
    (function,) = compile_spec(SPEC % (section, written)).model.functions
    own = {"WriteLogs", "WriteTraces", "SendFailedEvents"}
    allowed = {action for it in function.statements if it.sid not in own for action in it.actions}
    known = ACTIONS[SERVICES[section]]

    # Of a version, and without which a missing object is a 403: no operation of a handler's needs them.
    beside = {"s3:GetObjectVersion", "s3:ListBucket"}
    assert {known[method] for method in VERBS[section, verb] if method in known} == allowed - beside
    assert METHODS[section, verb] in VERBS[section, verb]
    assert all((section, verb) in granting(action) for action in allowed - beside)
    assert all(name.startswith(KINDS) for name in access_variables(function.grants))


def test_what_no_verb_gives() -> None:
    assert granting("dynamodb:Scan") == ()
    assert granting("lambda:InvokeFunction") == ()


def test_objects_have_operations_that_are_known() -> None:
    for service, objects in OBJECTS.items():
        for methods in objects.values():
            assert methods <= ACTIONS[service].keys()
