import json
from pathlib import Path

import pytest

from iotgen.client.credentials import aws_credentials
from iotgen.credentials import Credentials
from iotgen.errors import RemoteError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an account without any AWS settings, on a machine that is no EC2 instance."""
    for name in (
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "BOTO_CONFIG",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / ".aws/credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / ".aws/config"))
    (tmp_path / ".aws").mkdir()
    return tmp_path


def refused(profile: str | None = None) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        aws_credentials(profile)
    assert caught.value.exit_code == 3
    return caught.value


def test_none_at_all() -> None:
    error = refused()
    assert error.message == "there are no AWS credentials"
    for way in ("aws sso login", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"):
        assert way in error.hint


def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    assert aws_credentials() == Credentials("AKIA", "secret", "token")


def test_half_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    assert refused().message == (
        "the AWS credentials are incomplete: AWS_SECRET_ACCESS_KEY is missing (source: env)"
    )


def test_from_a_profile(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".aws/credentials").write_text(
        "[default]\naws_access_key_id = A\naws_secret_access_key = a\n"
        "[ops]\naws_access_key_id = B\naws_secret_access_key = b\n"
    )
    assert aws_credentials() == Credentials("A", "a")
    assert aws_credentials("ops") == Credentials("B", "b")
    monkeypatch.setenv("AWS_PROFILE", "ops")
    assert aws_credentials() == Credentials("B", "b")


def test_an_unknown_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused("nobody").message == "there is no AWS profile `nobody`"
    monkeypatch.setenv("AWS_PROFILE", "gone")
    assert refused().message == "there is no AWS profile `gone`"


def sso(home: Path, expires: str | None) -> None:
    (home / ".aws/config").write_text(
        "[profile dev]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n"
        "[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://x.example/start\n"
    )
    if expires:
        from hashlib import sha1

        cache = home / ".aws/sso/cache"
        cache.mkdir(parents=True)
        token = {"startUrl": "https://x.example/start", "accessToken": "t", "expiresAt": expires}
        (cache / f"{sha1(b's').hexdigest()}.json").write_text(json.dumps(token))  # noqa: S324 (AWS's file name)


@pytest.mark.parametrize("expires", [None, "2020-01-01T00:00:00Z"])
def test_a_login_that_has_expired(home: Path, expires: str | None) -> None:
    sso(home, expires)
    error = refused("dev")
    assert error.message == "the AWS login has expired"
    assert error.hint == "Log in again: aws sso login --profile dev"


def test_a_settings_file_that_is_none(home: Path) -> None:
    (home / ".aws/config").write_text("not settings\n")
    assert refused().message.startswith("the AWS credentials cannot be used: Unable to parse config file")


def test_a_helper_that_fails(home: Path) -> None:
    (home / ".aws/config").write_text("[profile tool]\ncredential_process = false\n")
    assert refused("tool").message.startswith("the AWS credentials cannot be used: ")


def test_secrets_are_not_shown() -> None:
    assert repr(Credentials("AKIA", "secret", "token")) == "Credentials(access_key='AKIA')"
