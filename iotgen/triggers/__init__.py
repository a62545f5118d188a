"""The kinds of triggers: one module each, all of them in `TRIGGERS`."""

from typing import Any

from iotgen.model.trigger import TriggerKind
from iotgen.triggers.bucket import BUCKET_TRIGGER
from iotgen.triggers.dead_letters import DEAD_LETTER_TRIGGER
from iotgen.triggers.event import EVENT_TRIGGER
from iotgen.triggers.iot import IOT_TRIGGER
from iotgen.triggers.log_group import LOG_GROUP_TRIGGER
from iotgen.triggers.queue import QUEUE_TRIGGER
from iotgen.triggers.schedule import SCHEDULE_TRIGGER
from iotgen.triggers.stream import STREAM_TRIGGER
from iotgen.triggers.table import TABLE_TRIGGER
from iotgen.triggers.topic import TOPIC_TRIGGER
from iotgen.triggers.user_pool import USER_POOL_TRIGGER

TRIGGERS: tuple[TriggerKind[Any], ...] = (
    QUEUE_TRIGGER,
    DEAD_LETTER_TRIGGER,
    BUCKET_TRIGGER,
    STREAM_TRIGGER,
    TABLE_TRIGGER,
    TOPIC_TRIGGER,
    SCHEDULE_TRIGGER,
    EVENT_TRIGGER,
    LOG_GROUP_TRIGGER,
    IOT_TRIGGER,
    USER_POOL_TRIGGER,
)
