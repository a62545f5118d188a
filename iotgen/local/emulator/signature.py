"""Verifies Signature Version 4: a holder of the secret has recently signed exactly this call.

botocore computes the expected signature. The other requirements are AWS's, too: `host` and every `x-amz-`
header are signed, the payload's digest is that of the body, and the time is within 15 minutes.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from botocore import credentials as boto
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest

from iotgen.credentials import Credentials

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
WINDOW = timedelta(minutes=15)
LONGEST_PRESIGNED = 7 * 24 * 3600  # seconds
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
# The required query parameters of a presigned URL.
PRESIGNED = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
)
# MiniStack reads an access key from any of these, in upper or lower case.
_IN_QUERY = {*(name.lower() for name in PRESIGNED), "x-amz-security-token", "awsaccesskeyid"}
_MECHANISM = f"The authorization mechanism you have provided is not supported. Please use {ALGORITHM}."
_TIME = "%Y%m%dT%H%M%SZ"
_FIELDS = re.compile(r"Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([^,\s]+)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# As many digits as the maximum has, since Python rejects numbers of thousands of digits.
_SECONDS = re.compile(r"[0-9]{1,6}")
# A later signature would expire beyond the last year of datetime.
_LAST_YEAR = 9998


class RefusedError(Exception):
    """The call is rejected, with AWS's error code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Request:
    """A call: `path` and `query` are escaped as received, header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The query's parameters, unescaped."""
        return parse_qsl(self.query, keep_blank_values=True)


@dataclass(frozen=True)
class Claim:
    """The claims of a call's signature; `expires` is in seconds, None for a signature in the headers."""

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    time: datetime
    token: str
    expires: int | None = None


def claimed_in_query(request: Request) -> list[tuple[str, str]]:
    """The parameters of a query that belong to a signature."""
    return [(name, value) for name, value in request.parameters if name.lower() in _IN_QUERY]


def claim_of(request: Request) -> Claim | None:
    """Return the claim of a call, None if it is not signed; RefusedError if the signature is malformed."""
    authorization = request.headers.get("authorization")
    in_query = claimed_in_query(request)
    if authorization is None:
        return _claim_of_query(in_query) if in_query else None
    if in_query:
        raise RefusedError("InvalidArgument", "Only one auth mechanism allowed")
    return _claim_of_headers(request, authorization)


def verify(request: Request, claim: Claim, credentials: Credentials, now: datetime) -> None:
    """Raise RefusedError unless this call, with this body, is signed with these credentials."""
    if not hmac.compare_digest((credentials.token or "").encode(), claim.token.encode()):
        raise RefusedError("InvalidClientTokenId", "The security token included in the request is invalid.")
    _check_time(claim, now)
    _check_signed_headers(request, claim)
    payload = _payload(request, claim)
    expected = [
        _expected(request, query, claim, credentials.secret_key, payload) for query in _queries(request)
    ]
    if not any(hmac.compare_digest(each.encode(), claim.signature.encode()) for each in expected):
        raise RefusedError(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your AWS "
            "Secret Access Key and signing method.",
        )


def _claim_of_headers(request: Request, authorization: str) -> Claim:
    algorithm, _, rest = authorization.partition(" ")
    fields = _FIELDS.fullmatch(rest.strip())
    if algorithm != ALGORITHM or not fields:
        raise RefusedError("InvalidRequest", _MECHANISM)
    time, token = request.headers.get("x-amz-date", ""), request.headers.get("x-amz-security-token", "")
    return _claim(fields[1], fields[2], fields[3], time, token)


def _claim_of_query(pairs: list[tuple[str, str]]) -> Claim:
    parameters = dict(pairs)
    if len(pairs) != len(parameters) or {*parameters} - {"X-Amz-Security-Token"} != {*PRESIGNED}:
        raise RefusedError("InvalidRequest", _MECHANISM)
    if parameters["X-Amz-Algorithm"] != ALGORITHM:
        raise RefusedError("InvalidRequest", _MECHANISM)
    expires = parameters["X-Amz-Expires"]
    if not _SECONDS.fullmatch(expires) or not 0 < int(expires) <= LONGEST_PRESIGNED:
        raise RefusedError("IncompleteSignature", f"X-Amz-Expires is from 1 to {LONGEST_PRESIGNED}")
    return _claim(
        parameters["X-Amz-Credential"],
        parameters["X-Amz-SignedHeaders"],
        parameters["X-Amz-Signature"],
        parameters["X-Amz-Date"],
        parameters.get("X-Amz-Security-Token", ""),
        int(expires),
    )


