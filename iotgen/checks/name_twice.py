"""Two resources of one kind would have one name."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Path, Pipeline, Sources


def _named(pipeline: Pipeline) -> Iterator[tuple[str, str, Path]]:
    """Kind, Terraform name and place of what may be called the same although its keys differ."""
    for queue in pipeline.queues:
        yield "queue", queue.name, queue.path
        yield "queue", queue.dead_letter_name, queue.path
    for function in pipeline.functions:
        yield "queue", function.dead_letter_name, function.path
        for grant in function.grants:
            path = (*function.path, "access", grant.section, grant.key)
            # A statement's id is in capitals instead of dashes, and a digit has no capital.
            key = "".join(word.capitalize() for word in grant.key.split("-"))
            for verb in grant.verb if isinstance(grant.verb, dict) else (grant.verb,):
                yield f"statement of the role of `{function.key}`", f"{verb} {grant.section} {key}", path
    for alarm in pipeline.alarms:
        yield "alarm", alarm.name, alarm.path
    for endpoint in pipeline.endpoints:
        yield "endpoint", endpoint.label, endpoint.path
        # IAM does not tell capitals: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
        yield "policy", endpoint.caller_name.lower(), endpoint.path


def _written(pipeline: Pipeline) -> Iterator[tuple[str, str, Path]]:
    """Kind, name and place of what the spec may name itself."""
    for parameter in pipeline.parameters:
        yield "parameter", parameter.name.removeprefix("/"), parameter.path
    for bucket in pipeline.buckets:
        yield "bucket", bucket.name, bucket.path


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each second use of a name."""
    seen: dict[tuple[str, str], Path] = {}
    for kind, name, path in (*_named(pipeline), *_written(pipeline)):
        first = seen.setdefault((kind, name), path)
        if first != path:
            said = f"this makes a second {kind} called `{name}`: the first comes from `{first[-1]}`"
            yield Finding(path, said, "choose another key", at_key=True)


RULE = Rule(
    "IOT311",
    "No two resources have one name.",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html",
    check,
    fix="Choose another key for one of them.",
)
