"""Shell commands with which the AWS CLI, boto3 and curl use the local AWS and nothing else."""

import shlex
from collections.abc import Iterable

from iotgen.local.port import HOST
from iotgen.local.record import LocalAws

# Variables that would select another account or endpoint, or make a tool ignore AWS_ENDPOINT_URL.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
_CONFLICTING = (
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_DEFAULT_PROFILE",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)
_OF_A_SERVICE = "AWS_ENDPOINT_URL_"


def commands(aws: LocalAws, region: str, names: Iterable[str] = ()) -> str:
    """Return commands for a POSIX shell, one per line; `names` are the variables that the shell has."""
    variables = {
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": aws.access_key,
        "AWS_SECRET_ACCESS_KEY": aws.secret_key,
        # A profile's settings may disable the endpoint.
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
    }
    conflicting = {*_CONFLICTING, *(name for name in names if name.startswith(_OF_A_SERVICE))}
    lines = [f"unset {' '.join(map(shlex.quote, sorted(conflicting)))}"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    lines.append(_past_proxies())
    return "\n".join(lines)


def _past_proxies() -> str:
    """Bypass proxies. Some tools read only one of the two names, some prefer the one in lower case."""
    named = f"{HOST}${{no_proxy:+,$no_proxy}}${{NO_PROXY:+,$NO_PROXY}}"
    return f'no_proxy="{named}"; NO_PROXY="$no_proxy"; export no_proxy NO_PROXY'
