import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from iotgen.errors import IotgenError, RemoteError
from iotgen.local import server
from iotgen.local.record import Files, LocalAws

pytestmark = pytest.mark.system


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def group(pid: int) -> list[str]:
    """The command lines of the processes in a group that still do anything."""
    found = subprocess.run(
        ["ps", "-A", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in found.stdout.splitlines()]
    return [args for pgid, state, args in rows if int(pgid) == pid and not state.startswith("Z")]


def python(source: str) -> tuple[str, ...]:
    return (sys.executable, "-c", source)


def test_up_is_ready_on_loopback_and_down_leaves_nothing(folder: Path) -> None:
    said: list[str] = []
    aws = server.up(folder, say=said.append)
    assert aws.endpoint == f"http://127.0.0.1:{aws.port}"
    assert server.status(folder) == aws
    assert server.healthy(aws)
    with socket.socket() as elsewhere:
        # Loopback is all of 127.0.0.0/8: another address of it stands for every other interface.
        assert elsewhere.connect_ex(("127.0.0.2", aws.port)) != 0

    assert server.down(folder, say=said.append)
    assert group(aws.pid) == []
    assert server.status(folder) is None
    assert server.died(folder) == ""
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", aws.port)) != 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "control.lock",
        "functions",
        "ministack.log",
        "server.lock",
    ]
    assert "Ready" in aws.log.read_text()
    assert said == ["Starting the local AWS (MiniStack)", "Stopping the local AWS"]
    assert not server.down(folder)


def test_up_again_is_the_one_that_runs(folder: Path) -> None:
    first = server.up(folder)
    assert server.up(folder) == first
    assert server.up(folder, first.port) == first
    with pytest.raises(
        IotgenError, match=f"already runs at port {first.port}, not {first.port + 1}"
    ) as caught:
        server.up(folder, first.port + 1)
    assert "iotgen local down" in caught.value.hint


def test_each_start_is_another_instance_and_keeps_the_log_before(folder: Path) -> None:
    first = server.up(folder)
    server.down(folder)
    second = server.up(folder)
    assert first.instance != second.instance
    assert first.access_key != second.access_key
    assert first.secret_key != second.secret_key
    assert (folder / "ministack.previous.log").exists()


def test_two_projects_side_by_side(tmp_path: Path) -> None:
    folders = [tmp_path / name / ".local" for name in ("one", "two")]
    try:
        one, two = (server.up(folder) for folder in folders)
        assert one.port != two.port
        server.down(folders[0])
        assert server.healthy(two)
    finally:
        for folder in folders:
            server.down(folder)


def test_two_starts_at_once_make_one(folder: Path) -> None:
    found: list[LocalAws] = []
    threads = [threading.Thread(target=lambda: found.append(server.up(folder))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_a_port_that_is_taken_is_named(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(IotgenError) as caught:
            server.up(folder, port)
    assert caught.value.message == f"port {port} cannot be used for the local AWS: address already in use"
    assert "--port" in caught.value.hint
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port(folder: Path, port: int) -> None:
    with pytest.raises(IotgenError, match="a port is a number from 1 to 65535"):
        server.up(folder, port)


def test_a_server_that_dies_says_so_and_the_next_start_is_clean(folder: Path) -> None:
    aws = server.up(folder)
    os.kill(aws.pid, signal.SIGKILL)
    assert eventually(lambda: server.status(folder) is None)
    assert re.match(
        rf"the local AWS at {aws.endpoint} \(process {aws.pid}\) ended without", server.died(folder)
    )
    assert "Ready" in server.died(folder)
    again = server.up(folder)
    assert again.instance != aws.instance
    assert server.died(folder) == ""


def test_a_stale_record_with_the_id_of_another_process_harms_nobody(folder: Path) -> None:
    files = Files(folder)
    folder.mkdir(parents=True)
    with subprocess.Popen(python("import signal; signal.pause()"), start_new_session=True) as innocent:
        files.write(
            LocalAws(innocent.pid, 4566, "http://127.0.0.1:4566", "old", files.log, "us-east-1", "AKIA", "s")
        )
        assert server.status(folder) is None
        assert not server.down(folder)
        assert innocent.poll() is None
        innocent.kill()


def test_one_that_ends_before_it_is_ready_shows_its_log(folder: Path) -> None:
    with pytest.raises(RemoteError) as caught:
        server.up(folder, command=python("print('no such luck'); raise SystemExit(7)"))
    assert re.search(
        r"ended with code 7 before it was ready.*ministack\.log:\n  no such luck$", caught.value.message, re.S
    )
    assert server.status(folder) is None
    assert server.died(folder) == ""


def test_one_that_never_gets_ready_is_ended(folder: Path) -> None:
    with pytest.raises(RemoteError, match=r"was not ready at http://127\.0\.0\.1:\d+ within 0\.2 s"):
        server.up(folder, command=python("import signal; signal.pause()"), patience=0.2)
    assert not Files(folder).running()


# Healthy, deaf to SIGTERM, and with a child that is too, as a function's process may be.
STUBBORN = """
import json, os, signal, subprocess, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])

class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"version": os.environ["MINISTACK_VERSION"]}).encode())

HTTPServer(("127.0.0.1", int(os.environ["GATEWAY_PORT"])), Health).serve_forever()
"""


def test_one_that_ignores_the_request_to_stop_is_killed_with_its_children(folder: Path) -> None:
    aws = server.up(folder, command=python(STUBBORN))
    assert len(group(aws.pid)) == 2
    began = time.monotonic()
    assert server.down(folder)
    assert time.monotonic() - began < server.STOP_PATIENCE / 2
    assert eventually(lambda: group(aws.pid) == [])


def test_another_server_at_the_port_is_not_taken_for_ours(folder: Path) -> None:
    aws = server.up(folder)
    impostor = replace(aws, instance="another")
    assert not server.healthy(impostor)


def test_the_users_settings_stay_outside(folder: Path) -> None:
    aws = server.up(
        folder, env={**os.environ, "AWS_PROFILE": "mine", "HTTP_PROXY": "http://x", "PYTHONPATH": "/x"}
    )
    env = Path(f"/proc/{aws.pid}/environ")
    if not env.exists():
        pytest.skip("reads the environment of a process in /proc, which only Linux has")
    names = {entry.split("=")[0] for entry in env.read_text().split("\0")}
    assert not names & {"AWS_PROFILE", "HTTP_PROXY", "PYTHONPATH", "USER"}


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(IotgenError, match=r"cannot write .*out.*: not a directory"):
        server.up(tmp_path / "out" / ".local")
    assert server.status(tmp_path / "out" / ".local") is None


def test_a_note_only_for_another_python_than_the_functions() -> None:
    assert server.interpreter_note((3, 11)) == ""
    assert "this Python, 3.13: compiled packages of a python3.11 layer" in server.interpreter_note((3, 13))
