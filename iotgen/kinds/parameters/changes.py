"""Changes of a parameter that an apply cannot make: Terraform does not know the value of a secret."""

import shlex
from collections.abc import Iterator

from iotgen.kinds.parameters.parameter import ADDRESS, UNSET, Parameter
from iotgen.model.change import Attributes, Deployed, kept_name, loses, stays
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Finding

_AWS_KEY = "alias/aws/ssm"


def parameter_changes(
    parameters: tuple[Parameter, ...], pipeline: Pipeline, deployed: Deployed
) -> Iterator[Finding]:
    """A changed type, a changed name of a secret, or a change that Terraform does not make."""
    for parameter in parameters:
        attributes = deployed.get(f"{ADDRESS}.{parameter.label}")
        if attributes:
            yield from _changes(parameter, attributes, pipeline, deployed)


def _changes(
    parameter: Parameter, attributes: Attributes, pipeline: Pipeline, deployed: Deployed
) -> Iterator[Finding]:
    kind = parameter.kind
    if attributes["type"] != kind:
        yield loses(
            (*parameter.path, "string_list" if parameter.string_list else "secure"),
            f"the parameter `{parameter.key}` is deployed as a {attributes['type']}, "
            f"and Parameter Store cannot change it to a {kind}",
            f"Add a parameter under another key, such as `{parameter.key}-2`, and remove this one.",
        )
    elif parameter.secure and attributes["name"] != parameter.name:
        yield loses(
            (*parameter.path, "name"),
            f"the secure parameter `{parameter.key}` is deployed as `{attributes['name']}`: "
            f"named `{parameter.name}`, it would start as `{UNSET}`",
            f"Keep {kept_name(attributes['name'], pipeline.suffix)}, or add a parameter under another key, "
            "set it, and remove this one later.",
        )
    elif parameter.secure:
        yield from _secret(parameter, attributes, pipeline, deployed)


def _secret(
    parameter: Parameter, attributes: Attributes, pipeline: Pipeline, deployed: Deployed
) -> Iterator[Finding]:
    """Changes that Terraform does not make, since it would have to write the value too."""
    old, new = attributes.get("description") or "", parameter.description or ""
    if old != new:
        yield stays(
            (*parameter.path, "description"),
            f"the description of the secure parameter `{parameter.key}` stays `{old}`: "
            "Terraform writes it only together with the value, which it does not know",
            _by_hand(parameter, f"--description {shlex.quote(new)}"),
        )
    if parameter.named_key:
        yield from _named(parameter, attributes, deployed)
        return
    own = f"alias/{pipeline.name}-{pipeline.suffix}"
    own_arn = deployed.get("aws_kms_key.pipeline", {}).get("arn")
    key = own if pipeline.encryption_key else _AWS_KEY
    encrypted_with_own = attributes.get("key_id") in (own, own_arn)
    if encrypted_with_own != bool(pipeline.encryption_key):
        lost = "" if pipeline.encryption_key else ", and is lost with that key in 30 days"
        # The apply deletes the key; nothing can be decrypted afterwards.
        when = "after" if pipeline.encryption_key else "before"
        yield stays(
            parameter.path,
            f"the secure parameter `{parameter.key}` stays encrypted with `{attributes.get('key_id')}`{lost}:"
            " Terraform encrypts it only together with the value, which it does not know",
            _by_hand(parameter, f"--key-id {key}", when),
        )


def _named(parameter: Parameter, attributes: Attributes, deployed: Deployed) -> Iterator[Finding]:
    """Another key than the one that the spec names, as far as Terraform's state has its ARN."""
    label = str(parameter.named_key).replace("-", "_")
    arn = deployed.get(f"aws_kms_key.{label}", {}).get("arn")
    known = parameter.kms_key if isinstance(parameter.kms_key, str) else arn
    if known and attributes.get("key_id") != known:
        yield stays(
            (*parameter.path, "kms_key"),
            f"the secure parameter `{parameter.key}` stays encrypted with `{attributes.get('key_id')}`:"
            " Terraform encrypts it only together with the value, which it does not know",
            _by_hand(parameter, f"--key-id {known}"),
        )


def _by_hand(parameter: Parameter, change: str, when: str = "after") -> str:
    name = f"--name {parameter.name}"
    value = f'"$(aws ssm get-parameter {name} --with-decryption --query Parameter.Value --output text)"'
    return (
        f"Change it {when} the apply: "
        f"aws ssm put-parameter {name} --type SecureString --overwrite {change} --value {value}"
    )
