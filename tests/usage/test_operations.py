"""The tables of operations say of each verb what roles really allow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.kinds import KINDS
from iotgen.kinds.functions import Function
from iotgen.model.access import Spoken
from iotgen.usage.mentions import PREFIXES
from iotgen.usage.operations import ACTIONS, OBJECTS, granting
from tests.conftest import least

if TYPE_CHECKING:
    from tests.conftest import Compile

ACCESSES = {kind.section: kind.access for kind in KINDS if kind.access}
VERBS = [(section, verb) for section, access in ACCESSES.items() for verb in access.verbs]


@pytest.mark.parametrize(("section", "verb"), VERBS)
def test_a_verb(section: str, verb: str, compile_spec: Compile) -> None:
    access = {section: {"x": {verb: "a/"} if section == "buckets" else verb}}
    functions = {"f": least("functions") | {"access": access}}
    spec: dict[str, Any] = {"version": 1, "pipeline": "p", "functions": functions}
    spec.setdefault(section, {})["x"] = least(section)
    if verb == "start_sync":
        spec[section]["x"]["type"] = "express"
    if section == "deliveries":
        spec["buckets"] = {str(least(section)["bucket"]): {}}
    function = compile_spec(json.dumps(spec)).model.get(Function, "f")
    own = {"WriteLogs", "WriteTraces", "SendFailedEvents"}
    allowed = {action for it in function.statements if it.sid not in own for action in it.actions}
    granted, known = ACCESSES[section].verbs[verb], ACTIONS[ACCESSES[section].service]

    # Of a version, and without which a missing object is a 403: no operation of a handler's needs them.
    beside = {"s3:GetObjectVersion", "s3:ListBucket"} if verb == "read" else set[str]()
    assert {_action(known[method], verb) for method in granted.methods if method in known} == allowed - beside
    assert granted.method in granted.methods
    assert all((section, verb) in granting(action) for action in allowed - beside)
    assert all(grant.variable.startswith(PREFIXES) for grant in function.grants)


def _action(needed: str | Spoken, verb: str) -> str:
    """The action of a method, of one that takes PartiQL for a statement that begins as the verb ends."""
    return needed if isinstance(needed, str) else needed.action(f"{verb.rpartition('_')[2]} x")


def test_what_no_verb_gives() -> None:
    assert granting("dynamodb:UpdateTable") == ()
    assert granting("lambda:CreateFunction") == ()


def test_objects_have_operations_that_are_known() -> None:
    for service, objects in OBJECTS.items():
        for methods in objects.values():
            assert methods <= ACTIONS[service].keys()
