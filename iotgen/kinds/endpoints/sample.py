"""A request to an endpoint, as API Gateway passes it on to the function behind it."""

from datetime import UTC, datetime
from typing import Any

from iotgen.kinds.endpoints.api import Api, Endpoint
from iotgen.model.trigger import Event, Occasion

_API_ID = "sampleapi0"
_VALUE = "sample"


def sample_request(api: Api, endpoint: Endpoint, occasion: Occasion) -> Event:
    """A proxy event with the occasion's content as its body where the method has one.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    live, path = occasion.live, "/" + "/".join(map(_filled, endpoint.route.split("/")))
    has_body = endpoint.method in ("POST", "PUT", "PATCH")
    query = {name: _VALUE for name, required in _query(endpoint) if required} or None
    variables = {part.strip("{}+"): _filled(part) for part in endpoint.route.split("/") if part[:1] == "{"}
    domain = f"{_API_ID}.execute-api.{live.region}.amazonaws.com"
    headers = {
        "Accept": "application/json",
        "Host": domain,
        "User-Agent": "iotgen",
        "X-Amzn-Trace-Id": f"Root=1-{occasion.now // 1000:08x}-{occasion.id.replace('-', '')[:24]}",
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
        **({"Content-Type": "application/json"} if has_body else {}),
    }
    return {
        "resource": f"/{endpoint.route}",
        "path": path,
        "httpMethod": endpoint.method,
        "headers": headers,
        "multiValueHeaders": _lists(headers),
        "queryStringParameters": query,
        "multiValueQueryStringParameters": _lists(query) if query else None,
        "pathParameters": variables or None,
        "stageVariables": None,
        "requestContext": _context(api, endpoint, occasion, path, domain),
        "body": occasion.content if has_body else None,
        "isBase64Encoded": False,
    }


def sample_authorization(api: Api, endpoint: Endpoint, occasion: Occasion) -> Event:
    """What API Gateway asks the function that decides who may call an endpoint.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
    """
    live, request = occasion.live, sample_request(api, endpoint, occasion)
    place = f"{_API_ID}/{api.stage}/{endpoint.method}{request['path']}"
    arn = f"arn:{live.partition}:execute-api:{live.region}:{live.account}:{place}"
    if endpoint.auth.authorizer and endpoint.auth.authorizer.type == "TOKEN":
        return {"type": "TOKEN", "authorizationToken": f"Bearer {_VALUE}", "methodArn": arn}
    without_body = {name: value for name, value in request.items() if name not in ("body", "isBase64Encoded")}
    headers = {**request["headers"], "Authorization": f"Bearer {_VALUE}"}
    more = {"headers": headers, "multiValueHeaders": _lists(headers)}
    return {"type": "REQUEST", "methodArn": arn, **without_body, **more}


def _context(api: Api, endpoint: Endpoint, occasion: Occasion, path: str, domain: str) -> Event:
    live, at = occasion.live, datetime.fromtimestamp(occasion.now / 1000, UTC)
    return {
        "accountId": live.account,
        "apiId": _API_ID,
        "domainName": domain,
        "domainPrefix": _API_ID,
        "extendedRequestId": "SAMPLE",
        "httpMethod": endpoint.method,
        "identity": {
            "accessKey": "AKIAIOSFODNN7EXAMPLE",
            "accountId": live.account,
            "caller": "AIDACKCEVSQ6C2EXAMPLE",
            "sourceIp": "192.0.2.1",
            "user": "AIDACKCEVSQ6C2EXAMPLE",
            "userAgent": "iotgen",
            "userArn": f"arn:{live.partition}:iam::{live.account}:user/sample",
        },
        "path": f"/{api.stage}{path}",
        "protocol": "HTTP/1.1",
        "requestId": occasion.id,
        "requestTime": f"{at:%d}/{_MONTHS[at.month - 1]}/{at:%Y:%H:%M:%S} +0000",
        "requestTimeEpoch": occasion.now,
        "resourceId": "sample",
        "resourcePath": f"/{endpoint.route}",
        "stage": api.stage,
    }


# Those of strftime are in the user's language.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _filled(part: str) -> str:
    return f"{_VALUE}-{part.strip('{}+')}" if part.startswith("{") else part


def _query(endpoint: Endpoint) -> list[tuple[str, bool]]:
    """The query parameters, and whether each is required."""
    prefix = "method.request.querystring."
    return [(name.removeprefix(prefix), required) for name, required in endpoint.parameters.items()]


def _lists(values: dict[str, str]) -> dict[str, Any]:
    return {name: [value] for name, value in values.items()}
