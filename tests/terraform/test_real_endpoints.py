"""The real provider, with services that no pipeline uses: none of its calls leaves this machine."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from iotgen.local import server
from iotgen.local.environment import for_terraform
from iotgen.local.override import FILE_NAME, override
from iotgen.terraform.find import Executable
from iotgen.terraform.mirror import Mirror
from iotgen.terraform.root_module import RootModule

pytestmark = pytest.mark.terraform

RENDERED: dict[str, Any] = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100, < 7"}}},
    "provider": {"aws": {"region": "us-east-1"}},
}
# A user's own file: other services, and a provider that the override does not know.
OWN = """
provider "aws" {
  alias  = "other"
  region = "eu-west-1"
}
resource "aws_iot_thing" "thing" {
  name = "thing"
}
resource "aws_kinesis_stream" "stream" {
  name        = "stream"
  shard_count = 1
}
resource "aws_iot_thing" "elsewhere" {
  provider = aws.other
  name     = "elsewhere"
}
data "aws_caller_identity" "elsewhere" {
  provider = aws.other
}
output "account" {
  value = data.aws_caller_identity.elsewhere.account_id
}
"""


class Proxy(BaseHTTPRequestHandler):
    """Notes what is asked for, and lets nothing through."""

    asked: list[str]

    def do_CONNECT(self) -> None:
        self.asked.append(self.path)
        self.send_error(502)

    do_GET = do_POST = do_PUT = do_CONNECT  # noqa: N815

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    """The address of a proxy, and what it was asked for."""
    asked: list[str] = []
    handler = type("Noting", (Proxy,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()


def test_no_call_leaves_this_machine(
    tmp_path: Path,
    real_terraform: Executable,
    real_mirror: Mirror | None,
    proxy: tuple[str, list[str]],
) -> None:
    address, asked = proxy
    folder = tmp_path / "dev.local"
    folder.mkdir()
    (folder / "main.tf.json").write_text(json.dumps(RENDERED))
    (folder / "own.tf").write_text(OWN)
    lines: list[str] = []
    user = {
        **os.environ,
        "HTTPS_PROXY": address,
        "HTTP_PROXY": address,
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_PROFILE": "production",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    }
    aws = server.up(tmp_path / ".local")
    try:
        (folder / FILE_NAME).write_text(json.dumps(override(aws.endpoint)))
        env = for_terraform(user, "us-east-1", aws)
        module = RootModule(
            folder, real_terraform, env=env, mirror=real_mirror, sink=lines.append, say=lines.append
        )
        with module.plan() as plan:
            module.apply(plan)
        assert module.outputs() == {"account": "000000000000"}
        assert not [line for line in lines if "Warning: Invalid Attribute Combination" in line]
    finally:
        server.down(tmp_path / ".local")
    # Terraform asks its own registry where no mirror has the provider.
    assert not [host for host in asked if "amazonaws" in host or "169.254" in host], asked
