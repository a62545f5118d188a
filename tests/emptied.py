"""An account of moto's with nothing in it.

The tests of the handlers keep moto on for all of their process, so what other tests leave there stays, too:
`mock_aws` empties the accounts only where it was off.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend


@contextmanager
def empty_aws() -> Iterator[None]:
    """Calls of boto3 go to an account that has nothing."""
    with mock_aws():
        moto_api_backend.reset()
        yield
