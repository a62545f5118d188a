"""A fleet of devices that sends readings, good and bad, and an account of what became of each.

1. plan      the options to the plan: every reading, and what is wrong with it (`options`, `fleet`, `faults`)
2. packets   which readings go together, and when (`packets`)
3. send      packets to the API or the bucket, by many workers (`send`; `api`; `bucket`, `storage`)
4. note      what was answered, and how long it took (`ledger`)
5. read      what the tables, queues and bucket hold of it (`stores`, `tally`)
6. account   what was sent against what was found (`account`, `verify`)
7. report    text or JSON (`report`), and progress meanwhile (`progress`)

Where to send and where to read (`places`) comes from the deployment: its outputs name its parts, and AWS
tells how they are connected (`locate`, `wiring`, `clients`). Of iotgen it needs `client`, which signs calls,
and `errors`.

Stages 1, 2, 6 and 7 are pure: same options, same readings.
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
