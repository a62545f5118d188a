"""Functions in a VPC: their subnets, and the permissions that Lambda needs to connect them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from iotgen.model.arn import arn
from iotgen.model.context import Context
from iotgen.model.policy import Statement

_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


@dataclass(frozen=True)
class Vpc:
    """The ids of the subnets and security groups that a function runs in."""

    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]


def resolve_vpc(setting: Mapping[str, Any] | Literal[False] | None) -> Vpc | None:
    """The VPC of a function, if any."""
    return Vpc(tuple(setting["subnets"]), tuple(setting["security_groups"])) if setting else None


def vpc_statements(context: Context, name: str) -> tuple[Statement, ...]:
    """Permission for Lambda to connect the function `name`, denied to the function's own code.

    The Describe actions support no resources, and the ids of the interfaces are not known in advance.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    own = arn("lambda", context.region, "function:", name)
    from_code = ("ArnLike", "lambda:SourceFunctionArn", (own,))
    return (
        Statement("ConnectToVpc", _INTERFACES, ("*",)),
        Statement("KeepCodeFromInterfaces", _INTERFACES, ("*",), (from_code,), deny=True),
    )
