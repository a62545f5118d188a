import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any
from urllib.parse import unquote

import pytest
from readings import config
from readings.registry import Registry, get

SETTINGS = config.parse('{"registry": {"url": "https://registry.example/"}}').registry
OFF = config.parse("{}").registry


class Upstream:
    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, str], float]] = []
        self.answer: tuple[int, bytes] | Exception = (200, b'{"location": "hall"}')
        self.key, self.time = "s3cret", 0
        self.errors: list[Exception] = []
        self.registry = Registry(self._get, lambda: self.key, lambda: self.time)

    def _get(self, url: str, headers: Mapping[str, str], seconds: float) -> tuple[int, bytes]:
        self.asked.append((url, headers, seconds))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def facts(self, device: str = "d", settings: Any = SETTINGS, seconds: float = 20) -> Any:
        return self.registry.facts(device, settings, lambda: seconds, self.errors.append)


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


def test_asks_with_the_key_and_remembers(upstream: Upstream) -> None:
    assert [upstream.facts() for _ in range(3)] == [{"location": "hall"}] * 3
    headers = {"Accept": "application/json", "x-api-key": "s3cret"}
    assert upstream.asked == [("https://registry.example/d", headers, 1.0)]
    upstream.time = 600_000
    upstream.facts()
    assert len(upstream.asked) == 2


@pytest.mark.parametrize("key", ["", "unset"])
def test_a_key_that_is_not_set_is_not_sent(upstream: Upstream, key: str) -> None:
    upstream.key = key
    upstream.facts()
    assert "x-api-key" not in upstream.asked[0][1]


@pytest.mark.parametrize(("settings", "seconds"), [(OFF, 20.0), (SETTINGS, 7.9)])
def test_is_not_asked_without_url_or_time(upstream: Upstream, settings: Any, seconds: float) -> None:
    assert upstream.facts(settings=settings, seconds=seconds) is None
    assert upstream.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        OSError("unreachable"),
        (500, b""),
        (302, b""),
        (200, b"no JSON"),
        (200, b"[]"),
        (200, b'{"a": "' + b"x" * 2048 + b'"}'),
    ],
)
def test_a_failure_costs_nothing_but_the_facts(upstream: Upstream, answer: Any) -> None:
    upstream.facts("known")
    upstream.time = 600_000
    upstream.answer = answer
    assert upstream.facts("known") == {"location": "hall"}
    assert upstream.facts("other") is None
    assert (len(upstream.asked), len(upstream.errors)) == (2, 1)
    upstream.answer = (200, b'{"location": "roof"}')
    upstream.time += 30_000
    assert upstream.facts("other") == {"location": "roof"}


def test_an_unknown_device_has_no_facts(upstream: Upstream) -> None:
    upstream.answer = (404, b"")
    assert upstream.facts() is None
    assert upstream.errors == []


@pytest.mark.parametrize("device", [".", "..", "../admin", "a/../b", "a/..", "..\\admin", "./a"])
def test_a_device_whose_name_leads_elsewhere_is_not_looked_up(upstream: Upstream, device: str) -> None:
    assert upstream.facts(device) is None
    assert upstream.asked == []
    assert upstream.errors == []


@pytest.mark.parametrize(
    ("device", "segment"),
    [
        ("...", "..."),
        (".a", ".a"),
        ("a..b", "a..b"),
        ("a/b", "a%2Fb"),
        ("%2e%2e", "%252e%252e"),
        ("?q", "%3Fq"),
        ("ü;=&@:", "%C3%BC%3B%3D%26%40%3A"),
    ],
)
def test_a_device_is_one_segment_of_the_path(upstream: Upstream, device: str, segment: str) -> None:
    assert upstream.facts(device) == {"location": "hall"}
    [(url, _, _)] = upstream.asked
    assert url == f"https://registry.example/{segment}"


def test_leaves_out_what_no_table_can_hold(upstream: Upstream) -> None:
    upstream.answer = (200, rb'{"a": "\ud800", "\udc00": 1, "": "x", "b": "\ud83c\udf21"}')
    assert upstream.facts() == {"b": "\U0001f321"}


@pytest.mark.parametrize("body", [b'{"a": 1e200}', b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff"])
def test_an_answer_that_is_not_exact_is_a_failure(upstream: Upstream, body: bytes) -> None:
    upstream.answer = (200, body)
    assert upstream.facts() is None
    assert len(upstream.errors) == 1


def test_keeps_texts_numbers_and_truth_values(upstream: Upstream) -> None:
    upstream.answer = (200, b'{"a": 1.5, "b": true, "c": "x", "d": null, "e": [], "f": {}}')
    facts = upstream.facts()
    assert {name: str(value) for name, value in facts.items()} == {"a": "1.5", "b": "True", "c": "x"}


Answer = Callable[[BaseHTTPRequestHandler, threading.Event], None]


def drip_head(request: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not stop.wait(0.05):
        request.wfile.write(b"x")


def drip_body(request: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n")
    while not stop.wait(0.05):
        request.wfile.write(b" ")


def stay_silent(_: BaseHTTPRequestHandler, stop: threading.Event) -> None:
    stop.wait()


def send_elsewhere(request: BaseHTTPRequestHandler, _: threading.Event) -> None:
    request.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")


def name_the_hall(request: BaseHTTPRequestHandler, _: threading.Event) -> None:
    request.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"location": "hall"}')


class Server:
    """A registry on this machine: `paths` are those that were asked for, `answer` says how it answers."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.answer: Answer = name_the_hall
        self.stop = threading.Event()
        server = self

        class Requests(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.paths.append(self.path)
                server.answer(self, server.stop)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        self.url = f"http://127.0.0.1:{self.http.server_port}/devices"

    def facts(self, device: str, seconds: float) -> tuple[Any, list[Exception]]:
        errors: list[Exception] = []
        settings = config.Registry(self.url, seconds, 600)
        found = Registry(get, lambda: "s3cret", lambda: 1).facts(device, settings, lambda: 20, errors.append)
        return found, errors


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.stop.set()
    server.http.shutdown()
    server.http.server_close()
    thread.join()


@pytest.mark.system
@pytest.mark.parametrize("answer", [drip_head, drip_body, stay_silent])
def test_a_registry_that_drips_costs_no_more_than_its_time(server: Server, answer: Answer) -> None:
    server.answer = answer
    began = monotonic()
    facts, [error] = server.facts("d", 0.3)
    assert facts is None
    assert isinstance(error, (TimeoutError, OSError))
    assert monotonic() - began < 2


@pytest.mark.system
def test_the_key_does_not_follow_a_redirect(server: Server) -> None:
    server.answer = send_elsewhere
    facts, [_] = server.facts("d", 5)
    assert facts is None
    assert server.paths == ["/devices/d"]


@pytest.mark.system
@pytest.mark.parametrize("device", ["a/b", "%2e%2e", "%2E", "a?b", "...", "ü"])
def test_the_segment_arrives_as_it_was_encoded(server: Server, device: str) -> None:
    facts, errors = server.facts(device, 5)
    assert (facts, errors) == ({"location": "hall"}, [])
    [path] = server.paths
    assert path.count("/") == 2
    assert unquote(path.removeprefix("/devices/")) == device
