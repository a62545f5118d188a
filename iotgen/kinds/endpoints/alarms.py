"""The alarms of the API.

Metrics: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
"""

from collections.abc import Iterator

from iotgen.kinds.endpoints.api import API, Api
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.expression import Expression
from iotgen.model.kind import Settings

# Only a lasting surge counts: in a quiet hour one bad request may be most of five minutes' requests.
SURGE_PERIODS = 3


def api_alarms(make: AlarmMaker, settings: Settings, apis: tuple[Api, ...]) -> Iterator[Alarm]:
    """Errors and latency of the API's stage."""
    for api in apis:
        yield from _alarms(make, settings["api"], api)


def _alarms(make: AlarmMaker, settings: Settings, api: Api) -> Iterator[Alarm]:
    server, client = settings["server_errors"], settings["client_errors"]
    latency = settings["latency"]
    own: dict[str, str | Expression] = {"ApiName": api.name, "Stage": api.stage}
    if server:
        description = f"{api.name} answers with server errors"
        yield make(
            key=f"{api.key}-server-errors",
            path=api.path,
            watches=API,
            description=description,
            metric="AWS/ApiGateway:5XXError",
            dimensions=own,
            threshold=server,
        )
    if client:
        description = f"{api.name} refuses {client}% of its requests"
        # The average of this metric is the share of rejected requests.
        yield make(
            key=f"{api.key}-client-errors",
            path=api.path,
            watches=API,
            description=description,
            metric="AWS/ApiGateway:4XXError",
            dimensions=own,
            threshold=client / 100,
            statistic="Average",
            periods=SURGE_PERIODS,
        )
    if latency:
        description = f"One in a hundred answers of {api.name} takes {latency} ms"
        yield make(
            key=f"{api.key}-latency",
            path=api.path,
            watches=API,
            description=description,
            metric="AWS/ApiGateway:Latency",
            dimensions=own,
            threshold=latency,
            statistic="p99",
        )
