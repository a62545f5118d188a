"""The kinds of triggers: one module each, all of them in `TRIGGERS`."""

from typing import Any

from iotgen.model.trigger import TriggerKind
from iotgen.triggers.bucket import BUCKET_TRIGGER
from iotgen.triggers.iot import IOT_TRIGGER
from iotgen.triggers.queue import QUEUE_TRIGGER
from iotgen.triggers.stream import STREAM_TRIGGER
from iotgen.triggers.table import TABLE_TRIGGER

TRIGGERS: tuple[TriggerKind[Any], ...] = (
    QUEUE_TRIGGER,
    BUCKET_TRIGGER,
    STREAM_TRIGGER,
    TABLE_TRIGGER,
    IOT_TRIGGER,
)
