"""What Terraform would plan from one spec to another, as far as a review looks at it.

Each resource has the settings that are rendered of it. What refers to a resource that the apply creates is
known only after it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from iotgen.terraform.plan import Contents
from tests.conftest import Compiled

_KNOWN = {
    "data.aws_partition.current.partition": "aws",
    "data.aws_caller_identity.current.account_id": "123456789012",
    "path.module": ".",
}
_ARNS = {
    "aws_dynamodb_table": ("dynamodb", "table/{name}"),
    "aws_lambda_function": ("lambda", "function:{function_name}"),
    "aws_sqs_queue": ("sqs", "{name}"),
    "aws_sns_topic": ("sns", "{name}"),
    "aws_s3_bucket": ("s3", "{bucket}"),
}
UNKNOWN = "(unknown)"
# An expression in a text of Terraform's; `$${` is a literal `${`.
_EXPRESSION = re.compile(r"(?<!\$)\$\{([^}]*)\}")
Resources = Mapping[str, Mapping[str, Any]]


def contents(
    before: Compiled | None, after: Compiled | None, code: Mapping[str, str] | None = None
) -> Contents:
    """The plan from one spec to another, None for nothing at all; `code` has new digests by address."""
    old = _resources(before, {}) if before else {}
    new = _resources(after, old) if after else {}
    for address, digest in (code or {}).items():
        new[address]["source_code_hash"] = digest
    changes = [
        _change(address, old.get(address), new.get(address)) for address in dict.fromkeys([*old, *new])
    ]
    there = [{"address": address, "mode": "managed", "values": values} for address, values in old.items()]
    return Contents.of(
        {
            "resource_changes": changes,
            "prior_state": {"values": {"root_module": {"resources": there}}},
        }
    )


def _resources(spec: Compiled, there: Resources) -> dict[str, dict[str, Any]]:
    """The resources of a spec by address; those that are not there have no attributes to refer to yet."""
    rendered = spec.terraform
    made = {
        f"{type_}.{label}": _settings(body)
        for type_, labels in rendered["resource"].items()
        for label, body in labels.items()
    }
    known = {address for address in made if not there or address in there}
    return {address: _arn(address, _resolved(body, rendered, known)) for address, body in made.items()}


def _settings(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in ("depends_on", "lifecycle")}


def _arn(address: str, body: dict[str, Any]) -> dict[str, Any]:
    service, name = _ARNS.get(address.partition(".")[0], ("", ""))
    place = "" if service == "s3" else "us-east-1:123456789012"
    region = place or ":"
    return body | ({"arn": f"arn:aws:{service}:{region}:{name.format(**body)}"} if service else {})


def _resolved(value: Any, rendered: Mapping[str, Any], known: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _resolved(inner, rendered, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, rendered, known) for inner in value]
    if not isinstance(value, str):
        return value
    if encoded := re.fullmatch(r"\$\{jsonencode\(local\.(\w+)\)\}", value):
        return json.dumps(_resolved(rendered["locals"][encoded[1]], rendered, known))
    found = _EXPRESSION.findall(value)
    if any(name not in _KNOWN and ".".join(name.split(".")[:2]) not in known for name in found):
        return UNKNOWN
    text = _EXPRESSION.sub(lambda match: _KNOWN.get(match[1], f"<{match[1]}>"), value)
    return text.replace("$${", "${")


def _change(address: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> dict[str, Any]:
    type_, _, label = address.partition(".")
    if old is None or new is None:
        actions = ["create"] if old is None else ["delete"]
    else:
        actions = ["no-op"] if old == new else ["update"]
    known, unknown = _split(new)
    change = {"actions": actions, "before": old, "after": known, "after_unknown": unknown}
    return {"address": address, "mode": "managed", "type": type_, "name": label, "change": change}


def _split(value: Any) -> tuple[Any, Any]:
    """A value without what is unknown, and true in place of that."""
    if value == UNKNOWN:
        return None, True
    if isinstance(value, Mapping):
        pairs = {key: _split(inner) for key, inner in value.items()}
        known = {key: pair[0] for key, pair in pairs.items() if pair[1] is not True}
        return known, {key: pair[1] for key, pair in pairs.items() if pair[1]}
    if isinstance(value, list):
        both = [_split(inner) for inner in value]
        return [pair[0] for pair in both], [pair[1] for pair in both]
    return value, False
