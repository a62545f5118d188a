"""The values of secrets in Secrets Manager."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.errors import IotgenError
from iotgen.kinds.secrets import Secret, is_set
from iotgen.model.pipeline import Pipeline
from iotgen.operate import secrets
from iotgen.operate.refusal import explaining
from iotgen.spec.document import Document

# https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
MOST_BYTES = 65536


def managed_secrets(pipeline: Pipeline, document: Document, client: Any) -> Iterator[secrets.Secret]:
    """Every secret with what AWS says of it; never its value."""
    for secret in pipeline.all(Secret):
        about = _described(client, secret)
        yield secrets.Secret(
            secret.key,
            secret.name,
            document.where(secret.path),
            secrets.readers(pipeline, secret),
            secrets.Stored(None, about["LastChangedDate"], "", is_set(about)) if about else None,
        )


def refuse_missing(client: Any, secret: Secret, apply: str) -> None:
    """IotgenError where AWS has no such secret; `apply` is what makes it."""
    if _described(client, secret) is None:
        message = f"the secret `{secret.key}` is not deployed: AWS has no `{secret.name}`"
        raise IotgenError(message, f"Run `{apply}` first.")


def refuse_unfit_secret(secret: Secret, value: str) -> None:
    """IotgenError where a value cannot be stored; the value is in no message."""
    if not value:
        message = f"the value for `{secret.key}` is empty, which Secrets Manager refuses"
        raise IotgenError(message, "Enter a value.")
    if len(value.encode()) > MOST_BYTES:
        message = (
            f"the value for `{secret.key}` has more than the {MOST_BYTES} bytes that Secrets Manager takes"
        )
        raise IotgenError(message, "Enter a shorter one.")


def write_secret(client: Any, secret: Secret, value: str) -> str:
    """Store a value, and give the id of its version."""
    permission = f"secretsmanager:PutSecretValue on `{secret.name}`, and kms:GenerateDataKey on its key"
    with explaining(f"set `{secret.key}`", permission, private=True):
        answer = client.put_secret_value(SecretId=secret.name, SecretString=value)
    return str(answer["VersionId"])


def _described(client: Any, secret: Secret) -> Mapping[str, Any] | None:
    """What AWS says of a secret; None where it has none, or one that is deleted."""
    with explaining(f"look `{secret.name}` up", "secretsmanager:DescribeSecret"):
        try:
            about: Mapping[str, Any] = client.describe_secret(SecretId=secret.name)
        except client.exceptions.ResourceNotFoundException:
            return None
    return None if "DeletedDate" in about else about
