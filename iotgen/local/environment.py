"""Environment variables for the local AWS: its own credentials, and none of the user's AWS settings."""

import os
from collections.abc import Mapping
from pathlib import Path

from iotgen.credentials import Credentials
from iotgen.local.record import LocalAws

# The variable with the folder of the functions' log files; see `emulator.function_logs`.
FUNCTION_LOGS = "FUNCTION_LOGS_DIR"

# The variables that any Python process needs; no others of the user are passed on.
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")


def for_server(
    env: Mapping[str, str],
    *,
    port: int,
    host: str,
    instance: str,
    region: str,
    scratch: Path,
    function_logs: Path,
    credentials: Credentials,
) -> dict[str, str]:
    """Return the environment of a MiniStack on `host`:`port` that writes only to these folders."""
    return {
        **{name: env[name] for name in _KEPT if name in env},
        **_aws(region, credentials),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "S3_DATA_DIR": str(scratch / "s3"),
        "STATE_DIR": str(scratch / "state"),
        FUNCTION_LOGS: str(function_logs),
        "BIND_HOST": host,
        "MINISTACK_HOST": host,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": region,
        # The health check returns this, so that a response is known to come from this instance.
        "MINISTACK_VERSION": instance,
        # Evaluates the policies of roles, as AWS does.
        "AUTH": "true",
        "LAMBDA_EXECUTOR": "local",
        # A socket that does not exist: otherwise MiniStack would remove containers of other projects at its
        # start.
        "DOCKER_HOST": f"unix://{scratch / 'no-docker.sock'}",
        # Both would listen on fixed ports, which two projects cannot share.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def for_terraform(env: Mapping[str, str], region: str, aws: LocalAws) -> dict[str, str]:
    """Return `env` for a Terraform that deploys to the local AWS.

    It lacks the user's AWS settings, which could select a real account, and settings for the real deployment
    only: extra arguments and a workspace. The credentials are here and in no file. The endpoint applies to
    all services, including those that the override does not list, and to other providers:
    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/custom-service-endpoints
    """
    kept = {
        name: value
        for name, value in env.items()
        if not name.startswith(("AWS_", "TF_CLI_ARGS")) and name != "TF_WORKSPACE"
    }
    return {**kept, **_aws(region, aws.credentials), "AWS_ENDPOINT_URL": aws.endpoint}


def _aws(region: str, credentials: Credentials) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
