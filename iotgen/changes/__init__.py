"""What is deployed and cannot become what the spec says: found in Terraform's state, before Terraform plans.

Terraform would replace a table or a bucket by an empty one, start a secret anew, leave everything behind in
another region, or do nothing at all: the AWS provider ignores a new type of a table's key and a `ttl` that is
gone, and it writes a secure parameter only together with its value, which it does not know.
"""

from collections.abc import Iterator

from iotgen.changes.buckets import bucket_changes
from iotgen.changes.found import FAILS, LOSES, STAYS, Found, State
from iotgen.changes.key import key_changes
from iotgen.changes.parameters import parameter_changes
from iotgen.changes.region import region_changes
from iotgen.changes.tables import table_changes
from iotgen.kinds.buckets import Bucket
from iotgen.kinds.parameters import Parameter
from iotgen.kinds.tables import Table
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Problem, Severity
from iotgen.spec.document import Document


def problems(pipeline: Pipeline, document: Document, state: State) -> tuple[Problem, ...]:
    """Each change that an apply cannot make: an error where it would fail or lose something."""
    # In another region everything differs: what it means for a table or a bucket is no news then.
    found = [*region_changes(pipeline, state)] or [*_resources(pipeline, state)]
    severities = {LOSES: Severity.ERROR, STAYS: Severity.WARNING, FAILS: Severity.ERROR}
    return tuple(
        sorted(
            document.problem(path, code, message, hint, key=True, severity=severities[code])
            for path, code, message, hint in found
        )
    )


def _resources(pipeline: Pipeline, state: State) -> Iterator[Found]:
    yield from key_changes(pipeline, state)
    for table in pipeline.all(Table):
        yield from table_changes(table, state.get(f"aws_dynamodb_table.{table.label}", {}))
    for bucket in pipeline.all(Bucket):
        yield from bucket_changes(bucket, state.get(f"aws_s3_bucket.{bucket.label}", {}), pipeline.suffix)
    for parameter in pipeline.all(Parameter):
        deployed = state.get(f"aws_ssm_parameter.{parameter.label}", {})
        yield from parameter_changes(parameter, deployed, pipeline, state)
