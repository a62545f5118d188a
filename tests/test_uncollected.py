"""Commands that end soon leave the garbage collector as they found it."""

import gc

from iotgen.cli.uncollected import uncollected


def test_the_collector_rests_meanwhile_and_is_on_again() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
