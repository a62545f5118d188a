"""What a shell needs so that the AWS CLI, boto3 and curl use the local AWS and nothing else."""

import shlex
from collections.abc import Iterable

from iotgen.local.port import HOST
from iotgen.local.record import LocalAws

# What would lead a tool to another account, another endpoint, or let it pass over AWS_ENDPOINT_URL.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
_IN_THE_WAY = (
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
    """Return the commands of a POSIX shell, a line each; `names` are the variables that it has now."""
    variables = {
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": aws.access_key,
        "AWS_SECRET_ACCESS_KEY": aws.secret_key,
        # A profile's settings may say that the endpoint is to be passed over.
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
    }
    in_the_way = {*_IN_THE_WAY, *(name for name in names if name.startswith(_OF_A_SERVICE))}
    lines = [f"unset {' '.join(map(shlex.quote, sorted(in_the_way)))}"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    lines.append(_past_proxies())
    return "\n".join(lines)


def _past_proxies() -> str:
    """Keep a proxy out of the way. Some tools read one of the two names only, some prefer the lower one."""
    named = f"{HOST}${{no_proxy:+,$no_proxy}}${{NO_PROXY:+,$NO_PROXY}}"
    return f'no_proxy="{named}"; NO_PROXY="$no_proxy"; export no_proxy NO_PROXY'
