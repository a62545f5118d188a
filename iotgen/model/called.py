"""What the callers of a function address."""

from dataclasses import dataclass

from iotgen.model.expression import Expression, Label, Reference


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
