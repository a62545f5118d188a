"""Puts together the server of the local AWS: MiniStack, secured and corrected."""

import importlib.metadata
import os
import secrets
import threading
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from iotgen.credentials import Credentials
from iotgen.local.emulator.alarms import mend_alarms
from iotgen.local.emulator.batches import mend_batch_size
from iotgen.local.emulator.bucket_versions import mend_versions
from iotgen.local.emulator.dead_letters import mend_dead_letters
from iotgen.local.emulator.events import mend_events
from iotgen.local.emulator.function_logs import mend_function_logs
from iotgen.local.emulator.gate import Gate
from iotgen.local.emulator.keys import credentials_in_use
from iotgen.local.emulator.log_keys import mend_log_keys
from iotgen.local.emulator.message_size import mend_message_size
from iotgen.local.emulator.passwords import mend_passwords
from iotgen.local.emulator.policies import mend_batches, mend_transport
from iotgen.local.emulator.pool import mend_pool
from iotgen.local.emulator.rest_apis import mend_rest_apis
from iotgen.local.emulator.sessions import mend_sessions
from iotgen.local.emulator.tags import mend_tags
from iotgen.local.emulator.thing_groups import mend_thing_groups
from iotgen.local.emulator.throttles import mend_throttles
from iotgen.local.emulator.token_keys import mend_token_keys
from iotgen.local.emulator.workers import mend_workers
from iotgen.local.environment import FUNCTION_LOGS

CORES = os.cpu_count() or 1
VERSION = "1.5.33"
"""The MiniStack that these corrections are written for and tested with."""


def main() -> None:
    """Serve until a signal ends it."""
    assembled().main()


def assembled() -> Any:
    """Return MiniStack's module `app`, secured, corrected and ready to serve.

    Raises RuntimeError for another version of MiniStack, which could be open in other places.
    """
    installed = importlib.metadata.version("ministack")
    if installed != VERSION:
        raise RuntimeError(f"the local AWS needs MiniStack {VERSION}, not {installed}")
    app: Any = import_module("ministack.app")
    lambda_svc = import_module("ministack.services.lambda_svc")
    runtime = import_module("ministack.core.lambda_runtime")
    mend_transport(app)
    mend_batches(import_module("ministack.core.iam_actions"))
    mend_versions(import_module("ministack.services.s3"))
    mend_alarms(import_module("ministack.services.cloudwatch"))
    mend_log_keys(import_module("ministack.services.cloudwatch_logs"))
    mend_tags(
        import_module("ministack.services.tagging"), import_module("ministack.services.cloudwatch_logs")
    )
    apigateway = import_module("ministack.services.apigateway_v1")
    mend_throttles(apigateway)
    mend_rest_apis(apigateway)
    mend_message_size(import_module("ministack.services.iot_data"))
    mend_thing_groups(import_module("ministack.services.iot"))
    cognito = import_module("ministack.services.cognito")
    mend_passwords(cognito)
    mend_token_keys(apigateway, cognito)
    mend_batch_size(import_module("ministack.services.sqs"))
    mend_events(lambda_svc, 2 * CORES)
    mend_dead_letters(lambda_svc, import_module("ministack.services.sqs"))
    mend_pool(runtime, lambda_svc, 2 * CORES)
    mend_workers(runtime, lambda_svc, Path(os.environ["TMPDIR"], "functions"), threading.Semaphore(CORES))
    mend_function_logs(lambda_svc, Path(os.environ[FUNCTION_LOGS]))
    mend_sessions(runtime, lambda_svc, import_module("ministack.services.sts"), secrets.token_bytes(32))
    app.app = closed(app.app)
    return app


def closed(app: Any) -> Gate:
    """Return the ASGI application behind the gate, with the credentials from this process's environment."""
    root = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
    return Gate(
        app,
        port=int(os.environ["GATEWAY_PORT"]),
        instance=os.environ["MINISTACK_VERSION"],
        find=credentials_in_use(root, time.time),
        api_region=api_region,
        url_region=url_region,
        api_auth=import_module("ministack.services.apigateway_v1").method_authorization_type,
        now=lambda: datetime.now(UTC),
    )


def api_region(name: str) -> str | None:
    """The region of the REST or HTTP API with this id; None if there is none."""
    for service in ("ministack.services.apigateway_v1", "ministack.services.apigateway"):
        if (scope := import_module(service).find_api_scope(name)) is not None:
            return str(scope[1])
    return None


def url_region(name: str) -> str | None:
    """The region of the function's URL with this id; None if there is none."""
    found = import_module("ministack.services.lambda_svc").resolve_function_url(name)
    return str(found[1]) if found else None
