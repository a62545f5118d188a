"""Functions in a VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iotgen.model.pipeline import Vpc

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
    inside, elsewhere = compile_spec(SPEC).model.functions
    assert inside.vpc == Vpc(("subnet-0a1b2c3d", "subnet-1b2c3d4e"), ("sg-0a1b2c3d",))
    assert elsewhere.vpc == Vpc(("subnet-2c3d4e5f",), ("sg-1b2c3d4e",))


def test_lambda_may_connect_it_and_its_code_may_not(compile_spec: Compile) -> None:
    statements = {statement["sid"]: statement for statement in compile_spec(SPEC).statements("inside")}
    allowed, denied = statements["ConnectToVpc"], statements["KeepCodeFromInterfaces"]
    assert "effect" not in allowed
    assert denied["effect"] == "Deny"
    assert denied["actions"] == allowed["actions"]
    assert denied["condition"] == [
        {
            "test": "ArnLike",
            "variable": "lambda:SourceFunctionArn",
            "values": ["arn:${data.aws_partition.current.partition}:lambda:us-east-1:*:function:inside-dev"],
        }
    ]


def test_outside_of_a_vpc_it_has_no_interfaces(compile_spec: Compile) -> None:
    (outside,) = compile_spec("version: 1\npipeline: p\nfunctions: {f: {source: h}}\n").model.functions
    assert outside.vpc is None
    assert not any(action.startswith("ec2:") for found in outside.statements for action in found.actions)
