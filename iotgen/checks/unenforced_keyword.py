"""A request schema has a keyword that AWS lists as not supported in models."""

import json
from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.endpoints import request_schemas
from iotgen.kinds.endpoints.request_model import subschemas
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# Draft 4 has them, and people report that models enforce some of them (https://github.com/aws/aws-cdk/issues/3993);
# AWS promises nothing.
LISTED = ("additionalProperties", "anyOf", "exclusiveMinimum", "maxItems", "minItems", "oneOf")


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each schema with such keywords."""
    for file, path in request_schemas(pipeline).items():
        schema = json.loads(sources.text(file) or "")
        used = {keyword for _, part in subschemas(schema) for keyword in part}
        if words := [word for word in LISTED if word in used]:
            message = f"API Gateway may not enforce {listed(words)} of `{file}`"
            yield Finding(path, message, "Let the function check the body as well.")


RULE = Rule(
    code="IOT354",
    severity=Severity.INFO,
    summary="A request schema has a keyword that AWS lists as not supported in models.",
    why=(
        "AWS's notes list `additionalProperties`, `anyOf`, `exclusiveMinimum`, `maxItems`, `minItems` and "
        "`oneOf` as not supported in models. API Gateway accepts them, and people report that it enforces "
        "some; AWS promises nothing, so what the schema forbids may reach the function."
    ),
    fix="Let the function check the body as well.",
    ignore="The function checks the body as well.",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html",
    check=check,
)
