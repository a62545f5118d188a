"""What is shown of the deployed API.

Metrics: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
"""

from collections.abc import Iterator

from iotgen.kinds.endpoints.address import api_addresses
from iotgen.kinds.endpoints.api import Api
from iotgen.model.contents import Clients
from iotgen.model.status import Fact, Metric, MissingError, Status

_COLUMNS = (
    ("requests", "requests", "Count", "Sum", False),
    ("4xx", "answers of 4xx", "4XXError", "Sum", False),
    ("5xx", "answers of 5xx", "5XXError", "Sum", True),
    ("p99 ms", "p99 latency in ms", "Latency", "p99", False),
)


def _metrics(api: Api) -> Iterator[Metric]:
    for column, title, name, statistic, bad in _COLUMNS:
        yield Metric(
            column=column,
            title=title,
            of=f"AWS/ApiGateway:{name}",
            dimensions={"ApiName": api.name, "Stage": api.stage},
            statistic=statistic,
            bad=bad,
        )


def _facts(clients: Clients, api: Api) -> Iterator[Fact]:
    addresses = api_addresses(clients, api)
    if not addresses:
        raise MissingError(api.name)
    for address in addresses:
        yield Fact(column="address", value=address)


API_STATUS = Status(columns=tuple(column for column, *_ in _COLUMNS), metrics=_metrics, facts=_facts)
