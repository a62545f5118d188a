"""The account and region that a pipeline is deployed to: what Terraform knows there, asked of AWS itself."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.expression import Expression, Joined
from iotgen.model.resource import Resource


@dataclass(frozen=True)
class Live:
    """A region, and boto3's client of a service there; the account is asked for once, when it is needed."""

    region: str
    client: Callable[[str], Any]

    @property
    def caller(self) -> str:
        """The ARN of whoever asks."""
        return ":".join(self._caller)

    @property
    def partition(self) -> str:
        """`aws`, or that of another partition."""
        return self._caller[1]

    @property
    def account(self) -> str:
        """The account's id."""
        return self._caller[4]

    def text(self, expression: str | Expression) -> str:
        """A text with account and partition filled in; ValueError if it refers to anything else."""
        if isinstance(expression, str):
            return expression
        parts = expression.parts if isinstance(expression, Joined) else (expression,)
        return "".join(part if isinstance(part, str) else self._value(str(part)) for part in parts)

    def _value(self, reference: str) -> str:
        if reference == str(ACCOUNT):
            return self.account
        if reference == str(PARTITION):
            return self.partition
        raise ValueError(f"only Terraform knows {reference}")

    @cached_property
    def _caller(self) -> list[str]:
        return str(self.client("sts").get_caller_identity()["Arn"]).split(":")


def live_name(_at: Live, resource: Resource) -> str:
    """The name on AWS of a resource whose name needs nothing else."""
    return resource.name


# Asks AWS for what it alone knows of a deployed resource.
Asked = Callable[[Live, Any], str]
