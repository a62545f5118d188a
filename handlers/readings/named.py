"""Readings by name, for the log: the ids of their events by device, and never what a sensor measured."""

from typing import Any

# Room for some 1,500 readings of the usual ids; CloudWatch takes 1 MB for a line, and JSON needs up to twelve
# bytes for a character: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
_MOST_CHARACTERS = 64_000
_LONGEST_ID = 128
_AROUND = 4  # quotes, a comma and a colon or bracket


class Named:
    """The readings of an invocation; `others` counts those that have no id, or found no room."""

    def __init__(self) -> None:
        self.by_device: dict[str, list[str]] = {}
        self.others = 0
        self._known: set[tuple[str, str]] = set()
        self._room = _MOST_CHARACTERS

    def add(self, device_id: str, event_id: str) -> None:
        """Name a reading; one that is named already is not named again."""
        reading = device_id, event_id
        if reading in self._known:
            return
        events = self.by_device.get(device_id)
        size = len(event_id) + _AROUND + (len(device_id) + _AROUND if events is None else 0)
        if size > self._room:
            self.others += 1
            return
        self._room -= size
        self._known.add(reading)
        if events is None:
            self.by_device[device_id] = [event_id]
        else:
            events.append(event_id)

    def add_document(self, document: Any) -> None:
        """Name a document that is no valid reading, if its ids are as a reading's are."""
        ids = [document.get(name) for name in ("device_id", "event_id")] if isinstance(document, dict) else []
        texts = [one for one in ids if isinstance(one, str) and 0 < len(one) <= _LONGEST_ID]
        if len(texts) == 2:
            self.add(*texts)
        else:
            self.others += 1
