"""Credentials whose signatures the local AWS verifies, as AWS does.

MiniStack takes the dummy key of `environment` whatever is signed with it. A session of its own STS has a
secret: a request with a forged signature or a changed body gets 403, so a client that signs wrongly is
found out locally.
"""

import re
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from iotgen.errors import RemoteError
from iotgen.local.environment import ACCESS_KEY
from iotgen.local.record import LocalAws

_FORM = {
    "Content-Type": "application/x-www-form-urlencoded",
    # Only the key's name and the service in it are looked at.
    "Authorization": f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/20000101/us-east-1/sts/aws4_request, "
    "SignedHeaders=host, Signature=0",
}


@dataclass(frozen=True)
class Credentials:
    """Temporary credentials of the local account's root."""

    access_key: str
    secret_key: str
    token: str


def session(aws: LocalAws, timeout: float = 5.0) -> Credentials:
    """Return credentials of a new session with the local AWS, good for twelve hours.

    Raises RemoteError when it doesn't answer within `timeout` seconds.
    """
    connection = HTTPConnection("127.0.0.1", aws.port, timeout=timeout)
    try:
        connection.request("POST", "/", "Action=GetSessionToken&Version=2011-06-15", _FORM)
        answer = connection.getresponse().read().decode()
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        values = [match.group(1) for name in names if (match := re.search(f"<{name}>(.*?)</{name}>", answer))]
        return Credentials(*values)
    except (OSError, HTTPException, TypeError) as error:
        raise RemoteError(
            f"the local AWS at {aws.endpoint} gives no credentials; its log is {aws.log}",
            "Restart it: `iotgen local down`, then `iotgen apply --target local`.",
        ) from error
    finally:
        connection.close()
