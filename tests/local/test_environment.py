from pathlib import Path

from iotgen.local.environment import for_server, for_terraform

USER = {
    "PATH": "/bin",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "https://elsewhere",
    "TF_CLI_ARGS_init": "-backend-config=bucket=x",
    "TF_WORKSPACE": "blue",
    "TF_VAR_key": "secret",
    "TF_LOG": "debug",
    "https_proxy": "http://proxy",
}


def test_the_server_gets_only_what_it_needs(tmp_path: Path) -> None:
    env = for_server(USER, port=4566, host="127.0.0.1", instance="i", region="eu-west-1", scratch=tmp_path)
    assert env["PATH"] == "/bin"
    assert not env.keys() & (USER.keys() - {"PATH"})
    assert env["AWS_REGION"] == env["MINISTACK_REGION"] == "eu-west-1"
    assert env["BIND_HOST"] == "127.0.0.1"
    assert not Path(env["DOCKER_HOST"].removeprefix("unix://")).exists()


def test_terraform_keeps_its_settings_but_no_aws_account() -> None:
    env = for_terraform(USER, "eu-west-1")
    assert env.keys() & USER.keys() == {"PATH", "TF_VAR_key", "TF_LOG", "https_proxy"}
    assert env["AWS_ACCESS_KEY_ID"] == "test"
    assert env["AWS_REGION"] == "eu-west-1"
