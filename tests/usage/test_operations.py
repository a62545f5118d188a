"""The tables of operations say of each verb what roles really allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.kinds import KINDS
from iotgen.kinds.functions import Function
from iotgen.usage.mentions import PREFIXES
from iotgen.usage.operations import ACTIONS, OBJECTS, granting

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
ACCESSES = {kind.section: kind.access for kind in KINDS if kind.access}
VERBS = [(section, verb) for section, access in ACCESSES.items() for verb in access.verbs]


@pytest.mark.parametrize(("section", "verb"), VERBS)
def test_a_verb(section: str, verb: str, compile_spec: Compile) -> None:
    written = f"{{{verb}: a/}}" if section == "buckets" else verb
    (function,) = compile_spec(SPEC % (section, written)).model.all(Function)
    own = {"WriteLogs", "WriteTraces", "SendFailedEvents"}
    allowed = {action for it in function.statements if it.sid not in own for action in it.actions}
    said, known = ACCESSES[section].verbs[verb], ACTIONS[ACCESSES[section].service]

    # Of a version, and without which a missing object is a 403: no operation of a handler's needs them.
    beside = {"s3:GetObjectVersion", "s3:ListBucket"}
    assert {known[method] for method in said.methods if method in known} == allowed - beside
    assert said.method in said.methods
    assert all((section, verb) in granting(action) for action in allowed - beside)
    assert all(grant.variable.startswith(PREFIXES) for grant in function.grants)


def test_what_no_verb_gives() -> None:
    assert granting("dynamodb:Scan") == ()
    assert granting("lambda:InvokeFunction") == ()


def test_objects_have_operations_that_are_known() -> None:
    for service, objects in OBJECTS.items():
        for methods in objects.values():
            assert methods <= ACTIONS[service].keys()
