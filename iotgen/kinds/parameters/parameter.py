"""A Systems Manager parameter as it will be on AWS."""

from dataclasses import dataclass

from iotgen.model.resource import Resource

SECTION = "parameters"
ADDRESS = "aws_ssm_parameter"
# What a secure parameter holds after a first apply that got no value for it.
UNSET = "unset"


@dataclass(frozen=True, kw_only=True)
class Parameter(Resource):
    """A Systems Manager parameter; `value` is None for a secure one, `schema` the file that describes it.

    Of one that is `kept`, the spec has the first value only.
    """

    description: str | None
    value: str | None
    schema: str | None = None
    kept: bool = False

    @property
    def setting(self) -> str:
        """The setting that has its value."""
        return "initial" if self.kept else "value"

    @property
    def secure(self) -> bool:
        """Whether it is a SecureString."""
        return self.value is None
