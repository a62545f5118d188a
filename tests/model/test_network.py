"""Functions in a VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iotgen.kinds.functions import Function
from iotgen.kinds.functions.vpc import Vpc
from tests.conftest import arn

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
defaults: {function: {vpc: {subnets: [subnet-0a1b2c3d, subnet-1b2c3d4e], security_groups: [sg-0a1b2c3d]}}}
functions:
  inside: {source: h}
  elsewhere: {source: h, vpc: {subnets: [subnet-2c3d4e5f], security_groups: [sg-1b2c3d4e]}}
"""


def test_a_functions_own_vpc_stands_in_place_of_the_defaults(compile_spec: Compile) -> None:
    inside, elsewhere = compile_spec(SPEC).model.all(Function)
    assert inside.vpc == Vpc(("subnet-0a1b2c3d", "subnet-1b2c3d4e"), ("sg-0a1b2c3d",))
    assert elsewhere.vpc == Vpc(("subnet-2c3d4e5f",), ("sg-1b2c3d4e",))


def test_lambda_may_connect_it_and_its_code_may_not(compile_spec: Compile) -> None:
    statements = {statement["Sid"]: statement for statement in compile_spec(SPEC).statements("inside__role")}
    allowed, denied = statements["ConnectToVpc"], statements["KeepCodeFromInterfaces"]
    assert (allowed["Effect"], denied["Effect"]) == ("Allow", "Deny")
    assert denied["Action"] == allowed["Action"]
    from_code = {"lambda:SourceFunctionArn": [arn("lambda", "function:inside-dev")]}
    assert denied["Condition"] == {"ArnLike": from_code}


def test_outside_of_a_vpc_it_has_no_interfaces(compile_spec: Compile) -> None:
    (outside,) = compile_spec("version: 1\npipeline: p\nfunctions: {f: {source: h}}\n").model.all(Function)
    assert outside.vpc is None
    assert not any(action.startswith("ec2:") for found in outside.statements for action in found.actions)
