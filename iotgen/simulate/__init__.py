"""Simulates a fleet of devices that send valid and faulty readings, and accounts for each reading.

1. plan      all readings and their faults, by the options (`options`, `fleet`, `faults`)
2. packets   the readings of each request or object, and its time (`packets`)
3. send      packets to the API, the bucket or topics (`send`; `api`; `bucket`, `storage`; `mqtt`)
4. note      the responses and latencies (`ledger`)
5. read      the rows of the tables, the dead letters and the rejected objects (`stores`, `tally`)
6. account   compare the sent readings with the stored ones (`account`, `verify`)
7. report    text or JSON (`report`), and progress meanwhile (`progress`)

The destination and the stores (`places`) come from the deployment: its outputs name its parts, and AWS
describes how they are connected (`locate`, `wiring`, `clients`). Of iotgen it uses only `client`, which signs
calls, and `errors`.

Stages 1, 2, 6 and 7 are pure: the same options give the same readings.
"""

from iotgen.simulate.account import Balance
from iotgen.simulate.fleet import Fleet, plan
from iotgen.simulate.locate import Choice, find_places
from iotgen.simulate.options import SHARES, SOME_FAULTS, Options, Shares, asked
from iotgen.simulate.places import Places, To
from iotgen.simulate.send import Outcome, run

__all__ = [
    "SHARES",
    "SOME_FAULTS",
    "Balance",
    "Choice",
    "Fleet",
    "Options",
    "Outcome",
    "Places",
    "Shares",
    "To",
    "asked",
    "find_places",
    "plan",
    "run",
]
