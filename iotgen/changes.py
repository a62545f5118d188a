"""What is deployed and cannot become what the spec says: found in Terraform's state, before Terraform plans.

Terraform would replace a table or a bucket by an empty one, start a secret anew, leave everything behind in
another region, or do nothing at all: the AWS provider ignores a new type of a table's key and a `ttl` that is
gone, and it writes a secure parameter only together with its value, which it does not know.
"""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.deployed_region import State, elsewhere
from iotgen.model.names import is_name
from iotgen.model.pipeline import Bucket, Parameter, Path, Pipeline, Table
from iotgen.problem import Problem, Severity
from iotgen.spec.document import Document

# A resource's attributes in the state.
Attributes = Mapping[str, Any]

LOSES, STAYS, FAILS = "IOT601", "IOT602", "IOT603"
_TYPES = {"S": "string", "N": "number", "B": "binary"}
_AWS_KEY = "alias/aws/ssm"
# Where in the spec it is, the code, the message and the hint.
_Found = tuple[Path, str, str, str]


def problems(pipeline: Pipeline, document: Document, state: State) -> tuple[Problem, ...]:
    """Each change that an apply cannot make: an error where it would lose something, else a warning."""
    # In another region everything differs: what it means for a table or a bucket is no news then.
    found = [*_region(pipeline, state)] or [*_resources(pipeline, state)]
    severities = {LOSES: Severity.ERROR, STAYS: Severity.WARNING, FAILS: Severity.ERROR}
    return tuple(
        sorted(
            document.problem(path, code, message, hint, key=True, severity=severities[code])
            for path, code, message, hint in found
        )
    )


def _region(pipeline: Pipeline, state: State) -> Iterator[_Found]:
    if there := elsewhere(state, pipeline.region):
        yield (
            ("region",),
            LOSES,
            f"the environment `{pipeline.suffix}` is deployed in {there}: in {pipeline.region} everything "
            "would be made anew, and what is deployed would be lost or left behind",
            f"Keep `region: {there}` for it, and give what is for {pipeline.region} another suffix.",
        )


def _resources(pipeline: Pipeline, state: State) -> Iterator[_Found]:
    for table in pipeline.tables:
        deployed = state.get(f"aws_dynamodb_table.{table.label}", {})
        yield from [*_table(table, deployed)] or _ttl(table, deployed)
    for bucket in pipeline.buckets:
        yield from _bucket(bucket, state.get(f"aws_s3_bucket.{bucket.label}", {}), pipeline.suffix)
    for parameter in pipeline.parameters:
        deployed = state.get(f"aws_ssm_parameter.{parameter.label}", {})
        yield from _parameter(parameter, deployed, pipeline, state)


def _table(table: Table, deployed: Attributes) -> Iterator[_Found]:
    if not deployed:
        return
    types = {one["name"]: one["type"] for one in deployed.get("attribute") or ()}
    was = [(name, types.get(name)) for name in (deployed["hash_key"], deployed.get("range_key")) if name]
    wanted = [(key.name, key.type) for key in (table.partition_key, table.sort_key) if key]
    if was == wanted:
        return
    same_partition = was[0] == wanted[0]
    yield (
        (*table.path, "sort_key" if same_partition else "partition_key"),
        LOSES,
        f"the table `{table.key}` is deployed with the key {_key(was)}, and DynamoDB cannot change a key: "
        "the table would be replaced by an empty one",
        f"Add a table under another key, such as `{table.key}-2`, copy the items, and remove this one later.",
    )


def _key(attributes: list[tuple[str, str | None]]) -> str:
    return " and ".join(f"`{name}` ({_TYPES.get(kind or '', kind)})" for name, kind in attributes)


