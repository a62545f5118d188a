"""The names of an endpoint and its parts, in Terraform and on AWS."""

import hashlib
import re

from iotgen.model.context import Context
from iotgen.model.expression import Joined, Label, Reference, joined

# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
LONGEST_POLICY_NAME = 128
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
LONGEST_ROLE_NAME = 64
# https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
LONGEST_STATEMENT_ID = 100
# A part of a path without characters that also encode a slash or a brace.
_PLAIN = re.compile(r"[A-Za-z0-9]+((_|-+)[A-Za-z0-9]+)*|\{[A-Za-z0-9_]+\+?\}")
# No part of a path makes these words: a literal part with such an end gets a digest.
_ROOT = "root-"


def part(api: Label, name: str) -> Label:
    """The Terraform name of a part of the API: no two APIs share one, as no key has an underscore."""
    return Label(f"{api}__{name}")


def words(route: str) -> str:
    """A path in the letters of a Terraform name: `devices/{id}` is devices__-id-.

    An ambiguous part gets a digest, so that no two paths share a name.
    """
    parts = route.strip("/").split("/")
    if parts == [""]:
        return _ROOT
    text = "__".join(parts).translate(str.maketrans("{}+", "---"))
    is_plain = all(_PLAIN.fullmatch(one) for one in parts)
    return text if is_plain else f"{re.sub(r'[.:]', '-', text)}-{_digest('/'.join(parts))}"


def statement_id(words: str, method: str) -> str:
    """The id of the permission for the API to invoke the function, truncated if it is too long."""
    name = f"endpoint-{words}_{method.lower()}"
    if len(name) <= LONGEST_STATEMENT_ID:
        return name
    end = f"-{_digest(words)}_{method.lower()}"
    return name[: LONGEST_STATEMENT_ID - len(end)] + end


def caller_name(context: Context, api: str, method: str, route: str) -> str:
    """The name of an endpoint's caller policy: of `GET /devices/{id}` it is iot-api-devices.=id-get-dev.

    A path with characters that encode others gets a digest, so that no two endpoints share a name.
    """
    plain = re.fullmatch(r"[^.:]*", route)
    path = route.strip("/").replace(":", "-").replace("/", ".").replace("{", "=").replace("}", "")
    path = (path if plain else f"{path}-{_digest(route)}") or "."
    name = context.name(f"{api}-{path}-{method.lower()}")
    digest = _digest(route)
    excess = len(name) - LONGEST_POLICY_NAME + len(digest) + 1
    if len(name) <= LONGEST_POLICY_NAME or excess >= len(path):
        return name
    return context.name(f"{api}-{path[:-excess]}-{digest}-{method.lower()}")


def role_name(context: Context, api: str, method: str, route: str) -> str:
    """The name of the role by which an endpoint sends to a queue, with a digest where it is too long."""
    name = caller_name(context, api, method, route)
    if len(name) <= LONGEST_ROLE_NAME:
        return name
    return f"{name[: LONGEST_ROLE_NAME - 9]}-{_digest(name)}"


def invoke_arn(api: Label, stage: str, method: str, route: str) -> Joined:
    """The ARN of exactly this method; ANY and a path variable match anything."""
    path = invoke_path(route)
    verb = "*" if method == "ANY" else method
    return joined(Reference(f"aws_api_gateway_rest_api.{api}.execution_arn"), f"/{stage}/{verb}/{path}")


def invoke_path(route: str) -> str:
    """A path as policies have it, in which a `*` stands for any text, slashes too."""
    return "/".join("*" if one.startswith("{") else one for one in route.strip("/").split("/"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
