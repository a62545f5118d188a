"""GET /query: the readings of a device, newest first, in pages."""

from collections.abc import Mapping
from typing import Any

from readings import answer, http, items, page_token, selection
from readings.invocation import Invocation, running
from readings.selection import Selection
from readings.services import Services, prepare, real
from readings.table import Table

prepare("dynamodb", "ssm")


def handler(event: http.Event, context: Any) -> http.Response:
    """Answer API Gateway."""
    return query(event, context, real())


def query(event: http.Event, context: Any, services: Services) -> http.Response:
    """Answer one request with the services given; raise ValueError for an event that is none."""
    with running(services, context) as invocation:
        http.check(event)
        return http.respond(event, invocation, lambda: _query(event, invocation))


def _query(event: http.Event, invocation: Invocation) -> Mapping[str, Any]:
    selected = selection.select(event.get("queryStringParameters"), invocation.config().limits.page)
    if selected.raw:
        table = invocation.services.table("RAW_SENSOR_DATA", "timestamp")
    else:
        table = invocation.services.table("PROCESSED_DATA", "event_date")
    matches, more_after = _page(selected, table)
    kept = [item for item in matches if not items.is_expired(item, invocation.started)]
    texts = answer.page(map(items.shown_raw if selected.raw else items.shown, kept))
    if len(texts) < len(kept):  # the others are more than an answer holds
        more_after = kept[len(texts) - 1][table.sort_key]
    invocation.count("items", len(texts))
    return {
        "count": len(texts),
        "items": texts,
        "next": page_token.make(selected, more_after) if more_after else None,
    }


def _page(selected: Selection, table: Table) -> tuple[list[dict[str, Any]], str | None]:
    """Read one page; give its items, and the sort key after which there are more."""
    after = page_token.read(selected)
    if selected.low > selected.high:
        return [], None
    # One more than asked for shows whether this page is the last.
    matches, cut_at = table.newest(selected.device_id, selected.low, selected.high, selected.limit + 1, after)
    if len(matches) > selected.limit:
        matches = matches[: selected.limit]
        return matches, matches[-1][table.sort_key]
    return matches, cut_at
