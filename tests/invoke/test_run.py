"""A handler runs here as it runs on Lambda: its folder, its context, its log, its errors, its time."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen.errors import IotgenError
from iotgen.invoke import Failure, run

if TYPE_CHECKING:
    from tests.invoke.conftest import MakeProject

pytestmark = pytest.mark.system


def test_a_handler_gets_its_event_and_returns_a_result(make: MakeProject) -> None:
    done = make().run("def handler(event, context):\n    return {'got': event}\n", {"a": [1, None]})
    assert (done.result, done.error) == ({"got": {"a": [1, None]}}, None)
    assert done.memory > 0
    assert done.duration > 0


def test_it_finds_its_modules_and_its_includes_as_in_its_zip(make: MakeProject) -> None:
    project = make("include: [shared/tools]")
    project.write("NAME = 'tools'\n", "shared/tools/__init__.py")
    project.write("NAME = 'sub'\n", "f/package/module.py")
    done = project.run(
        """
        import os, sys
        import tools
        from package import module

        def handler(event, context):
            root = os.environ["LAMBDA_TASK_ROOT"]
            return [tools.NAME, module.NAME, sorted(os.listdir(root)), os.getcwd() == sys.path[0] == root]
        """
    )
    assert done.result == ["tools", "sub", ["handler.py", "package", "tools"], True]


def test_it_has_lambdas_context(make: MakeProject) -> None:
    done = make("memory: 512, timeout: 30").run(
        """
        def handler(event, context):
            in_time = 28000 < context.get_remaining_time_in_millis() <= 30000
            return [context.function_name, context.memory_limit_in_mb, context.aws_request_id, in_time]
        """,
        request_id="an-id",
    )
    assert done.result == ["f-dev", "512", "an-id", True]
    assert done.request_id == "an-id"


def test_it_has_the_name_of_its_log_group(make: MakeProject) -> None:
    code = "def handler(event, context):\n    return context.log_group_name\n"
    assert make().run(code).result == "/aws/lambda/f-dev"
    assert make('log_group: "/acme/{suffix}"').run(code).result == "/acme/dev"


def test_it_has_the_variables_of_the_function_and_of_nobody_else(
    make: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "x")
    done = make(variables={"OWN": "value"}).run(
        "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    )
    assert done.result["OWN"] == "value"
    assert done.result["AWS_LAMBDA_FUNCTION_NAME"] == "f-dev"
    assert done.result["AWS_ACCESS_KEY_ID"] == "key"
    assert done.result.keys().isdisjoint({"AWS_PROFILE", "PYTHONPATH", "SECRET_OF_THE_SHELL"})


def test_its_log_is_heard_line_by_line_and_kept(make: MakeProject) -> None:
    heard: list[str] = []
    done = make().run(
        """
        import logging, sys
        def handler(event, context):
            print("to stdout")
            print("to stderr", file=sys.stderr)
            logging.getLogger(__name__).info("to the log")
            logging.getLogger(__name__).debug("too fine")
        """,
        listen=heard.append,
        request_id="r",
    )
    assert heard == ["to stdout", "to stderr", "[INFO] r to the log"]
    assert done.logs == tuple(heard)


def test_of_an_endless_log_the_last_lines_are_kept(make: MakeProject) -> None:
    done = make().run(
        """
        def handler(event, context):
            for number in range(30_000):
                print(f"{number} {'x' * 100}")
        """
    )
    assert done.logs[-1].startswith("29999 ")
    assert done.dropped + len(done.logs) == 30_000
    assert sum(map(len, done.logs)) <= 1 << 20


def test_an_error_has_the_traceback_of_the_users_own_files(make: MakeProject) -> None:
    project = make()
    done = project.run("def handler(event, context):\n    return event['missing']\n", {})
    assert done.error
    assert (done.error.type, done.error.message) == ("KeyError", "'missing'")
    assert done.error.trace.splitlines()[:2] == [
        "Traceback (most recent call last):",
        f'  File "{project.root}/f/handler.py", line 2, in handler',
    ]
    assert "iotgen" not in done.error.trace


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import no_such_module\n", ("Runtime.ImportModuleError", "No module named 'no_such_module'")),
        ("def handler(:\n", ("SyntaxError", "invalid syntax (handler.py, line 1)")),
        (
            "def other(event, context): ...\n",
            ("AttributeError", "module 'handler' has no attribute 'handler'"),
        ),
        ("import sys\ndef handler(e, c): sys.exit(3)\n", ("SystemExit", "3")),
        (
            "import os\ndef handler(e, c): os._exit(3)\n",
            ("Runtime.ExitError", "the process ended before the handler returned: exit code 3"),
        ),
        (
            "import os\ndef handler(e, c): os.abort()\n",
            ("Runtime.ExitError", "the process ended before the handler returned: SIGABRT"),
        ),
        (
            "def handler(e, c): return {1, 2}\n",
            (
                "Runtime.MarshalError",
                "the handler's result cannot be written as JSON: Object of type set is not JSON serializable",
            ),
        ),
        (
            "def handler(e, c): return 'x' * 7_000_000\n",
            (
                "Function.ResponseSizeTooLarge",
                "the handler's result has 7,000,002 bytes, and Lambda returns at most 6,291,456",
            ),
        ),
    ],
)
def test_each_way_to_fail_has_its_name(make: MakeProject, code: str, error: tuple[str, str]) -> None:
    done = make().run(code)
    assert done.error
    assert (done.error.type, done.error.message) == error


def test_at_its_timeout_it_is_ended_and_shows_where_it_was(make: MakeProject) -> None:
    project = make("timeout: 1")
    done = project.run("import threading\ndef handler(event, context):\n    threading.Event().wait()\n")
    assert isinstance(done.error, Failure)
    assert done.error.message == "the handler had not returned after 1 s, the function's timeout"
    assert f'File "{project.root}/f/handler.py", line 3 in handler' in done.error.trace
    assert done.duration == 1


def test_what_it_starts_ends_with_it(make: MakeProject) -> None:
    done = make().run(
        """
        import subprocess, sys
        def handler(event, context):
            child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
            return child.pid
        """
    )
    state, deadline = Path(f"/proc/{done.result}/stat"), time.monotonic() + 10
    # Gone, or a zombie that nobody waits for.
    while state.exists() and state.read_text("ascii").split()[2] != "Z":
        assert time.monotonic() < deadline


def test_its_folder_is_gone_afterwards(make: MakeProject) -> None:
    done = make().run("import os\ndef handler(e, c): return [os.getcwd(), os.environ['TMPDIR']]\n")
    assert [Path(folder).exists() for folder in done.result] == [False, False]


def test_a_link_out_of_the_project_is_refused_as_in_its_zip(make: MakeProject) -> None:
    project = make()
    project.write("def handler(e, c): ...\n")
    (project.root / "f/leak.py").symlink_to("/etc/hostname")
    with pytest.raises(IotgenError, match="leads out of the project"):
        project.run("def handler(e, c): ...\n")


WRITES = """
import boto3
def handler(event, context):
    table = boto3.resource("dynamodb").Table("rows")
    sqs = boto3.client("sqs")
    table.put_item(Item={"id": "a", "tags": {"x"}, "count": 3})
    sent = sqs.send_message_batch(QueueUrl="http://127.0.0.1:9/q", Entries=[{"Id": "1", "MessageBody": "m"}])
    with table.batch_writer() as batch:
        batch.put_item(Item={"id": "b"})
    return [sent["Successful"][0]["Id"], sent["Failed"]]
