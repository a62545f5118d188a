"""A Systems Manager parameter as it will be on AWS."""

from dataclasses import dataclass

from iotgen.model.resource import Resource

SECTION = "parameters"
ADDRESS = "aws_ssm_parameter"
# What a secure parameter holds after a first apply that got no value for it.
UNSET = "unset"


@dataclass(frozen=True, kw_only=True)
class Parameter(Resource):
    """A Systems Manager parameter; `value` is None for a secure one, `schema` the file that describes it."""

    description: str | None
    value: str | None
    schema: str | None = None

    @property
    def secure(self) -> bool:
        """Whether it is a SecureString."""
        return self.value is None
