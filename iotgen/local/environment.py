"""Environments for the local AWS: none of the user's AWS settings, only the credentials of its start."""

import os
from collections.abc import Mapping
from pathlib import Path

from iotgen.credentials import Credentials
from iotgen.local.record import LocalAws

# Where the server writes what functions wrote; see `emulator.function_logs`.
FUNCTION_LOGS = "FUNCTION_LOGS_DIR"

# What a Python process needs to run at all; everything else of the user's stays outside.
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
    """Return the environment of a MiniStack that serves `host`:`port` and writes only to these folders."""
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
        # Its health check repeats this, so that an answer is known to come from this very instance.
        "MINISTACK_VERSION": instance,
        # Each role's policies are evaluated, as on AWS.
        "AUTH": "true",
        "LAMBDA_EXECUTOR": "local",
        # A socket that isn't there: MiniStack would otherwise remove containers of other projects when it
        # starts.
        "DOCKER_HOST": f"unix://{scratch / 'no-docker.sock'}",
        # Both would listen on fixed ports of their own, where a second project's would collide.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def for_terraform(env: Mapping[str, str], region: str, aws: LocalAws) -> dict[str, str]:
    """Return `env` for a Terraform that deploys to the local AWS.

    Without the user's AWS settings, which could lead it to a real account, and without what applies to the
    real deployment only: extra arguments and a workspace. The credentials are here and in no file, and the
    endpoint is that of every service, also of those that the override doesn't know and of other providers:
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
