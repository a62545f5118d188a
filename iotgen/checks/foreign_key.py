"""A service uses a KMS key that exists already."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.keys import services
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

_SENDER = "`kms:Decrypt` and `kms:GenerateDataKey*`"
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
_LOGS = "`kms:Encrypt*`, `kms:Decrypt*`, `kms:ReEncrypt*`, `kms:GenerateDataKey*` and `kms:Describe*`"


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each service that needs a statement in the policy of a key, once for each key."""
    for key in pipeline.all(Outside):
        if key.section != "keys" or key.name.startswith("alias/aws/"):
            continue
        for service, path in services(pipeline, key.known_arn).items():
            message = f"`{key.key}` exists already: its own policy must let {service} use it for `{path[-2]}`"
            hint = f"Allow {_LOGS if service.startswith('logs.') else _SENDER} for {service} there."
            yield Finding(path, message, hint)


RULE = Rule(
    code="IOT475",
    severity=Severity.WARNING,
    summary="A service uses a KMS key that exists already.",
    why=(
        "What S3, SNS, CloudWatch or another service sends to an encrypted queue or topic, it encrypts by "
        "the key's policy, not by a role. iotgen writes the policies of the keys that it makes, and leaves "
        "others alone. S3 refuses a notification that it cannot encrypt, CloudWatch Logs the key of a log "
        "group; what the others send is lost."
    ),
    fix="Add the statement to the key's policy, where the key is made.",
    ignore="The policy allows it already.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    check=check,
)
