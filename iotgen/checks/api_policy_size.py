"""The policy of the API is longer than the default quota allows."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api, api_policy
from iotgen.model.expression import Expression, Joined, Reference
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

_MOST = 8192
# Each reference in it is at most as long as the start of an ARN with account, region and the API's id.
_LONGEST = "arn:aws:execute-api:ap-southeast-1:123456789012:a1b2c3d4e5"


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find an API whose policy does not fit."""
    api = pipeline.one(Api)
    size = _characters(api) if api else 0
    if api and size > _MOST:
        message = f"the policy of the API has some {size} characters; API Gateway allows {_MOST} by default"
        hint = "Write `from` for the whole API, or raise the quota in Service Quotas."
        yield Finding(api.path, message, hint, at_key=True)


def _characters(api: Api) -> int:
    policy = api_policy(api)
    if policy is None:
        return 0
    signed = [_statement(policy.signed, {"AWS": one.principal}) for one in api.accepted if policy.signed]
    denied = [_statement(one.resources, "*", one.conditions) for one in policy.denials]
    first = [_statement([policy.unsigned], "*")] if policy.unsigned else []
    document = {"Version": "2012-10-17", "Statement": [*first, *signed, *denied]}
    return len(json.dumps(document, separators=(",", ":"), default=_text))


def _statement(resources: Any, principal: Any, conditions: Mapping[str, Any] | None = None) -> dict[str, Any]:
    rest = {"Sid": "DenyOutside", "Effect": "Allow", "Action": "execute-api:Invoke", "Principal": principal}
    return {**rest, "Resource": resources, "Condition": conditions or {}}


def _text(text: Expression) -> str:
    parts = text.parts if isinstance(text, Joined) else (text,)
    return "".join(_LONGEST if isinstance(part, Reference) else part for part in parts)


RULE = Rule(
    code="IOT441",
    severity=Severity.WARNING,
    summary="The policy of the API is longer than API Gateway allows by default.",
    why=(
        "The policy of an API has at most 8,192 characters, unless Service Quotas has raised the limit; the "
        "apply fails at a longer one. Each endpoint that has a `from` of its own takes some 80, and each "
        "address 20."
    ),
    fix="Write `from` for the whole API rather than for each endpoint, or join ranges of addresses.",
    ignore="Service Quotas has raised the length of the API's resource policy.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html",
    check=check,
)
