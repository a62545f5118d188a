from pathlib import Path
from types import SimpleNamespace
from typing import Any

from iotgen.local.emulator.batches import mend_batch_size
from iotgen.local.emulator.function_logs import mend_function_logs


def test_each_function_has_a_file_that_grows(tmp_path: Path) -> None:
    emitted: list[Any] = []
    emulator = SimpleNamespace(_emit_lambda_logs=lambda *args, **more: emitted.append((args, more)))
    mend_function_logs(emulator, tmp_path)
    emulator._emit_lambda_logs({"config": {"FunctionName": "a-dev"}}, "r-1", "one\ntwo", False, 12)
    emulator._emit_lambda_logs({"FunctionName": "a-dev"}, "r-2", "", True, 3, log_source=None)
    emulator._emit_lambda_logs({"FunctionName": "../b"}, "r-3", "x", True, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["a-dev.log"]
    assert (tmp_path / "a-dev.log").read_text() == (
        "START RequestId: r-1\none\ntwo\nEND RequestId: r-1 ended after 12 ms\n"
        "START RequestId: r-2\nEND RequestId: r-2 failed after 3 ms\n"
    )
    assert len(emitted) == 3


def test_the_report_of_a_failed_invocation_says_so(tmp_path: Path) -> None:
    emitted: list[Any] = []
    emulator = SimpleNamespace(_emit_lambda_logs=lambda *args, **more: emitted.append((args[2], more)))
    mend_function_logs(emulator, tmp_path)
    emulator._emit_lambda_logs({"FunctionName": "f"}, "r-1", "one\ntwo", False, 12, log_source=None)
    emulator._emit_lambda_logs({"FunctionName": "f"}, "r-2", "one\ntwo", True, 3, log_source=None)
    emulator._emit_lambda_logs({"FunctionName": "f"}, "r-3", "START ...", True, 3, log_source="rie")
    report = "REPORT RequestId: r-2\tDuration: 3 ms\tStatus: error"
    failed = f"START RequestId: r-2\none\ntwo\nEND RequestId: r-2\n{report}"
    assert emitted == [
        ("one\ntwo", {"log_source": None}),
        (failed, {"log_source": "rie"}),
        ("START ...", {"log_source": "rie"}),
    ]


def test_a_batch_is_as_large_as_it_may_be() -> None:
    there = [{"body": "x" * size} for size in [1] * 25 + [400_000] * 20]

    def receive(_url: str, most: int) -> list[Any]:
        taken, there[:] = there[: min(most, 10)], there[min(most, 10) :]
        return taken

    sqs = SimpleNamespace(_receive_messages_for_esm=receive)
    mend_batch_size(sqs)
    assert len(sqs._receive_messages_for_esm("url", 15)) == 15
    assert len(sqs._receive_messages_for_esm("url", 100)) == 20  # of which ten weigh 4 MB
    assert len(sqs._receive_messages_for_esm("url", 5)) == 5
    assert len(sqs._receive_messages_for_esm("url", 100)) == 5
    assert sqs._receive_messages_for_esm("url", 100) == []
