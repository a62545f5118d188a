"""A service sends to what a key of AWS's own encrypts."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.keys import services
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue and topic with an AWS managed key that a service sends to."""
    for key in pipeline.all(Outside):
        if key.section == "keys" and key.name.startswith("alias/aws/"):
            for service, path in services(pipeline, key.known_arn).items():
                message = f"`{path[1]}` is encrypted with {key.name}, which {service} cannot use"
                hint = "Name a key of your own, or omit `kms_key`."
                yield Finding((*path[:2], "kms_key"), message, hint)


RULE = Rule(
    code="IOT476",
    summary="A service sends to a queue or topic that an AWS managed key encrypts.",
    why=(
        "The policy of an AWS managed key, such as alias/aws/sqs, lets the account's own roles use it, and "
        "nobody can change it: no service may encrypt with it, and what S3, SNS or CloudWatch sends is lost."
    ),
    fix="Use a key of your own, or the encryption that iotgen sets without `kms_key`.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    check=check,
)
