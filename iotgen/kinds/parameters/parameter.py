"""A Systems Manager parameter as it will be on AWS."""

from dataclasses import dataclass

from iotgen.model.expression import Expression
from iotgen.model.resource import Resource

SECTION = "parameters"
ADDRESS = "aws_ssm_parameter"
# What a secure parameter holds after a first apply that got no value for it.
UNSET = "unset"


@dataclass(frozen=True, kw_only=True)
class Parameter(Resource):
    """A Systems Manager parameter; `value` is None for a secure one, `schema` the file that describes it.

    Of one that is `kept`, the spec has the first value only. `kms_key` is the ARN of the KMS key of a
    secure one, None with AWS's own, `named_key` its key in the spec, if it names one. A `string_list` has the
    entries of a list, separated by commas.
    """

    description: str | None
    value: str | None
    schema: str | None = None
    kept: bool = False
    kms_key: str | Expression | None = None
    named_key: str | None = None
    string_list: bool = False

    @property
    def setting(self) -> str:
        """The setting that has its value."""
        return "initial" if self.kept else "value"

    @property
    def secure(self) -> bool:
        """Whether it is a SecureString."""
        return self.value is None

    @property
    def kind(self) -> str:
        """Its type, as Parameter Store calls it."""
        if self.secure:
            return "SecureString"
        return "StringList" if self.string_list else "String"
