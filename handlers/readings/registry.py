"""What an upstream registry knows of a device, asked over HTTPS and remembered.

A reading never waits long for it nor fails with it: after a failure the registry is left alone for a while,
and readings are stored without, or with what was known before.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from readings import exact_json
from readings.config import Registry as Settings
from readings.deadline import Worker

NO_KEY = "unset"  # what the parameter holds until someone sets the key

_REST_SECONDS = 30
_KEY_SECONDS = 300
_MOST_BYTES = 2048
_MOST_REMEMBERED = 10_000
# Look-ups stop here, so that storing has time left.
_ENOUGH_SECONDS = 8.0
# What a client or a server may resolve as part of a path, also when it is encoded.
_CLIMBS = re.compile(r"(?:.*[/\\])?\.{1,2}(?:[/\\].*)?")

Facts = Mapping[str, Any]


class RegistryError(Exception):
    """The registry gave no answer that can be used."""


@dataclass(slots=True)
class Registry:
    """Looks devices up. `get` takes URL, headers and seconds, gives status and body; `key` gives the key."""

    get: Callable[[str, Mapping[str, str], float], tuple[int, bytes]]
    key: Callable[[], str]
    now: Callable[[], int]
    _worker: Worker = field(default_factory=Worker)
    _known: dict[str, tuple[int, Facts | None]] = field(default_factory=dict)
    _rests_until: int = 0
    _key: tuple[int, str] = (0, "")

    def facts(
        self,
        device_id: str,
        settings: Settings,
        time_left: Callable[[], float],
        on_error: Callable[[Exception], None],
    ) -> Facts | None:
        """Give what is known of a device: texts, numbers and truth values by name; None for nothing.

        A look-up takes `timeout_seconds` at most, whatever its answer does, the reading of the key included.
        A device whose name would lead to another path is not looked up.
        """
        fresh_until, facts = self._known.get(device_id, (0, None))
        now = self.now()
        if settings.url is None or now < max(fresh_until, self._rests_until) or time_left() < _ENOUGH_SECONDS:
            return facts
        if _CLIMBS.fullmatch(device_id):
            return None
        try:
            url = f"{settings.url.rstrip('/')}/{quote(device_id, safe='')}"
            facts = self._worker.run(lambda: self._ask(url, settings), settings.timeout_seconds)
        except Exception as error:  # no fault of the registry's may cost a reading
            self._rests_until = now + _REST_SECONDS * 1000
            on_error(error)
            return facts
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[device_id] = now + settings.cache_seconds * 1000, facts
        return facts

    def _ask(self, url: str, settings: Settings) -> Facts | None:
        if self._key[0] <= self.now():
            self._key = self.now() + _KEY_SECONDS * 1000, self.key()
        headers = {"Accept": "application/json"}
        if self._key[1] not in ("", NO_KEY):
            headers["x-api-key"] = self._key[1]
        status, body = self.get(url, headers, settings.timeout_seconds)
        if status == 404:
            return None
        if status != 200 or len(body) > _MOST_BYTES:
            raise RegistryError(f"status {status}, {len(body)} bytes")
        return _scalars(exact_json.loads(body))


def get(url: str, headers: Mapping[str, str], seconds: float) -> tuple[int, bytes]:
    """Ask over HTTPS. Redirects are not followed: they would take the API key elsewhere."""
    import requests  # only a pipeline with a registry pays for it

    with requests.get(url, headers=headers, timeout=seconds, allow_redirects=False, stream=True) as response:
        return response.status_code, response.raw.read(_MOST_BYTES + 1, decode_content=True)


def _scalars(document: Any) -> Facts | None:
    if not isinstance(document, dict):
        raise RegistryError("the answer is not an object")
    return {name: value for name, value in document.items() if _is_fact(name, value)} or None


def _is_fact(name: str, value: Any) -> bool:
    """Whether a table can hold a name and its value; numbers are in its range, see exact_json."""
    if not name or isinstance(value, (dict, list, type(None))):
        return False
    try:
        f"{name}{value}".encode()
    except UnicodeEncodeError:
        return False
    return True