"""


def test_dry_all_writes_are_recorded_as_the_handler_wrote_them_and_none_is_sent(make: MakeProject) -> None:
    done = make().run(WRITES, dry=True)
    assert (done.error, done.result) == (None, ["1", []])
    assert [(call.service, call.operation) for call in done.calls] == [
        ("dynamodb", "PutItem"),
        ("sqs", "SendMessageBatch"),
        ("dynamodb", "BatchWriteItem"),
    ]
    assert done.calls[0].parameters["Item"] == {"id": "a", "tags": ["x"], "count": 3}
    assert (
        json.dumps(done.calls[2].parameters["RequestItems"]["rows"])
        == '[{"PutRequest": {"Item": {"id": "b"}}}]'
    )


def test_dry_a_read_is_sent(make: MakeProject) -> None:
    done = make().run(
        """
        import boto3
        from botocore.config import Config
        def handler(event, context):
            boto3.client("sqs", config=Config(retries={"total_max_attempts": 1})).list_queues()
        """,
        dry=True,
    )
    assert done.calls == ()
    assert done.error
    assert done.error.type == "EndpointConnectionError"


def test_calls_before_a_crash_are_recorded(make: MakeProject) -> None:
    done = make().run(
        """
        import boto3, os
        def handler(event, context):
            boto3.client("sqs").send_message(QueueUrl="http://127.0.0.1:9/q", MessageBody="m")
            os._exit(1)
        """,
        dry=True,
    )
    assert [call.operation for call in done.calls] == ["SendMessage"]
    assert done.error


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ("runtime: nodejs22.x, handler: index.handler", "runs on nodejs22.x"),
        ("runtime: java21, handler: com.example.F", "runs on java21"),
    ],
)
def test_only_python_runs_here(make: MakeProject, settings: str, what: str) -> None:
    project = make(settings)
    with pytest.raises(IotgenError) as error:
        run(project.function, {}, project.place)
    assert error.value.message == f"`f` {what}; only a Python function with a `source` runs here"
    assert error.value.hint == "Deploy it, and look at its log: `iotgen logs f`."
