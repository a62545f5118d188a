"""The alarms of the API.

Metrics: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.alarms.maker import AlarmMaker
from iotgen.model.expression import Expression
from iotgen.model.pipeline import Alarm, Api

# A surge is what lasts. In a quiet hour one bad request may be most of five minutes' requests.
SURGE_PERIODS = 3


def api_alarms(make: AlarmMaker, settings: Mapping[str, Any], api: Api | None) -> Iterator[Alarm]:
    """Errors and latency of the API's stage."""
    if api is None:
        return
    server, client = settings["server_errors"], settings["client_errors"]
    latency = settings["latency"]
    own: dict[str, str | Expression] = {"ApiName": api.name, "Stage": api.stage}
    if server:
        description = f"{api.name} answers with server errors"
        yield make(f"{api.key}-server-errors", api.path, description, "AWS/ApiGateway:5XXError", own, server)
    if client:
        description = f"{api.name} refuses {client}% of its requests"
        # The average of this metric is the share of refused requests.
        yield make(
            f"{api.key}-client-errors",
            api.path,
            description,
            "AWS/ApiGateway:4XXError",
            own,
            client / 100,
            "Average",
            periods=SURGE_PERIODS,
        )
    if latency:
        description = f"One in a hundred answers of {api.name} takes {latency} ms"
        yield make(f"{api.key}-latency", api.path, description, "AWS/ApiGateway:Latency", own, latency, "p99")
