"""Secrets of Secrets Manager: made empty, set by a command; no message repeats a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from iotgen.errors import IotgenError, UsageError
from iotgen.kinds.secrets import SECRETS, Secret
from iotgen.model.contents import Amount
from iotgen.model.live import Live
from iotgen.model.preflight import Account, Check, Level
from iotgen.operate import managed_secrets as managed
from iotgen.operate.secrets import Stored, find_secret
from tests.emptied import empty_aws

if TYPE_CHECKING:
    from tests.conftest import Compile, Compiled

pytestmark = pytest.mark.system
VALUE = "hunter2-a-value-of-its-own"
SPEC = """\
version: 1
pipeline: p
secrets:
  token: {name: "acme/{suffix}/token"}
  partner: {existing: acme/partner}
functions:
  f: {source: handlers/f, access: {secrets: {token: read}}}
"""


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with empty_aws():
        session: Any = boto3.Session(region_name="us-east-1")
        yield session.client


@pytest.fixture
def compiled(compile_spec: Compile) -> Compiled:
    return compile_spec(SPEC)


@pytest.fixture
def token(compiled: Compiled) -> Secret:
    return compiled.model.get(Secret, "token")


def test_a_secret_is_set_by_its_key(compiled: Compiled, token: Secret, clients: Callable[[str], Any]) -> None:
    client = clients("secretsmanager")
    client.create_secret(Name="acme/dev/token")
    assert find_secret(compiled.model, compiled.document, "token") == token
    managed.refuse_missing(client, token, "iotgen apply")
    version = managed.write_secret(client, token, VALUE)
    current = client.get_secret_value(SecretId=token.name)
    assert (current["SecretString"], current["VersionId"]) == (VALUE, version)


def test_what_is_listed_has_no_value(compiled: Compiled, clients: Callable[[str], Any]) -> None:
    (missing,) = managed.managed_secrets(compiled.model, compiled.document, clients("secretsmanager"))
    assert missing.stored is None
    clients("secretsmanager").create_secret(Name="acme/dev/token", SecretString=VALUE)
    (secret,) = managed.managed_secrets(compiled.model, compiled.document, clients("secretsmanager"))
    assert (secret.key, secret.name, secret.place, secret.readers) == (
        "token",
        "acme/dev/token",
        "spec.yaml:4",
        ("f",),
    )
    assert isinstance(secret.stored, Stored)
    assert secret.stored.is_set
    assert VALUE not in repr(secret)


def test_a_secret_that_is_not_there_is_refused(token: Secret, clients: Callable[[str], Any]) -> None:
    with pytest.raises(IotgenError) as raised:
        managed.refuse_missing(clients("secretsmanager"), token, "iotgen apply --suffix dev")
    assert raised.value.message == "the secret `token` is not deployed: AWS has no `acme/dev/token`"
    assert raised.value.hint == "Run `iotgen apply --suffix dev` first."


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "the value for `token` is empty, which Secrets Manager refuses"),
        ("x" * 65537, "the value for `token` has more than the 65536 bytes that Secrets Manager takes"),
    ],
)
def test_a_value_that_does_not_fit(token: Secret, value: str, message: str) -> None:
    with pytest.raises(IotgenError) as raised:
        managed.refuse_unfit_secret(token, value)
    assert raised.value.message == message
    managed.refuse_unfit_secret(token, "x" * 65536)


def test_a_secret_of_others_is_not_set(compiled: Compiled) -> None:
    with pytest.raises(UsageError) as raised:
        find_secret(compiled.model, compiled.document, "partner")
    assert raised.value.message == "the secret `partner` exists already, and iotgen does not change it"
    assert raised.value.hint == "Ask whoever owns `acme/partner`, which spec.yaml:5 names."


def test_a_key_of_two_secrets_is_refused(compile_spec: Compile) -> None:
    both = compile_spec(f"{SPEC}parameters: {{token: {{secure: true}}}}\n")
    with pytest.raises(UsageError) as raised:
        find_secret(both.model, both.document, "token")
    assert raised.value.message == "`token` is a parameter and a secret, at spec.yaml:8 and spec.yaml:4"


def _checks(token: Secret, clients: Callable[[str], Any], ours: frozenset[str]) -> list[Check]:
    live = Live("us-east-1", clients)
    account = Account(live=live, ours=ours, tags={}, today=date(2026, 7, 1))
    assert SECRETS.preflight
    return list(SECRETS.preflight((token,), account))


def test_a_preflight_finds_missing_values_and_taken_names(
    token: Secret, clients: Callable[[str], Any]
) -> None:
    unset = ("warning", "the secret `token` has no value yet")
    assert [(one.level, one.message) for one in _checks(token, clients, frozenset())] == [unset]
    arn = clients("secretsmanager").create_secret(Name=token.name)["ARN"]
    assert [(one.level, one.message) for one in _checks(token, clients, frozenset({arn}))] == [unset]
    clients("secretsmanager").put_secret_value(SecretId=token.name, SecretString=VALUE)
    assert _checks(token, clients, frozenset({arn})) == []
    (taken,) = _checks(token, clients, frozenset())
    assert taken.message == (
        "the secret `acme/dev/token` exists already, and is not part of this environment"
    )


def test_a_preflight_finds_a_secret_that_waits_for_its_deletion(
    token: Secret, clients: Callable[[str], Any]
) -> None:
    client = clients("secretsmanager")
    client.create_secret(Name=token.name)
    client.delete_secret(SecretId=token.name)
    (found,) = _checks(token, clients, frozenset())
    assert found.level is Level.ERROR
    assert found.message.startswith("the secret `acme/dev/token` was deleted on ")
    assert found.hint.endswith("--secret-id acme/dev/token --force-delete-without-recovery")


def test_what_is_lost_with_a_secret(token: Secret, clients: Callable[[str], Any]) -> None:
    client = clients("secretsmanager")
    arn = client.create_secret(Name=token.name)["ARN"]
    assert SECRETS.contents
    now = datetime.now(UTC)
    deployed = {"arn": arn, "recovery_window_in_days": 30}
    assert SECRETS.contents(clients, deployed, now) == Amount("no value yet", empty=True)
    client.put_secret_value(SecretId=token.name, SecretString=VALUE)
    held = SECRETS.contents(clients, deployed, now)
    assert not held.empty
    assert held.words.endswith(", which can be restored for 30 days")
    gone = SECRETS.contents(clients, {"arn": arn, "recovery_window_in_days": 0}, now)
    assert gone.words.endswith(", which cannot be restored")