def _ttl(table: Table, deployed: Attributes) -> Iterator[_Found]:
    """A `ttl` that is gone, which the provider ignores, or that is another, which DynamoDB refuses.

    https://github.com/hashicorp/terraform-provider-aws/issues/44730
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
    """
    on = [one["attribute_name"] for one in deployed.get("ttl") or () if one.get("enabled")]
    if not on or on == [table.ttl]:
        return
    command = (
        f"aws dynamodb update-time-to-live --table-name {table.name} "
        f"--time-to-live-specification {shlex.quote(f'Enabled=false,AttributeName={on[0]}')}"
    )
    if table.ttl:
        yield (
            (*table.path, "ttl"),
            FAILS,
            f"the items of the table `{table.key}` expire by `{on[0]}`, and DynamoDB takes no other "
            "attribute as long as that is on",
            f"Switch it off first, and apply an hour later: {command}",
        )
    else:
        yield (
            table.path,
            STAYS,
            f"the items of the table `{table.key}` still expire by `{on[0]}`: "
            "Terraform does not switch that off",
            f"Switch it off by hand: {command}",
        )


def _bucket(bucket: Bucket, deployed: Attributes, suffix: str) -> Iterator[_Found]:
    if deployed and not is_name(bucket.name, deployed["bucket"]):
        yield (
            (*bucket.path, "name"),
            LOSES,
            f"the bucket `{bucket.key}` is deployed as `{deployed['bucket']}`: "
            f"as `{bucket.name}` it would be a new, empty bucket",
            f"Keep {_name(deployed['bucket'], suffix)}, or add a bucket under another key, copy the objects, "
            "and remove this one later.",
        )


def _parameter(
    parameter: Parameter, deployed: Attributes, pipeline: Pipeline, state: State
) -> Iterator[_Found]:
    if not deployed:
        return
    kind = "SecureString" if parameter.secure else "String"
    if deployed["type"] != kind:
        yield (
            (*parameter.path, "secure"),
            LOSES,
            f"the parameter `{parameter.key}` is deployed as a {deployed['type']}, "
            f"and Parameter Store cannot change it to a {kind}",
            f"Add a parameter under another key, such as `{parameter.key}-2`, and remove this one.",
        )
    elif parameter.secure and deployed["name"] != parameter.name:
        yield (
            (*parameter.path, "name"),
            LOSES,
            f"the secure parameter `{parameter.key}` is deployed as `{deployed['name']}`: "
            f"as `{parameter.name}` it would start as `unset`",
            f"Keep {_name(deployed['name'], pipeline.suffix)}, or add a parameter under another key, set it, "
            "and remove this one later.",
        )
    elif parameter.secure:
        yield from _secret(parameter, deployed, pipeline, state)


def _secret(parameter: Parameter, deployed: Attributes, pipeline: Pipeline, state: State) -> Iterator[_Found]:
    """What Terraform leaves as it is, since it would have to write the value too."""
    was, wanted = deployed.get("description") or "", parameter.description or ""
    if was != wanted:
        yield (
            (*parameter.path, "description"),
            STAYS,
            f"the description of the secure parameter `{parameter.key}` stays `{was}`: "
            "Terraform writes it only together with the value, which it does not know",
            _by_hand(parameter, f"--description {shlex.quote(wanted)}"),
        )
    own = f"alias/{pipeline.name}-{pipeline.suffix}"
    own_arn = state.get("aws_kms_key.pipeline", {}).get("arn")
    key = own if pipeline.encryption_key else _AWS_KEY
    encrypted_with_own = deployed.get("key_id") in (own, own_arn)
    if encrypted_with_own != bool(pipeline.encryption_key):
        lost = "" if pipeline.encryption_key else ", and is lost with that key in 30 days"
        yield (
            parameter.path,
            STAYS,
            f"the secure parameter `{parameter.key}` stays encrypted with `{deployed.get('key_id')}`{lost}: "
            "Terraform encrypts it only together with the value, which it does not know",
            _by_hand(parameter, f"--key-id {key}"),
        )


def _name(deployed: str, suffix: str) -> str:
    """The setting that makes a name which is deployed."""
    return f"its name by `name: {deployed.replace(suffix, '{suffix}')}`"


def _by_hand(parameter: Parameter, change: str) -> str:
    name = f"--name {parameter.name}"
    value = f'"$(aws ssm get-parameter {name} --with-decryption --query Parameter.Value --output text)"'
    return (
        "Change it after the apply: "
        f"aws ssm put-parameter {name} --type SecureString --overwrite {change} --value {value}"
    )
