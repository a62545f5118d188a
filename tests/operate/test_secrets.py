"""Secrets: only a secure parameter has one, it keeps all else that it has, and no message repeats a value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from iotgen.errors import IotgenError, RemoteError, UsageError
from iotgen.kinds.parameters import Parameter
from iotgen.kinds.parameters.values import broken_rule
from iotgen.operate import secrets
from iotgen.operate.secrets import MOST_BYTES, Stored, Writing
from tests.emptied import empty_aws

if TYPE_CHECKING:
    from tests.conftest import Compile, Compiled

SECRET = "hunter2-a-value-of-its-own"
NAME = "/p/dev/api-key"
SPEC = """\
version: 1
pipeline: p
parameters:
  api-key: {secure: true, name: "/p/{suffix}/api-key", schema: schemas/key.json}
  limits: {value: "5"}
functions:
  f: {source: handlers/f, access: {parameters: {api-key: get, limits: get}}}
  g: {source: handlers/g, access: {parameters: {limits: get}}}
"""


@pytest.fixture
def compiled(compile_spec: Compile) -> Compiled:
    return compile_spec(SPEC)


@pytest.fixture
def parameter(compiled: Compiled) -> Parameter:
    found = secrets.find_secret(compiled.model, compiled.document, "api-key")
    assert isinstance(found, Parameter)
    return found


def writing_of(parameter: Parameter, tier: str = "Standard") -> Writing:
    return Writing(parameter, {"Type": "SecureString", "Tier": tier})


def test_only_a_secure_parameter_is_set(compiled: Compiled) -> None:
    with pytest.raises(UsageError) as raised:
        secrets.find_secret(compiled.model, compiled.document, "limits")
    assert raised.value.message == (
        "the parameter `limits` is not secure: the spec holds its value, at spec.yaml:5"
    )
    assert raised.value.hint == "Change it there, then run `iotgen apply`."


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("api-kye", "there is no secure parameter `api-kye`; did you mean `api-key`?"),
        ("token", "there is no secure parameter `token`"),
        ("limit", "there is no secure parameter `limit`"),
    ],
)
def test_another_key_is_refused_with_those_that_there_are(compiled: Compiled, key: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        secrets.find_secret(compiled.model, compiled.document, key)
    assert (raised.value.message, raised.value.hint) == (message, "Choose one of `api-key`.")


def test_a_spec_without_secrets_shows_how_to_have_one(compile_spec: Compile) -> None:
    compiled = compile_spec("version: 1\npipeline: p\nfunctions: {f: {source: handlers/f}}\n")
    with pytest.raises(UsageError) as raised:
        secrets.find_secret(compiled.model, compiled.document, "api-key")
    assert raised.value.hint == "Add one under `parameters`, with `secure: true`."


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "the value for `api-key` is empty, which Parameter Store refuses"),
        (SECRET * 200, "the value for `api-key` has more than the 4096 bytes that Parameter Store takes"),
        (
            f"{SECRET} {{{{ssm:x}}}}",
            "the value for `api-key` has `{{...}}` in it, which Parameter Store takes for a reference",
        ),
        (SECRET, "the value for `api-key` breaks `/properties/id/maxLength` of schemas/key.json"),
    ],
)
def test_a_value_that_cannot_be_stored_is_refused_and_not_repeated(
    parameter: Parameter, value: str, message: str
) -> None:
    schema = json.dumps({"type": "object", "properties": {"id": {"maxLength": 5}}})
    with pytest.raises(IotgenError) as raised:
        secrets.refuse_unfit(
            writing_of(parameter), value if value != SECRET else json.dumps({"id": SECRET}), schema
        )
    assert raised.value.message == message
    assert "hunter2" not in str(vars(raised.value))


def test_a_value_may_fill_its_tier(parameter: Parameter) -> None:
    for tier, most in MOST_BYTES.items():
        secrets.refuse_unfit(writing_of(parameter, tier), "x" * most, None)
        with pytest.raises(IotgenError):
            secrets.refuse_unfit(writing_of(parameter, tier), "x" * (most + 1), None)


@pytest.mark.parametrize(
    ("text", "schema", "broken"),
    [
        ("abc", {"type": "string"}, ""),
        ('{"a": 1}', {"type": "object"}, ""),
        ('{"a": 1}', {"type": "string"}, ""),
        ("abc", {"type": "object"}, "/type"),
        ('{"a": 1}', {"properties": {"a": {"type": "string"}}, "type": "object"}, "/properties/a/type"),
        ("null", {"type": "object"}, "/type"),
        ("abc", {"$ref": "#/$defs/none"}, ""),
        ("abc", {"type": 5}, ""),
    ],
)
def test_a_value_is_a_text_or_the_json_in_it(text: str, schema: Any, broken: str) -> None:
    assert broken_rule(text, json.dumps(schema)) == broken


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with empty_aws():
        yield boto3.client("ssm", region_name="us-east-1")


def put(ssm: Any, value: str = "unset", **settings: Any) -> None:
    ssm.put_parameter(Name=NAME, Value=value, **{"Type": "SecureString", **settings})


@pytest.mark.system
def test_a_new_value_keeps_type_key_tier_and_description(ssm: Any, parameter: Parameter) -> None:
    put(ssm, KeyId="alias/p-dev", Description="of the registry", Tier="Advanced")
    to = secrets.writing(ssm, parameter, "iotgen apply")
    assert secrets.write(ssm, to, SECRET) == 2
    (about,) = ssm.describe_parameters()["Parameters"]
    assert {name: about[name] for name in ("Type", "KeyId", "Description", "Tier")} == {
        "Type": "SecureString",
        "KeyId": "alias/p-dev",
        "Description": "of the registry",
        "Tier": "Advanced",
    }
    assert ssm.get_parameter(Name=NAME, WithDecryption=True)["Parameter"]["Value"] == SECRET


@pytest.mark.system
def test_a_parameter_that_is_not_there_has_to_be_applied_first(ssm: Any, parameter: Parameter) -> None:
    with pytest.raises(IotgenError) as raised:
        secrets.writing(ssm, parameter, "iotgen apply --suffix dev")
    assert raised.value.message == f"the parameter `api-key` is not deployed: AWS has no `{NAME}`"
    assert raised.value.hint == "Run `iotgen apply --suffix dev` first."


@pytest.mark.system
def test_a_plain_parameter_gets_no_secret(ssm: Any, parameter: Parameter) -> None:
    put(ssm, Type="String")
    with pytest.raises(IotgenError, match="which would keep a secret in plain text"):
        secrets.writing(ssm, parameter, "iotgen apply")


@pytest.mark.system
def test_a_list_has_everything_but_the_values(ssm: Any, compiled: Compiled) -> None:
    def listed() -> Stored | None:
        (secret,) = secrets.secrets(compiled.model, compiled.document, ssm)
        assert (secret.key, secret.name, secret.place) == ("api-key", NAME, "spec.yaml:4")
        assert secret.readers == ("f",)
        assert SECRET not in repr(secret)
        return secret.stored

    assert listed() is None
    put(ssm)
    first = listed()
    assert first
    assert (first.version, first.is_set) == (1, False)
    put(ssm, SECRET, Overwrite=True)
    second = listed()
    assert second
    assert (second.version, second.is_set) == (2, True)
    assert second.changed >= first.changed


def test_who_may_not_decrypt_learns_so(compiled: Compiled) -> None:
    client = boto3.client("ssm", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    about = {
        "Name": NAME,
        "Type": "SecureString",
        "Version": 3,
        "LastModifiedDate": 1_700_000_000,
        "LastModifiedUser": "arn:aws:sts::123456789012:assumed-role/ops/jo",
    }
    with Stubber(client) as stub:
        stub.add_response("describe_parameters", {"Parameters": [about]})
        stub.add_client_error("get_parameter", "AccessDeniedException", "no kms:Decrypt")
        (secret,) = secrets.secrets(compiled.model, compiled.document, client)
    assert secret.stored
    assert secret.stored.is_set is None
    assert secret.stored.changed_by == "assumed-role/ops/jo"


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (
            "AccessDeniedException",
            f"The caller needs the permission ssm:PutParameter on `{NAME}`, and kms:Encrypt on its key.",
        ),
        (
            "ThrottlingException",
            "AWS has too many requests to answer: wait a little, then run it again.",
        ),
        ("ValidationException", ""),
    ],
)
def test_what_aws_says_of_a_value_is_not_repeated(parameter: Parameter, code: str, hint: str) -> None:
    class Refusing:
        def put_parameter(self, **given: Any) -> None:
            answer = {"Error": {"Code": code, "Message": f"the value {given['Value']} is bad"}}
            raise ClientError(answer, "PutParameter")  # type: ignore[arg-type]

    with pytest.raises(RemoteError) as raised:
        secrets.write(Refusing(), writing_of(parameter), SECRET)
    assert (raised.value.message, raised.value.hint) == (f"cannot set `api-key`: {code}", hint)
    assert raised.value.__cause__ is None
