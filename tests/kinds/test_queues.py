"""A queue for large messages needs a provider that makes such."""

from __future__ import annotations

import json

from tests.conftest import compile_spec


def test_large_messages_need_a_newer_provider_and_dead_letters_as_large() -> None:
    """No golden: the oldest provider that iotgen renders for refuses such a queue."""
    compiled = compile_spec("""\
version: 1
pipeline: p
queues: {jobs: {max_message_size: 1048576}, small: {max_message_size: 2048}}
""")
    needs = json.loads(compiled.files["main.tf.json"])["terraform"]["required_providers"]["aws"]
    queues = json.loads(compiled.files["queues.tf.json"])["resource"]["aws_sqs_queue"]
    assert needs["version"] == ">= 6.8, < 7"
    assert {name: queue.get("max_message_size") for name, queue in queues.items()} == {
        "jobs": 1048576,
        "jobs_dlq": 1048576,
        "small": 2048,
        "small_dlq": None,
    }
