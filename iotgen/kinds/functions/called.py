"""How callers address a function, from its settings: also for what is resolved before the functions."""

from iotgen.model.called import Called
from iotgen.model.context import Context, label
from iotgen.model.expression import Reference


def called(context: Context, key: str) -> Called:
    """What the callers of the function `key` address."""
    name, own = context.name_of("functions", key), label(key)
    return Called(label=own, name=name, arn=Reference(f"aws_lambda_function.{own}.arn"))
