"""The names of secrets that are taken, those that wait for their deletion, and those without a value."""

from collections.abc import Iterator

from iotgen.kinds.secrets.secret import Secret, is_set
from iotgen.model.preflight import NAMES, Account, Check, Level


def secret_preflight(secrets: tuple[Secret, ...], account: Account) -> Iterator[Check]:
    """An error for each name that cannot be used, and a warning for each secret without a value."""
    client = account.client("secretsmanager")
    for secret in secrets:
        try:
            about = client.describe_secret(SecretId=secret.name)
        except client.exceptions.ResourceNotFoundException:
            yield _unset(secret)
            continue
        if "DeletedDate" in about:
            yield _deleted(secret, f"{about['DeletedDate']:%Y-%m-%d}")
            continue
        yield from account.taken("the secret", secret.name, secret.path, about["ARN"])
        if not is_set(about):
            yield _unset(secret)


def _deleted(secret: Secret, day: str) -> Check:
    """A name stays taken until the end of the recovery window.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html
    """
    return Check(
        level=Level.ERROR,
        about=NAMES,
        message=f"the secret `{secret.name}` was deleted on {day}, and keeps its name until it is gone",
        hint=(
            f"Delete it for good: aws secretsmanager delete-secret --secret-id {secret.name} "
            "--force-delete-without-recovery"
        ),
        path=secret.path,
    )


def _unset(secret: Secret) -> Check:
    return Check(
        level=Level.WARNING,
        about="secret",
        message=f"the secret `{secret.key}` has no value yet",
        hint=f"Run `iotgen secret set {secret.key}` once it is deployed.",
        path=secret.path,
    )
