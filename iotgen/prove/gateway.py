"""API Gateway: requests to a function, and what a client gets for them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from iotgen.prove.account import Account
from iotgen.prove.functions import FunctionService, Result
from iotgen.prove.kernel import SECOND
from iotgen.prove.shape import EndpointShape

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
_LONGEST = 29 * SECOND

Answered = Callable[[int, Any], None]


class Gateway:
    """The API."""

    def __init__(self, account: Account, functions: Mapping[str, FunctionService]) -> None:
        self.account, self._functions = account, functions

    def request(self, endpoint: EndpointShape, body: str, answered: Answered) -> None:
        """Send a request; `answered` gets the status and the body, once."""
        if self.account.meets("gateway_throttle"):
            answered(429, None)
            return
        replies: list[int] = []

        def once(status: int, content: Any) -> None:
            if not replies:
                replies.append(status)
                answered(status, content)

        event = request_event(endpoint, body, self.account.number())
        if not self._functions[endpoint.function].invoke(event, lambda result: once(*_answer(result))):
            once(500, None)
            return
        self.account.kernel.after(_LONGEST, lambda: once(504, None))


def _answer(result: Result) -> tuple[int, Any]:
    value = result.value
    if result.error or not isinstance(value, dict) or "statusCode" not in value:
        return 502, None
    return int(value["statusCode"]), value.get("body")


def request_event(endpoint: EndpointShape, body: str, request_id: str) -> dict[str, Any]:
    """A request as a function gets it.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    return {
        "resource": endpoint.path,
        "path": endpoint.path,
        "httpMethod": endpoint.method,
        "headers": {"Content-Type": "application/json"},
        "multiValueHeaders": {"Content-Type": ["application/json"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "requestId": request_id,
            "httpMethod": endpoint.method,
            "path": endpoint.path,
            "resourcePath": endpoint.path,
            "stage": "v1",
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def parsed(body: Any) -> Any:
    """The JSON of an answer's body, None where it is none."""
    try:
        return json.loads(body)
    except (TypeError, ValueError):
        return None
