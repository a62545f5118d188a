"""Signature Version 4, which API Gateway requires with AWS_IAM.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from collections.abc import Iterable
from urllib.parse import quote

from botocore import credentials as boto
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from requests import PreparedRequest
from requests.auth import AuthBase

from iotgen.credentials import Credentials

_SERVICE = "execute-api"


class Signer(AuthBase):
    """Signs a request just before it is sent.

    requests uses it as `auth`, so that no entry of a .netrc replaces the signature.
    """

    def __init__(self, credentials: Credentials, region: str) -> None:
        keys = boto.Credentials(credentials.access_key, credentials.secret_key, credentials.token)
        self._auth = SigV4Auth(keys, _SERVICE, region)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the headers of the signature."""
        content = {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
        signed = AWSRequest(request.method, request.url, headers=content, data=request.body or b"")
        self._auth.add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request


class Unsigned(AuthBase):
    """Leaves a request as it is, so that no entry of a .netrc comes into it."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The request."""
        return request


def query_string(parameters: Iterable[tuple[str, str]]) -> str:
    """The query parameters in the form that is both sent and signed: sorted, escaped (RFC 3986)."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in parameters)
    return "&".join(f"{name}={value}" for name, value in pairs)
