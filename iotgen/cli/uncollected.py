"""Commands that end soon, without the garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave garbage to the end of the process.

    The collector looks again and again at what stays: modules, the schema, the places of a spec's nodes. That
    was a seventh of the time of `iotgen check`, for a megabyte of memory.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
