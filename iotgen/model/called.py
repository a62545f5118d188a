"""What the callers of a function address, from its settings: also for what is resolved before functions."""

from dataclasses import dataclass

from iotgen.model.context import Context, label
from iotgen.model.expression import Expression, Label, Reference

# What callers of a function with a rollout address, and the name of its deployment group.
ALIAS = "live"


@dataclass(frozen=True, kw_only=True)
class Called:
    """The function labelled `label` as its callers address it: all of them, by this alone.

    `name` is what follows `function:` in the ARN by which it is called, `arn` that ARN in Terraform.
    `qualifier` is what a permission is for beside the function's name, None for the function itself.
    """

    label: Label
    name: str
    arn: Reference
    qualifier: Expression | None = None

    @property
    def function(self) -> Reference:
        """The name of the function itself."""
        return Reference(f"aws_lambda_function.{self.label}.function_name")

    @property
    def versioned(self) -> str:
        """What follows `arn` for a caller that has to name a version, such as Firehose."""
        return "" if self.qualifier else ":$LATEST"


def called(context: Context, key: str) -> Called:
    """What the callers of the function `key` address: with a rollout, the alias that CodeDeploy shifts."""
    name, own = context.name_of("functions", key), label(key)
    if not context.data["functions"][key].get("rollout"):
        return Called(label=own, name=name, arn=Reference(f"aws_lambda_function.{own}.arn"))
    alias = f"aws_lambda_alias.{own}"
    return Called(
        label=own, name=f"{name}:{ALIAS}", arn=Reference(f"{alias}.arn"), qualifier=Reference(f"{alias}.name")
    )
