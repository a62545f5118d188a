"""The caller's credentials, from the sources that the AWS tools use."""

from typing import TYPE_CHECKING

from iotgen.credentials import Credentials
from iotgen.errors import RemoteError

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

_HOW = (
    "Log in (aws sso login), choose a profile (AWS_PROFILE), or set AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY. `aws sts get-caller-identity` shows who you are."
)
_LOG_IN = "Log in again: aws sso login"


def aws_credentials(profile: str | None = None) -> Credentials:
    """The caller's credentials, from the sources of the AWS tools: environment, profile, SSO, role.

    Raises RemoteError with a hint if there are none, or if they are incomplete or expired.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.session import Session

    try:
        credentials = Session(profile=profile).get_credentials()
        if credentials is None:
            raise RemoteError("there are no AWS credentials", _HOW)
        frozen = credentials.get_frozen_credentials()
    except (BotoCoreError, ClientError) as error:
        raise _unusable(error, profile) from error
    if not (frozen.access_key and frozen.secret_key):
        raise RemoteError("the AWS credentials are incomplete: the access key or its secret is empty", _HOW)
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token)


def _unusable(error: "BotoCoreError | ClientError", profile: str | None) -> RemoteError:
    from botocore import exceptions as known

    if isinstance(error, known.ProfileNotFound):
        return RemoteError(
            f"there is no AWS profile `{error.kwargs['profile']}`",
            f"`aws configure list-profiles` lists the profiles. {_HOW}",
        )
    if isinstance(error, known.PartialCredentialsError):
        return RemoteError(
            f"the AWS credentials are incomplete: {error.kwargs['cred_var']} is missing "
            f"(source: {error.kwargs['provider']})",
            _HOW,
        )
    if isinstance(error, known.SSOError | known.TokenRetrievalError | known.UnauthorizedSSOTokenError):
        return RemoteError(
            "the AWS login has expired", _LOG_IN + (f" --profile {profile}" if profile else "")
        )
    return RemoteError(f"the AWS credentials cannot be used: {str(error).rstrip('.')}", _HOW)
