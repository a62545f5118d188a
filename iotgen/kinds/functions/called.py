"""How callers address a function, from its settings: also for what is resolved before the functions."""

from iotgen.kinds.functions.rollout import ALIAS
from iotgen.model.called import Called
from iotgen.model.context import Context, label
from iotgen.model.expression import Reference


def called(context: Context, key: str) -> Called:
    """What the callers of the function `key` address: with a rollout, the alias that CodeDeploy shifts."""
    name, own = context.name_of("functions", key), label(key)
    if not context.data["functions"][key].get("rollout"):
        return Called(label=own, name=name, arn=Reference(f"aws_lambda_function.{own}.arn"))
    alias = f"aws_lambda_alias.{own}"
    return Called(
        label=own, name=f"{name}:{ALIAS}", arn=Reference(f"{alias}.arn"), qualifier=Reference(f"{alias}.name")
    )
