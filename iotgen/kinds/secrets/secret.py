"""A secret of Secrets Manager as it will be on AWS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.expression import Expression
from iotgen.model.resource import Resource

SECTION = "secrets"
ADDRESS = "aws_secretsmanager_secret"


@dataclass(frozen=True, kw_only=True)
class Secret(Resource):
    """A secret, whose value is set on AWS.

    `recovery_days` is how long it can be restored once it is destroyed, 0 for not at all.
    `kms_key` is the ARN of the KMS key that encrypts it, None with AWS's own.
    """

    description: str | None
    recovery_days: int
    kms_key: str | Expression | None


def is_set(about: Mapping[str, Any]) -> bool:
    """Whether a secret, as DescribeSecret has it, has a value."""
    return any("AWSCURRENT" in stages for stages in about.get("VersionIdsToStages", {}).values())
