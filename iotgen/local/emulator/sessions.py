"""Functions sign with unguessable credentials of their role.

MiniStack derives them from the names of the function and the role with a plain hash, so that anyone who knows
the names knows the secret. Here they also depend on a random key of this process.
"""

import hmac
from typing import Any

from iotgen.credentials import Credentials


def mend_sessions(runtime: Any, lambda_svc: Any, sts: Any, key: bytes) -> None:
    """Make these MiniStack modules derive a function's credentials with `key`."""

    def execution_credentials(config: dict[str, Any]) -> dict[str, str]:
        account, _ = runtime._account_region_from_function_config(config)
        role, name = config.get("Role", "").rpartition("/")[2], config["FunctionName"]
        credentials = derived(key, f"{config['FunctionArn']}:{config.get('Role', '')}")
        session = {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name[:64]}",
            "UserId": f"{role}:{name[:64]}",
            "SecretAccessKey": credentials.secret_key,
            "SessionToken": credentials.token,
        }
        sts.register_session(credentials.access_key, session)
        return {
            "AWS_ACCESS_KEY_ID": credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
            "AWS_SESSION_TOKEN": str(credentials.token),
        }

    runtime.execution_credentials = lambda_svc.execution_credentials = execution_credentials


def derived(key: bytes, of: str) -> Credentials:
    """Return temporary credentials, always the same for `of`, a function and its role."""

    def digest(kind: str) -> str:
        return hmac.new(key, f"{kind}:{of}".encode(), "sha256").hexdigest()

    return Credentials(f"ASIA{digest('key')[:16].upper()}", digest("secret"), digest("token"))
