"""What Python tells a function of the world: time, chance, threads, the environment; simulated, all of it."""

import datetime as real_datetime
import importlib.util
import marshal
import os as real_os
import random as real_random
import secrets as real_secrets
import socket as real_socket
import time as real_time
import uuid as real_uuid
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Any, Protocol

from iotgen.prove import boto, threads
from iotgen.prove.kernel import Kernel

Module = ModuleType


class Host(Protocol):
    """A container, as far as its modules ask."""

    kernel: Kernel
    environment: dict[str, str]

    def clock(self) -> int:
        """Its clock, in microseconds since 1970."""

    def bits(self, count: int) -> int:
        """A number of so many bits, by chance."""

    def spawn(self, work: Callable[[], Any]) -> Any:
        """Start a thread."""

    def call(
        self, service: str, operation: str, given: Mapping[str, Any], attempts: int, timeout: float
    ) -> Any:
        """Call AWS."""


def modules(host: Host) -> dict[str, Module]:
    """The modules that stand for Python's own, by their names."""
    made = {
        "time": _time(host),
        "datetime": _datetime(host),
        "random": _random(host),
        "secrets": _secrets(host),
        "uuid": _uuid(host),
        "os": _like(real_os, environ=host.environment, getenv=host.environment.get, urandom=_bytes(host)),
        "socket": _like(real_socket, socket=_Socket),
        "threading": threads.module(),
        "boto3": boto.module(host.call),
    }
    made["boto3.session"] = made["boto3"].session
    if importlib.util.find_spec("fastjsonschema"):
        made["fastjsonschema"] = _fastjsonschema()
    return made


@cache
def _fastjsonschema() -> Module:
    """The library as it is, but a schema is compiled once for all containers: a history takes no longer."""
    real = importlib.import_module("fastjsonschema")
    compiled: dict[bytes, Any] = {}

    def compile_once(definition: Any, *given: Any, **options: Any) -> Any:
        if given or options:
            return real.compile(definition, *given, **options)
        # Of all ways to compare two documents the fastest; version 2 writes equal ones as equal bytes.
        try:
            text = marshal.dumps(definition, 2)
        except ValueError:
            return real.compile(definition)
        if text not in compiled:
            compiled[text] = real.compile(definition)
        return compiled[text]

    return _like(real, compile=compile_once)


def _like(module: Module, **changed: Any) -> Module:
    """A module like one of Python's, apart from some of its names."""
    copy = ModuleType(module.__name__)
    copy.__dict__.update({**vars(module), **changed})
    return copy


def _time(host: Host) -> Module:
    started = host.clock()

    def sleep(seconds: float) -> None:
        host.kernel.sleep(max(0, int(seconds * 1_000_000)))

    def passed() -> float:
        return (host.clock() - started) / 1_000_000

    return _like(
        real_time,
        time=lambda: host.clock() / 1_000_000,
        time_ns=lambda: host.clock() * 1000,
        monotonic=passed,
        monotonic_ns=lambda: (host.clock() - started) * 1000,
        perf_counter=passed,
        perf_counter_ns=lambda: (host.clock() - started) * 1000,
        sleep=sleep,
        gmtime=lambda seconds=None: real_time.gmtime(_or_now(host, seconds)),
        localtime=lambda seconds=None: real_time.gmtime(_or_now(host, seconds)),
    )


def _or_now(host: Host, seconds: float | None) -> float:
    return host.clock() / 1_000_000 if seconds is None else seconds


def _datetime(host: Host) -> Module:
    class Simulated(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, real_datetime.datetime)

    class datetime(real_datetime.datetime, metaclass=Simulated):  # noqa: N801 - Python's name
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return real_datetime.datetime.fromtimestamp(host.clock() / 1_000_000, tz or real_datetime.UTC)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.now().replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.utcnow()

    class date(real_datetime.date):  # noqa: N801 - Python's name
        @classmethod
        def today(cls) -> Any:
            return datetime.utcnow().date()

    return _like(real_datetime, datetime=datetime, date=date)


class _Chance(real_random.Random):
    """Python's generator, with the simulation's chance under it."""

    def __init__(self, host: Host) -> None:
        self._host = host
        super().__init__()

    def seed(self, *_: Any, **__: Any) -> None:
        """A seed changes nothing: there is one chance."""

    def random(self) -> float:
        """A number from 0 to 1."""
        return self._host.bits(53) / (1 << 53)

    def getrandbits(self, k: int, /) -> int:
        """A number of `k` bits."""
        return self._host.bits(k)


def _random(host: Host) -> Module:
    generator = _Chance(host)
    names = [name for name in real_random.__all__ if hasattr(generator, name) and name.islower()]
    return _like(real_random, **{name: getattr(generator, name) for name in names})


def _secrets(host: Host) -> Module:
    return _like(
        real_secrets,
        token_hex=lambda count=32: _bytes(host)(count).hex(),
        token_bytes=lambda count=32: _bytes(host)(count),
        randbits=host.bits,
        randbelow=lambda bound: host.bits(64) % bound,
        choice=lambda among: among[host.bits(64) % len(among)],
    )


def _uuid(host: Host) -> Module:
    def uuid4() -> real_uuid.UUID:
        return real_uuid.UUID(int=host.bits(128), version=4)

    return _like(real_uuid, uuid4=uuid4, uuid1=lambda *_: uuid4())


def _bytes(host: Host) -> Callable[[int], bytes]:
    return lambda count: host.bits(8 * count).to_bytes(count, "big")


class _Socket:
    """A socket that leads nowhere: what is sent is gone, and nothing can be reached."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Nothing is opened."""

    def __enter__(self) -> "_Socket":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def setblocking(self, _flag: bool) -> None:
        """Nothing is awaited."""

    def settimeout(self, _seconds: float | None) -> None:
        """Nothing is awaited."""

    def sendto(self, *_: Any) -> int:
        """Drop a datagram."""
        return 0

    def close(self) -> None:
        """Nothing is open."""

    def connect(self, *_: Any) -> None:
        """Nothing can be reached."""
        raise OSError("the simulated network has no hosts but AWS")
