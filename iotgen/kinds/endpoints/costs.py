"""What the REST API costs: requests, answers, the access log, and the metrics of each method."""

from collections.abc import Iterator

from iotgen.kinds.endpoints.api import Api
from iotgen.kinds.endpoints.web_acl import firewall_charges
from iotgen.model.cost import Charge, Costs, Scope, Use, logged

# A line of the access log with ids of the usual length, and what CloudWatch adds to it.
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
ACCESS_LOG_BYTES = 400 + 26
# What API Gateway publishes of each method: Count, Latency, IntegrationLatency, 4XXError, 5XXError.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
_METRICS = 5


def _charges(api: Api, uses: tuple[Use, ...], scope: Scope) -> Iterator[Charge]:
    """Requests, their lines in the access log, answers, and the detailed metrics of each method in use."""
    for use in uses:
        requests = use.get("requests")
        yield Charge("api.requests", requests, use.path)
        yield Charge("transfer.out", use.get("response_bytes") / 1e9, use.path)
        yield from logged(requests * ACCESS_LOG_BYTES, api.log_retention_days, use.path, scope)
        if requests:
            yield Charge("cloudwatch.metrics", _METRICS, "metrics")
    yield from firewall_charges(api.web_acl, uses)


API_COSTS: Costs[Api] = Costs(charges=_charges, calls={}, per_reading={}, apart=False, levers=())
