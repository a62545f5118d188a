"""The kinds of resources: one module for each section of the spec, all of them in `KINDS`.

They are resolved in this order: a kind may refer to earlier ones.
"""

from iotgen.kinds.alarms import ALARMS
from iotgen.kinds.buckets import BUCKETS
from iotgen.kinds.buses import BUSES
from iotgen.kinds.dashboard import dashboard
from iotgen.kinds.deliveries import DELIVERIES
from iotgen.kinds.devices import DEVICES
from iotgen.kinds.endpoints import ENDPOINTS
from iotgen.kinds.events import EVENTS
from iotgen.kinds.exports import EXPORTS
from iotgen.kinds.forwards import FORWARDS
from iotgen.kinds.functions import FUNCTIONS
from iotgen.kinds.keys import KEYS
from iotgen.kinds.layers import LAYERS
from iotgen.kinds.log_groups import LOG_GROUPS
from iotgen.kinds.metrics import METRICS
from iotgen.kinds.outside import outside
from iotgen.kinds.parameters import PARAMETERS
from iotgen.kinds.queues import QUEUES
from iotgen.kinds.roles import ROLES
from iotgen.kinds.rules import RULES
from iotgen.kinds.secrets import SECRETS
from iotgen.kinds.streams import STREAMS
from iotgen.kinds.tables import TABLES
from iotgen.kinds.topics import TOPICS
from iotgen.kinds.user_pools import USER_POOLS
from iotgen.kinds.wiring import WIRING
from iotgen.kinds.workflows import WORKFLOWS
from iotgen.model.kind import AnyKind

_SHOWN: tuple[AnyKind, ...] = (
    KEYS,
    PARAMETERS,
    SECRETS,
    LAYERS,
    TABLES,
    STREAMS,
    QUEUES,
    TOPICS,
    BUSES,
    BUCKETS,
    DELIVERIES,
    LOG_GROUPS,
    DEVICES,
    USER_POOLS,
    WIRING,
    FUNCTIONS,
    WORKFLOWS,
    ROLES,
    ENDPOINTS,
    EXPORTS,
    FORWARDS,
    RULES,
    EVENTS,
    METRICS,
    ALARMS,
)

KINDS: tuple[AnyKind, ...] = (outside(_SHOWN), *_SHOWN, dashboard(_SHOWN))
