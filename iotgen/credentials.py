"""The credentials that sign calls, to AWS and to the local AWS."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Credentials:
    """An access key and its secret; only temporary credentials have a `token`."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
