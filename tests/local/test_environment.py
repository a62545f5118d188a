from pathlib import Path

from iotgen.credentials import Credentials
from iotgen.local.environment import for_server, for_terraform
from iotgen.local.record import LocalAws

USER = {
    "PATH": "/bin",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "https://elsewhere",
    "AWS_ENDPOINT_URL_IOT": "https://elsewhere",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_SESSION_TOKEN": "real",
    "TF_CLI_ARGS_init": "-backend-config=bucket=x",
    "TF_WORKSPACE": "blue",
    "TF_VAR_key": "secret",
    "TF_LOG": "debug",
    "https_proxy": "http://proxy",
}
AWS = LocalAws(1, 4566, "http://127.0.0.1:4566", "i", Path("log"), "us-east-1", "AKIA", "secret")


def test_the_server_gets_only_what_it_needs(tmp_path: Path) -> None:
    env = for_server(
        USER,
        port=4566,
        host="127.0.0.1",
        instance="i",
        region="eu-west-1",
        scratch=tmp_path,
        function_logs=tmp_path / "functions",
        credentials=Credentials("AKIA", "secret"),
    )
    assert env["PATH"] == "/bin"
    assert not env.keys() & (USER.keys() - {"PATH"})
    assert env["AWS_REGION"] == env["MINISTACK_REGION"] == "eu-west-1"
    assert (env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]) == ("AKIA", "secret")
    assert env["BIND_HOST"] == "127.0.0.1"
    assert not Path(env["DOCKER_HOST"].removeprefix("unix://")).exists()


def test_terraform_keeps_its_settings_but_no_aws_account() -> None:
    env = for_terraform(USER, "eu-west-1", AWS)
    kept = {name for name in env.keys() & USER.keys() if env[name] == USER[name]}
    assert kept == {"PATH", "TF_VAR_key", "TF_LOG", "https_proxy"}
    assert {name: value for name, value in env.items() if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