def _claim(
    credential: str, signed: str, signature: str, time: str, token: str, expires: int | None = None
) -> Claim:
    scope = credential.split("/")
    if len(scope) != 5 or scope[4] != TERMINATOR:
        raise RefusedError("IncompleteSignature", "Credential is not KEY/DATE/REGION/SERVICE/aws4_request")
    at = _time(time)
    if at is None:
        raise RefusedError("IncompleteSignature", "X-Amz-Date is missing, or no date")
    if scope[1] != time[:8]:
        raise RefusedError("SignatureDoesNotMatch", "Date in Credential scope does not match X-Amz-Date")
    key, date, region, service, _ = scope
    return Claim(key, date, region, service, tuple(signed.split(";")), signature, at, token, expires)


def _time(text: str) -> datetime | None:
    """The time in the text; None if it is not a time, or too late for a signature."""
    try:
        at = datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at if at.year <= _LAST_YEAR else None


def _check_time(claim: Claim, now: datetime) -> None:
    until = claim.time + (WINDOW if claim.expires is None else timedelta(seconds=claim.expires))
    if now > until:
        raise RefusedError(
            "RequestExpired" if claim.expires else "RequestTimeTooSkewed",
            f"Signature expired: {claim.time:{_TIME}} is now earlier than allowed ({now:{_TIME}})",
        )
    if claim.time > now + WINDOW:
        raise RefusedError(
            "RequestTimeTooSkewed",
            f"Signature not yet current: {claim.time:{_TIME}} is still later than {now:{_TIME}}",
        )


def _check_signed_headers(request: Request, claim: Claim) -> None:
    needed = {"host", *(name for name in request.headers if name.startswith("x-amz-"))}
    if unsigned := needed - {*claim.signed_headers}:
        raise RefusedError(
            "SignatureDoesNotMatch",
            f"There were headers present in the request which were not signed: {', '.join(sorted(unsigned))}",
        )


def _payload(request: Request, claim: Claim) -> str:
    """The digest of the body, as it was signed. Only S3 also accepts an unsigned body."""
    digest = hashlib.sha256(request.body).hexdigest()
    declared = request.headers.get("x-amz-content-sha256", "")
    if claim.service == "s3" and (claim.expires is not None or declared == UNSIGNED_PAYLOAD):
        return UNSIGNED_PAYLOAD
    if declared and not (_DIGEST.fullmatch(declared) and hmac.compare_digest(declared, digest)):
        raise RefusedError(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        )
    return digest


def _queries(request: Request) -> set[str]:
    """The query as signed: escaped again, as AWS does, or as received, since botocore keeps a `+`."""
    escaped = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in request.parameters]
    return {
        "&".join(part for part in parts if not part.startswith("X-Amz-Signature="))
        for parts in (escaped, request.query.split("&"))
    }


def _expected(request: Request, query: str, claim: Claim, secret_key: str, payload: str) -> str:
    """The signature that the call must have."""
    kind = S3SigV4Auth if claim.service == "s3" else SigV4Auth
    auth = kind(boto.Credentials(claim.access_key, secret_key), claim.service, claim.region)
    signed = AWSRequest(request.method, f"http://local{request.path}" + (f"?{query}" if query else ""))
    signed.context["timestamp"] = f"{claim.time:{_TIME}}"
    for name in claim.signed_headers:
        signed.headers[name] = request.headers.get(name, "")
    # The last line is the payload's digest; for some services botocore would ignore the body.
    canonical = auth.canonical_request(signed).rpartition("\n")[0]
    expected: str = auth.signature(auth.string_to_sign(signed, f"{canonical}\n{payload}"), signed)
    return expected
