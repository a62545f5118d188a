"""A real language server, driven over LSP as an editor drives it."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

HERE = Path(__file__).parent
PUBLISHED = "textDocument/publishDiagnostics"
SERVER = HERE / "node_modules/.bin/yaml-language-server"


class Editor:
    """The editor's side of the protocol: https://microsoft.github.io/language-server-protocol/."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source = source
        self._sink = sink
        self._number = 0

    def notify(self, method: str, parameters: Any) -> None:
        """Tell the server something."""
        self._write({"method": method, "params": parameters})

    def request(self, method: str, parameters: Any) -> Any:
        """Ask the server and return its answer."""
        self._number += 1
        self._write({"id": self._number, "method": method, "params": parameters})
        return self._read(lambda message: message.get("id") == self._number and "method" not in message)[
            "result"
        ]

    def diagnostics(self, uri: str) -> list[Any]:
        """Return the next diagnostics of a document."""

        def published(message: Any) -> bool:
            about: str = message["params"]["uri"] if message.get("method") == PUBLISHED else ""
            return about == uri

        found: list[Any] = self._read(published)["params"]["diagnostics"]
        return found

    def open(self, file: Path) -> str:
        """Open a file and return its URI."""
        uri = file.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": file.read_text()}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def completions(self, uri: str, line: int, character: int) -> list[str]:
        """Return the labels that are offered at a place, counted from 0."""
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        return [item["label"] for item in self.request("textDocument/completion", place)["items"]]

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._sink.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._sink.flush()

    def _read(self, wanted: Any) -> Any:
        while True:
            length = 0
            while header := self._source.readline().strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            assert length, "the language server ended"
            message = json.loads(self._source.read(length))
            if wanted(message):
                return message
            if "id" in message and "method" in message:
                answer: Any = [{}] if message["method"] == "workspace/configuration" else None
                self._write({"id": message["id"], "result": answer})


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """An editor with a language server that is ready."""
    node = shutil.which("node")
    if node is None or not SERVER.exists():
        reason = "needs Node.js, and `npm ci` in tests/editor; scripts/install does both"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    process = subprocess.Popen(
        [node, SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin
    assert process.stdout
    with process:
        made = Editor(process.stdout, process.stdin)
        made.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        made.notify("initialized", {})
        yaml = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}
        made.notify("workspace/didChangeConfiguration", {"settings": {"yaml": yaml}})
        yield made
        process.kill()
