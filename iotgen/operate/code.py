"""Puts code into a function, as Terraform would, and waits until it is in force."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from iotgen.errors import RemoteError
from iotgen.operate.refusal import explaining

# In seconds. AWS takes some; in a VPC, or with a large zip, more.
_PATIENCE = 120.0
_PAUSE = 0.05
_IN_FORCE, _UNDER_WAY = "Successful", "InProgress"


@dataclass(frozen=True)
class CodeUpdates:
    """Updates the code of functions by boto3's client `lambda`."""

    lambda_: Any
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def put(self, function: str, content: bytes) -> str:
        """Give a function the zip; return the digest that AWS has of it. RemoteError if AWS refuses."""
        doing = f"put the code of {function} live"
        with explaining(doing, "lambda:UpdateFunctionCode"):
            about = self.lambda_.update_function_code(FunctionName=function, ZipFile=content)
        until = self.clock() + _PATIENCE
        # https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html#functions-states-updating
        while about.get("LastUpdateStatus") == _UNDER_WAY and self.clock() < until:
            self.sleep(_PAUSE)
            with explaining(doing, "lambda:GetFunctionConfiguration"):
                about = self.lambda_.get_function_configuration(FunctionName=function)
        if about.get("LastUpdateStatus", _IN_FORCE) != _IN_FORCE:
            why = about.get("LastUpdateStatusReason") or f"it is not in force after {_PATIENCE:.0f} s"
            raise RemoteError(f"cannot {doing}: {why}")
        return str(about["CodeSha256"])
