"""The partition key of an endpoint is a variable that its path does not have."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.kinds.endpoints.record import StreamReceiver
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each partition key that is a variable of no part of the path."""
    for endpoint in endpoints_of(pipeline):
        receiver = endpoint.receiver
        key = receiver.partition_key if isinstance(receiver, StreamReceiver) else None
        there = [part.replace("+}", "}") for part in endpoint.route.split("/") if part.startswith("{")]
        if key and key.startswith("{") and key not in there:
            known = f"Write {' or '.join(f'`{one}`' for one in there)}" if there else "Write `$.NAME`"
            message = f"the path `/{endpoint.route}` has no variable `{key}`"
            yield Finding((*endpoint.path, "partition_key"), message, f"{known}, or add it to the path.")


RULE = Rule(
    code="IOT439",
    summary="The partition key of an endpoint is a variable that its path does not have.",
    why=(
        "API Gateway gives an empty text for a variable that the path does not have, and Kinesis takes no "
        "record with an empty partition key: each request would be answered with 400."
    ),
    fix="Name a variable of the path, or a value of the body such as `$.device_id`.",
    source="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html",
    check=check,
)
