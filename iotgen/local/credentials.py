"""The random credentials of one start of the local AWS, which are those of its account's root."""

import base64
import secrets

from iotgen.credentials import Credentials


def new_credentials() -> Credentials:
    """Return new random credentials in the form of AWS's own; the secret has 240 random bits."""
    key = base64.b32encode(secrets.token_bytes(10)).decode()
    return Credentials(f"AKIA{key}", secrets.token_urlsafe(30))
